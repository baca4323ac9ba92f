package io.github.dl4jae.anomaly;

import java.util.Arrays;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The soft-boundary loss of Deep SVDD, for training only.
 *
 * <pre>
 * L_i = R² + max(0, d_i − R²)/ν,   d_i = ‖φ_i − c‖²,   ∂L_i/∂φ_i = 2(φ_i − c)/ν if d_i &gt; R², else 0
 * </pre>
 *
 * <p>Labels are copies of c. R² is a constant in a step.
 */
final class SoftBoundaryLoss implements ILossFunction {

    private static final long serialVersionUID = 1L;

    private final double nu;
    private volatile double squaredRadius;

    SoftBoundaryLoss(double nu) {
        this.nu = nu;
    }

    double squaredRadius() {
        return squaredRadius;
    }

    /** Sets R² to the minimizer for given d. */
    void updateRadius(double[] squaredDistances) {
        this.squaredRadius = bestSquaredRadius(squaredDistances, nu);
    }

    /**
     * Returns the R² that minimizes the loss for given distances: the smallest one that at most ν·n distances exceed.
     *
     * @param squaredDistances d, n of them
     */
    static double bestSquaredRadius(double[] squaredDistances, double nu) {
        double[] sorted = squaredDistances.clone();
        Arrays.sort(sorted);
        int outside = (int) Math.floor(nu * sorted.length * (1 + 1e-12)); // ν·n may be a rounded whole number
        return outside >= sorted.length ? 0 : sorted[sorted.length - 1 - outside];
    }

    /** Returns d, {@code [B]}, in float64. */
    private static INDArray distances(INDArray difference) {
        INDArray wide = difference.castTo(DataType.DOUBLE);
        return wide.mul(wide).sum(1);
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        double[] losses = distances(output(preOutput, activation).sub(labels)).toDoubleVector();
        Arrays.setAll(losses, i -> squaredRadius + Math.max(0, losses[i] - squaredRadius) / nu);
        return Nd4j.createFromArray(losses).reshape(losses.length, 1);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, preOutput, activation, mask)
                .sumNumber()
                .doubleValue();
        return average ? sum / preOutput.size(0) : sum;
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        INDArray difference = output(preOutput, activation).sub(labels);
        INDArray outside = distances(difference).gt(squaredRadius).castTo(preOutput.dataType());
        INDArray gradient = difference.muliColumnVector(outside).muli(2 / nu);
        return activation.backprop(preOutput.dup(), gradient).getFirst();
    }

    private static INDArray output(INDArray preOutput, IActivation activation) {
        return activation.getActivation(preOutput.dup(), true);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        return Pair.of(
                computeScore(labels, preOutput, activation, mask, average),
                computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public String name() {
        return "SoftBoundaryLoss";
    }
}
