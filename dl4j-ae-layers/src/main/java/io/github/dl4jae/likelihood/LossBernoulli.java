package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The negative log-likelihood of independent Bernoulli variables, computed from the logits of a layer with sigmoid
 * activation: binary cross-entropy that never saturates.
 *
 * <pre>
 * L = Σ_i softplus(z_i) − x_i·z_i = −Σ_i x_i·ln p_i + (1 − x_i)·ln(1 − p_i)     p = σ(z)
 * ∂L/∂z_i = σ(z_i) − x_i
 * </pre>
 *
 * In nats, summed over features and averaged over the examples of a minibatch. At x = 0, z = 40 the loss is 40 and the gradient 1,
 * also in float32, where the stock {@code LossBinaryXENT} has clipped both away. Labels between 0 and 1, such as gray
 * values, are taken as probabilities: the loss is then a cross-entropy, whose least value is not 0.
 *
 * <pre>{@code
 * .layer(new OutputLayer.Builder(new LossBernoulli()).nOut(784).activation(Activation.SIGMOID).build())   // or FastOutputLayer
 * }</pre>
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}; masks per example {@code [batch, 1]} or per output {@code
 * [batch, n]}.
 *
 * <p>Errors: an activation other than sigmoid, labels outside [0, 1] or NaN.
 *
 * <p>When not to use it: real-valued data, and gray values whose density is wanted (the cross-entropy of gray values is
 * not a normalized likelihood; see the continuous Bernoulli of Loaiza-Ganem and Cunningham 2019).
 */
public final class LossBernoulli extends NegativeLogLikelihood {

    /** Rounding in a conversion of bytes or a resampling stays below this. */
    private static final double SLACK = 1e-3;

    /** The loss has no settings. */
    public LossBernoulli() {}

    @Override
    void requireActivation(IActivation activation) {
        if (!(activation instanceof ActivationSigmoid)) {
            throw new IllegalArgumentException("LossBernoulli: the output layer's activation must be SIGMOID, got "
                    + activation + "; the loss takes the pre-activations as logits");
        }
    }

    @Override
    void requireLabels(INDArray labels, INDArray mask) {
        LabelChecks.requireRange(
                "LossBernoulli", labels, 0, 1, SLACK, "scale them, or use LossGaussian for real-valued data");
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n) {
        return LabelChecks.outsideUnitInterval(x, scratch, n) <= SLACK;
    }

    @Override
    Row row(IActivation activation) {
        return (x, z, losses, n) -> {
            float[] sigma = new float[n];
            FloatFunctions.ofThread(n).sigmoidAndSoftplus(z, sigma, losses, n);
            combine(x, z, sigma, losses, n);
        };
    }

    private static void combine(float[] x, float[] z, float[] sigma, float[] losses, int n) {
        for (int i = 0; i < n; i++) {
            losses[i] -= x[i] * z[i];
            z[i] = sigma[i] - x[i];
        }
    }

    /** max(z, 0) + ln(1 + e^−|z|) − x·z. */
    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        INDArray rest = Transforms.log(
                Transforms.exp(Transforms.abs(preOutput, true).negi(), false).addi(1), false);
        return rest.addi(Transforms.max(preOutput, 0, true)).subi(labels.mul(preOutput));
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        return Transforms.sigmoid(preOutput, true).subi(labels);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossBernoulli;
    }

    @Override
    public int hashCode() {
        return LossBernoulli.class.hashCode();
    }

    @Override
    public String toString() {
        return "LossBernoulli()";
    }
}
