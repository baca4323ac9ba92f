package io.github.dl4jae.tabular;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A parser of numbers in a character buffer. It accepts {@code 12}, {@code -1.5}, {@code .5}, {@code 1e-3}, groups of
 * three digits as in {@code 1,234.5}, and {@code Infinity}, but not Java's {@code 1F} or {@code 0x1p3}.
 *
 * <p>Numbers of up to 15 digits and powers of ten up to 22 are exact in float64, so their product or quotient is the
 * nearest number (Clinger 1990). With 16 to 18 digits it can be the number next to it, which a float32 does not show.
 * Everything else is left to Java, which is ten times as slow.
 */
final class NumberText {

    private static final double[] POWERS = {
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
        1e20, 1e21, 1e22
    };
    /** The most digits that fit a long. */
    private static final int LONG_DIGITS = 18;
    /** Stands for the decimals of numbers in scientific notation. */
    static final int MOST_DECIMALS = 15;

    /** A pattern of infinite numbers. */
    static final String INFINITY = "[+-]?(?i:inf(inity)?)";

    private final char decimal;
    private final Pattern general;
    private final Pattern infinity = Pattern.compile(INFINITY);
    private double value;
    private int decimals;
    private boolean leadingZero;

    NumberText(char decimal) {
        this.decimal = decimal;
        String point = decimal == '.' ? "\\." : ",";
        String group = decimal == '.' ? "," : "\\.";
        this.general = Pattern.compile(
                "([+-]?)(\\d{1,3}(?:" + group + "\\d{3})+|\\d*)(?:" + point + "(\\d*))?([eE][+-]?\\d+)?");
    }

    /** Returns the number that was found last, which can be infinite. */
    double value() {
        return value;
    }

    /** Returns the number of its decimals. */
    int decimals() {
        return decimals;
    }

    /** Returns whether it was written with a zero in front, as in 00123. */
    boolean hasLeadingZero() {
        return leadingZero;
    }

    boolean matches(String text) {
        return matches(text.toCharArray(), 0, text.length());
    }

    /** Returns whether the characters are a number, which {@link #value} then returns. */
    boolean matches(char[] text, int from, int to) {
        return (from < to && beginning(text, from, to) == to) || matchesGeneral(text, from, to);
    }

    /**
     * Reads the digits at the beginning of characters, with a sign and a decimal separator or without.
     *
     * @return the place behind the number; {@code from} if there is none of at most 18 digits
     */
    int beginning(char[] text, int from, int to) {
        if (from == to) {
            return from;
        }
        char sign = text[from];
        int negative = sign == '-' ? 1 : 0;
        int first = from + (sign == '+' ? 1 : negative);
        int i = first;
        long digits = 0;
        for (; i < to && isDigit(text[i]); i++) {
            digits = 10 * digits + (text[i] - '0');
        }
        int count = i - first;
        int fraction = 0;
        if (i < to && text[i] == decimal) {
            int point = i++;
            for (; i < to && isDigit(text[i]); i++) {
                digits = 10 * digits + (text[i] - '0');
            }
            fraction = i - point - 1;
            count += fraction;
        }
        if (count == 0 || count > LONG_DIGITS) {
            return from;
        }
        // signs have no pattern that branches could follow
        value = ((digits ^ -negative) + negative) / POWERS[fraction];
        decimals = fraction;
        leadingZero = count - fraction > 1 && text[first] == '0';
        return i;
    }

    private static boolean isDigit(char character) {
        return (char) (character - '0') <= 9;
    }

    private boolean matchesGeneral(char[] characters, int from, int to) {
        if (from == to || (characters[from] > '9' && Character.toLowerCase(characters[from]) != 'i')) {
            return false; // most texts
        }
        String text = new String(characters, from, to - from);
        leadingZero = false;
        if (infinity.matcher(text).matches()) {
            value = text.startsWith("-") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
            decimals = 0;
            return true;
        }
        Matcher matcher = general.matcher(text);
        if (!matcher.matches()) {
            return false;
        }
        String whole = matcher.group(2).replaceAll("[.,]", "");
        String fraction = matcher.group(3) == null ? "" : matcher.group(3);
        String exponent = matcher.group(4) == null ? "" : matcher.group(4);
        if (whole.isEmpty() && fraction.isEmpty()) {
            return false;
        }
        value = Double.parseDouble(matcher.group(1) + whole + "." + fraction + "0" + exponent);
        decimals = exponent.isEmpty() ? fraction.length() : MOST_DECIMALS;
        return true;
    }
}
