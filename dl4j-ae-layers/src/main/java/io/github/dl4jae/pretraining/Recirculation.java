package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Recirculation learning of an autoencoder with one hidden layer, without backprop. Activity passes around the loop
 * twice, and each unit learns from the change of its own activity.
 *
 * <pre>
 * y_i(0) = x                                          y_j(1) = f(Σ_i y_i(0)·W_ij + b_j)
 * y_i(2) = λ·y_i(0) + (1 − λ)·g(Σ_j y_j(1)·V_ji + c_i)     y_j(3) = λ·y_j(1) + (1 − λ)·f(Σ_i y_i(2)·W_ij + b_j)
 *
 * decoder   ΔV_ji = ε·y_j(1)·(y_i(0) − y_i(2))     Δc_i = ε·(y_i(0) − y_i(2))
 * encoder   ΔW_ij = ε·y_i(2)·(y_j(1) − y_j(3))     Δb_j = ε·(y_j(1) − y_j(3))          means over the mini-batch
 * </pre>
 *
 * <p>The regression λ keeps the second activity close to the first, so that differences approximate derivatives. The
 * decoder rule is the gradient of the squared error. The encoder rule approximates it if W ≈ Vᵀ, which the two rules
 * bring about.
 *
 * <pre>{@code
 * Recirculation recirculation = new Recirculation.Builder(network).learningRate(0.1).build(); // dense layers n-m-n
 * recirculation.fit(iterator, 10);
 * }</pre>
 *
 * <p>It ignores the network's updater, loss, regularization and dropout, and changes the parameters in place.
 *
 * <p>When not to use it: for the lowest reconstruction error. Backprop reaches a lower error in fewer passes. Use it to
 * study local learning rules.
 *
 * @see <a href="https://papers.nips.cc/paper/1987/hash/35f4a8d465e6e1edc05f3d8ab658c551-Abstract.html">Hinton and
 *     McClelland 1988, Learning representations by recirculation</a>
 */
public final class Recirculation {

    private static final String SUBJECT = "Recirculation";
    private static final String NETWORK_REMEDY = "build one from a FastDenseLayer and a FastOutputLayer";

    private final MultiLayerNetwork network;
    private final FeedForwardLayer encoder;
    private final FeedForwardLayer decoder;
    private final double learningRate;
    private final double regression;

    private Recirculation(Builder builder) {
        this.network = builder.network;
        this.encoder = Objects.requireNonNull(configuration(network.getLayer(0)));
        this.decoder = Objects.requireNonNull(configuration(network.getLayer(1)));
        this.learningRate = builder.learningRate;
        this.regression = builder.regression;
    }

    /** Builds the training of a network. */
    public static final class Builder {

        private final MultiLayerNetwork network;
        private double learningRate = 0.1;
        private double regression = 0.75;

        /**
         * Starts a builder.
         *
         * @param network an initialized network of two dense layers n-m-n, with weights {@code W} and {@code b} and
         *     elementwise activations
         * @throws IllegalArgumentException if the network is null, or is of another kind
         */
        public Builder(MultiLayerNetwork network) {
            this.network = Require.given(SUBJECT, "network", network, NETWORK_REMEDY);
            Require.that(
                    network.isInitCalled() && network.getnLayers() == 2 && mirrored(network),
                    SUBJECT,
                    "the network must be initialized and have two dense layers, of sizes n-m-n",
                    network.isInitCalled() ? Arrays.toString(network.getLayers()) : "one without parameters",
                    NETWORK_REMEDY);
            requireElementwise("encoder", Objects.requireNonNull(configuration(network.getLayer(0))));
            requireElementwise("decoder", Objects.requireNonNull(configuration(network.getLayer(1))));
        }

        private static void requireElementwise(String name, FeedForwardLayer layer) {
            JacobianNorm.requireElementwise(SUBJECT + ": " + name, layer.getActivationFn(), layer.getNOut());
        }

