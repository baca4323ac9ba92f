package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The negative log-likelihood of independent beta-binomial variables on the levels 0, 1/n … 1: a distribution of gray
 * values that is exact, and flexible enough to be sharp at one level, broad, or high at both ends.
 *
 * <pre>
 * k = n·x ∈ {0 … n}        α = e^g(a), β = e^g(b)        g(a) = a / √(1 + (a/10)²)        outputs [a | b]
 * L = −Σ ln C(n, k) + ln B(k + α, n − k + β) − ln B(α, β)
 * ∂L/∂a = −α·[ψ(k + α) − ψ(n + α + β) + ψ(α + β) − ψ(α)]·g′(a)        and with n − k and β for b
 * </pre>
 *
 * <p>A binomial variable has the probability of success p ~ Beta(α, β), and E[x] = α / (α + β). The function g keeps
 * both parameters between e⁻¹⁰ and e¹⁰, and is near the identity for usual outputs. A pixel that is always black costs
 * less than 10⁻⁶ nats.
 *
 * <pre>{@code
 * new FastOutputLayer.Builder(new LossBetaBinomial()).nOut(2 * 784).activation(Activation.IDENTITY).build()
 * }</pre>
 *
 * <p>Shapes: outputs {@code [batch, 2·m]}, all a before all b; labels {@code [batch, m]}; masks {@code [batch, 1]} or
 * {@code [batch, m]}.
 *
 * <p>Errors: an activation other than identity; an odd number of outputs; labels that are no level, up to a thousandth
 * of the distance between levels.
 *
 * <p>When not to use it: for values that are not levels of a known scale. It costs several times more than {@link
 * LossBernoulli}.
 *
 * @see <a href="https://arxiv.org/abs/1901.04866">Townsend, Bird and Barber 2019, who code gray images with it</a>
 */
public final class LossBetaBinomial extends NegativeLogLikelihood implements DistributionOutput, DiscreteOutput {

    private static final int MOST_STEPS = 65_535;

    private final int steps;
    private final double[] logChoose;

    /** Creates the loss for 256 levels. */
    public LossBetaBinomial() {
        this(255);
    }

    /**
     * Creates the loss for a number of levels.
     *
     * @param steps n, the number of steps between n + 1 levels, 1 to 65,535
     * @throws IllegalArgumentException if it is out of range
     */
    public LossBetaBinomial(@JsonProperty("steps") int steps) {
        Require.that(
                steps >= 1 && steps <= MOST_STEPS,
                "LossBetaBinomial",
                "steps must be from 1 to " + MOST_STEPS,
                steps,
                "use 255 for 8-bit values");
        this.steps = steps;
        this.logChoose = new double[steps + 1];
        for (int k = 1; k <= steps; k++) {
            logChoose[k] = logChoose[k - 1] + StrictMath.log((steps - k + 1) / (double) k);
        }
    }

    /**
     * Returns the number of steps.
     *
     * @return n
     */
    public int getSteps() {
        return steps;
    }

    @Override
    public int levels() {
        return steps + 1;
    }

    @Override
    int outputsPerValue() {
        return 2;
    }

    @Override
    void requireActivation(IActivation activation) {
        Require.that(
                activation instanceof ActivationIdentity,
                "LossBetaBinomial",
                "the output layer's activation must be IDENTITY",
                activation,
                "the outputs are logarithms");
    }

    private int level(double x) {
        return (int) Math.rint(Math.min(1, Math.max(0, x)) * steps);
    }

    private double distanceFromLevel(double x) {
        return Math.abs(x * steps - level(x)); // NaN stays NaN
    }

