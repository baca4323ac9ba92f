package io.github.dl4jae.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A score per time step of a series, from an autoencoder of windows.
 *
 * <pre>
 * r_w           x − x̂ of the window w, of all windows (stride 1)
 * e_{c,t}       mean of r² at (c, t) over the windows that count for t;  r̄_{c,t} the mean of r
 * a_{c,t}       e_{c,t} / ē_c                        ē_c: the mean of held-out steps
 * MEAN          s_t = 1/C · Σ_c a_{c,t}
 * MAXIMUM       s_t = max_c a_{c,t}
 * MAHALANOBIS   s_t = 1/C · z_tᵀ·Σ⁻¹·z_t             z_{c,t} = (r̄_{c,t} − m_c)/√ē_c, Σ its held-out covariance
 * smoothing λ   s̃_t = λ·s̃_{t−1} + (1 − λ)·s_t
 * </pre>
 *
 * <p>Σ is shrunk as Ledoit and Wolf (2004) do. Attributions a_{c,t} name the channel of a fault; they are the same for
 * all combinations and never smoothed. A step without a finite reconstruction has an infinite score, which smoothing
 * does not carry on.
 *
 * <p><b>Which windows count.</b> With delay d, those that end at steps t to t + d; the first window counts for all of
 * its steps before d. Near the end of the series they are fewer. The default d = length − 1 takes all windows that
 * cover t. A smaller one reports earlier: the {@linkplain #stream stream} returns the score of step t after step t + d.
 * Its scores are those of {@link #score} on the series so far.
 *
 * <p>The held-out part must not be the training part, whose residuals are smaller. It should have no faults.
 *
 * <pre>{@code
 * SeriesScore score = new SeriesScore.Builder(Autoencoders.of(network, "code"), windows).fit(parts.calibration());
 * SeriesScores test = score.score(parts.test());
 * List<SeriesEvent> events = test.events(threshold, 12);
 * }</pre>
 *
 * <p>Immutable. Several threads can share it if they can share the autoencoder.
 *
 * @see <a href="https://doi.org/10.1016/S0047-259X(03)00096-4">Ledoit and Wolf 2004, A well-conditioned estimator for
 *     large-dimensional covariance matrices</a>
 */
public final class SeriesScore {

    private static final int WINDOWS_AT_ONCE = 512;

    private final Autoencoder autoencoder;
    private final SeriesWindows windows;
    private final boolean flat;
    private final int delay;
    private final double smoothing;
    private final ChannelScale scale;

    private SeriesScore(Builder builder, INDArray heldOut) {
        this.autoencoder = builder.autoencoder;
        this.windows = builder.windows;
        this.flat = builder.flat;
        this.delay = builder.delay;
        this.smoothing = builder.smoothing;
        List<double[]> squares = new ArrayList<>();
        List<double[]> means = new ArrayList<>();
        run(heldOut, (step, square, mean) -> {
            squares.add(square);
            means.add(mean);
        });
        for (int t = 0; t < squares.size(); t++) {
            Require.that(
                    Arrays.stream(squares.get(t)).allMatch(Double::isFinite),
                    "SeriesScore",
                    "reconstructions of the held-out part must be finite",
                    Arrays.toString(squares.get(t)) + " at step " + t,
                    "check the network for NaN");
        }
        this.scale = ChannelScale.fit(builder.combination, squares, means);
    }

    /** How the channels of a step make a score. */
    public enum Combination {
        /** The mean of the channels. */
        MEAN,
        /** The largest channel: for faults of one sensor among many. */
        MAXIMUM,
        /** The distance of the residuals from held-out ones, whose correlations count. */
        MAHALANOBIS
    }

    /**
     * Scores the steps of a series.
     *
     * @param series {@code [features, T]}, not standardized, at least as long as a window
     * @return the score and the attributions of each step
     * @throws IllegalArgumentException if the series has other channels, is not finite or too short
     */
    public SeriesScores score(INDArray series) {
        int steps = Math.toIntExact(series.size(1));
        double[] scores = new double[steps];
        float[][] attribution = new float[windows.channels()][steps];
        Smoothing smoothed = new Smoothing(smoothing);
        run(series, (step, squares, means) -> {
            scores[step] = smoothed.next(scale.score(squares, means));
            double[] relative = scale.relative(squares);
            for (int c = 0; c < relative.length; c++) {
                attribution[c][step] = (float) relative[c];
            }
        });
        return new SeriesScores(scores, Nd4j.createFromArray(attribution));
    }

    private void run(INDArray series, StepResiduals.Receiver receiver) {
        float[][] z = windows.standardized(series);
        int count = z[0].length - windows.length() + 1;
        StepResiduals residuals = residuals();
        int size = windows.channels() * windows.length();
        for (int from = 0; from < count; from += WINDOWS_AT_ONCE) {
            int to = Math.min(from + WINDOWS_AT_ONCE, count);
            float[] r = residuals(windows.at(z, IntStream.range(from, to).toArray()));
            for (int i = 0; i < to - from; i++) {
                residuals.add(r, i * size, receiver);
            }
        }
        residuals.finish(receiver);
    }

    StepResiduals residuals() {
        return new StepResiduals(windows.channels(), windows.length(), delay);
    }

    /** Returns x − x̂ of windows {@code [N, features, length]}, in this order. */
    float[] residuals(INDArray x) {
        INDArray examples = flat ? x.reshape(x.size(0), x.size(1) * x.size(2)) : x;
        INDArray reconstructed = autoencoder.reconstruct(examples);
        Require.that(
                Arrays.equals(reconstructed.shape(), examples.shape()),
                "SeriesScore",
                "reconstructions must have the shape of the windows, " + Arrays.toString(examples.shape()),
                Arrays.toString(reconstructed.shape()),
                "take a loss that has one output per value");
        return examples.sub(reconstructed.castTo(DataType.FLOAT))
                .dup('c')
                .data()
                .asFloat();
    }

    /**
     * Begins to score a series step by step.
     *
     * @return a stream before its first step
     */
    public SeriesStream stream() {
        return new SeriesStream(this, windows, scale, new Smoothing(smoothing));
    }

    /** Exponential smoothing. */
    static final class Smoothing {
        private final double lambda;
        private double last = Double.NaN;

        Smoothing(double lambda) {
            this.lambda = lambda;
        }

        double next(double score) {
            if (score == Double.POSITIVE_INFINITY) {
                return score;
            }
            last = Double.isNaN(last) ? score : lambda * last + (1 - lambda) * score;
            return last;
        }
    }

    /** Builds {@link SeriesScore}. */
    public static final class Builder {

        private final Autoencoder autoencoder;
        private final SeriesWindows windows;
        private Combination combination = Combination.MEAN;
        private boolean flat;
        private int delay;
        private double smoothing;

        /**
         * Creates a builder.
         *
         * @param autoencoder a trained autoencoder of standardized windows, {@code [N, features, length]}
         * @param windows the windows it was trained with
         * @throws IllegalArgumentException if one is null
         */
        public Builder(Autoencoder autoencoder, SeriesWindows windows) {
            this.autoencoder = Require.given("SeriesScore", "autoencoder", autoencoder, "");
            this.windows = Require.given("SeriesScore", "windows", windows, "");
            this.delay = windows.length() - 1;
        }

        /**
         * Sets how the channels make a score. Default: {@code MEAN}.
         *
         * @param combination the combination
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder combination(Combination combination) {
            this.combination = Require.given("SeriesScore", "combination", combination, "such as MEAN");
            return this;
        }

        /**
         * Passes windows as rows {@code [N, features·length]}, as dense networks and PCA take them. Default: false.
         *
         * @param flat true for rows
         * @return this
         */
        public Builder flat(boolean flat) {
            this.flat = flat;
            return this;
        }

        /**
         * Sets the number of steps after which a step is scored. Default: the length of a window less 1.
         *
         * @param steps d, in [0, length − 1]
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder delay(int steps) {
            Require.that(
                    steps >= 0 && steps < windows.length(),
                    "SeriesScore",
                    "delay must be in [0, " + (windows.length() - 1) + "]",
                    steps,
                    "");
            this.delay = steps;
            return this;
        }

        /**
         * Sets the share of the previous score in a score. Default: 0, no smoothing.
         *
         * @param lambda λ, in [0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder smoothing(double lambda) {
            Require.that(lambda >= 0 && lambda < 1, "SeriesScore", "smoothing must be in [0, 1)", lambda, "");
            this.smoothing = lambda;
            return this;
        }

        /**
         * Fits the scales of the residuals.
         *
         * @param heldOut a part of the series that the network was not trained with, {@code [features, T]}
         * @return the score
         * @throws IllegalArgumentException if the part has other channels, is not finite or shorter than a window, or
         *     its reconstructions are not finite or of another shape
         */
        public SeriesScore fit(INDArray heldOut) {
            return new SeriesScore(this, heldOut);
        }
    }
}
