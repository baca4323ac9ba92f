package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.layer.Require;
import java.io.FilterReader;
import java.io.IOException;
import java.io.Reader;

/**
 * Refuses a text or a number in JSON that is too long, before the parser has collected it: collecting takes several
 * times its size.
 */
final class BoundedTexts extends FilterReader {

    private static final int LONGEST = 10_000_000;

    private final String subject;
    private boolean inText;
    private boolean escaped;
    private int length;

    BoundedTexts(String subject, Reader in) {
        super(in);
        this.subject = subject;
    }

    @Override
    public int read() throws IOException {
        char[] one = new char[1];
        return read(one, 0, 1) < 0 ? -1 : one[0];
    }

    @Override
    public int read(char[] to, int offset, int count) throws IOException {
        int n = super.read(to, offset, count);
        for (int i = offset; i < offset + n; i++) {
            add(to[i]);
        }
        return n;
    }

    private void add(char c) {
        boolean quote = c == '"' && !escaped;
        inText ^= quote;
        escaped = inText && c == '\\' && !escaped;
        length = quote ? 0 : length + 1;
        Require.that(
                length <= LONGEST,
                subject,
                "names and texts of the header must have at most " + LONGEST + " characters",
                "more",
                "");
    }
}
