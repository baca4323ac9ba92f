package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.Require;

/**
 * Options of a recurrent network that scores series.
 *
 * @param units of the GRU; 0 for as many as features, but at least 8
 * @param steps mini-batches of training
 * @param batch series of a mini-batch
 * @param learningRate of Adam
 * @param repetitions networks with other seeds, whose scores are averaged
 * @param seed of the first
 */
record PostHocOptions(int units, int steps, int batch, double learningRate, int repetitions, long seed) {

    /** Setters that both scores share. */
    abstract static class Builder<B extends Builder<B>> {
        private final String subject;
        private int units;
        private int steps = 2000;
        private int batch = 128;
        private double learningRate = 1e-3;
        private int repetitions = 1;
        private long seed = 1;

        Builder(String subject) {
            this.subject = subject;
        }

        abstract B self();

        final PostHocOptions options() {
            return new PostHocOptions(units, steps, batch, learningRate, repetitions, seed);
        }

        /**
         * Sets the number of units of the GRU. Default: as many as features, but at least 8.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public final B units(int count) {
            this.units = Require.atLeast(1, subject, "units", count, "leave it out");
            return self();
        }

        /**
         * Sets the number of training steps. Default: 2000.
         *
         * @param count mini-batches, at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public final B steps(int count) {
            this.steps = Require.atLeast(1, subject, "steps", count, "2000 is usual");
            return self();
        }

        /**
         * Sets the size of a mini-batch. Default: 128.
         *
         * @param size at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public final B batch(int size) {
            this.batch = Require.atLeast(1, subject, "batch", size, "128 is usual");
            return self();
        }

        /**
         * Sets the learning rate of Adam. Default: 0.001.
         *
         * @param rate above 0
         * @return this
         * @throws IllegalArgumentException if it is not above 0
         */
        public final B learningRate(double rate) {
            this.learningRate = Require.positive(subject, "learningRate", rate, "0.001 is usual");
            return self();
        }

        /**
         * Sets the number of networks with different seeds, whose scores are averaged. Default: 1.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public final B repetitions(int count) {
            this.repetitions = Require.atLeast(1, subject, "repetitions", count, "");
            return self();
        }

        /**
         * Sets the seed of splits, first weights and orders. Default: 1.
         *
         * @param number any; the repetitions count up from it
         * @return this
         */
        public final B seed(long number) {
            this.seed = number;
            return self();
        }
    }
}
