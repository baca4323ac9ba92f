package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ElementwiseLosses;
import io.github.dl4jae.noise.NoiseStream;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The negative log-likelihood of independent continuous Bernoulli variables. Unlike the Bernoulli distribution, it is a
 * density on [0, 1], and therefore suits gray values.
 *
 * <pre>
 * p(x) = C(z)·e^xz,  x in [0, 1]        z the logit of an output with sigmoid activation
 * L = Σ_i A(z_i) − x_i·z_i              A(z) = ln((e^z − 1)/z)
 * ∂L/∂z_i = A′(z_i) − x_i               A′(z) = E[x] = 1/(1 − e^−z) − 1/z
 * </pre>
 *
 * <p>It is {@link LossBernoulli} of the same logits minus the log of the normalizing constant. As with every density,
 * values below 0 are usual. The output σ(z) is the parameter of the distribution. Its mean is closer to ½: at z = 2 the
 * parameter is 0.88 and the mean 0.66.
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}; masks per example {@code [batch, 1]} or per output {@code
 * [batch, n]}.
 *
 * <p>Errors: an activation other than sigmoid, labels outside [0, 1] or NaN.
 *
 * <p>When not to use it: with binary data (use {@link LossBernoulli}) or real-valued data.
 *
 * @see <a href="https://arxiv.org/abs/1907.06845">Loaiza-Ganem and Cunningham 2019, The continuous Bernoulli</a>
 */
public final class LossContinuousBernoulli extends UnitIntervalLikelihood implements DistributionOutput {

    static {
        ElementwiseLosses.register(LossContinuousBernoulli.class);
    }

    /** Logits below this use power series, because the formulas lose digits there. */
    private static final double SMALL = 0.05;

    /** Creates the loss, which has no settings. */
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
    @Nullable
    Row row(IActivation activation) {
        return (x, z, losses, n) -> {
            for (int i = 0; i < n; i++) {
                losses[i] = (float) (logNormalizer(z[i]) - x[i] * z[i]);
                z[i] = (float) (mean(z[i]) - x[i]);
            }
        };
    }

    /** Maps each value in float64, because ND4J has no operations that keep their digits near 0. */
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
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return map(preOutput, LossContinuousBernoulli::mean).subi(labels);
    }

    /** Returns E[x], by way of z = ln(p/(1 − p)). */
    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return meanOf(output);
    }

    @Override
    INDArray meanOf(INDArray parameters) {
        return map(parameters, p -> mean(Math.log(p / (1 - p))));
    }

    /** Inverts the distribution function, (e^zx − 1)/(e^z − 1). */
    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        noise.uniform(row, x, 0, n);
        for (int i = 0; i < n; i++) {
            double z = Math.log(parameters[i] / (1 - parameters[i]));
            double size = Math.abs(z); // x under z is distributed as 1 − x under −z
            if (size > 1e-9) {
                double drawn = -Math.log1p(x[i] * Math.expm1(-size)) / size;
                x[i] = z > 0 ? 1 - drawn : drawn;
            }
        }
    }
}
