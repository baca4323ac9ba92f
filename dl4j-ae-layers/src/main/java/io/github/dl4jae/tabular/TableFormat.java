package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import java.nio.charset.Charset;
import java.nio.file.Path;

/**
 * How the text file of a table is written.
 *
 * <p>{@link #detect} finds it from the first 256 KB of a file:
 *
 * <ul>
 *   <li>the charset: that of a byte order mark, else UTF-8, else Windows-1252, which can decode any file
 *   <li>the delimiter, of {@code , ; | tab}: the one that gives all rows the same number of values, more than one
 *   <li>the decimal separator: a comma if a column has numbers like {@code 0,5} and no column has numbers like
 *       {@code 0.5}
 *   <li>the header: the first line has names unless its values look like those of the other lines
 * </ul>
 *
 * @param charset the character encoding; a byte order mark at the beginning is skipped
 * @param delimiter the character between values
 * @param decimalSeparator '.' or ','; the other one can separate groups of three digits
 * @param header whether the first line has the names of the columns
 * @param skippedLines the number of lines before the table, such as comments
 */
public record TableFormat(Charset charset, char delimiter, char decimalSeparator, boolean header, int skippedLines) {

    /**
     * Creates a format.
     *
     * @param charset the character encoding
     * @param delimiter the character between values
     * @param decimalSeparator '.' or ','
     * @param header whether the first line has the names of the columns
     * @param skippedLines the number of lines before the table
     * @throws IllegalArgumentException if the charset is null, the decimal separator is another character, the
     *     delimiter is a quote, a point or the end of a line, or the number of lines is negative
     */
    public TableFormat {
        Require.atLeast(0, "TableFormat", "skippedLines", skippedLines, "");
        Require.given("TableFormat", "charset", charset, "use StandardCharsets.UTF_8");
        Require.that(
                decimalSeparator == '.' || decimalSeparator == ',',
                "TableFormat",
                "decimalSeparator must be '.' or ','",
                shown(decimalSeparator),
                "");
        Require.that(
                delimiter != '"' && delimiter != '\n' && delimiter != '\r' && delimiter != '.',
                "TableFormat",
                "the delimiter must be a character that values do not contain",
                shown(delimiter),
                "use ',', ';', '|' or a tab");
    }

    /**
     * Creates the format of a file that begins with the table.
     *
     * @param charset the character encoding
     * @param delimiter the character between values
     * @param decimalSeparator '.' or ','
     * @param header whether the first line has the names of the columns
     * @throws IllegalArgumentException as for the other constructor
     */
    public TableFormat(Charset charset, char delimiter, char decimalSeparator, boolean header) {
        this(charset, delimiter, decimalSeparator, header, 0);
    }

    TableFormat withCharset(Charset other) {
        return new TableFormat(other, delimiter, decimalSeparator, header, skippedLines);
    }

    /** Returns the format of a part of the file that is not the first. */
    TableFormat furtherDown() {
        return new TableFormat(charset, delimiter, decimalSeparator, false, 0);
    }

    /**
     * Detects the format of a file.
     *
     * @param file a text file, which can be compressed by gzip
     * @return the format
     * @throws IllegalArgumentException if there is no such file, or it is empty
     * @throws java.io.UncheckedIOException if it cannot be read
     */
    public static TableFormat detect(Path file) {
        return new FormatDetector(null, null, null, null, null).detect(file);
    }

    /** Returns a character in quotes. */
    static String shown(char character) {
        return character == '\t' ? "'\\t'" : "'" + character + "'";
    }

    @Override
    public String toString() {
        return charset + ", " + shown(delimiter) + " between values, decimal "
                + (decimalSeparator == '.' ? "point" : "comma") + (header ? ", header" : ", no header")
                + (skippedLines == 0 ? "" : ", " + skippedLines + " skipped lines");
    }
}
