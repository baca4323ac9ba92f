package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.kernel.ElementwiseActivation;
import io.github.dl4jae.internal.kernel.ElementwiseLosses;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.LossUtil;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The negative log-likelihood of independent Gaussian variables with one fixed standard deviation s: a squared error
 * with an explicit scale.
 *
 * <pre>
 * L = Σ_i (x_i − y_i)²/(2s²) + ln s + ½·ln 2π      y = activation(z)
 * ∂L/∂z_i = (y_i − x_i)/s² · activation′(z_i)
 * </pre>
 *
 * <p>With s = 1/√2 its gradient is that of the plain sum of squares (the stock {@code LossL2}). The constant makes
 * values comparable between scales and with other likelihoods. A perfect reconstruction at s = 1 has 0.919 nats per
 * feature, not 0.
 *
 * <pre>{@code
 * new OutputLayer.Builder(new LossGaussian()).nOut(20).activation(Activation.IDENTITY).build()
 * }</pre>
 *
 * <p>Shapes: labels and pre-activations {@code [batch, n]}; masks per example {@code [batch, 1]} or per output {@code
 * [batch, n]}.
 *
 * <p>Errors: s not above 0, NaN or infinite labels.
 *
 * <p>When not to use it: in a variational autoencoder with an arbitrary s, which weighs reconstruction against the KL
 * divergence. With s = 1 on data in [0, 1] the code collapses. Choose s near the expected reconstruction error, or use
 * {@link LossGaussianLearnedVariance}.
 */
public final class LossGaussian extends NegativeLogLikelihood {

    static {
        ElementwiseLosses.register(LossGaussian.class);
    }

    private final double standardDeviation;

    /** Creates the loss with standard deviation 1. */
    public LossGaussian() {
        this(1);
    }

    /**
     * Creates the loss with a given standard deviation.
     *
     * @param standardDeviation s, above 0, in the unit of the data
     * @throws IllegalArgumentException if s is not above 0 or not finite
     */
    @JsonCreator
    public LossGaussian(@JsonProperty("standardDeviation") double standardDeviation) {
        this.standardDeviation = Require.positive(
                "LossGaussian", "standardDeviation", standardDeviation, "its unit is that of the data");
    }

    /**
     * Returns the standard deviation.
     *
     * @return s
     */
    public double getStandardDeviation() {
        return standardDeviation;
    }

    private double precision() {
        return 1 / (standardDeviation * standardDeviation);
    }

    private double constant() {
        return Math.log(standardDeviation) + Math.log(2 * Math.PI) / 2;
    }

    @Override
    void requireActivation(IActivation activation) {
        // all are accepted
    }

    @Override
    void requireLabels(INDArray labels, @Nullable INDArray mask) {
        LabelChecks.requireFinite("LossGaussian", labels);
    }

    @Override
    boolean supports(float[] x, float[] scratch, int n, boolean masked) {
        return LabelChecks.areFinite(x, scratch, n);
    }

    @Override
    @Nullable
    Row row(IActivation activation) {
        float precision = (float) precision();
        float constant = (float) constant();
        return ElementwiseActivation.of(activation)
                .<Row>map(elementwise -> (x, z, losses, n) -> {
                    float[] derivative = new float[n];
                    elementwise.activateRow(z, derivative, n, true);
                    compare(x, z, derivative, losses, n, precision, constant);
                })
                .orElse(null);
    }

    private static void compare(
            float[] x, float[] y, float[] derivative, float[] losses, int n, float precision, float constant) {
        for (int i = 0; i < n; i++) {
            float difference = y[i] - x[i];
            losses[i] = 0.5f * precision * difference * difference + constant;
            y[i] = precision * difference * derivative[i];
        }
    }

    @Override
    INDArray elementLosses(INDArray labels, INDArray preOutput, IActivation activation) {
        INDArray difference = activation.getActivation(preOutput.dup(), true).subi(labels);
        return difference.muli(difference).muli(precision() / 2).addi(constant());
    }

    @Override
    INDArray elementGradients(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        INDArray epsilon =
                activation.getActivation(preOutput.dup(), true).subi(labels).muli(precision());
        if (mask != null) {
            LossUtil.applyMask(epsilon, mask); // before backprop: outputs can depend on each other, as under softmax
        }
        return activation.backprop(preOutput.dup(), epsilon).getFirst();
    }

    @Override
    void draw(NoiseStream noise, int row, double[] parameters, double[] x, int n) {
        noise.normal(row, x, 0, n);
        for (int i = 0; i < n; i++) {
            x[i] = parameters[i] + standardDeviation * x[i];
        }
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossGaussian that && standardDeviation == that.standardDeviation;
    }

    @Override
    public int hashCode() {
        return Double.hashCode(standardDeviation);
    }

    @Override
    public String toString() {
        return "LossGaussian(" + standardDeviation + ")";
    }
}