    @Override
    void requireLabels(INDArray labels, @Nullable INDArray mask) {
        double[] values = labels.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        for (double x : values) {
            Require.that(
                    distanceFromLevel(x) <= LabelChecks.SLACK,
                    "LossBetaBinomial",
                    "labels must be levels 0, 1/" + steps + " … 1",
                    x,
                    "divide integers by " + steps);
        }
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        for (int i = 0; i < n; i++) {
            scratch[i] = distanceFromLevel(x[i]) <= LabelChecks.SLACK ? 0 : 1;
        }
        return FloatFunctions.sum(scratch, n) == 0;
    }

    @Override
    Row row(IActivation activation) {
        return (x, z, losses, n) -> {
            BetaBinomial value = new BetaBinomial(steps);
            for (int i = 0; i < n; i++) {
                int k = level(x[i]);
                value.compute(k, z[i], z[n + i]);
                losses[i] = (float) (value.loss() - logChoose[k]);
                z[i] = (float) value.gradientA();
                z[n + i] = (float) value.gradientB();
            }
        };
    }

    /** Computes losses and gradients in float64; either array can be null. */
    private void evaluate(
            double[] x, double[] z, int columns, double @Nullable [] losses, double @Nullable [] gradients) {
        BetaBinomial value = new BetaBinomial(steps);
        for (int at = 0; at < x.length; at++) {
            int k = level(x[at]);
            int a = at / columns * 2 * columns + at % columns;
            value.compute(k, z[a], z[a + columns]);
            if (losses != null) {
                losses[at] = value.loss() - logChoose[k];
            }
            if (gradients != null) {
                gradients[a] = value.gradientA();
                gradients[a + columns] = value.gradientB();
            }
        }
    }

    private static double[] values(INDArray array) {
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        double[] losses = new double[Math.toIntExact(labels.length())];
        evaluate(values(labels), values(preOutput), Math.toIntExact(labels.size(1)), losses, null);
        return Nd4j.createFromArray(losses).reshape(labels.shape()).castTo(preOutput.dataType());
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        double[] gradients = new double[Math.toIntExact(preOutput.length())];
        evaluate(values(labels), values(preOutput), Math.toIntExact(labels.size(1)), null, gradients);
        return Nd4j.createFromArray(gradients).reshape(preOutput.shape()).castTo(preOutput.dataType());
    }

    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return meanOf(output);
    }

    @Override
    INDArray meanOf(INDArray parameters) {
        int n = Math.toIntExact(parameters.size(1) / 2);
        double[] z = values(parameters);
        double[] mean = new double[z.length / 2];
        for (int at = 0; at < mean.length; at++) {
            int a = at / n * 2 * n + at % n;
            mean[at] = 1 / (1 + Math.exp(BetaBinomial.bounded(z[a + n]) - BetaBinomial.bounded(z[a])));
        }
        return Nd4j.createFromArray(mean).reshape(parameters.size(0), n).castTo(parameters.dataType());
    }

    @Override
    public double[] levelProbabilities(INDArray output, IActivation activation) {
        requireActivation(activation);
        requireOutput(output);
        int n = Math.toIntExact(output.size(1) / 2);
        double[] z = values(output);
        double[] probabilities = new double[Math.multiplyExact(z.length / 2, steps + 1)];
        for (int at = 0; at < z.length / 2; at++) {
            int a = at / n * 2 * n + at % n;
            BetaBinomial.distribution(z[a], z[a + n], probabilities, at * (steps + 1), steps);
        }
        return probabilities;
    }

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        noise.uniform(row, x, 0, n);
        double[] probabilities = new double[steps + 1];
        for (int i = 0; i < n; i++) {
            BetaBinomial.distribution(parameters[i], parameters[n + i], probabilities, 0, steps);
            int k = 0;
            for (double left = x[i] - probabilities[0]; left > 0 && k < steps; left -= probabilities[k]) {
                k++;
            }
            x[i] = (double) k / steps;
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossBetaBinomial that && steps == that.steps;
    }

    @Override
    public int hashCode() {
        return steps;
    }

    @Override
    public String toString() {
        return "LossBetaBinomial(" + steps + ")";
    }
}
