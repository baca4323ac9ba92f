package io.github.dl4jae.internal.layer;

import org.jspecify.annotations.Nullable;

/**
 * Checks of arguments, with messages of one form: <i>subject: requirement, got value; remedy</i>.
 *
 * <pre>{@code
 * this.k = Require.atLeast(1, "TopKLayer", "k", k, "keep at least one unit");
 * Require.that(from < to, "LinearSchedule", "steps must be in order", from + " and " + to, "exchange them");
 * }</pre>
 *
 * <p>The remedy may be empty where there is none but the requirement. All methods throw
 * {@code IllegalArgumentException}.
 */
public final class Require {

    private Require() {}

    /**
     * Requires a condition.
     *
     * @param holds the condition
     * @param subject the class, and the layer's name if it has one
     * @param requirement what must hold, as in "k must be at least 1"
     * @param got the value that was found
     * @param remedy what to do, or an empty string
     * @throws IllegalArgumentException if the condition does not hold
     */
    public static void that(boolean holds, String subject, String requirement, @Nullable Object got, String remedy) {
        if (!holds) {
            throw failure(subject, requirement, got, remedy);
        }
    }

    private static IllegalArgumentException failure(
            String subject, String requirement, @Nullable Object got, String remedy) {
        return new IllegalArgumentException(
                subject + ": " + requirement + ", got " + got + (remedy.isEmpty() ? "" : "; " + remedy));
    }

    /**
     * Requires a value that is not null.
     *
     * @param subject the class, and the layer's name if it has one
     * @param name of the argument
     * @param value of the argument
     * @param remedy what to do, or an empty string
     * @param <T> its type
     * @return the value
     * @throws IllegalArgumentException if it is null
     */
    public static <T> T given(String subject, String name, @Nullable T value, String remedy) {
        if (value == null) {
            throw failure(subject, name + " must be given", "null", remedy);
        }
        return value;
    }

    /**
     * Requires a number that is not too small.
     *
     * @param least the smallest number that is allowed
     * @param subject the class, and the layer's name if it has one
     * @param name of the argument
     * @param value of the argument
     * @param remedy what to do, or an empty string
     * @return the value
     * @throws IllegalArgumentException if it is below {@code least}
     */
    public static int atLeast(int least, String subject, String name, int value, String remedy) {
        that(value >= least, subject, name + " must be at least " + least, value, remedy);
        return value;
    }

    /**
     * Requires a finite number of 0 or more.
     *
     * @param subject the class, and the layer's name if it has one
     * @param name of the argument
     * @param value of the argument
     * @param remedy what to do, or an empty string
     * @return the value
     * @throws IllegalArgumentException if it is negative, infinite or NaN
     */
    public static double nonNegative(String subject, String name, double value, String remedy) {
        boolean holds = value >= 0 && value < Double.POSITIVE_INFINITY;
        that(holds, subject, name + " must be at least 0 and finite", value, remedy);
        return value;
    }

    /**
     * Requires a finite number above 0.
     *
     * @param subject the class, and the layer's name if it has one
     * @param name of the argument
     * @param value of the argument
     * @param remedy what to do, or an empty string
     * @return the value
     * @throws IllegalArgumentException if it is 0, negative, infinite or NaN
     */
    public static double positive(String subject, String name, double value, String remedy) {
        boolean holds = value > 0 && value < Double.POSITIVE_INFINITY;
        that(holds, subject, name + " must be above 0 and finite", value, remedy);
        return value;
    }

    /**
     * Requires a finite number.
     *
     * @param subject the class, and the layer's name if it has one
     * @param name of the argument
     * @param value of the argument
     * @param remedy what to do, or an empty string
     * @return the value
     * @throws IllegalArgumentException if it is infinite or NaN
     */
    public static double finite(String subject, String name, double value, String remedy) {
        that(Double.isFinite(value), subject, name + " must be finite", value, remedy);
        return value;
    }
}
