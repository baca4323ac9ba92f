package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.SampledOutput;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The reconstruction loss of TimeVAE as a negative log-likelihood: squared errors, and the squared error of the mean
 * over features at each step.
 *
 * <pre>
 * L = w (Σ_f e_f² + ρ (1/F Σ_f e_f)²) + F/2 ln(π/w) − ½ ln(1 + ρ/F)          e = x − y, y = activation(z)
 * ∂L/∂y_f = −2w (e_f + ρ/F² Σ_g e_g)
 * </pre>
 *
 * <p>This is a Gaussian distribution of each step with precision 2w (I + ρ/F² 11ᵀ): errors of different features at one
 * step are negatively correlated. With ρ = 0 it is {@code LossGaussian} with s² = 1/(2w). The paper names w the
 * reconstruction weight. Its authors' program has w = 3 and ρ = 1.
 *
 * <p>Where a mask excludes features of a step, the loss is the likelihood of those present, with the others integrated
 * out. For k of F features:
 *
 * <pre>
 * L = w (Σ e² + c_k (Σ e)²) + k/2 ln(π/w) + ½ ln(1 − a k)        a = ρ/(F² + ρF), c_k = a/(1 − a k)
 * </pre>
 *
 * <pre>{@code
 * .layer(new RnnLossLayer.Builder(new LossSeries(3, 1)).activation(Activation.IDENTITY).build())
 * }</pre>
 *
 * <p>Shapes: labels and pre-activations {@code [rows, F]}, a row for each step of each example, as the recurrent output
 * layers pass them; masks {@code [rows, 1]} or {@code [rows, F]} of 0 and 1. Masked labels can be NaN.
 *
 * <p>Errors: w not above 0, ρ below 0, labels of another shape, other values in a mask.
 *
 * <p>When not to use it: for counts, categories or flags, which have likelihoods of their own.
 *
 * @see <a href="https://arxiv.org/abs/2111.08095">Desai et al. 2021, TimeVAE; the term with ρ is in its authors'
 *     program, https://github.com/abudesai/timeVAE</a>
 */
public final class LossSeries implements ILossFunction, SampledOutput {

    private static final String SUBJECT = "LossSeries";

    private final double weight;
    private final double meanWeight;

    /**
     * Creates the loss.
     *
     * @param weight w, above 0
     * @param meanWeight ρ, at least 0
     * @throws IllegalArgumentException if a weight is out of range or not finite
     */
    @JsonCreator
    public LossSeries(@JsonProperty("weight") double weight, @JsonProperty("meanWeight") double meanWeight) {
        this.weight = Require.positive(SUBJECT, "weight", weight, "the paper has 3, for values from 0 to 1");
        this.meanWeight = Require.nonNegative(SUBJECT, "meanWeight", meanWeight, "0 makes features independent");
    }

    /**
     * Returns the weight of the squared error.
     *
     * @return w
     */
    public double getWeight() {
        return weight;
    }

    /**
     * Returns the weight of the squared error of the mean over features, relative to w.
     *
     * @return ρ
     */
    public double getMeanWeight() {
        return meanWeight;
    }

    /** Returns a: the covariance of a step is (I − a 11ᵀ)/(2w). */
    private double shared(long features) {
        return meanWeight / ((double) features * features + meanWeight * features);
    }

