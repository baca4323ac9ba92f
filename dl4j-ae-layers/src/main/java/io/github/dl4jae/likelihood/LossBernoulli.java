package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ElementwiseLosses;
import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.noise.NoiseStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The negative log-likelihood of independent Bernoulli variables, computed from the logits of an output layer with
 * sigmoid activation: a binary cross-entropy that never saturates.
 *
 * <pre>
 * L = Σ_i softplus(z_i) − x_i·z_i = −Σ_i x_i·ln p_i + (1 − x_i)·ln(1 − p_i)     p = σ(z)
 * ∂L/∂z_i = σ(z_i) − x_i
 * </pre>
 *
 * <p>At x = 0, z = 40 the loss is 40 and the gradient 1, also in float32, where the stock {@code LossBinaryXENT} clips
 * both. Labels between 0 and 1, such as gray values, are treated as probabilities. The loss is then a cross-entropy,
 * whose minimum is not 0.
 *
 * <pre>{@code
 * new OutputLayer.Builder(new LossBernoulli()).nOut(784).activation(Activation.SIGMOID).build()
 * }</pre>
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}; masks per example {@code [batch, 1]} or per output {@code
 * [batch, n]}.
 *
 * <p>Errors: an activation other than sigmoid, labels outside [0, 1] or NaN.
 *
 * <p>When not to use it: with real-valued data, or for the density of gray values. The cross-entropy of gray values is
 * not a normalized likelihood; use {@link LossContinuousBernoulli}.
 */
public final class LossBernoulli extends UnitIntervalLikelihood implements DiscreteOutput {

    static {
        ElementwiseLosses.register(LossBernoulli.class);
    }

    /** Creates the loss, which has no settings. */
    public LossBernoulli() {}

    @Override
    @Nullable
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

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        noise.uniform(row, x, 0, n);
        for (int i = 0; i < n; i++) {
            x[i] = x[i] < parameters[i] ? 1 : 0;
        }
    }

    @Override
    public int levels() {
        return 2;
    }

    @Override
    public double[] levelProbabilities(INDArray output, IActivation activation) {
        requireActivation(activation);
        requireOutput(output);
        double[] p = output.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double[] probabilities = new double[Math.multiplyExact(2, p.length)];
        for (int at = 0; at < p.length; at++) {
            probabilities[2 * at] = 1 - p[at];
            probabilities[2 * at + 1] = p[at];
        }
        return probabilities;
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        return ActivationStableSoftplus.softplus(preOutput).subi(labels.mul(preOutput));
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return Transforms.sigmoid(preOutput, true).subi(labels);
    }
}
