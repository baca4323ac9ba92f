package io.github.dl4jae.selection;

import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.concrete.SelectorState;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * Feature selection by a concrete autoencoder: a {@link ConcreteSelectorLayer} and a decoder, trained on the squared error of all columns.
 *
 * <pre>{@code
 * int[] columns = new ConcreteSelection.Builder().build().select(x, 50);
 * }</pre>
 *
 * The temperature falls geometrically from 10 to 0.1 over the training, which ends early if all selectors are sure. Selectors follow the natural gradient, with a learning rate of 20 ln d / steps: so it works with thousands of columns. If selectors agree on a column, the less sure of
 * them take their next best, so that there are always k. Training finds a local optimum, and not always the same: {@link Builder#restarts} keeps the best of several.
 *
 * <p>Without hidden units the decoder is linear and looks for the columns that {@link GreedyColumnSelection} looks for: by gradients over all k at once, not one after the other. With
 * hidden units it may find columns that say more to a network. For other losses and other heads build the network yourself: the layer is all there is to it.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 */
public final class ConcreteSelection implements FeatureSelector {

    private static final double FIRST_TEMPERATURE = 10;
    private static final double LAST_TEMPERATURE = 0.1;
    /** Learning rate · steps, in units of ln d, as found by trying: less decides late or never, more decides while selectors still pass on averages. */
    private static final double SELECTOR_PACE = 20;

    /** How many minibatches lie between two looks at whether the choice is made. */
    private static final int CHECK_INTERVAL = 100;

    private final int steps;
    private final int batch;
    private final int restarts;
    private final int[] hidden;
    private final double learningRate;
    private final boolean naturalGradient;
    private final long seed;
    private final TrainingListener[] listeners;

    private ConcreteSelection(Builder builder) {
        this.steps = requirePositive("steps", builder.steps);
        this.batch = requirePositive("batch", builder.batch);
        this.restarts = requirePositive("restarts", builder.restarts);
        this.hidden = builder.hidden;
        for (int units : hidden) {
            requirePositive("hidden units", units);
        }
        if (!(builder.learningRate > 0 && builder.learningRate < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ConcreteSelection: learningRate must be above 0 and finite, got "
                    + builder.learningRate + "; 0.003 is usual");
        }
        this.learningRate = builder.learningRate;
        this.naturalGradient = builder.naturalGradient;
        this.seed = builder.seed;
        this.listeners = builder.listeners;
    }

    private static int requirePositive(String what, int value) {
        if (value < 1) {
            throw new IllegalArgumentException(
                    "ConcreteSelection: " + what + " must be at least 1, got " + value + "; raise it");
        }
        return value;
    }

    @Override
    public int[] select(INDArray examples, int k) {
        return train(examples, k).withoutDuplicates();
    }

    /**
     * Trains the network.
     *
     * @param examples {@code [N, d]}, finite; not changed
     * @param k how many selectors, in [1, d]
     * @return what it has chosen, with what is known about it
     * @throws IllegalArgumentException as {@link #select}
     */
    public SelectorState train(INDArray examples, int k) {
        SelectionChecks.require("ConcreteSelection", examples, k);
        INDArray X = examples.castTo(DataType.FLOAT);
        MultiLayerNetwork best = null;
        double leastError = Double.POSITIVE_INFINITY;
        for (int restart = 0; restart < restarts; restart++) {
            MultiLayerNetwork network = train(X, k, seed + restart);
            double error = restarts == 1 || diverged(network) ? Double.POSITIVE_INFINITY : error(network, X, seed);
            if (best == null || error < leastError) {
                best = network;
                leastError = error;
            }
        }
        return SelectorState.of(best);
    }

    private MultiLayerNetwork train(INDArray X, int k, long seed) {
        MultiLayerNetwork network = network(Math.toIntExact(X.size(1)), k, seed);
        network.setListeners(listeners);
        ShuffledBatches batches = new ShuffledBatches(X.size(0), batch, seed);
        for (int step = 1; step <= steps; step++) {
            step(network, X, batches);
            if (step % CHECK_INTERVAL == 0
                    && (diverged(network) || SelectorState.of(network).isConverged())) {
                break;
            }
        }
        return network;
    }

    private static void step(MultiLayerNetwork network, INDArray X, ShuffledBatches batches) {
        INDArray x = RowGather.of(X, batches.next());
        network.fit(new DataSet(x, x));
    }

    private static boolean diverged(MultiLayerNetwork network) {
        return !FiniteArrays.isFinite(network.params());
    }

    /** Of all columns from those chosen: by the best linear decoder, or by the one with hidden units, once it has settled on the choice. */
    private double error(MultiLayerNetwork network, INDArray X, long seed) {
        if (hidden.length == 0) {
            return LinearReconstruction.fit(X, SelectorState.of(network).withoutDuplicates())
                    .meanSquaredError(X);
        }
        MultiLayerNetwork settled =
                new TransferLearning.Builder(network).setFeatureExtractor(0).build();
        ShuffledBatches batches = new ShuffledBatches(X.size(0), batch, seed);
        for (int step = 0; step < steps / 10; step++) {
            step(settled, X, batches);
        }
        double sum = 0;
        for (long from = 0; from < X.size(0); from += batch) {
            INDArray x = X.get(NDArrayIndex.interval(from, Math.min(from + batch, X.size(0))), NDArrayIndex.all());
            INDArray error = settled.output(x).sub(x);
            sum += error.muli(error).sumNumber().doubleValue();
        }
        return sum / X.length();
    }

    private MultiLayerNetwork network(int d, int k, long seed) {
        double rate = SELECTOR_PACE * Math.log(d + 1.0) / steps;
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed == 0 ? Long.MIN_VALUE : seed) // ND4J's generator takes 0 for "any"
                .dataType(DataType.FLOAT)
                .updater(new FastAdam(learningRate))
                .list()
                .layer(new ConcreteSelectorLayer.Builder()
                        .name("selector")
                        .nIn(d)
                        .nOut(k)
                        .temperature(new GeometricSchedule(
                                ScheduleType.ITERATION, FIRST_TEMPERATURE, LAST_TEMPERATURE, steps))
                        .naturalGradient(naturalGradient)
                        .updater(naturalGradient ? new AdamMini(rate, d) : new FastAdam(rate))
                        .inputGradient(false)
                        .build());
        int width = k;
        for (int units : hidden) {
            layers.layer(new FastDenseLayer.Builder()
                    .nIn(width)
                    .nOut(units)
                    .activation(Activation.LEAKYRELU)
                    .build());
            width = units;
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.layer(new FastOutputLayer.Builder(new LossMSE())
                        .nIn(width)
                        .nOut(d)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Builds a {@link ConcreteSelection}; everything has a default. */
    public static final class Builder {
        private int steps = 4000;
        private int batch = 256;
        private int restarts = 1;
        private int[] hidden = {};
        private double learningRate = 3e-3;
        private boolean naturalGradient = true;
        private long seed;
        private TrainingListener[] listeners = {};

        /** A builder with a linear decoder and 4000 minibatches of 256. */
        public Builder() {}

        /**
         * Sets the length of the training.
         *
         * @param minibatches at least 1; 4000 by default
         * @return this
         */
        public Builder steps(int minibatches) {
            this.steps = minibatches;
            return this;
        }

        /**
         * Sets the size of a minibatch.
         *
         * @param examples at least 1; 256 by default
         * @return this
         */
        public Builder batch(int examples) {
            this.batch = examples;
            return this;
        }

        /**
         * Trains several times, with seed, seed + 1, …, and keeps the choice of the least squared error: by linear regression, or by the decoder if it has hidden units, trained for another tenth of the steps on what was chosen.
         *
         * @param trainings at least 1; 1 by default, 3 to 5 are worth their time with few columns
         * @return this
         */
        public Builder restarts(int trainings) {
            this.restarts = trainings;
            return this;
        }

        /**
         * Gives the decoder hidden layers of leaky rectified units.
         *
         * @param units of each layer; none by default
         * @return this
         */
        public Builder hidden(int... units) {
            this.hidden = units.clone();
            return this;
        }

        /**
         * Sets the learning rate of the decoder.
         *
         * @param learningRate of Adam, above 0; 0.003 by default
         * @return this
         */
        public Builder learningRate(double learningRate) {
            this.learningRate = learningRate;
            return this;
        }

        /**
         * Whether selectors follow the natural gradient.
         *
         * @param naturalGradient true by default; false for the method of the paper, which loses its way among thousands of columns
         * @return this
         */
        public Builder naturalGradient(boolean naturalGradient) {
            this.naturalGradient = naturalGradient;
            return this;
        }

        /**
         * Sets the seed of parameters, noise and order.
         *
         * @param seed 0 by default
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Lets others watch the training: a {@code SelectionListener} on the layer "selector", a progress bar.
         *
         * @param listeners of the network
         * @return this
         */
        public Builder listeners(TrainingListener... listeners) {
            this.listeners = listeners.clone();
            return this;
        }

        /**
         * Checks the settings.
         *
         * @return the selector
         * @throws IllegalArgumentException if one is out of range
         */
        public ConcreteSelection build() {
            return new ConcreteSelection(this);
        }
    }
}
