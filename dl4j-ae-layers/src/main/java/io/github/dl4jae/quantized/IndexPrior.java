package io.github.dl4jae.quantized;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.EpochOrder;
import io.github.dl4jae.internal.math.RandomStreams;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import io.github.dl4jae.updater.FastAdam;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An autoregressive prior over the indices of a {@link QuantizedModel}: a recurrent network that predicts each index
 * from those before it.
 *
 * <pre>
 * ln p(i) = Σ_t ln p(i_t | i_1 … i_{t−1})        raster order; residual stages and bits one after the other
 * step t reads an embedding of i_{t−1}, the index above (images), the stage and the class
 * </pre>
 *
 * <pre>{@code
 * QuantizedModel model = QuantizedModel.of(network, "vq");
 * IndexPrior prior = new IndexPrior.Builder().codes(model.codes()).fit(model.encode(images));
 * INDArray pictures = model.decode(prior.sample(25, 1L));
 * }</pre>
 *
 * <p>Indices have the shapes of {@link QuantizedModel} with channels first: {@code [N, S]}, {@code [N, S, time]} or
 * {@code [N, S, height, width]}. Steps with the index −1 are padding: they are no part of the likelihood, and samples
 * have none.
 *
 * <p>Cost: a step reads some 2·K features and gives K probabilities, so codebooks of more than some thousand codes need
 * much memory. Sampling runs the network once for each index, for all samples at a time.
 *
 * <p>Keep {@link #network} to save the prior, and {@link #of} to use it again.
 *
 * <p>When not to use it: for large pictures of many indices; sampling one by one is slow there.
 *
 * @see <a href="https://arxiv.org/abs/1711.00937">van den Oord et al. 2017, Neural discrete representation learning</a>
 */
// longer than 300 lines because of nine options, each with a documented setter
public final class IndexPrior {

    private static final String NAME = "IndexPrior";
    private static final int EVALUATION_BATCH = 64;
    private static final int EMBEDDING = 64;

    private final MultiLayerNetwork network;
    private final IndexLayout layout;

    private IndexPrior(MultiLayerNetwork network, IndexLayout layout) {
        this.network = network;
        this.layout = layout;
    }

    /**
     * Wraps the network of a prior that was fitted before.
     *
     * @param network of {@link #network}
     * @param shape of one example's indices, without the axis of examples
     * @return a view of the network
     * @throws IllegalArgumentException if the network does not fit the shape
     */
    public static IndexPrior of(MultiLayerNetwork network, long... shape) {
        Require.given(NAME, "network", network, "fit a prior first");
        Require.that(
                shape.length >= 1 && shape.length <= 3,
                NAME,
                "shape must be [S], [S, time] or [S, height, width]",
                Arrays.toString(shape),
                "");
        int codes = network.layerSize(network.getnLayers() - 1);
        int features = network.layerInputSize(0);
        int classes = features - new IndexLayout(codes, 0, shape).features();
        Require.that(
                classes >= 0,
                NAME,
                "the network must read at least " + new IndexLayout(codes, 0, shape).features() + " features",
                features,
                "pass the shape of the indices that it was fitted to");
        return new IndexPrior(network, new IndexLayout(codes, classes, shape.clone()));
    }

    /**
     * Returns the network that predicts indices.
     *
     * @return the network itself
     */
    public MultiLayerNetwork network() {
        return network;
    }

    /**
     * Returns the number of classes that samples are drawn for.
     *
     * @return 0 without classes
     */
    public int classes() {
        return layout.classes();
    }

    /**
     * Computes the log-likelihood of examples.
     *
     * @param indices {@code [N, …]}
     * @return ln p(i) of each example, in nats
     * @throws IllegalArgumentException if the shape or an index does not fit, or the prior has classes
     */
    public double[] logLikelihood(INDArray indices) {
        return logLikelihood(indices, null);
    }

    /**
     * Computes the log-likelihood of examples, given their classes.
     *
     * @param indices {@code [N, …]}
     * @param labels a class for each example; null for a prior without classes
     * @return ln p(i | class) of each example, in nats
     * @throws IllegalArgumentException if the shape, an index or the classes do not fit
     */
    public double[] logLikelihood(INDArray indices, int @Nullable [] labels) {
        Batches.requireRows(NAME, "indices", indices);
        int[][] tokens = layout.tokens(indices);
        requireLabels(layout, labels, tokens.length);
        IndexBatches batches =
                new IndexBatches(layout, tokens, labels, EVALUATION_BATCH, new EpochOrder(tokens.length, false, 0, 0));
        double[] all = new double[tokens.length];
        int done = 0;
        while (batches.hasNext()) {
            DataSet batch = batches.next();
            for (double loss : network.scoreExamples(batch, false).toDoubleVector()) {
                all[done++] = -loss;
            }
        }
        return all;
    }

    private static void requireLabels(IndexLayout layout, int @Nullable [] labels, int examples) {
        boolean fit = layout.classes() == 0
                ? labels == null
                : labels != null
                        && labels.length == examples
                        && Arrays.stream(labels).allMatch(label -> label >= 0 && label < layout.classes());
        Require.that(
                fit,
                NAME,
                layout.classes() == 0
                        ? "labels must be left out for a prior without classes"
                        : "labels must be one class in [0, " + layout.classes() + ") for each of " + examples
                                + " examples",
                Arrays.toString(labels),
                "");
    }

    /**
     * Samples indices.
     *
     * @param count the number of samples
     * @param seed of the random numbers
     * @return {@code [count, …]}, of type INT32
     * @throws IllegalArgumentException if count is below 1, or the prior has classes
     */
    public INDArray sample(int count, long seed) {
        Require.atLeast(1, NAME, "count", count, "");
        requireLabels(layout, null, count);
        return sample(new int[count], 1, seed);
    }

    /**
     * Samples indices for classes.
     *
     * @param labels a class for each sample; all 0 for a prior without classes
     * @param temperature divides logits: 1 samples the prior, less favors likely indices
     * @param seed of the random numbers
     * @return {@code [labels.length, …]}, of type INT32
     * @throws IllegalArgumentException if there is no label or a label is no class, or the temperature is not above 0
     */
    public INDArray sample(int[] labels, double temperature, long seed) {
        Require.given(NAME, "labels", labels, "");
        Require.positive(NAME, "temperature", temperature, "1 samples the prior");
        Require.that(
                labels.length > 0
                        && Arrays.stream(labels).allMatch(each -> each >= 0 && each < Math.max(1, layout.classes())),
                NAME,
                "labels must be classes in [0, " + Math.max(1, layout.classes()) + ")",
                Arrays.toString(labels),
                "");
        SplittableRandom random = RandomStreams.of(seed, 0);
        int[][] tokens = new int[labels.length][layout.length()];
        synchronized (network) {
            network.rnnClearPreviousState();
            for (int at = 0; at < layout.length(); at++) {
                float[] features = new float[labels.length * layout.features()];
                for (int n = 0; n < labels.length; n++) {
                    layout.write(tokens[n], at, labels[n], features, n * layout.features(), 1);
                }
                INDArray step = Nd4j.createFromArray(features).reshape(labels.length, layout.features(), 1);
                INDArray logits = network.rnnTimeStep(step); // [N,K,1]
                draw(logits.castTo(DataType.DOUBLE), temperature, random, tokens, at);
            }
            network.rnnClearPreviousState();
        }
        return layout.indices(tokens);
    }

    private void draw(INDArray logits, double temperature, SplittableRandom random, int[][] tokens, int at) {
        for (int n = 0; n < tokens.length; n++) {
            double[] weights = new double[layout.codes()];
            double largest = Double.NEGATIVE_INFINITY;
            for (int k = 0; k < weights.length; k++) {
                weights[k] = logits.getDouble(n, k, 0) / temperature;
                largest = Math.max(largest, weights[k]);
            }
            double total = 0;
            for (int k = 0; k < weights.length; k++) {
                weights[k] = Math.exp(weights[k] - largest);
                total += weights[k];
            }
            double rest = random.nextDouble() * total;
            int drawn = 0;
            while (drawn < weights.length - 1 && rest >= weights[drawn]) {
                rest -= weights[drawn++];
            }
            tokens[n][at] = drawn;
        }
    }

    /** Builds and fits an {@link IndexPrior}. The number of codes is required. */
    public static final class Builder {
        private int codes;
        private int classes;
        private int units = 256;
        private int layers = 1;
        private int epochs = 10;
        private int batch = 64;
        private double learningRate = 2e-3;
        private long seed = 42;
        private TrainingListener[] listeners = {};

        /** Creates a builder for one LSTM of 256 units. */
        public Builder() {}

        /**
         * Sets the number of codes.
         *
         * @param codes K, as {@link QuantizedModel#codes}
         * @return this
         */
        public Builder codes(int codes) {
            this.codes = Require.atLeast(2, NAME, "codes", codes, "pass those of the model");
            return this;
        }

        /**
         * Sets the number of classes of examples. {@code fit} then takes labels. Default: none.
         *
         * @param classes at least 2
         * @return this
         */
        public Builder classes(int classes) {
            this.classes = Require.atLeast(2, NAME, "classes", classes, "omit it for a prior without classes");
            return this;
        }

        /**
         * Sets the width of each LSTM. Default: 256.
         *
         * @param units at least 1
         * @return this
         */
        public Builder units(int units) {
            this.units = Require.atLeast(1, NAME, "units", units, "256 is usual");
            return this;
        }

        /**
         * Sets the number of LSTMs, one above the other. Default: 1.
         *
         * @param layers at least 1
         * @return this
         */
        public Builder layers(int layers) {
            this.layers = Require.atLeast(1, NAME, "layers", layers, "1 or 2 are usual");
            return this;
        }

        /**
         * Sets the number of passes over the examples. Default: 10.
         *
         * @param epochs at least 1
         * @return this
         */
        public Builder epochs(int epochs) {
            this.epochs = Require.atLeast(1, NAME, "epochs", epochs, "10 is a good start");
            return this;
        }

        /**
         * Sets the number of examples of a mini-batch. Default: 64.
         *
         * @param batch at least 1
         * @return this
         */
        public Builder batch(int batch) {
            this.batch = Require.atLeast(1, NAME, "batch", batch, "64 is usual");
            return this;
        }

        /**
         * Sets the learning rate of Adam. Default: 2e-3.
         *
         * @param learningRate above 0
         * @return this
         */
        public Builder learningRate(double learningRate) {
            this.learningRate = Require.positive(NAME, "learningRate", learningRate, "2e-3 is usual");
            return this;
        }

        /**
         * Sets the seed of the first weights and of the order of examples. Default: 42.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Sets listeners of the training. Default: none.
         *
         * @param listeners such as a {@code ScoreIterationListener}
         * @return this
         */
        public Builder listeners(TrainingListener... listeners) {
            this.listeners = Require.given(NAME, "listeners", listeners, "").clone();
            return this;
        }

        /**
         * Fits a prior.
         *
         * @param indices {@code [N, …]}
         * @return the prior
         * @throws IllegalArgumentException if codes are missing, an index does not fit, or classes were set
         */
        public IndexPrior fit(INDArray indices) {
            return fit(indices, null);
        }

        /**
         * Fits a prior given classes.
         *
         * @param indices {@code [N, …]}
         * @param labels a class for each example; null for a prior without classes
         * @return the prior
         * @throws IllegalArgumentException if codes are missing, or an index or the classes do not fit
         */
        public IndexPrior fit(INDArray indices, int @Nullable [] labels) {
            Require.atLeast(2, NAME, "codes", codes, "pass those of the model");
            Batches.requireRows(NAME, "indices", indices);
            long[] all = indices.shape();
            Require.that(
                    all.length >= 2 && all.length <= 4,
                    NAME,
                    "indices must be [N, S], [N, S, time] or [N, S, height, width]",
                    Arrays.toString(all),
                    "");
            IndexLayout layout = new IndexLayout(codes, classes, Arrays.copyOfRange(all, 1, all.length));
            int[][] tokens = layout.tokens(indices);
            requireLabels(layout, labels, tokens.length);
            MultiLayerNetwork network = network(layout);
            network.setListeners(listeners);
            network.fit(
                    new IndexBatches(layout, tokens, labels, batch, new EpochOrder(tokens.length, true, seed, 0)),
                    epochs);
            network.setListeners();
            return new IndexPrior(network, layout);
        }

        private MultiLayerNetwork network(IndexLayout layout) {
            NeuralNetConfiguration.ListBuilder builder = new NeuralNetConfiguration.Builder()
                    .seed(seed)
                    .dataType(DataType.FLOAT)
                    .updater(new FastAdam(learningRate))
                    .list()
                    .layer(new FastDenseLayer.Builder() // visits the few ones among its inputs only
                            .nOut(EMBEDDING)
                            .activation(Activation.IDENTITY)
                            .inputGradient(false)
                            .build());
            for (int i = 0; i < layers; i++) {
                builder.layer(new FastLstmLayer.Builder().nOut(units).build());
            }
            MultiLayerNetwork network =
                    new MultiLayerNetwork(builder.layer(new FastRnnOutputLayer.Builder(new LossCategorical(codes))
                                    .nOut(codes)
                                    .activation(Activation.IDENTITY)
                                    .build())
                            .setInputType(InputType.recurrent(layout.features(), layout.length()))
                            .build());
            network.init();
            return network;
        }
    }
}
