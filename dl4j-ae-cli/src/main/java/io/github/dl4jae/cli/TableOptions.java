package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.TableReader;
import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/**
 * The options of a table that a picocli command reads: the settings of a {@link TableReader} that its messages name.
 * What is not set is detected.
 *
 * <pre>{@code
 * @Mixin
 * private final TableOptions table = new TableOptions();
 * }</pre>
 */
public final class TableOptions {

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            description = "Character between values, tab or space. Default: detected among comma, semicolon, bar and"
                    + " tab.",
            converter = CharacterConverter.class)
    private @Nullable Character delimiter;

    @Option(
            names = "--decimal-separator",
            paramLabel = "CHAR",
            description = "Point or comma. Default: detected.",
            converter = CharacterConverter.class)
    private @Nullable Character decimalSeparator;

    @Option(
            names = "--charset",
            paramLabel = "NAME",
            description = "Character encoding, such as UTF-8 or Shift_JIS. Default: detected, else windows-1252.")
    private @Nullable Charset charset;

    @Option(
            names = "--header",
            paramLabel = "true|false",
            arity = "1",
            description = "Whether the first line has the names of the columns. Default: detected.")
    private @Nullable Boolean header;

    @Option(
            names = "--skip-lines",
            paramLabel = "N",
            description = "Lines before the table. Default: detected, comments that begin with #.")
    private @Nullable Integer skippedLines;

    @Option(
            names = "--missing",
            paramLabel = "TEXT",
            split = ",",
            description = "Texts that stand for missing values, besides NA and the like among numbers.")
    private String[] missing = {};

    @Option(names = "--infinity-is-missing", description = "Treat infinite numbers as missing values.")
    private boolean infinityIsMissing;

    @Option(names = "--ignore", paramLabel = "COLUMN", split = ",", description = "Columns to leave out.")
    private String[] ignored = {};

    @Option(
            names = "--keep",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns to encode that would be left out as identifiers or texts.")
    private String[] kept = {};

    @Option(
            names = "--categorical",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns to treat as categories, such as numeric codes.")
    private String[] categorical = {};

    @Option(names = "--dates", paramLabel = "COLUMN", split = ",", description = "Columns of dates to encode.")
    private String[] dates = {};

    @Option(
            names = "--counts",
            paramLabel = "COLUMN",
            split = ",",
            description = "Columns of counts, which get a Poisson likelihood.")
    private String[] counts = {};

    @Option(
            names = "--most-levels",
            paramLabel = "N",
            description = "Largest number of different texts that are categories. Default: ${DEFAULT-VALUE}.")
    private int mostLevels = 50;

    /** Creates options for picocli to set. */
    public TableOptions() {}

    /**
     * Returns a builder of a reader with these settings.
     *
     * @return a new builder
     */
    public TableReader.Builder reader() {
        TableReader.Builder reader = new TableReader.Builder()
                .missing(missing)
                .infinityIsMissing(infinityIsMissing)
                .ignore(ignored)
                .keep(kept)
                .categorical(categorical)
                .dates(dates)
                .counts(counts)
                .mostLevels(mostLevels);
        if (delimiter != null) {
            reader.delimiter(delimiter);
        }
        if (decimalSeparator != null) {
            reader.decimalSeparator(decimalSeparator);
        }
        if (charset != null) {
            reader.charset(charset);
        }
        if (header != null) {
            reader.header(header);
        }
        if (skippedLines != null) {
            reader.skipLines(skippedLines);
        }
        return reader;
    }

    /** Reads a character, or its name. */
    static final class CharacterConverter implements ITypeConverter<Character> {
        @Override
        public Character convert(String value) {
            if (value.equals("tab") || value.equals("\\t")) {
                return '\t';
            } else if (value.equals("space")) {
                return ' ';
            } else if (value.length() != 1) {
                throw new TypeConversionException("must be one character, tab or space, got '" + value + "'");
            }
            return value.charAt(0);
        }
    }
}
