package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;

/**
 * The predictive score of generated series: how useful they are to train a model that is used on real ones.
 *
 * <pre>
 * score = mean |x[f, t+1] − x̂[f, t+1]|         over real series, features and steps; x̂ from steps 0 … t
 * </pre>
 *
 * <p>A GRU with a linear output is trained on generated series to predict all features one step ahead. The score is its
 * mean absolute error on real series, in units of the range of each feature. {@code compute(real, real)} gives the
 * score that generated series would have if they were real.
 *
 * <pre>{@code
 * double error = PredictiveScore.compute(real, model.generate(1000, 42)).score();
 * }</pre>
 *
 * <p>The program of TimeGAN's authors predicts the last feature from the others. Their paper, and this class, predict
 * all features from all.
 *
 * @param score the mean over repetitions, at least 0
 * @param errors of each repetition
 * @see <a href="https://papers.nips.cc/paper/2019/hash/c9efe5f26cd17ba6216bbe2a7d26d490-Abstract.html">Yoon, Jarrett and
 *     van der Schaar 2019, Time-series generative adversarial networks</a>
 */
public record PredictiveScore(double score, List<Double> errors) {

    private static final String SUBJECT = "PredictiveScore";

    /**
     * Copies the list.
     *
     * @param score the mean over repetitions, at least 0
     * @param errors of each repetition
     */
    public PredictiveScore {
        errors = List.copyOf(errors);
    }

    /**
     * Computes the score with the default settings.
     *
     * @param real {@code [N, features, time]}, with at least 2 steps
     * @param generated {@code [M, features, time]}
     * @return the score
     * @throws IllegalArgumentException if the shapes do not fit, or a value is not finite
     */
    public static PredictiveScore compute(INDArray real, INDArray generated) {
        return new Builder().compute(real, generated);
    }

    /** Computes a {@link PredictiveScore} with other settings. */
    public static final class Builder extends PostHocOptions.Builder<Builder> {

        /** Creates a builder. */
        public Builder() {
            super(SUBJECT);
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Computes the score.
         *
         * @param real {@code [N, features, time]}, with at least 2 steps
         * @param generated {@code [M, features, time]}
         * @return the score
         * @throws IllegalArgumentException if the shapes do not fit, or a value is not finite
         */
        public PredictiveScore compute(INDArray real, INDArray generated) {
            PostHoc.requireAlike(SUBJECT, real, generated);
            Require.that(real.size(2) >= 2, SUBJECT, "series must have at least 2 steps", real.size(2), "");
            SeriesScaler scaler = SeriesScaler.fit(real);
            INDArray test = PostHoc.scaled(scaler, real);
            INDArray training = PostHoc.scaled(scaler, generated);
            Double[] errors = new Double[options().repetitions()];
            Arrays.setAll(errors, repetition -> error(test, training, repetition));
            double score =
                    Arrays.stream(errors).mapToDouble(error -> error).average().orElseThrow();
            return new PredictiveScore(score, Arrays.asList(errors));
        }

        private double error(INDArray test, INDArray training, int repetition) {
            int features = Math.toIntExact(test.size(1));
            Layer output = new FastRnnOutputLayer.Builder(new LossMAE())
                    .nOut(features)
                    .activation(Activation.IDENTITY)
                    .build();
            MultiLayerNetwork network =
                    new PostHoc(options(), repetition, features).train(true, output, before(training), after(training));
            INDArray difference = network.output(before(test)).sub(after(test));
            return difference.norm1Number().doubleValue() / difference.length();
        }

        private static INDArray before(INDArray series) {
            return steps(series, 0, series.size(2) - 1);
        }

        private static INDArray after(INDArray series) {
            return steps(series, 1, series.size(2));
        }

        private static INDArray steps(INDArray series, long from, long to) {
            return series.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(from, to))
                    .dup('c');
        }
    }
}
