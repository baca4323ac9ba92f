package io.github.dl4jae.tabular;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * A column of a file and its encoding as columns of a matrix, which are called features.
 *
 * <p>{@code encode} returns whether there was a value; a missing one is replaced.
 */
sealed interface TableColumn {

    /** Returns the name in the file. */
    String name();

    /** Returns the names of the features; none for a column that is left out. */
    List<String> features();

    /** Returns whether values are read as texts even if they are numbers. */
    boolean isText();

    /**
     * Writes the features of a value.
     *
     * @param cell the value
     * @param features receives them
     * @param offset the place of the first
     * @return whether the value is not missing
     * @throws IllegalArgumentException if the value does not fit; the message has neither file nor row
     */
    boolean encode(Cell cell, float[] features, int offset);

    /** Returns the value that features stand for, or the nearest. */
    String decode(float[] features, int offset);

    /** A value of a row, and the rules for it. */
    interface Cell {
        /** Returns a number, infinite at most, or NaN. */
        double number();

        /** Returns a text, or null for a number or a missing value. */
        @Nullable
        String text();

        UnseenLevel unseen();
    }

    private static IllegalArgumentException missing(String name) {
        return new IllegalArgumentException(
                "must have no missing values in column '" + name + "'; set an imputation, or ignore the column");
    }

    /**
     * A numeric column, standardized to (x − mean)/deviation.
     *
     * @param decimals with which numbers are printed
     * @param replacement of missing values; null if they are an error
     */
    record Numeric(
            String name,
            double mean,
            double deviation,
            double min,
            double max,
            int decimals,
            @Nullable Double replacement)
            implements TableColumn {

        @Override
        public List<String> features() {
            return List.of(name);
        }

        @Override
        public boolean isText() {
            return false;
        }

        @Override
        public boolean encode(Cell cell, float[] features, int offset) {
            if (cell.text() != null) {
                throw new IllegalArgumentException("must have numbers in column '" + name + "', got '" + cell.text()
                        + "'; correct the value, or name" + " it as missing");
            } else if (Double.isInfinite(cell.number())) {
                throw new IllegalArgumentException("must have finite numbers in column '" + name + "', got "
                        + cell.number() + "; set infinityIsMissing(true), or correct the value");
            }
            boolean present = !Double.isNaN(cell.number());
            if (!present && replacement == null) {
                throw missing(name);
            }
            double number = present ? cell.number() : Objects.requireNonNull(replacement);
            features[offset] = (float) ((number - mean) / deviation);
            return present;
        }

        @Override
        public String decode(float[] features, int offset) {
            return print(mean + deviation * features[offset], decimals);
        }

        /** Prints at most the digits that float32 holds, without zeros at the end. */
        static String print(double number, int decimals) {
            BigDecimal exact = BigDecimal.valueOf(number);
            BigDecimal rounded = decimals == 0 ? exact : exact.round(new MathContext(7));
            BigDecimal cut = rounded.setScale(Math.min(rounded.scale(), decimals), RoundingMode.HALF_EVEN);
            return cut.signum() == 0 ? "0" : cut.stripTrailingZeros().toPlainString();
        }
    }

    /**
     * A column of two values, encoded as 0 and 1.
     *
     * @param number whether the values are the numbers 0 and 1
     * @param replacement of missing values; null if they are an error
     */
    record Flag(
            String name,
            String off,
            String on,
            boolean number,
            @Nullable Boolean replacement) implements TableColumn {

        @Override
        public List<String> features() {
            return List.of(number ? name : name + "[" + on + "]");
        }

        @Override
        public boolean isText() {
            return !number;
        }

        @Override
        public boolean encode(Cell cell, float[] features, int offset) {
            Boolean value = number ? flag(cell) : flag(cell.text(), cell.unseen());
            boolean present = value != null;
            if (!present && replacement == null) {
                throw missing(name);
            }
            features[offset] = Objects.requireNonNull(present ? value : replacement) ? 1 : 0;
            return present;
        }

        private @Nullable Boolean flag(Cell cell) {
            if (cell.number() == 0 || cell.number() == 1) {
                return cell.number() == 1;
            } else if (Double.isNaN(cell.number()) && cell.text() == null) {
                return null;
            }
            throw new IllegalArgumentException("must have 0 or 1 in column '" + name + "', got "
                    + (cell.text() == null
                            ? Numeric.print(cell.number(), NumberText.MOST_DECIMALS)
                            : "'" + cell.text() + "'")
                    + "; correct the value, or fit a schema to all values");
        }

        private @Nullable Boolean flag(@Nullable String text, UnseenLevel unseen) {
            if (text == null || text.equals(off) || text.equals(on)) {
                return text == null ? null : (Boolean) text.equals(on);
            } else if (unseen == UnseenLevel.ERROR) {
                throw Categorical.unseen(name, text, List.of(off, on));
            }
            return unseen == UnseenLevel.MOST_FREQUENT ? replacement : Boolean.FALSE;
        }

        @Override
        public String decode(float[] features, int offset) {
            return features[offset] > 0.5f ? on : off;
        }
    }

