package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ActivationKernels;
import io.github.dl4jae.internal.kernel.FloatFunctions;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * A softplus that does not overflow, for the rate of a Poisson variable or another positive output.
 *
 * <pre>
 * a = ln(1 + e^z) = max(z, 0) + ln(1 + e^−|z|)        ∂a/∂z = σ(z)
 * </pre>
 *
 * <p>The stock {@code SOFTPLUS} computes e^z, so in float32 its output is ∞ from z = 88.8 on. This one returns z there.
 *
 * <pre>{@code
 * new FastOutputLayer.Builder(new LossPoissonNll()).nOut(20).activation(new ActivationStableSoftplus()).build()
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
        return in.assign(softplus(in));
    }

    /** Returns max(z, 0) + ln(1 + e^−|z|) in a new array. */
    static INDArray softplus(INDArray z) {
        INDArray rest = Transforms.log(
                Transforms.exp(Transforms.abs(z, true).negi(), false).addi(1), false);
        return rest.addi(Transforms.max(z, 0, true));
    }

    /** {@inheritDoc} */
    @Override
    public Pair<INDArray, INDArray> backprop(INDArray in, INDArray epsilon) {
        return new Pair<>(Transforms.sigmoid(in, true).muli(epsilon), null);
    }

    private static void activateRow(float[] z, float @Nullable [] derivative, int n, boolean training) {
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
