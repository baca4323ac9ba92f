package io.github.dl4jae.zoo;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.updater.FastAdam;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration.ListBuilder;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A ready-made autoencoder. Its kind is that of the code; the layers around it are those of the {@linkplain DataShape
 * shape} of the data.
 *
 * <p>The code is the output of the layer {@link #CODE}: {@code Autoencoders.of(network, ZooAutoencoder.CODE)}.
 *
 * <p>Immutable.
 */
public abstract sealed class ZooAutoencoder
        permits UndercompleteAutoencoder,
                KSparseAutoencoder,
                KLSparseAutoencoder,
                DenoisingAutoencoder,
                ContractiveAutoencoder,
                VariationalAutoencoder,
                ConcreteAutoencoder {

    /** The name of the layer whose output is the code. */
    public static final String CODE = "code";

    private final DataShape shape;
    private final int code;
    private final int[] hidden;
    private final Activation activation;
    private final IUpdater updater;
    private final double l2;
    private final long seed;
    private final DataShape.@Nullable Reconstruction reconstruction;

    ZooAutoencoder(Builder<?> builder, int defaultCode, int... defaultHidden) {
        this.shape = builder.shape;
        this.code = builder.code == 0 ? defaultCode : builder.code;
        this.hidden = builder.hidden == null ? defaultHidden : builder.hidden;
        this.activation = builder.activation;
        this.updater = builder.updater;
        this.l2 = builder.l2;
        this.seed = builder.seed;
        this.reconstruction = builder.reconstruction;
    }

    /** Returns the square root of the number of values, but at least 2. */
    static int fewUnits(Builder<?> builder) {
        return Math.max(2, (int) Math.round(Math.sqrt(builder.shape.size())));
    }

    /** Returns twice the number of values, within limits. */
    static int manyUnits(Builder<?> builder) {
        return Math.min(8192, 2 * builder.shape.size());
    }

    /** Returns no hidden layers for vectors. */
    static int[] hiddenOfSparse(Builder<?> builder) {
        return builder.shape.isVector() ? new int[0] : builder.shape.body().defaultHidden();
    }

    /** Refuses shapes whose values are not a vector. */
    static void requireVector(Builder<?> builder, String why) {
        Require.that(
                builder.shape.isVector(),
                builder.subject,
                "examples must be vectors, because " + why,
                builder.shape,
                "take features(…) or pixels(…)");
    }

    /** Adds the layer that is called {@link #CODE}, with what belongs to it. */
    abstract void addCode(ListBuilder layers);

    /** Returns whether the code is computed from the examples themselves, without hidden layers between. */
    boolean encodesInput() {
        return false;
    }

    /** Returns whether the loss must be a likelihood. */
    boolean needsLikelihood() {
        return false;
    }

    @Nullable
    IDropout corruption() {
        return null;
    }

    final int code() {
        return code;
    }

    /**
     * Returns the network as a configuration, to print, to change or to store.
     *
     * @return a new configuration of layers of this library
     */
    public final MultiLayerConfiguration configuration() {
        ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(activation == Activation.RELU ? WeightInit.RELU : WeightInit.XAVIER)
                .activation(activation)
                .updater(updater)
                .l2(l2)
                .list();
        Body body = shape.body();
        if (!encodesInput()) {
            body.encode(layers, hidden, corruption());
        }
        addCode(layers);
        body.decode(layers, hidden, reconstruction == null ? shape.reconstruction(needsLikelihood()) : reconstruction);
        return layers.setInputType(body.inputType()).build();
    }

    /**
     * Returns the network, ready for training.
     *
     * @return a new network with random parameters
     */
    public final MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration());
        network.init();
        return network;
    }

    /** Returns kind, shape, hidden layers and code, as in {@code KSparseAutoencoder(784 features, code 1000)}. */
    @Override
    public String toString() {
        return getClass().getSimpleName() + "(" + shape
                + (hidden.length == 0 ? "" : ", hidden " + Arrays.toString(hidden)) + ", code " + code + ")";
    }

    /** The options of all kinds; each has a default. */
    public abstract static sealed class Builder<B extends Builder<B>>
            permits UndercompleteAutoencoder.Builder,
                    KSparseAutoencoder.Builder,
                    KLSparseAutoencoder.Builder,
                    DenoisingAutoencoder.Builder,
                    ContractiveAutoencoder.Builder,
                    VariationalAutoencoder.Builder,
                    ConcreteAutoencoder.Builder {

        final String subject;
        final DataShape shape;
        private int code;
        private int @Nullable [] hidden;
        private Activation activation = Activation.RELU;
        private IUpdater updater = new FastAdam(1e-3);
        private double l2;
        private long seed = 42;
        private DataShape.@Nullable Reconstruction reconstruction;

        Builder(String subject, DataShape shape) {
            this.subject = subject;
            this.shape = Require.given(subject, "shape", shape, "such as DataShape.features(30)");
        }

        abstract B self();

        /**
         * Sets the size of the code. The kind has a default.
         *
         * @param units at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public B code(int units) {
            this.code = Require.atLeast(1, subject, "code", units, "");
            return self();
        }

        /**
         * Sets the hidden layers of the encoder, which the decoder has in reverse: units of dense layers and LSTMs,
         * channels of convolutions. The kind and the shape have a default.
         *
         * @param widths at least 1 each; none connects the code with input and output
         * @return this
         * @throws IllegalArgumentException if one is below 1
         */
        public B hidden(int... widths) {
            for (int width : Require.given(subject, "hidden", widths, "")) {
                Require.atLeast(1, subject, "hidden", width, "leave empty layers out");
            }
            this.hidden = widths.clone();
            return self();
        }

        /**
         * Sets the activation of hidden layers; LSTMs keep tanh. Default: {@code RELU}.
         *
         * @param activation the activation
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public B activation(Activation activation) {
            this.activation = Require.given(subject, "activation", activation, "such as RELU");
            return self();
        }

        /**
         * Sets the loss of the reconstruction. Default: that of the {@link DataShape}.
         *
         * @param loss the loss
         * @param activation the activation of the output layer that suits it
         * @return this
         * @throws IllegalArgumentException if one is null
         */
        public B loss(ILossFunction loss, Activation activation) {
            Require.given(subject, "loss", loss, "such as new LossBernoulli()");
            Require.given(subject, "activation", activation, "IDENTITY for a Gaussian, SIGMOID for a Bernoulli loss");
            this.reconstruction = new DataShape.Reconstruction(loss, activation.getActivationFunction());
            return self();
        }

        /**
         * Sets the updater of all layers. Default: {@code new FastAdam(0.001)}.
         *
         * @param updater the updater
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public B updater(IUpdater updater) {
            this.updater = Require.given(subject, "updater", updater, "such as new FastAdam(1e-3)");
            return self();
        }

        /**
         * Sets the factor of the squared weights in the loss. Default: 0.
         *
         * @param factor at least 0
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public B l2(double factor) {
            this.l2 = Require.nonNegative(subject, "l2", factor, "");
            return self();
        }

        /**
         * Sets the seed of the initial parameters and of noise. Default: 42.
         *
         * @param seed any number
         * @return this
         */
        public B seed(long seed) {
            this.seed = seed;
            return self();
        }

        final long seed() {
            return seed;
        }
    }
}
