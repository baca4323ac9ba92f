package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.layer.Require;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A reader of tables from text files: CSV with any usual delimiter, charset and decimal separator.
 *
 * <pre>{@code
 * FeatureTable table = new TableReader.Builder().label("species").build().read(file);
 *
 * TableSplit split = new TableReader.Builder().label("species").build().split(file, 0.8, 42);
 * split.schema().notes().forEach(System.out::println);      // what was detected
 * }</pre>
 *
 * <p>Two passes over the file: the first finds the kinds and statistics of the columns, the {@link TableSchema}, and
 * the second fills the matrix. Numbers are parsed in the buffer of the file, so memory is that of the matrix. Files
 * follow RFC 4180: a quote doubles a quote, and a backslash is a character like others. They can be compressed by gzip.
 *
 * <p>Without settings:
 *
 * <ul>
 *   <li>numbers are standardized; 0 and 1 stay
 *   <li>texts are categories, with up to {@link Builder#mostLevels} different ones
 *   <li>constants, row numbers and other identifiers, dates, and texts of many values are left out
 *   <li>missing numbers become the median, missing categories the most frequent one
 *   <li>{@code NA}, {@code ?} and the like are missing numbers; among categories they are a category unless named in
 *       {@link Builder#missing}
 * </ul>
 *
 * <p>{@link TableSchema#notes} tells all of it, and so does one line of the log per file.
 *
 * <p>Errors, each with column and row, counted from 1 after the names: an empty file; rows of unequal length; text
 * among numbers; infinite numbers; a missing label; an open quote; a column that was named but is not there.
 *
 * @see TableIterator
 */
// longer than 300 lines: its builder has twenty documented settings
public final class TableReader {

    private static final Logger LOG = LoggerFactory.getLogger(TableReader.class);

    /** The distance of the seeds of two rows. */
    private static final long ROW = 0x5851F42D4C957F2DL;

    /** The number of notes in the log. */
    private static final int MOST_NOTES = 20;

    private final Settings settings;

    private TableReader(Settings settings) {
        this.settings = settings;
    }

    /** The settings of a reader. */
    record Settings(
            @Nullable Charset charset,
            @Nullable Character delimiter,
            @Nullable Character decimalSeparator,
            @Nullable Boolean header,
            @Nullable Integer skippedLines,
            @Nullable String label,
            @Nullable String target,
            Set<String> ignored,
            Set<String> kept,
            Set<String> categorical,
            Set<String> dates,
            Set<String> counts,
            int mostLevels,
            Imputation imputation,
            boolean indicator,
            MissingValues missing,
            UnseenLevel unseenLevel) {

        /** Returns all columns that were named. */
        Set<String> named() {
            Set<String> names = new LinkedHashSet<>(ignored);
            names.addAll(kept);
            names.addAll(categorical);
            names.addAll(dates);
            names.addAll(counts);
            if (label != null) {
                names.add(label);
            }
            if (target != null) {
                names.add(target);
            }
            return names;
        }
    }

    /**
     * Reads a file.
     *
     * @param file a text file
     * @return all its rows
     * @throws IllegalArgumentException if the file is not such a table; the message gives the position
     * @throws UncheckedIOException if it cannot be read
     */
    public FeatureTable read(Path file) {
        return decoded(
                file,
                format -> FileParts.read(file, format, parts -> {
                    TableScan.Fitted fitted = fit(file, format, parts, row -> true);
                    return TableLoader.load(fitted.schema(), file, format, parts, fitted.rowsOfParts());
                }));
    }

    /**
     * Fits a schema to a file.
     *
     * @param file a text file
     * @return the kinds of its columns and their statistics
     * @throws IllegalArgumentException if the file is not such a table; the message gives the position
     * @throws UncheckedIOException if it cannot be read
     */
    public TableSchema fit(Path file) {
        return decoded(
                file,
                format -> FileParts.read(file, format, parts -> fit(file, format, parts, row -> true)
                        .schema()));
    }

    /**
     * Reads a file in two parts, and fits the schema to the first alone. Each row is assigned at random, independently
     * of the others, so that the numbers of rows are not exactly in proportion.
     *
     * @param file a text file
     * @param fraction the share of training rows, above 0 and below 1
     * @param seed of the random assignment
     * @return training and test rows
     * @throws IllegalArgumentException if the file is not such a table, a part has no rows, or the test rows have a
     *     category that the training rows lack and {@link Builder#unseenLevel} makes that an error
     * @throws UncheckedIOException if it cannot be read
     */
    public TableSplit split(Path file, double fraction, long seed) {
        Require.that(
                fraction > 0 && fraction < 1,
                "TableReader",
                "fraction must be above 0 and below 1",
                fraction,
                "0.8 trains with four fifths of the rows");
        LongPredicate trained = row -> new SplittableRandom(seed + row * ROW).nextDouble() < fraction;
        return decoded(file, format -> {
            TableScan.Fitted fitted = fit(file, format, FileParts.whole(file), trained);
            long others = fitted.rowsOfParts()[0] - fitted.rows();
            if (others == 0) {
                throw TextFile.problem(
                        file,
                        "must have rows for both parts, got all " + fitted.rows() + " in the first;"
                                + " set another fraction");
            }
            return new TableSplit(
                    TableLoader.load(fitted.schema(), file, format, fitted.rows(), trained),
                    TableLoader.load(fitted.schema(), file, format, others, trained.negate()));
        });
    }

    private TableScan.Fitted fit(Path file, TableFormat format, FileParts parts, LongPredicate chosen) {
        TableScan.Fitted fitted = new TableScan(file, settings, format, parts, chosen).fit();
        List<String> notes = fitted.schema().notes();
        LOG.info(
                "{}: {}. {}{}",
                file,
                fitted.schema(),
                String.join(". ", notes.subList(0, Math.min(MOST_NOTES, notes.size()))),
                notes.size() <= MOST_NOTES ? "" : ", and " + (notes.size() - MOST_NOTES) + " more notes");
        return fitted;
    }

    /** Reads in the detected format, and again as Windows-1252 if what was detected as UTF-8 is not, further down. */
    private <T> T decoded(Path file, Function<TableFormat, T> reading) {
        Require.given("TableReader", "file", file, "");
        TableFormat format = new FormatDetector(
                        settings.charset,
                        settings.delimiter,
                        settings.decimalSeparator,
                        settings.header,
                        settings.skippedLines)
                .detect(file);
        try {
            return reading.apply(format);
        } catch (UndecodableTextException e) {
            if (settings.charset != null) {
                throw e;
            }
            return reading.apply(format.withCharset(FormatDetector.LAST_RESORT));
        }
    }

    /** A builder of a {@link TableReader}; all settings have defaults. */
    public static final class Builder {
        private @Nullable Charset charset;
        private @Nullable Character delimiter;
        private @Nullable Character decimalSeparator;
        private @Nullable Boolean header;
        private @Nullable Integer skippedLines;
        private @Nullable String label;
        private @Nullable String target;
        private final Set<String> ignored = new LinkedHashSet<>();
        private final Set<String> kept = new LinkedHashSet<>();
        private final Set<String> categorical = new LinkedHashSet<>();
        private final Set<String> dates = new LinkedHashSet<>();
        private final Set<String> counts = new LinkedHashSet<>();
        private final Set<String> missing = new LinkedHashSet<>();
        private boolean infinityIsMissing;
        private int mostLevels = 50;
        private Imputation imputation = Imputation.MEDIAN;
        private boolean indicator;
        private UnseenLevel unseenLevel = UnseenLevel.ERROR;

        /** Creates a builder that detects the format of files. */
        public Builder() {}

        /**
         * Sets the charset. Default: detected, see {@link TableFormat}.
         *
         * @param charset such as {@code StandardCharsets.UTF_8}
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder charset(Charset charset) {
            this.charset = Require.given("TableReader", "charset", charset, "leave it out to detect it");
            return this;
        }

        /**
         * Sets the delimiter between values. Default: detected among {@code , ; |} and the tab.
         *
         * @param delimiter a character
         * @return this
         */
        public Builder delimiter(char delimiter) {
            this.delimiter = delimiter;
            return this;
        }

        /**
         * Sets the decimal separator. Default: detected.
         *
         * @param decimalSeparator '.' or ','
         * @return this
         */
        public Builder decimalSeparator(char decimalSeparator) {
            this.decimalSeparator = decimalSeparator;
            return this;
        }

        /**
         * Sets whether the first line has the names of the columns. Default: detected. Without names, columns are
         * called {@code column1} and so on.
         *
         * @param header whether it does
         * @return this
         */
        public Builder header(boolean header) {
            this.header = header;
            return this;
        }

        /**
         * Sets the number of lines before the table, such as a title. Default: detected are comments that begin with
         * {@code #}, and the {@code sep=;} of spreadsheet programs.
         *
         * @param lines at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder skipLines(int lines) {
            this.skippedLines = Require.atLeast(0, "TableReader", "lines", lines, "");
            return this;
        }

        /**
         * Sets the column to predict, which is not a feature. Texts, and up to twenty different integers, are classes;
         * other numbers are a quantity. Default: none.
         *
         * @param column the name of the column, or null for none
         * @return this
         */
        public Builder label(@Nullable String column) {
            this.label = column;
            return this;
        }

        /**
         * Sets the column of a quantity to predict, which is not a feature, however few different numbers it has.
         * Default: none.
         *
         * @param column the name of the column, or null for none
         * @return this
         */
        public Builder target(@Nullable String column) {
            this.target = column;
            return this;
        }

        /**
         * Adds columns to ignore. Default: none.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder ignore(String... columns) {
            add(ignored, columns);
            return this;
        }

        /**
         * Adds columns to encode that would be left out as identifiers, texts or dates. Default: none.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder keep(String... columns) {
            add(kept, columns);
            return this;
        }

        /**
         * Adds categorical columns whose values can be numbers, such as postcodes, with up to 1000 different values.
         * Default: none.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder categorical(String... columns) {
            add(categorical, columns);
            return this;
        }

        /**
         * Adds columns of dates to encode, as a trend and as the place in the year, the week and the day. Default:
         * none; dates are left out.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder dates(String... columns) {
            add(dates, columns);
            return this;
        }

        /**
         * Adds columns of small counts, which stay as they are and get a Poisson likelihood. Default: none; counts are
         * numbers.
         *
         * @param columns the names of columns
         * @return this
         * @throws IllegalArgumentException if a name is null
         */
        public Builder counts(String... columns) {
            add(counts, columns);
            return this;
        }

        private static void add(Set<String> names, String... columns) {
            for (String column : Require.given("TableReader", "columns", columns, "")) {
                names.add(Require.given("TableReader", "column", column, ""));
            }
        }

        /**
         * Sets the largest number of different texts that are categories. Default: 50. Columns with more of them are
         * left out.
         *
         * @param mostLevels at least 2
         * @return this
         * @throws IllegalArgumentException if it is below 2
         */
        public Builder mostLevels(int mostLevels) {
            this.mostLevels = Require.atLeast(2, "TableReader", "mostLevels", mostLevels, "");
            return this;
        }

        /**
         * Adds texts that stand for missing values in all columns. Default: none but the empty text, and {@code NA},
         * {@code N/A}, {@code NaN}, {@code null}, {@code none}, {@code ?}, {@code -} among numbers.
         *
         * @param texts texts, such as "NA" or "-999"
         * @return this
         * @throws IllegalArgumentException if a text is null
         */
        public Builder missing(String... texts) {
            add(missing, texts);
            return this;
        }

        /**
         * Sets whether infinite numbers are missing values. Default: false, they are an error.
         *
         * @param infinityIsMissing whether they are
         * @return this
         */
        public Builder infinityIsMissing(boolean infinityIsMissing) {
            this.infinityIsMissing = infinityIsMissing;
            return this;
        }

        /**
         * Sets the replacement of missing values. Default: {@code MEDIAN}.
         *
         * @param imputation the replacement
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder imputation(Imputation imputation) {
            this.imputation = Require.given("TableReader", "imputation", imputation, "use NONE");
            return this;
        }

        /**
         * Sets whether columns with missing values get another feature, {@code name[missing]}, which is 1 where the
         * value was missing. Default: false.
         *
         * @param indicator whether they do
         * @return this
         */
        public Builder missingIndicator(boolean indicator) {
            this.indicator = indicator;
            return this;
        }

        /**
         * Sets what becomes of categories that are unknown to the schema. Default: {@code ERROR}.
         *
         * @param unseenLevel the choice
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder unseenLevel(UnseenLevel unseenLevel) {
            this.unseenLevel = Require.given("TableReader", "unseenLevel", unseenLevel, "use ERROR");
            return this;
        }

        /**
         * Creates the reader.
         *
         * @return a reader for any number of files
         * @throws IllegalArgumentException if there are a label and a target
         */
        public TableReader build() {
            Require.that(
                    label == null || target == null,
                    "TableReader",
                    "there must be a label or a target, not both",
                    label + " and " + target,
                    "ignore(…) the other column");
            return new TableReader(new Settings(
                    charset,
                    delimiter,
                    decimalSeparator,
                    header,
                    skippedLines,
                    label,
                    target,
                    Set.copyOf(ignored),
                    Set.copyOf(kept),
                    Set.copyOf(categorical),
                    Set.copyOf(dates),
                    Set.copyOf(counts),
                    mostLevels,
                    imputation,
                    indicator,
                    MissingValues.of(missing, infinityIsMissing),
                    unseenLevel));
        }
    }
}
