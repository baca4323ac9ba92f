package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ElementwiseLosses;
import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.function.DoubleBinaryOperator;
import org.apache.commons.math3.distribution.NormalDistribution;
import org.apache.commons.math3.distribution.PoissonDistribution;
import org.apache.commons.math3.special.Gamma;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.activations.impl.ActivationSoftPlus;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The negative log-likelihood of independent Poisson variables, for counts.
 *
 * <pre>
 * L = Σ_i r_i − x_i·ln r_i + ln x_i!
 * IDENTITY   r = e^z          ∂L/∂z = r − x                    the output is the log of the rate
 * SOFTPLUS   r = ln(1 + e^z)  ∂L/∂z = (1 − x/r)·σ(z)           the output is the rate
 * </pre>
 *
 * <p>Unlike the stock {@code LossPoisson} it is a sum over features, includes the constant ln x!, and is computed from
 * pre-activations. Beyond z = 30, e^z continues as a straight line, so the loss stays finite.
 *
 * <p>Use {@link ActivationStableSoftplus} for softplus. With the stock {@code SOFTPLUS}, loss and gradient are correct,
 * but in float32 the output is ∞ for rates above 88.
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}; masks per example {@code [batch, 1]} or per output {@code
 * [batch, n]}.
 *
 * <p>Errors: another activation; labels that are negative, infinite or NaN. Labels need not be integers.
 *
 * <p>When not to use it: for counts with a variance far above their mean, or for real-valued data.
 */
public final class LossPoissonNll extends NegativeLogLikelihood implements DistributionOutput {

    static {
        ElementwiseLosses.register(LossPoissonNll.class);
    }

    private static final double LINEAR_FROM = 30;
    /** Rates up to this one are drawn by adding up probabilities. */
    private static final double SMALL_RATE = 64;
    /** Rates above this one are drawn from a normal distribution, which differs by less than 1 in 1000. */
    private static final double LARGE_RATE = 1e6;

    /** Creates the loss, which has no settings. */
    public LossPoissonNll() {}

    /** The relation of rate and pre-activation. */
    private enum Link {
        LOG {
            @Override
            double loss(double x, double z) {
                return rate(z) - x * z;
            }

            @Override
            double gradient(double x, double z) {
                return Math.exp(Math.min(z, LINEAR_FROM)) - x;
            }

            private double rate(double z) {
                return Math.exp(Math.min(z, LINEAR_FROM)) * (1 + Math.max(z - LINEAR_FROM, 0));
            }
        },
        SOFTPLUS {
            @Override
            double loss(double x, double z) {
                return softplus(z) - x * logSoftplus(z);
            }

            @Override
            double gradient(double x, double z) {
                double e = Math.exp(-Math.abs(z));
                double sigma = (z >= 0 ? 1 : e) / (1 + e);
                // σ/softplus tends to 1 as both vanish
                double ratio = z < -LINEAR_FROM ? 1 : sigma / softplus(z);
                return sigma - x * ratio;
            }

            private double softplus(double z) {
                return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
            }

            private double logSoftplus(double z) {
                return z < -LINEAR_FROM ? z : Math.log(softplus(z));
            }
        };

        /** Returns the loss without ln x!. */
        abstract double loss(double x, double z);

        abstract double gradient(double x, double z);

        static Link of(IActivation activation) {
            return activation instanceof ActivationIdentity ? LOG : SOFTPLUS;
        }
    }

    private static double logFactorial(double x) {
        return Gamma.logGamma(x + 1);
    }

    @Override
    void requireActivation(IActivation activation) {
        Require.that(
                activation instanceof ActivationIdentity
                        || activation instanceof ActivationStableSoftplus
                        || activation instanceof ActivationSoftPlus,
                "LossPoissonNll",
                "the output layer's activation must be IDENTITY or ActivationStableSoftplus (or SOFTPLUS)",
                activation,
                "the first gives log rates, the second rates");
    }

    @Override
    void requireLabels(INDArray labels, @Nullable INDArray mask) {
        LabelChecks.requireFinite("LossPoissonNll", labels);
        LabelChecks.requireRange(
                "LossPoissonNll", labels, 0, Double.POSITIVE_INFINITY, 0, "use LossGaussian for real-valued data");
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        for (int i = 0; i < n; i++) {
            scratch[i] = x[i] >= 0 && x[i] < Float.POSITIVE_INFINITY ? 0 : 1;
        }
        return FloatFunctions.sum(scratch, n) == 0;
    }

    @Override
    @Nullable
    Row row(IActivation activation) {
        Link link = Link.of(activation);
        return (x, z, losses, n) -> {
            for (int i = 0; i < n; i++) {
                losses[i] = (float) (link.loss(x[i], z[i]) + (x[i] >= 0 ? logFactorial(x[i]) : 0));
                z[i] = (float) link.gradient(x[i], z[i]);
            }
        };
    }

    /** Maps each pair of values in float64. */
    private static INDArray map(INDArray labels, INDArray preOutput, DoubleBinaryOperator function) {
        INDArray x = labels.castTo(DataType.DOUBLE).dup('c');
        INDArray z = preOutput.castTo(DataType.DOUBLE).dup('c');
        for (long i = 0; i < x.length(); i++) {
            x.putScalar(i, function.applyAsDouble(x.getDouble(i), z.getDouble(i)));
        }
        return x.castTo(preOutput.dataType());
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        Link link = Link.of(activation);
        return map(labels, preOutput, (x, z) -> link.loss(x, z) + logFactorial(x));
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return map(labels, preOutput, Link.of(activation)::gradient);
    }

    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return activation instanceof ActivationIdentity ? Transforms.exp(output, true) : output;
    }

    @Override
    IActivation partActivation() {
        return new ActivationStableSoftplus();
    }

    @Override
    INDArray parameters(INDArray output, IActivation activation) {
        return mean(output, activation);
    }

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        noise.uniform(row, x, 0, n);
        for (int i = 0; i < n; i++) {
            x[i] = quantile(parameters[i], x[i]);
        }
    }

    /** Returns the least count whose distribution function reaches u. */
    private static double quantile(double rate, double u) {
        if (rate > LARGE_RATE) {
            double normal = new NormalDistribution(null, 0, 1).inverseCumulativeProbability(u);
            return Math.max(0, Math.rint(rate + Math.sqrt(rate) * normal));
        }
        if (rate > SMALL_RATE) {
            return new PoissonDistribution(
                            null, rate, PoissonDistribution.DEFAULT_EPSILON, PoissonDistribution.DEFAULT_MAX_ITERATIONS)
                    .inverseCumulativeProbability(u);
        }
        double probability = Math.exp(-rate);
        double reached = probability;
        int count = 0;
        while (reached < u && probability > 0) {
            count++;
            probability *= rate / count;
            reached += probability;
        }
        return count;
    }
}
