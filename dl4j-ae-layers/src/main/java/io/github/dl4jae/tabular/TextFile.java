package io.github.dl4jae.tabular;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Access to text files, which can be compressed by gzip. */
final class TextFile {

    private TextFile() {}

    /** Opens a file, and decompresses it if it begins like a gzip file. */
    @SuppressWarnings("MustBeClosedChecker") // the caller closes it
    static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw problem(file, "must be a file, got " + (Files.exists(file) ? "a directory" : "nothing there"));
        }
        InputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            in.mark(2);
            boolean compressed = in.read() == 0x1F && in.read() == 0x8B;
            in.reset();
            return compressed ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    /** Returns whether a file begins like a gzip file. */
    static boolean isCompressed(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            return in.read() == 0x1F && in.read() == 0x8B;
        }
    }

    /** Opens a text, without a byte order mark; characters that the charset lacks are an error. */
    static WithoutMark open(Path file, Charset charset) throws IOException {
        return decode(open(file), charset);
    }

    /** Decodes a stream likewise. */
    static WithoutMark decode(InputStream in, Charset charset) {
        return new WithoutMark(new InputStreamReader(
                in,
                charset.newDecoder()
                        .onMalformedInput(CodingErrorAction.REPORT)
                        .onUnmappableCharacter(CodingErrorAction.REPORT)));
    }

    /** Returns a parser for RFC 4180 that leaves the checks of widths to the caller. */
    static CsvReader.CsvReaderBuilder parser(char delimiter) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .commentStrategy(CommentStrategy.NONE)
                .allowExtraFields(true)
                .allowMissingFields(true)
                .allowExtraCharsAfterClosingQuote(false);
    }

    static IllegalArgumentException problem(Path file, String what) {
        return new IllegalArgumentException("TableReader: " + file + " " + what);
    }

    /** A reader that skips a byte order mark, and knows how the text ended. */
    static final class WithoutMark extends Reader {
        private final Reader in;
        private boolean begun;
        /** The last character that is not white space. */
        private char last;

        WithoutMark(Reader in) {
            this.in = in;
        }

        char last() {
            return last;
        }

        @Override
        public int read(char[] buffer, int from, int length) throws IOException {
            int count = in.read(buffer, from, length);
            if (!begun && count > 0) {
                begun = true;
                if (buffer[from] == '\uFEFF') {
                    System.arraycopy(buffer, from + 1, buffer, from, --count);
                    if (count == 0) {
                        count = in.read(buffer, from, length);
                    }
                }
            }
            for (int i = from + count - 1; i >= from; i--) {
                if (buffer[i] > ' ') {
                    last = buffer[i];
                    break;
                }
            }
            return count;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