    /**
     * Computes all rows in float64, because a float32 sum over a mini-batch is wrong in the sixth digit.
     *
     * @param gradient receives ∂L/∂y, or null
     * @return the loss of each row
     */
    private double[] evaluate(INDArray labels, INDArray y, @Nullable INDArray mask, double @Nullable [] gradient) {
        requireShape(labels, y);
        int features = Math.toIntExact(y.size(1));
        double[] x = DoubleRows.values(labels);
        double[] means = DoubleRows.values(y);
        double[] losses = new double[x.length / features];
        double[] e = new double[features];
        Present present = Present.of(SUBJECT, mask, losses.length, features);
        for (int row = 0; row < losses.length; row++) {
            int count = 0;
            double sum = 0;
            double squares = 0;
            for (int f = 0; f < features; f++) {
                boolean there = present.at(row, f);
                e[f] = there ? x[row * features + f] - means[row * features + f] : 0; // a missing label can be NaN
                count += there ? 1 : 0;
                sum += e[f];
                squares += e[f] * e[f];
            }
            double a = shared(features);
            double c = a / (1 - a * count);
            losses[row] = weight * (squares + c * sum * sum)
                    + 0.5 * count * Math.log(Math.PI / weight)
                    + 0.5 * Math.log1p(-a * count);
            for (int f = 0; gradient != null && f < features; f++) {
                gradient[row * features + f] = present.at(row, f) ? -2 * weight * (e[f] + c * sum) : 0;
            }
        }
        return losses;
    }

    private static void requireShape(INDArray labels, INDArray output) {
        Require.that(
                output.rank() == 2 && Arrays.equals(labels.shape(), output.shape()),
                SUBJECT,
                "labels must have the shape of the output, [rows, features]",
                Arrays.toString(labels.shape()) + " for " + Arrays.toString(output.shape()),
                "an autoencoder's labels are its features");
    }

    private static INDArray output(INDArray preOutput, IActivation activation) {
        return activation.getActivation(preOutput.dup('c'), true);
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double sum = Arrays.stream(evaluate(labels, output(preOutput, activation), mask, null))
                .sum();
        return average ? sum / labels.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        double[] losses = evaluate(labels, output(preOutput, activation), mask, null);
        return Nd4j.createFromArray(losses).reshape(losses.length, 1).castTo(preOutput.dataType());
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        return computeGradientAndScore(labels, preOutput, activation, mask, false)
                .getSecond();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double[] gradient = new double[Math.toIntExact(preOutput.length())];
        double sum = Arrays.stream(evaluate(labels, output(preOutput, activation), mask, gradient))
                .sum();
        INDArray epsilon =
                Nd4j.createFromArray(gradient).reshape(preOutput.shape()).castTo(preOutput.dataType());
        INDArray delta = activation.backprop(preOutput.dup('c'), epsilon).getFirst();
        return new Pair<>(average ? sum / labels.size(0) : sum, delta);
    }

    /** Draws each step of each series, with the correlation of its features. */
    @Override
    public INDArray sample(INDArray output, IActivation activation, long seed) {
        INDArray byStep = output.rank() == 3 ? output.permute(0, 2, 1) : output; // [N,T,F]
        int features = Math.toIntExact(byStep.size(byStep.rank() - 1));
        int rows = Math.toIntExact(byStep.length() / features);
        double[] x = DoubleRows.values(byStep.dup('c').reshape('c', rows, features));
        double b = (1 - Math.sqrt(1 - shared(features) * features)) / features; // (I − b 11ᵀ)² = I − a 11ᵀ
        double deviation = 1 / Math.sqrt(2 * weight);
        NoiseStream noise = NoiseStream.of(seed, "series");
        double[] e = new double[features];
        for (int row = 0; row < rows; row++) {
            noise.normal(row, e, 0, features);
            double shared = b * Arrays.stream(e).sum();
            for (int f = 0; f < features; f++) {
                x[row * features + f] += deviation * (e[f] - shared);
            }
        }
        INDArray drawn = Nd4j.createFromArray(x).reshape(byStep.shape()).castTo(output.dataType());
        return output.rank() == 3 ? drawn.permute(0, 2, 1).dup('c') : drawn;
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof LossSeries that && weight == that.weight && meanWeight == that.meanWeight;
    }

    @Override
    public int hashCode() {
        return Objects.hash(weight, meanWeight);
    }

    @Override
    public String toString() {
        return "LossSeries(" + weight + ", " + meanWeight + ")";
    }
}
