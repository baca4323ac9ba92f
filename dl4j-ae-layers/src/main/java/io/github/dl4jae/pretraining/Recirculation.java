package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.JacobianNorm;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains an autoencoder of one hidden layer without backprop: activity goes around the loop twice, and each unit learns from how its own
 * activity changes.
 *
 * <pre>
 * y_i(0) = x                                          y_j(1) = f(Σ_i y_i(0)·W_ij + b_j)
 * y_i(2) = λ·y_i(0) + (1 − λ)·g(Σ_j y_j(1)·V_ji + c_i)     y_j(3) = λ·y_j(1) + (1 − λ)·f(Σ_i y_i(2)·W_ij + b_j)
 *
 * decoder   ΔV_ji = ε·y_j(1)·(y_i(0) − y_i(2))     Δc_i = ε·(y_i(0) − y_i(2))
 * encoder   ΔW_ij = ε·y_i(2)·(y_j(1) − y_j(3))     Δb_j = ε·(y_j(1) − y_j(3))          means over the minibatch
 * </pre>
 *
 * λ, the regression, keeps what comes back close to what was there, so that differences are nearly derivatives. The decoder's rule is the gradient of the squared error;
 * the encoder's approximates it when W has become about Vᵀ, which the rules bring about by themselves.
 *
 * <pre>{@code
 * new Recirculation(network).learningRate(0.1).fit(iterator, 10);      // a network of two dense layers, n-m-n
 * }</pre>
 *
 * <p>The network's updater, loss, regularization and dropout are not used. Its dense layers are changed in place, and are after that what they always were.
 *
 * <p>When not to use it: to get the best autoencoder; backprop does better in fewer passes. It is here for those who want learning that is local.
 *
 * @see <a href="https://papers.nips.cc/paper/1987/hash/35f4a8d465e6e1edc05f3d8ab658c551-Abstract.html">Hinton and McClelland 1988, Learning
 *     representations by recirculation</a>
 */
public final class Recirculation {

    private final MultiLayerNetwork network;
    private final FeedForwardLayer encoder;
    private final FeedForwardLayer decoder;
    private double learningRate = 0.1;
    private double regression = 0.75;

    /**
     * Prepares a network.
     *
     * @param network initialized, of two dense layers n-m-n with weights {@code W} and {@code b} and elementwise activations
     * @throws IllegalArgumentException if it is another
     */
    public Recirculation(MultiLayerNetwork network) {
        if (network == null || !network.isInitCalled() || network.getnLayers() != 2 || !mirrored(network)) {
            throw new IllegalArgumentException("Recirculation: the network must be initialized and have two dense"
                    + " layers, of sizes n-m-n, got "
                    + (network == null || !network.isInitCalled()
                            ? "one without parameters"
                            : Arrays.toString(network.getLayers()))
                    + "; make one of a FastDenseLayer and a FastOutputLayer");
        }
        this.network = network;
        this.encoder = configuration(network.getLayer(0));
        this.decoder = configuration(network.getLayer(1));
        JacobianNorm.requireElementwise("Recirculation: encoder", encoder.getActivationFn(), encoder.getNOut());
        JacobianNorm.requireElementwise("Recirculation: decoder", decoder.getActivationFn(), decoder.getNOut());
    }

    private static boolean mirrored(MultiLayerNetwork network) {
        FeedForwardLayer up = configuration(network.getLayer(0));
        FeedForwardLayer down = configuration(network.getLayer(1));
        return up != null && down != null && up.getNIn() == down.getNOut() && up.getNOut() == down.getNIn();
    }

    private static FeedForwardLayer configuration(Layer layer) {
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
     * Sets the size of the steps.
     *
     * @param epsilon ε, above 0; 0.1 unless set
     * @return this
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public Recirculation learningRate(double epsilon) {
        if (!(epsilon > 0) || Double.isInfinite(epsilon)) {
            throw new IllegalArgumentException(
                    "Recirculation: learningRate must be above 0 and finite, got " + epsilon + "; 0.1 is usual");
        }
        this.learningRate = epsilon;
        return this;
    }

    /**
     * Sets how much of the first activity there is in the second.
     *
     * @param lambda λ, in [0, 1); 0.75 unless set
     * @return this
     * @throws IllegalArgumentException if it is outside
     */
    public Recirculation regression(double lambda) {
        if (!(lambda >= 0 && lambda < 1)) {
            throw new IllegalArgumentException(
                    "Recirculation: regression must be in [0, 1), got " + lambda + "; 0.75 is usual");
        }
        this.regression = lambda;
        return this;
    }

    /**
     * Trains for some epochs.
     *
     * @param examples labels are not used; reset before each epoch
     * @param epochs at least 1
     * @return the network
     * @throws IllegalStateException if the weights grow without bounds
     */
    public MultiLayerNetwork fit(DataSetIterator examples, int epochs) {
        if (epochs < 1) {
            throw new IllegalArgumentException(
                    "Recirculation: epochs must be at least 1, got " + epochs + "; 10 are a beginning");
        }
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (examples.reset(); examples.hasNext(); ) {
                step(examples.next().getFeatures());
            }
            if (!FiniteArrays.isFinite(network.params())) {
                throw new IllegalStateException("Recirculation: weights must stay finite, got NaN or an infinite value"
                        + " in epoch " + (epoch + 1) + "; lower the learning rate from " + learningRate);
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

    /** ΔW = ε·belowᵀ·change, Δb = ε·Σ change. */
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
