package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;

/**
 * Spectral subtraction: takes the power of the noise from that of the signal, with a floor.
 *
 * <pre>
 * G_t[k] = √max(1 − α N[k]/|Y_t[k]|², β)
 * </pre>
 *
 * <p>Small remainders that come and go are heard as musical noise. α above 1 removes more of them, and of the signal; β
 * above 0 covers them with a constant rest of the noise.
 *
 * <pre>{@code
 * double[] cleaner = new SpectralSubtraction.Builder().build().filter(noisy);
 * }</pre>
 *
 * <p>When not to use it: if the noise changes faster than its estimate, as with other voices.
 *
 * @see <a href="https://doi.org/10.1109/TASSP.1979.1163209">Boll 1979, Suppression of acoustic noise in speech using
 *     spectral subtraction</a>
 * @see <a href="https://doi.org/10.1109/ICASSP.1979.1170788">Berouti, Schwartz and Makhoul 1979, for α and β</a>
 */
public final class SpectralSubtraction extends SpectralFilter {

    private static final String SUBJECT = "SpectralSubtraction";

    private final double factor;
    private final double floor;

    private SpectralSubtraction(Builder builder) {
        super(builder);
        this.factor = builder.factor;
        this.floor = builder.floor;
    }

    @Override
    double[][] gains(double[][] power, double[] noise) {
        double[][] gains = new double[power.length][noise.length];
        for (int t = 0; t < gains.length; t++) {
            for (int k = 0; k < noise.length; k++) {
                gains[t][k] = Math.sqrt(Math.max(1 - factor / ratio(power[t][k], noise[k]), floor));
            }
        }
        return gains;
    }

    /** Builds a {@link SpectralSubtraction}. */
    public static final class Builder extends SpectralFilter.Builder<Builder> {
        private double factor = 2;
        private double floor = 0.01;

        /** Creates a builder. */
        public Builder() {
            super(SUBJECT);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the factor of the noise. Default: 2.
         *
         * @param alpha α, above 0
         * @return this
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder factor(double alpha) {
            this.factor = Require.positive(SUBJECT, "factor", alpha, "2 is usual");
            return this;
        }

        /**
         * Sets the smallest share of the power that stays. Default: 0.01.
         *
         * @param beta β in [0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder floor(double beta) {
            this.floor = requireShare(SUBJECT, "floor", beta);
            return this;
        }

        /**
         * Builds the filter.
         *
         * @return an immutable filter
         */
        public SpectralSubtraction build() {
            return new SpectralSubtraction(this);
        }
    }
}