        /**
         * Sets the learning rate. Default: 0.1.
         *
         * @param epsilon ε, above 0
         * @return this builder
         * @throws IllegalArgumentException if it is not above 0 and finite
         */
        public Builder learningRate(double epsilon) {
            this.learningRate = Require.positive(SUBJECT, "learningRate", epsilon, "0.1 is typical");
            return this;
        }

        /**
         * Sets the fraction of the first activity in the second. Default: 0.75.
         *
         * @param lambda λ, in [0, 1)
         * @return this builder
         * @throws IllegalArgumentException if it is outside [0, 1)
         */
        public Builder regression(double lambda) {
            Require.that(lambda >= 0 && lambda < 1, SUBJECT, "regression must be in [0, 1)", lambda, "0.75 is typical");
            this.regression = lambda;
            return this;
        }

        /**
         * Builds the training.
         *
         * @return the training of the network
         */
        public Recirculation build() {
            return new Recirculation(this);
        }
    }

    private static boolean mirrored(MultiLayerNetwork network) {
        FeedForwardLayer up = configuration(network.getLayer(0));
        FeedForwardLayer down = configuration(network.getLayer(1));
        return up != null && down != null && up.getNIn() == down.getNOut() && up.getNOut() == down.getNIn();
    }

    private static @Nullable FeedForwardLayer configuration(Layer layer) {
        if (!(layer.conf().getLayer() instanceof FeedForwardLayer feedForward)) {
            return null;
        }
        INDArray W = layer.paramTable().get(DefaultParamInitializer.WEIGHT_KEY);
        INDArray b = layer.paramTable().get(DefaultParamInitializer.BIAS_KEY);
        boolean dense = W != null
                && b != null
                && Arrays.equals(W.shape(), new long[] {feedForward.getNIn(), feedForward.getNOut()})
                && b.length() == feedForward.getNOut();
        return dense ? feedForward : null;
    }

    /**
     * Trains the network for a number of epochs.
     *
     * @param examples the iterator of the examples; its labels are ignored; reset before each epoch
     * @param epochs the number of epochs, at least 1
     * @return the network
     * @throws IllegalArgumentException if the number of epochs is below 1
     * @throws IllegalStateException if the weights diverge
     */
    public MultiLayerNetwork fit(DataSetIterator examples, int epochs) {
        Require.atLeast(1, SUBJECT, "epochs", epochs, "start with 10");
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (examples.reset(); examples.hasNext(); ) {
                step(examples.next().getFeatures());
            }
            if (!FiniteArrays.isFinite(network.params())) {
                throw new IllegalStateException("Recirculation: weights must stay finite, got NaN or an infinite value"
                        + " in epoch " + (epoch + 1) + "; use a learning rate below " + learningRate);
            }
        }
        return network;
    }

    private void step(INDArray examples) {
        INDArray y0 = examples.castTo(network.getLayerWiseConfigurations().getDataType());
        INDArray y1 = activate(0, y0); // [B,n] → [B,m]
        INDArray y2 = y0.mul(regression).addi(activate(1, y1).muli(1 - regression));
        INDArray y3 = y1.mul(regression).addi(activate(0, y2).muli(1 - regression));
        double rate = learningRate / y0.size(0);
        learn(1, y1, y0.sub(y2), rate);
        learn(0, y2, y1.sub(y3), rate);
    }

    private INDArray activate(int layer, INDArray below) {
        INDArray z = below.mmul(parameter(layer, DefaultParamInitializer.WEIGHT_KEY))
                .addiRowVector(parameter(layer, DefaultParamInitializer.BIAS_KEY));
        return (layer == 0 ? encoder : decoder).getActivationFn().getActivation(z, false);
    }

    /** Applies ΔW = ε·belowᵀ·change and Δb = ε·Σ change. */
    private void learn(int layer, INDArray below, INDArray change, double rate) {
        parameter(layer, DefaultParamInitializer.WEIGHT_KEY)
                .addi(below.transpose().mmul(change).muli(rate));
        INDArray b = parameter(layer, DefaultParamInitializer.BIAS_KEY);
        b.addi(change.sum(0).muli(rate).reshape(b.shape()));
    }

    private INDArray parameter(int layer, String name) {
        return network.getLayer(layer).getParam(name);
    }
}
