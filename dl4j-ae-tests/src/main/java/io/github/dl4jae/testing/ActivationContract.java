package io.github.dl4jae.testing;

import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checks the derivative of an activation, and a layer that uses it.
 *
 * <pre>
 * backprop(z, ε)_i ≈ Σ_j ε_j · (a_j(z + h·e_i) − a_j(z − h·e_i)) / 2h        h = 1e-6
 * </pre>
 *
 * The check compares both sides for random z of a given shape: they must differ by at most 1e-5 relative or 1e-8
 * absolute. It also verifies the {@link LayerContract} of a dense layer with this activation. An activation may
 * overwrite z in {@code getActivation}. It must not change ε, and must be deterministic.
 */
public final class ActivationContract {

    private ActivationContract() {}

    /**
     * Checks an activation on {@code [3, 8]} and in a dense layer of 8 units.
     *
     * @param activation differentiable at random points
     * @throws AssertionError if it fails; the message gives the difference
     */
    public static void verify(IActivation activation) {
        verify(activation, 3, 8);
        LayerContract.verify(
                new DenseLayer.Builder().nOut(8).activation(activation).build());
    }

    /**
     * Checks the derivative of an activation on arrays of one shape.
     *
     * @param activation differentiable at random points
     * @param shape of z, such as {@code [batch, n, time]}
     * @throws AssertionError if it fails; the message gives the difference
     */
    @SuppressWarnings("try") // only close() of the state is used
    public static void verify(IActivation activation, long... shape) {
        try (GlobalState ignored = GlobalState.float64()) {
            Random random = new Random(2468);
            INDArray z = gaussian(shape, random);
            INDArray epsilon = gaussian(shape, random);
            INDArray epsilonBefore = epsilon.dup();
            INDArray found = activation.backprop(z.dup(), epsilon).getFirst();
            if (!epsilon.equals(epsilonBefore)) {
                throw new AssertionError(activation + ": backprop must not modify epsilon, but changed it");
            }
            if (!Arrays.equals(found.shape(), shape)) {
                throw new AssertionError(activation + ": backprop must give shape " + Arrays.toString(shape) + ", got "
                        + Arrays.toString(found.shape()));
            }
            for (long i = 0; i < z.length(); i++) {
                CentralDifferences.requireAgreement(
                        activation + ": element " + i + " of a gradient of shape " + Arrays.toString(shape),
                        found.getDouble(i),
                        CentralDifferences.of(
                                weighted(activation, z, epsilon, i, CentralDifferences.EPSILON),
                                weighted(activation, z, epsilon, i, -CentralDifferences.EPSILON)));
            }
        }
    }

    /** Returns Σ ε·a(z) with one element of z shifted. */
    private static double weighted(IActivation activation, INDArray z, INDArray epsilon, long element, double step) {
        INDArray moved = z.dup('c');
        moved.putScalar(element, moved.getDouble(element) + step);
        return activation.getActivation(moved, true).mul(epsilon).sumNumber().doubleValue();
    }

    static INDArray gaussian(long[] shape, Random random) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextGaussian());
        }
        return array;
    }
}
