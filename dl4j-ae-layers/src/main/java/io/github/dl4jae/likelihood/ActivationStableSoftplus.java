package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.FloatFunctions;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * Softplus that does not overflow: the rate of a Poisson variable, or any other output that must be positive.
 *
 * <pre>
 * a = ln(1 + e^z) = max(z, 0) + ln(1 + e^−|z|)        ∂a/∂z = σ(z)
 * </pre>
 *
 * The stock {@code SOFTPLUS} computes e^z, which is ∞ in float32 from z = 88.8 on, and so is its output. This one is z
 * there.
 *
 * <pre>{@code
 * .layer(new FastOutputLayer.Builder(new LossPoissonNll()).nOut(20).activation(new ActivationStableSoftplus()).build())
 * }</pre>
 *
 * <p>Shapes: any.
 */
public record ActivationStableSoftplus() implements IActivation {

    static {
        ActivationKernels.register(ActivationStableSoftplus.class, activation -> ActivationStableSoftplus::activateRow);
    }

    /** {@inheritDoc} */
    @Override
    public INDArray getActivation(INDArray in, boolean training) {
        INDArray rest = Transforms.log(
                Transforms.exp(Transforms.abs(in, true).negi(), false).addi(1), false);
        return in.assign(rest.addi(Transforms.max(in, 0, true)));
    }

    /** {@inheritDoc} */
    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(Transforms.sigmoid(in, true).muli(epsilon), null);
    }

    private static void activateRow(float[] z, float[] derivative, int n, boolean training) {
        float[] sigma = derivative == null ? new float[n] : derivative;
        float[] softplus = new float[n];
        FloatFunctions.ofThread(n).sigmoidAndSoftplus(z, sigma, softplus, n);
        System.arraycopy(softplus, 0, z, 0, n);
    }

    @Override
    public int numParams(int inputSize) {
        return 0;
    }
}
