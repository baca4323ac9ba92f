package io.github.dl4jae.selection;

import io.github.dl4jae.concrete.ConcreteSelectorLayer;
import io.github.dl4jae.concrete.SelectorState;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.RowGather;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.updater.AdamMini;
import io.github.dl4jae.updater.FastAdam;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
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
 * A selector that trains a concrete autoencoder: a {@link ConcreteSelectorLayer} and a decoder, with the squared error
 * of all columns as the loss.
 *
 * <pre>{@code
 * int[] columns = new ConcreteSelection.Builder().build().select(x, 50);
 * }</pre>
 *
 * <p>The temperature falls geometrically from 10 to 0.1 over the training, which ends early if all selectors have
 * converged. Selectors follow the natural gradient with a learning rate of 20 ln d / steps, and therefore work with
 * thousands of columns. If several selectors choose the same column, the less certain ones take their next best, so the
 * result always has k columns. Training finds a local optimum, which varies with the seed; {@link Builder#restarts}
 * keeps the best of several.
 *
 * <p>Of groups of columns, each selector chooses the group with the largest sum of probabilities. In training its
 * output is still a single column.
 *
 * <p>Without hidden units the decoder is linear and has the objective of {@link GreedyColumnSelection}, but optimizes
 * all k columns together. With hidden units it can find columns that are more informative to a network.
 *
 * <p>When not to use it: for a linear decoder, where {@link GreedyColumnSelection} is faster and deterministic. For
 * other losses or decoders, build a network with the layer.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 */
public final class ConcreteSelection implements FeatureSelector {

    // longer than 300 lines: nine options, each with a builder method that documents it

    private static final double FIRST_TEMPERATURE = 10;
    private static final double LAST_TEMPERATURE = 0.1;
    /**
     * Learning rate · steps in units of ln d, determined empirically. With less, selectors converge late or never; with
     * more, they converge while their outputs are still averages of columns.
     */
    private static final double SELECTOR_PACE = 20;

    /** Number of mini-batches between two checks of convergence. */
    private static final int CHECK_INTERVAL = 100;

    private final int steps;
    private final int batch;
    private final int restarts;
    private final List<Integer> hidden;
    private final double learningRate;
    private final boolean naturalGradient;
    private final long seed;
    private final List<TrainingListener> listeners;

    private ConcreteSelection(Builder builder) {
        this.steps = Require.atLeast(1, "ConcreteSelection", "steps", builder.steps, "4000 is the default");
        this.batch = Require.atLeast(1, "ConcreteSelection", "batch", builder.batch, "256 is the default");
        this.restarts = Require.atLeast(1, "ConcreteSelection", "restarts", builder.restarts, "1 is the default");
        this.hidden = List.copyOf(builder.hidden);
        for (int units : hidden) {
            Require.atLeast(1, "ConcreteSelection", "hidden units", units, "leave them out for a linear decoder");
        }
        this.learningRate =
                Require.positive("ConcreteSelection", "learningRate", builder.learningRate, "0.003 is usual");
        this.naturalGradient = builder.naturalGradient;
        this.seed = builder.seed;
        this.listeners = List.copyOf(builder.listeners);
    }

    @Override
    public int[] select(INDArray examples, int k) {
        return train(examples, k).withoutDuplicates();
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        FeatureGroups features = FeatureGroups.require("ConcreteSelection", examples, groups, k);
        return train(examples, k, state -> features.features(state.withoutDuplicates(groups)))
                .withoutDuplicates(groups);
    }

    /**
     * Trains the network and returns the state of its selectors.
     *
     * @param examples {@code [N, d]}, finite; not changed
     * @param k the number of selectors, in [1, d]
     * @return the selected columns, with the probabilities of all
     * @throws IllegalArgumentException if the examples are not a matrix or not finite, or k is out of range
     */
    public SelectorState train(INDArray examples, int k) {
        SelectionChecks.require("ConcreteSelection", examples, k);
        return train(examples, k, SelectorState::withoutDuplicates);
    }

    private SelectorState train(INDArray examples, int k, Function<SelectorState, int[]> columns) {
        INDArray X = examples.castTo(DataType.FLOAT);
        MultiLayerNetwork best = null;
        double leastError = Double.POSITIVE_INFINITY;
        for (int restart = 0; restart < restarts; restart++) {
            MultiLayerNetwork network = train(X, k, seed + restart);
            double error = restarts == 1 || diverged(network) ? Double.POSITIVE_INFINITY : error(network, X, columns);
            if (best == null || error < leastError) {
                best = network;
                leastError = error;
            }
        }
        return SelectorState.of(Objects.requireNonNull(best));
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

    /**
     * Returns the mean squared error of all columns given the selected ones: by linear regression, or by the decoder
     * with hidden units after further training with the selection fixed.
     */
    private double error(MultiLayerNetwork network, INDArray X, Function<SelectorState, int[]> columns) {
        if (hidden.isEmpty()) {
            return LinearReconstruction.fit(X, columns.apply(SelectorState.of(network)))
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
                .seed(seed == 0 ? Long.MIN_VALUE : seed) // ND4J's generator takes 0 for a random seed
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

    /** A builder of a {@link ConcreteSelection}; all settings have defaults. */
    public static final class Builder {
        private int steps = 4000;
        private int batch = 256;
        private int restarts = 1;
        private final List<Integer> hidden = new ArrayList<>();
        private double learningRate = 3e-3;
        private boolean naturalGradient = true;
        private long seed;
        private final List<TrainingListener> listeners = new ArrayList<>();

        /** Creates a builder with a linear decoder and 4000 mini-batches of 256 examples. */
        public Builder() {}

        /**
         * Sets the number of mini-batches of a training. Default: 4000.
         *
         * @param minibatches at least 1
         * @return this
         */
        public Builder steps(int minibatches) {
            this.steps = minibatches;
            return this;
        }

        /**
         * Sets the number of examples in a mini-batch. Default: 256.
         *
         * @param examples at least 1
         * @return this
         */
        public Builder batch(int examples) {
            this.batch = examples;
            return this;
        }

        /**
         * Sets the number of trainings, with seed, seed + 1, …, of which the selection with the smallest squared error
         * is kept. Default: 1. The error is that of linear regression. With hidden units it is that of the decoder,
         * which is trained for another tenth of the steps with the selection fixed.
         *
         * @param trainings at least 1; 3 to 5 pay off with few columns
         * @return this
         */
        public Builder restarts(int trainings) {
            this.restarts = trainings;
            return this;
        }

        /**
         * Adds hidden layers of leaky rectified units to the decoder. Default: none, a linear decoder.
         *
         * @param units the number of units of each layer
         * @return this
         * @throws IllegalArgumentException if the array is null
         */
        public Builder hidden(int... units) {
            for (int each : Require.given("ConcreteSelection", "hidden", units, "")) {
                hidden.add(each);
            }
            return this;
        }

        /**
         * Sets the learning rate of Adam for the decoder. Default: 0.003.
         *
         * @param learningRate above 0
         * @return this
         */
        public Builder learningRate(double learningRate) {
            this.learningRate = learningRate;
            return this;
        }

        /**
         * Sets the direction in which selectors move. Default: true.
         *
         * @param naturalGradient true for the natural gradient; false for the gradient of the paper, which fails with
         *     thousands of columns
         * @return this
         */
        public Builder naturalGradient(boolean naturalGradient) {
            this.naturalGradient = naturalGradient;
            return this;
        }

        /**
         * Sets the seed of parameters, noise and order. Default: 0.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Adds listeners to the network, such as a {@code SelectionListener} of the layer "selector". Default: none.
         *
         * @param listeners the listeners
         * @return this
         * @throws IllegalArgumentException if one is null
         */
        public Builder listeners(TrainingListener... listeners) {
            for (TrainingListener each : Require.given("ConcreteSelection", "listeners", listeners, "")) {
                this.listeners.add(Require.given("ConcreteSelection", "listener", each, ""));
            }
            return this;
        }

        /**
         * Creates the selector.
         *
         * @return the selector
         * @throws IllegalArgumentException if a setting is out of its range
         */
        public ConcreteSelection build() {
            return new ConcreteSelection(this);
        }
    }
}
