package io.github.dl4jae.tabular;

import de.siegmar.fastcsv.reader.CommentStrategy;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecordHandler;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CodingErrorAction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** Access to text files, which can be compressed by gzip. */
final class TextFile {

    private static final int MOST_FIELDS = 1 << 24;

    private TextFile() {}

    /** Opens a file, and decompresses it if it begins like a gzip file. */
    @SuppressWarnings("MustBeClosedChecker") // the caller closes it
    static InputStream open(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw problem(file, "must be a file, got " + (Files.exists(file) ? "a directory" : "nothing there"));
        }
        return decompressed(Files.newInputStream(file));
    }

    /** Buffers a stream, and decompresses it if it begins like a gzip file. */
    @SuppressWarnings("MustBeClosedChecker") // the caller closes it
    static InputStream decompressed(InputStream stream) throws IOException {
        InputStream in = new BufferedInputStream(stream, 1 << 16);
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
    static WithoutMark open(Path file, TableFormat format) throws IOException {
        return decode(open(file), format);
    }

    /** Decodes a stream likewise, and skips the lines before the table. */
    static WithoutMark decode(InputStream in, TableFormat format) {
        return new WithoutMark(
                new InputStreamReader(
                        in,
                        format.charset()
                                .newDecoder()
                                .onMalformedInput(CodingErrorAction.REPORT)
                                .onUnmappableCharacter(CodingErrorAction.REPORT)),
                format.skippedLines());
    }

    /** Returns a handler of records without limits on their size. */
    static CsvRecordHandler records() {
        return CsvRecordHandler.builder()
                .maxFields(MOST_FIELDS)
                .maxRecordSize(Integer.MAX_VALUE)
                .build();
    }

    /** Returns the place behind a number of lines, or the length if there are fewer. */
    static int afterLines(CharSequence text, int lines) {
        int at = 0;
        for (int line = 0; line < lines; line++) {
            while (at < text.length() && text.charAt(at) != '\n' && text.charAt(at) != '\r') {
                at++;
            }
            boolean two = at + 1 < text.length() && text.charAt(at) == '\r' && text.charAt(at + 1) == '\n';
            at = Math.min(text.length(), at + (two ? 2 : 1));
        }
        return at;
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
        return problem(file.toString(), what);
    }

    static IllegalArgumentException problem(String source, String what) {
        return new IllegalArgumentException("TableReader: " + source + " " + what);
    }

    /** A reader that skips a byte order mark and lines, and knows how the text ended. */
    static final class WithoutMark extends Reader {
        private final Reader in;
        private int linesToSkip;
        private boolean begun;
        /** Whether a line that was skipped ended with CR, so that LF belongs to it. */
        private boolean afterReturn;
        /** The last character that is not white space. */
        private char last;

        WithoutMark(Reader in, int linesToSkip) {
            this.in = in;
            this.linesToSkip = linesToSkip;
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
            while (count > 0 && (linesToSkip > 0 || afterReturn)) {
                int kept = skip(buffer, from, count);
                count = kept == 0 ? in.read(buffer, from, length) : kept;
            }
            for (int i = from + count - 1; i >= from; i--) {
                if (buffer[i] > ' ') {
                    last = buffer[i];
                    break;
                }
            }
            return count;
        }

        /** Removes what is skipped from characters, and returns the number of the others. */
        private int skip(char[] buffer, int from, int count) {
            int i = from;
            for (; i < from + count && (linesToSkip > 0 || (afterReturn && buffer[i] == '\n')); i++) {
                boolean isEnd = buffer[i] == '\r' || (buffer[i] == '\n' && !afterReturn);
                linesToSkip -= isEnd ? 1 : 0;
                afterReturn = buffer[i] == '\r';
            }
            int kept = from + count - i;
            afterReturn &= kept == 0;
            System.arraycopy(buffer, i, buffer, from, kept);
            return kept;
        }

        @Override
        public void close() throws IOException {
            in.close();
        }
    }
}
