package io.github.dl4jae.timeseries;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossBernoulli;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The discriminative score of generated series: how well a recurrent classifier tells them from real ones.
 *
 * <pre>
 * score = |accuracy − 0.5|         0: as good as guessing; 0.5: every series is recognized
 * </pre>
 *
 * <p>A GRU with a logistic output on its last state is trained on 80 % of the series, as many real as generated ones.
 * Accuracy is that on the others. Series are scaled by the range of the real ones.
 *
 * <pre>{@code
 * double score = DiscriminativeScore.compute(real, model.generate(1000, 42)).score();
 * }</pre>
 *
 * <p>A score depends on the classifier and the length of its training, so compare only scores of the same settings.
 *
 * @param score the mean over repetitions, in [0, 0.5]
 * @param accuracies of each repetition, in [0, 1]
 * @see <a href="https://papers.nips.cc/paper/2019/hash/c9efe5f26cd17ba6216bbe2a7d26d490-Abstract.html">Yoon, Jarrett and
 *     van der Schaar 2019, Time-series generative adversarial networks</a>
 */
public record DiscriminativeScore(double score, List<Double> accuracies) {

    private static final String SUBJECT = "DiscriminativeScore";
    private static final double TRAINING_SHARE = 0.8;
    private static final int FEWEST = 10;

    /**
     * Copies the list.
     *
     * @param score the mean over repetitions, in [0, 0.5]
     * @param accuracies of each repetition, in [0, 1]
     */
    public DiscriminativeScore {
        accuracies = List.copyOf(accuracies);
    }

    /**
     * Computes the score with the default settings.
     *
     * @param real {@code [N, features, time]}, at least 10 series
     * @param generated {@code [M, features, time]}, at least 10 series
     * @return the score
     * @throws IllegalArgumentException if the shapes do not fit, there are fewer series, or a value is not finite
     */
    public static DiscriminativeScore compute(INDArray real, INDArray generated) {
        return new Builder().compute(real, generated);
    }

    /** Computes a {@link DiscriminativeScore} with other settings. */
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
         * @param real {@code [N, features, time]}, at least 10 series
         * @param generated {@code [M, features, time]}, at least 10 series
         * @return the score
         * @throws IllegalArgumentException if the shapes do not fit, there are fewer series, or a value is not finite
         */
        public DiscriminativeScore compute(INDArray real, INDArray generated) {
            PostHoc.requireAlike(SUBJECT, real, generated);
            long fewest = Math.min(real.size(0), generated.size(0));
            Require.that(fewest >= FEWEST, SUBJECT, "there must be at least " + FEWEST + " series each", fewest, "");
            SeriesScaler scaler = SeriesScaler.fit(real);
            INDArray ofReal = PostHoc.scaled(scaler, real);
            INDArray ofGenerated = PostHoc.scaled(scaler, generated);
            Double[] accuracies = new Double[options().repetitions()];
            Arrays.setAll(accuracies, repetition -> accuracy(ofReal, ofGenerated, repetition));
            double score = Arrays.stream(accuracies)
                    .mapToDouble(accuracy -> Math.abs(accuracy - 0.5))
                    .average()
                    .orElseThrow();
            return new DiscriminativeScore(score, Arrays.asList(accuracies));
        }

        private double accuracy(INDArray real, INDArray generated, int repetition) {
            int each = (int) Math.min(real.size(0), generated.size(0));
            int training = (int) (TRAINING_SHARE * each);
            PostHoc network = new PostHoc(options(), repetition, Math.toIntExact(real.size(1)));
            int[] ofReal = network.order(real.size(0));
            int[] ofGenerated = network.order(generated.size(0));
            Layer output = new FastOutputLayer.Builder(new LossBernoulli())
                    .nOut(1)
                    .activation(Activation.SIGMOID)
                    .build();
            INDArray series =
                    Nd4j.concat(0, select(real, ofReal, 0, training), select(generated, ofGenerated, 0, training));
            MultiLayerNetwork classifier = network.train(false, output, series.dup('c'), labels(training));
            double right =
                    sum(classifier.output(select(real, ofReal, training, each)).gt(0.5))
                            + sum(classifier
                                    .output(select(generated, ofGenerated, training, each))
                                    .lte(0.5));
            return right / (2 * (each - training));
        }

        private static INDArray select(INDArray series, int[] order, int from, int to) {
            return SeriesBatches.select(series, Arrays.copyOfRange(order, from, to));
        }

        private static double sum(INDArray booleans) {
            return booleans.castTo(DataType.DOUBLE).sumNumber().doubleValue();
        }

        /** Returns 1 for real series, and 0 for the generated ones below them. */
        private static INDArray labels(int each) {
            return Nd4j.concat(0, Nd4j.ones(DataType.FLOAT, each, 1), Nd4j.zeros(DataType.FLOAT, each, 1));
        }
    }
}
