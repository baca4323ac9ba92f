package io.github.dl4jae.likelihood;

import java.util.function.DoubleUnaryOperator;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The negative log-likelihood of independent continuous Bernoulli variables: a density on [0, 1], for gray values, which the Bernoulli distribution
 * is not.
 *
 * <pre>
 * p(x) = C(z)·e^xz,  x in [0, 1]        z the logit of an output with sigmoid activation
 * L = Σ_i A(z_i) − x_i·z_i              A(z) = ln((e^z − 1)/z)
 * ∂L/∂z_i = A′(z_i) − x_i               A′(z) = E[x] = 1/(1 − e^−z) − 1/z
 * </pre>
 *
 * The Bernoulli loss of the same logits, less the log of the constant that makes it a density. In nats, summed over features and averaged over examples;
 * as with every density, values below 0 are usual.
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}; masks per example {@code [batch, 1]} or per output {@code [batch, n]}.
 *
 * <p>Errors: an activation other than sigmoid, labels outside [0, 1] or NaN.
 *
 * <p>The output σ(z) is the distribution's parameter, not its mean, which is nearer to ½: at z = 2, 0.88 and 0.66.
 *
 * @see <a href="https://arxiv.org/abs/1907.06845">Loaiza-Ganem and Cunningham 2019, The continuous Bernoulli</a>
 */
public final class LossContinuousBernoulli extends NegativeLogLikelihood implements DistributionOutput {

    private static final double SLACK = 1e-3;
    /** Below, power series: the formulas lose digits there. */
    private static final double SMALL = 0.05;

    /** The loss has no settings. */
    public LossContinuousBernoulli() {}

    /** max(z, 0) + ln((1 − e^−|z|)/|z|). */
    private static double logNormalizer(double z) {
        double size = Math.abs(z);
        return size < SMALL
                ? z / 2 + z * z / 24 - z * z * z * z / 2880
                : Math.max(z, 0) + Math.log(-Math.expm1(-size) / size);
    }

    private static double mean(double z) {
        if (Double.isInfinite(z)) {
            return z > 0 ? 1 : 0; // a sigmoid that is exactly 1 or 0
        }
        return Math.abs(z) < SMALL ? 0.5 + z / 12 - z * z * z / 720 : -1 / Math.expm1(-z) - 1 / z;
    }

    @Override
    void requireActivation(IActivation activation) {
        if (!(activation instanceof ActivationSigmoid)) {
            throw new IllegalArgumentException(
                    "LossContinuousBernoulli: the output layer's activation must be SIGMOID, got " + activation
                            + "; the loss takes the pre-activations as logits");
        }
    }

    @Override
    void requireLabels(INDArray labels, INDArray mask) {
        LabelChecks.requireRange(
                "LossContinuousBernoulli", labels, 0, 1, SLACK, "scale them, or use LossGaussian for real-valued data");
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n) {
        return LabelChecks.outsideUnitInterval(x, scratch, n) <= SLACK;
    }

    @Override
    Row row(IActivation activation) {
        return (x, z, losses, n) -> {
            for (int i = 0; i < n; i++) {
                losses[i] = (float) (logNormalizer(z[i]) - x[i] * z[i]);
                z[i] = (float) (mean(z[i]) - x[i]);
            }
        };
    }

    /** Value by value, in float64: ND4J has no operations that keep their digits near 0. */
    private static INDArray map(INDArray array, DoubleUnaryOperator function) {
        INDArray mapped = array.castTo(DataType.DOUBLE).dup('c');
        for (long i = 0; i < mapped.length(); i++) {
            mapped.putScalar(i, function.applyAsDouble(mapped.getDouble(i)));
        }
        return mapped.castTo(array.dataType());
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        return map(preOutput, LossContinuousBernoulli::logNormalizer).subi(labels.mul(preOutput));
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        return map(preOutput, LossContinuousBernoulli::mean).subi(labels);
    }

    /** From σ(z) back to z, and to E[x]. */
    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return map(output, p -> mean(Math.log(p / (1 - p))));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossContinuousBernoulli;
    }

    @Override
    public int hashCode() {
        return LossContinuousBernoulli.class.hashCode();
    }

    @Override
    public String toString() {
        return "LossContinuousBernoulli()";
    }
}
