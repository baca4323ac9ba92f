package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The negative log-likelihood of independent Gaussian variables whose means and variances are outputs of the network.
 *
 * <pre>
 * L = Σ_i ½[(x_i − y_i)²·e^−v_i + v_i + ln 2π]        outputs [y | a], v = m + softplus(a − m) ≥ m
 * ∂L/∂y_i = (y_i − x_i)·e^−v_i        ∂L/∂a_i = ½(1 − (x_i − y_i)²·e^−v_i)·σ(a_i − m)
 * </pre>
 *
 * <p>The minimum log variance m bounds the likelihood of constant values, such as border pixels. At m = −6 the standard
 * deviation is at least 0.05.
 *
 * <pre>{@code
 * new FastOutputLayer.Builder(new LossGaussianLearnedVariance()).nOut(2 * 784).activation(Activation.IDENTITY).build()
 * }</pre>
 *
 * <p>Shapes: outputs {@code [batch, 2·n]}, means before variances; labels {@code [batch, n]}; masks {@code [batch, 1]}
 * or {@code [batch, n]}.
 *
 * <p>Errors: an activation other than identity; an odd number of outputs; labels that are not finite.
 *
 * <p>When not to use it: with binary data or counts.
 *
 * @see <a href="https://arxiv.org/abs/2006.13202">Rybkin, Daniilidis and Levine 2021, on calibrated decoders</a>
 */
public final class LossGaussianLearnedVariance extends NegativeLogLikelihood implements DistributionOutput {

    private final double minimumLogVariance;

    /** Creates the loss with a minimum log variance of −6. */
    public LossGaussianLearnedVariance() {
        this(-6);
    }

    /**
     * Creates the loss with a given minimum log variance.
     *
     * @param minimumLogVariance m, finite
     * @throws IllegalArgumentException if it is not finite
     */
    public LossGaussianLearnedVariance(@JsonProperty("minimumLogVariance") double minimumLogVariance) {
        this.minimumLogVariance = Require.finite(
                "LossGaussianLearnedVariance",
                "minimumLogVariance",
                minimumLogVariance,
                "-6 is usual for data in [0, 1]");
    }

    /**
     * Returns the minimum log variance.
     *
     * @return m
     */
    public double getMinimumLogVariance() {
        return minimumLogVariance;
    }

    @Override
    int outputsPerValue() {
        return 2;
    }

    @Override
    void requireActivation(IActivation activation) {
        Require.that(
                activation instanceof ActivationIdentity,
                "LossGaussianLearnedVariance",
                "the output layer's activation must be IDENTITY",
                activation,
                "half of the outputs are log variances");
    }

    @Override
    void requireLabels(INDArray labels, @Nullable INDArray mask) {
        LabelChecks.requireFinite("LossGaussianLearnedVariance", labels);
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        return LabelChecks.areFinite(x, scratch, n);
    }

    @Override
    @Nullable
    Row row(IActivation activation) {
        return (x, z, losses, n) -> {
            for (int i = 0; i < n; i++) {
                double beyond = z[n + i] - minimumLogVariance;
                double e = Math.exp(-Math.abs(beyond));
                double v = minimumLogVariance + Math.max(beyond, 0) + Math.log1p(e);
                double difference = z[i] - x[i];
                double precision = Math.exp(-v);
                double scaled = difference * difference * precision;
                losses[i] = (float) (0.5 * (scaled + v + Math.log(2 * Math.PI)));
                z[i] = (float) (difference * precision);
                z[n + i] = (float) (0.5 * (1 - scaled) * (beyond >= 0 ? 1 : e) / (1 + e));
            }
        };
    }

    private static INDArray half(INDArray outputs, int which) {
        long n = outputs.size(1) / 2;
        return outputs.get(NDArrayIndex.all(), NDArrayIndex.interval(which * n, (which + 1) * n));
    }

    /** m + softplus(a − m). */
    private INDArray logVariances(INDArray outputs) {
        return ActivationStableSoftplus.softplus(half(outputs, 1).sub(minimumLogVariance))
                .addi(minimumLogVariance);
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        INDArray v = logVariances(preOutput);
        INDArray difference = half(preOutput, 0).sub(labels);
        INDArray scaled = difference.muli(difference).muli(Transforms.exp(v.neg(), false));
        return scaled.addi(v).addi(Math.log(2 * Math.PI)).muli(0.5);
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        INDArray precision = Transforms.exp(logVariances(preOutput).negi(), false);
        INDArray difference = half(preOutput, 0).sub(labels);
        INDArray toMean = difference.mul(precision);
        INDArray toVariance = difference
                .mul(toMean)
                .rsubi(1)
                .muli(0.5)
                .muli(Transforms.sigmoid(half(preOutput, 1).sub(minimumLogVariance), false));
        return Nd4j.concat(1, toMean, toVariance);
    }

    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return meanOf(output);
    }

    @Override
    INDArray meanOf(INDArray parameters) {
        return half(parameters, 0).dup('c');
    }

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        noise.normal(row, x, 0, n);
        for (int i = 0; i < n; i++) {
            double beyond = parameters[n + i] - minimumLogVariance;
            double v = minimumLogVariance + Math.max(beyond, 0) + Math.log1p(Math.exp(-Math.abs(beyond)));
            x[i] = parameters[i] + Math.exp(v / 2) * x[i];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossGaussianLearnedVariance that && minimumLogVariance == that.minimumLogVariance;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(minimumLogVariance);
    }

    @Override
    public String toString() {
        return "LossGaussianLearnedVariance(" + minimumLogVariance + ")";
    }
}
