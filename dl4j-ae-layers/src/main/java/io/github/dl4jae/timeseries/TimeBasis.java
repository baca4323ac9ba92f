package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.Require;
import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * Functions of time, of which a {@link TimeBasisLayer} makes series.
 *
 * <pre>
 * level        1                                          K = 1
 * trend        (t/T)^p, p = 1 … P                         K = P
 * season       1 if ⌊t/l⌋ mod m = k, else 0, k = 0 … m−1  K = m
 * </pre>
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public sealed interface TimeBasis extends Serializable {

    /**
     * Returns the number of functions.
     *
     * @return K
     */
    int functions();

    /**
     * Returns the value of a function at a step.
     *
     * @param function its index k, from 0
     * @param step t, from 0
     * @param steps T
     * @return its value
     */
    double value(int function, int step, int steps);

    /** A constant. */
    record Level() implements TimeBasis {

        @Override
        public int functions() {
            return 1;
        }

        @Override
        public double value(int function, int step, int steps) {
            return 1;
        }
    }

    /**
     * Powers of time, from 0 at the first step to almost 1 at the last. The constant is that of {@link Level}.
     *
     * @param degree P, at least 1
     */
    record Trend(int degree) implements TimeBasis {
        /**
         * Creates the basis.
         *
         * @param degree P, at least 1
         * @throws IllegalArgumentException if it is below 1
         */
        public Trend {
            Require.atLeast(1, "TimeBasis.Trend", "degree", degree, "1 gives straight lines");
        }

        @Override
        public int functions() {
            return degree;
        }

        @Override
        public double value(int function, int step, int steps) {
            return Math.pow((double) step / steps, function + 1);
        }
    }

    /**
     * A pattern that repeats: m values, each of which lasts l steps. A week of daily values has m = 7 and l = 1. A day
     * of hourly values, with one value for every six hours, has m = 4 and l = 6.
     *
     * @param values m, at least 2
     * @param steps l, at least 1
     */
    record Season(int values, int steps) implements TimeBasis {
        /**
         * Creates the basis.
         *
         * @param values m, at least 2
         * @param steps l, at least 1
         * @throws IllegalArgumentException if a number is too small
         */
        public Season {
            Require.atLeast(2, "TimeBasis.Season", "values", values, "one value is a level");
            Require.atLeast(1, "TimeBasis.Season", "steps", steps, "1 gives each step a value of its own");
        }

        @Override
        public int functions() {
            return values;
        }

        @Override
        public double value(int function, int step, int all) {
            return step / steps % values == function ? 1 : 0;
        }
    }
}
