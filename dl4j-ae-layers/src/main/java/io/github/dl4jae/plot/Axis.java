package io.github.dl4jae.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.DoubleSummaryStatistics;

/**
 * The range, the ticks and the labels of an axis. Ticks are at multiples of 1, 2 or 5 times a power of ten.
 *
 * <p>XChart places ticks at the values themselves if it takes their distances for equal, as it does for all distances
 * below 10⁻⁴. A linear axis is therefore scaled to a span between 1 and 10, and its ends are no values.
 */
final class Axis {

    private static final double LARGE = 1e6;
    private static final double SMALL = 1e-3;
    private static final int MOST_SPACING = 250;
    private static final int LEAST_SPACING = 25;
    private static final double LOGARITHMIC_MARGIN = 1.05;

    private final double lower;
    private final double upper;
    private final double step;
    private final double factor;
    private final int spacing;
    private final boolean counts;
    private final boolean logarithmic;

    private Axis(
            double lower, double upper, double step, double factor, int spacing, boolean counts, boolean logarithmic) {
        this.lower = lower;
        this.upper = upper;
        this.step = step;
        this.factor = factor;
        this.spacing = spacing;
        this.counts = counts;
        this.logarithmic = logarithmic;
    }

    /**
     * Returns a linear axis.
     *
     * @param values finite values, at least one
     * @param pixels the approximate length of the axis
     * @param distance the least distance of two ticks, in pixels
     * @param counts whether ticks must be integers
     */
    static Axis linear(double[] values, int pixels, int distance, boolean counts) {
        DoubleSummaryStatistics statistics = Arrays.stream(values).summaryStatistics();
        double least = statistics.getMin();
        double greatest = statistics.getMax();
        double magnitude = Math.max(Math.abs(least), Math.abs(greatest));
        double span = greatest - least;
        double below = 0.05 * span;
        double above = 0.06 * span; // another distance, so that values cannot be equally spaced up to the ends
        if (span <= 1e-12 * magnitude) {
            double around = counts || magnitude == 0 ? 1 : magnitude / 5;
            below = 0.5 * around;
            above = 0.6 * around;
        } else if (counts) {
            below = Math.max(below, 0.25);
            above = Math.max(above, 0.3);
        }
        double range = span + below + above;
        double step = step(range * distance / pixels);
        if (counts) {
            step = Math.max(1, step);
        }
        int spacing = (int) Math.max(LEAST_SPACING, Math.min(MOST_SPACING, step / range * pixels));
        double factor = Math.pow(10, -Math.floor(Math.log10(range)));
        return new Axis(least - below, greatest + above, step, factor, spacing, counts, false);
    }

    /** Returns a logarithmic axis of values above 0. It begins and ends beyond 1, 2 or 5 times a power of ten. */
    static Axis logarithmic(double[] values) {
        DoubleSummaryStatistics statistics = Arrays.stream(values).summaryStatistics();
        double upper = step(statistics.getMax());
        double lower = 1 / step(1 / statistics.getMin());
        if (lower == upper) {
            lower = upper / 10;
        }
        return new Axis(lower / LOGARITHMIC_MARGIN, upper * LOGARITHMIC_MARGIN, lower, 1, LEAST_SPACING, false, true);
    }

    /** Returns the least of 1, 2 and 5 times a power of ten that is not below a value. */
    static double step(double least) {
        BigDecimal power = BigDecimal.ONE.scaleByPowerOfTen((int) Math.floor(Math.log10(least)));
        for (int multiple : new int[] {1, 2, 5}) {
            double step = power.multiply(BigDecimal.valueOf(multiple)).doubleValue();
            if (step >= least * (1 - 1e-9)) {
                return step;
            }
        }
        return power.scaleByPowerOfTen(1).doubleValue();
    }

    double[] scaled(double[] values) {
        return Arrays.stream(values).map(value -> value * factor).toArray();
    }

    double scaledLower() {
        return lower * factor;
    }

    double scaledUpper() {
        return upper * factor;
    }

    /** Returns the distance of two ticks in pixels. */
    int spacing() {
        return spacing;
    }

    /** Returns whether a logarithmic axis is long enough to have labels at powers of ten alone. */
    boolean decadesOnly() {
        return upper / lower >= 100 * (1 - 1e-9);
    }

    /** Returns the label of a scaled value, or a blank where an axis of counts has a tick between integers. */
    String label(double scaled) {
        double value = scaled / factor;
        if (logarithmic) {
            return logarithmicLabel(value);
        }
        if (counts && Math.abs(value - Math.rint(value)) > 1e-6 * step) {
            return value < (lower + upper) / 2 ? " " : "  "; // XChart leaves out all labels if the ends have the same
        }
        int decimals = 1 - (int) Math.floor(Math.log10(step));
        double magnitude = Math.max(Math.abs(lower), Math.abs(upper));
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(decimals, RoundingMode.HALF_UP);
        boolean hasFewDigits = magnitude < 1e4 * step;
        return text(rounded, hasFewDigits && (magnitude >= LARGE || magnitude < SMALL));
    }

    private String logarithmicLabel(double value) {
        double decade = Math.floor(Math.log10(value) + 1e-9);
        long digit = Math.round(value / Math.pow(10, decade));
        if (digit != 1 && digit != 2 && digit != 5) {
            return " ";
        }
        return text(
                BigDecimal.valueOf(digit).scaleByPowerOfTen((int) decade),
                value >= LARGE * (1 - 1e-9) || value < SMALL * (1 - 1e-9));
    }

    /** Returns a number as {@code 0.25}, or as {@code 2.5e-7}. */
    private static String text(BigDecimal number, boolean scientific) {
        if (number.signum() == 0) {
            return "0";
        }
        if (!scientific) {
            return number.stripTrailingZeros().toPlainString();
        }
        int exponent = number.precision() - number.scale() - 1;
        String mantissa = number.movePointLeft(exponent).stripTrailingZeros().toPlainString();
        return exponent == 0 ? mantissa : mantissa + "e" + exponent;
    }
}
