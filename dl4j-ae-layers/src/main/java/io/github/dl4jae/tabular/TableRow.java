package io.github.dl4jae.tabular;

import org.jspecify.annotations.Nullable;

/** The values of a row, each a number, a text, or nothing. A pass over a file uses one object for all rows. */
final class TableRow {

    private final double[] numbers;
    private final byte[] decimals;
    private final boolean[] leadingZeros;
    private final @Nullable String[] texts;
    private long index;

    TableRow(int width) {
        numbers = new double[width];
        decimals = new byte[width];
        leadingZeros = new boolean[width];
        texts = new String[width];
    }

    /** Returns the number of the row, from 1 after the names. */
    long index() {
        return index;
    }

    void begin(long row) {
        index = row;
    }

    /**
     * Sets a value from characters, without the spaces around it.
     *
     * @param number a parser; null for a column whose values are texts even if they are numbers
     * @return whether there is a value
     */
    boolean set(int column, char[] characters, int begin, int end, @Nullable NumberText number) {
        int from = begin;
        int to = end;
        while (from < to && characters[from] <= ' ') {
            from++;
        }
        while (to > from && characters[to - 1] <= ' ') {
            to--;
        }
        if (from == to) {
            setEmpty(column);
            return false;
        } else if (number != null && number.matches(characters, from, to)) {
            setNumber(column, number);
        } else {
            setText(column, new String(characters, from, to - from));
        }
        return true;
    }

    /** Makes the number that was read last a value. */
    void setNumber(int column, NumberText number) {
        numbers[column] = number.value();
        decimals[column] = (byte) number.decimals();
        leadingZeros[column] = number.hasLeadingZero();
        texts[column] = null;
    }

    private void setText(int column, String text) {
        numbers[column] = Double.NaN;
        texts[column] = text;
    }

    private void setEmpty(int column) {
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

    /** Returns whether a number was written with a zero in front, which it loses. */
    boolean hasLeadingZero(int column) {
        return leadingZeros[column];
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
