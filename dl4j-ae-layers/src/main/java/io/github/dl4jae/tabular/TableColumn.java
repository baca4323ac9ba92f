package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A column of a file and its encoding as columns of a matrix, which are called features. */
sealed interface TableColumn
        permits NumericColumn, CountColumn, FlagColumn, CategoricalColumn, DateColumn, IndicatedColumn, LeftOutColumn {

    /** Returns the name in the file. */
    String name();

    /** Returns the names of the features; none for a column that is left out. */
    List<String> features();

    /** Returns whether values are read as texts even if they are numbers. */
    boolean isText();

    /** Returns whether missing values are replaced; else they are an error. */
    boolean imputed();

    /**
     * Writes the features of a value, but not those of a missing one.
     *
     * @param cell the value
     * @param features receives them
     * @param offset the place of the first
     * @return whether the value is there
     * @throws IllegalArgumentException if the value does not fit; the message has neither file nor row
     */
    boolean encode(Cell cell, float[] features, int offset);

    /** Writes the features that replace those of a missing value. */
    void encodeTypical(float[] features, int offset);

    /** Returns the value that features stand for, or the nearest. */
    String decode(float[] features, int offset);

    /** Returns the distance of two values in the units of the file; of categories, 1 if they differ. */
    double distance(float[] features, float[] others, int offset);

    /** Returns whether distances have the units of the file. */
    boolean isQuantity();

    /** Adds the likelihood of the features. */
    void addTo(LossMixed.Builder loss);

    /** A value of a row, and the rule for unknown categories. */
    interface Cell {
        /** Returns a number, infinite at most, or NaN. */
        double number();

        /** Returns a text, or null for a number or a missing value. */
        @Nullable
        String text();

        UnseenLevel unseen();
    }

    /** Returns a finite number of a cell, or NaN if the value is missing. */
    static double number(String name, Cell cell) {
        if (cell.text() != null) {
            throw new IllegalArgumentException("must have numbers in column '" + name + "', got '" + cell.text()
                    + "'; correct the value, or name it as missing");
        } else if (Double.isInfinite(cell.number())) {
            throw new IllegalArgumentException("must have finite numbers in column '" + name + "', got " + cell.number()
                    + "; set infinityIsMissing(true), or correct the value");
        }
        return cell.number();
    }

    /** Returns a copy of categories, which must be sorted because they are looked up in it. */
    static List<String> sorted(String name, List<String> levels) {
        for (int i = 1; i < levels.size(); i++) {
            if (levels.get(i - 1).compareTo(levels.get(i)) >= 0) {
                throw new IllegalArgumentException("TableSchema: the categories of '" + name
                        + "' must be sorted and distinct, got '" + levels.get(i) + "' after '" + levels.get(i - 1)
                        + "'; take the JSON that toJson() wrote");
            }
        }
        return List.copyOf(levels);
    }

    static IllegalArgumentException unseen(String name, @Nullable String text, List<String> levels) {
        String known = levels.size() <= 10 ? levels.toString() : levels.subList(0, 10) + " and more";
        return new IllegalArgumentException("must have known categories in column '" + name + "', " + known + ", got '"
                + text + "'; set unseenLevel(…), or fit the schema with rows that have it");
    }

    /** Prints at most the digits that float32 holds, without zeros at the end. */
    static String print(double number, int decimals) {
        if (!Double.isFinite(number)) {
            return String.valueOf(number);
        }
        BigDecimal exact = BigDecimal.valueOf(number);
        BigDecimal rounded = decimals == 0 ? exact : exact.round(new MathContext(7));
        BigDecimal cut = rounded.setScale(Math.min(rounded.scale(), decimals), RoundingMode.HALF_EVEN);
        return cut.signum() == 0 ? "0" : cut.stripTrailingZeros().toPlainString();
    }
}
