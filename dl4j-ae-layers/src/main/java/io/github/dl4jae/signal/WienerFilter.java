package io.github.dl4jae.signal;

/**
 * The Wiener filter with a decision-directed estimate of the signal: the linear filter with the smallest mean squared
 * error, if the powers of signal and noise are known.
 *
 * <pre>
 * ξ_t[k] = η G_{t−1}[k]² |Y_{t−1}[k]|²/N[k] + (1 − η) max(|Y_t[k]|²/N[k] − 1, 0)
 * G_t[k] = max(ξ_t[k]/(1 + ξ_t[k]), G_min)
 * </pre>
 *
 * <p>The estimate follows the previous frame, which prevents the musical noise of spectral subtraction.
 *
 * <pre>{@code
 * double[] cleaner = new WienerFilter.Builder().build().filter(noisy);
 * }</pre>
 *
 * <p>When not to use it: if the noise changes faster than its estimate, as with other voices.
 *
 * @see <a href="https://doi.org/10.1109/TASSP.1984.1164453">Ephraim and Malah 1984, for ξ</a>
 * @see <a href="https://doi.org/10.1109/ICASSP.1996.543199">Scalart and Filho 1996, Speech enhancement based on a
 *     priori signal to noise estimation</a>
 */
public final class WienerFilter extends SpectralFilter {

    private static final String SUBJECT = "WienerFilter";

    private final double smoothing;
    private final double floor;

    private WienerFilter(Builder builder) {
        super(builder);
        this.smoothing = builder.smoothing;
        this.floor = builder.floor;
    }

    @Override
    double[][] gains(double[][] power, double[] noise) {
        double[][] gains = new double[power.length][noise.length];
        double[] before = new double[noise.length]; // G² |Y|²/N of the previous frame
        for (int t = 0; t < gains.length; t++) {
            for (int k = 0; k < noise.length; k++) {
                double ratio = ratio(power[t][k], noise[k]);
                double xi = smoothing * before[k] + (1 - smoothing) * Math.max(ratio - 1, 0);
                double gain = Math.max(1 - 1 / (1 + xi), floor); // ξ/(1 + ξ), also for infinite ξ
                gains[t][k] = gain;
                before[k] = Math.min(gain * gain * ratio, Double.MAX_VALUE);
            }
        }
        return gains;
    }

    /** Builds a {@link WienerFilter}. */
    public static final class Builder extends SpectralFilter.Builder<Builder> {
        private double smoothing = 0.98;
        private double floor = 0.05;

        /** Creates a builder. */
        public Builder() {
            super(SUBJECT);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the weight of the previous frame. Default: 0.98.
         *
         * @param eta η in [0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder smoothing(double eta) {
            this.smoothing = requireShare(SUBJECT, "smoothing", eta);
            return this;
        }

        /**
         * Sets the smallest gain. Default: 0.05.
         *
         * @param gain in [0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder floor(double gain) {
            this.floor = requireShare(SUBJECT, "floor", gain);
            return this;
        }

        /**
         * Builds the filter.
         *
         * @return an immutable filter
         */
        public WienerFilter build() {
            return new WienerFilter(this);
        }
    }
}
