package io.github.dl4jae.tabular;

import org.jspecify.annotations.Nullable;

/** The values of a row, each a number, a text, or nothing. A pass over a file uses one object for all rows. */
final class TableRow {

    private final double[] numbers;
    private final byte[] decimals;
    private final @Nullable String[] texts;
    private long index;

    TableRow(int width) {
        numbers = new double[width];
        decimals = new byte[width];
        texts = new String[width];
    }

    /** Returns the number of the row, from 1 after the names. */
    long index() {
        return index;
    }

    void begin(long row) {
        index = row;
    }

    void setNumber(int column, double number, int places) {
        numbers[column] = number;
        decimals[column] = (byte) places;
        texts[column] = null;
    }

    void setText(int column, String text) {
        numbers[column] = Double.NaN;
        texts[column] = text;
    }

    void setEmpty(int column) {
        numbers[column] = Double.NaN;
        texts[column] = null;
    }

    boolean isNumber(int column) {
        return !Double.isNaN(numbers[column]);
    }

    /** Returns a number, or NaN. */
    double number(int column) {
        return numbers[column];
    }

    /** Returns the number of decimals with which a number was written. */
    int decimals(int column) {
        return decimals[column];
    }

    /** Returns a text, or null for a number or an empty value. */
    @Nullable
    String text(int column) {
        return texts[column];
    }

    boolean isEmpty(int column) {
        return !isNumber(column) && texts[column] == null;
    }
}