    /**
     * A categorical column, encoded one-hot.
     *
     * @param levels the categories, sorted
     * @param mostFrequent the category that occurs most often
     * @param imputed whether missing values become the most frequent category; else they are an error
     */
    record Categorical(String name, List<String> levels, String mostFrequent, boolean imputed) implements TableColumn {

        public Categorical {
            levels = List.copyOf(levels);
        }

        @Override
        public List<String> features() {
            List<String> names = new ArrayList<>();
            levels.forEach(level -> names.add(name + "[" + level + "]"));
            return names;
        }

        @Override
        public boolean isText() {
            return true;
        }

        @Override
        public boolean encode(Cell cell, float[] features, int offset) {
            Arrays.fill(features, offset, offset + levels.size(), 0f);
            String text = cell.text();
            if (text == null && !imputed) {
                throw missing(name);
            }
            int level = levels.indexOf(text == null ? mostFrequent : text);
            if (level < 0 && cell.unseen() == UnseenLevel.ERROR) {
                throw unseen(name, text, levels);
            } else if (level < 0 && cell.unseen() == UnseenLevel.MOST_FREQUENT) {
                level = levels.indexOf(mostFrequent);
            }
            if (level >= 0) {
                features[offset + level] = 1;
            }
            return text != null;
        }

        static IllegalArgumentException unseen(String name, @Nullable String text, List<String> levels) {
            String known = levels.size() <= 10 ? levels.toString() : levels.subList(0, 10) + " and more";
            return new IllegalArgumentException("must have known categories in column '" + name + "', " + known
                    + ", got '" + text + "'; set unseenLevel(…), or fit the schema with rows that have it");
        }

        @Override
        public String decode(float[] features, int offset) {
            int best = IntStream.range(0, levels.size())
                    .reduce((a, b) -> features[offset + b] > features[offset + a] ? b : a)
                    .orElseThrow();
            return levels.get(best);
        }
    }

    /**
     * Dates, encoded as a standardized trend and as sine and cosine of the day in the year and of the day in the week,
     * and with times of day as those of the time in the day.
     *
     * @param format a pattern of {@code DateTimeFormatter}
     * @param mean the mean of the days since 1970
     * @param deviation their standard deviation
     * @param times whether times of day are encoded
     * @param imputed whether missing dates become the mean; else they are an error
     */
    record Dates(String name, String format, double mean, double deviation, boolean times, boolean imputed)
            implements TableColumn {

        @Override
        public List<String> features() {
            List<String> names = new ArrayList<>(List.of(
                    name + "[trend]",
                    name + "[year sin]",
                    name + "[year cos]",
                    name + "[week sin]",
                    name + "[week cos]"));
            if (times) {
                names.addAll(List.of(name + "[day sin]", name + "[day cos]"));
            }
            return names;
        }

        @Override
        public boolean isText() {
            return true;
        }

        @Override
        public boolean encode(Cell cell, float[] features, int offset) {
            String text = cell.text();
            if (text == null && !imputed) {
                throw missing(name);
            }
            LocalDateTime date = text == null ? DateText.date(mean) : DateText.parse(format, text);
            if (date == null) {
                throw new IllegalArgumentException(
                        "must have dates like " + DateText.print(format, DateText.date(mean), times) + " in column '"
                                + name + "', got '" + text + "'; correct the value, or ignore the column");
            }
            features[offset] = (float) ((DateText.days(date) - mean) / deviation);
            circle((date.getDayOfYear() - 1) / 365.25, features, offset + 1);
            circle((date.getDayOfWeek().getValue() - 1) / 7.0, features, offset + 3);
            if (times) {
                circle(DateText.days(date) - Math.floor(DateText.days(date)), features, offset + 5);
            }
            return text != null;
        }

        private static void circle(double turns, float[] features, int offset) {
            features[offset] = (float) Math.sin(2 * Math.PI * turns);
            features[offset + 1] = (float) Math.cos(2 * Math.PI * turns);
        }

        @Override
        public String decode(float[] features, int offset) {
            return DateText.print(format, DateText.date(mean + deviation * features[offset]), times);
        }
    }

    /**
     * A column with another feature that is 1 where its value is missing.
     *
     * @param column the column without it
     */
    record Indicated(TableColumn column) implements TableColumn {

        @Override
        public String name() {
            return column.name();
        }

        @Override
        public List<String> features() {
            List<String> names = new ArrayList<>(column.features());
            names.add(name() + "[missing]");
            return names;
        }

        @Override
        public boolean isText() {
            return column.isText();
        }

        @Override
        public boolean encode(Cell cell, float[] features, int offset) {
            boolean present = column.encode(cell, features, offset);
            features[offset + column.features().size()] = present ? 0 : 1;
            return present;
        }

        @Override
        public String decode(float[] features, int offset) {
            return features[offset + column.features().size()] > 0.5f ? "" : column.decode(features, offset);
        }
    }

    /**
     * A column that is not encoded.
     *
     * @param reason why, for a reader
     */
    record LeftOut(String name, String reason) implements TableColumn {

        @Override
        public List<String> features() {
            return List.of();
        }

        @Override
        public boolean isText() {
            return false;
        }

        @Override
        public boolean encode(Cell cell, float[] features, int offset) {
            return true;
        }

        @Override
        public String decode(float[] features, int offset) {
            return "";
        }
    }
}
