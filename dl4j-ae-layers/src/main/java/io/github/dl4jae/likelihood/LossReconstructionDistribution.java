package io.github.dl4jae.likelihood;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.variational.CompositeReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A loss for output layers that is the negative log-likelihood of a reconstruction distribution of Deeplearning4j's
 * {@code VariationalAutoencoder}.
 *
 * <pre>
 * L = −ln p(x|outputs)
 * </pre>
 *
 * <pre>{@code
 * new LossReconstructionDistribution(new ExponentialReconstructionDistribution(Activation.TANH))
 * }</pre>
 *
 * <p>Shapes: labels {@code [batch, n]}, outputs {@code [batch, distribution.distributionInputSize(n)]}; masks {@code
 * [batch, 1]}.
 *
 * <p>Errors: an activation of the output layer other than identity, because the distribution has its own; a wrapped
 * loss function, which is not a distribution; outputs of another width.
 *
 * <p>When not to use it: for Bernoulli and Gaussian likelihoods, for which this package has faster losses. The stock
 * Bernoulli distribution loses its gradient where a sigmoid saturates in float32.
 */
public final class LossReconstructionDistribution implements ILossFunction, DistributionOutput {

    private final ReconstructionDistribution distribution;

    /**
     * Creates the loss of a distribution.
     *
     * @param distribution the distribution of x, given the outputs
     * @throws IllegalArgumentException if it is null, or wraps a loss function
     */
    public LossReconstructionDistribution(@JsonProperty("distribution") ReconstructionDistribution distribution) {
        Require.that(
                distribution != null && !wrapsLoss(distribution),
                "LossReconstructionDistribution",
                "distribution must be a probability distribution",
                distribution,
                "set a loss function on the output layer directly");
        this.distribution = distribution;
    }

    /** The stock {@code hasLossFunction()} of a composite is false if only some of its parts are loss functions. */
    private static boolean wrapsLoss(ReconstructionDistribution distribution) {
        return distribution.hasLossFunction()
                || (distribution instanceof CompositeReconstructionDistribution composite
                        && Arrays.stream(composite.getReconstructionDistributions())
                                .anyMatch(LossReconstructionDistribution::wrapsLoss));
    }

    /**
     * Returns the distribution.
     *
     * @return p(x|outputs)
     */
    public ReconstructionDistribution getDistribution() {
        return distribution;
    }

    private void check(INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        Require.that(
                activation instanceof ActivationIdentity,
                "LossReconstructionDistribution",
                "the output layer's activation must be IDENTITY",
                activation,
                "the distribution has its own");
        long expected = distribution.distributionInputSize((int) labels.size(1));
        if (preOutput.size(1) != expected || preOutput.size(0) != labels.size(0)) {
            throw new IllegalArgumentException("LossReconstructionDistribution: for labels "
                    + Arrays.toString(labels.shape()) + " the output must have the shape [" + labels.size(0) + ", "
                    + expected + "], got " + Arrays.toString(preOutput.shape()) + "; set nOut to " + expected);
        }
        if (mask != null && mask.length() != labels.size(0)) {
            throw new IllegalArgumentException(
                    "LossReconstructionDistribution: the mask must have a value per example, got "
                            + Arrays.toString(mask.shape()) + "; the distribution covers whole examples");
        }
    }

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        double sum = computeScoreArray(labels, preOutput, activation, mask)
                .castTo(DataType.DOUBLE)
                .sumNumber()
                .doubleValue();
        return average ? sum / labels.size(0) : sum;
    }

    @Override
    public INDArray computeScoreArray(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        check(labels, preOutput, activation, mask);
        INDArray x = present(labels, preOutput, mask);
        INDArray losses =
                distribution.exampleNegLogProbability(x, preOutput.dup()).reshape(x.size(0), 1);
        return mask == null ? losses : losses.mul(column(mask, preOutput));
    }

    @Override
    public INDArray computeGradient(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask) {
        check(labels, preOutput, activation, mask);
        INDArray gradient = distribution.gradient(present(labels, preOutput, mask), preOutput.dup());
        return mask == null ? gradient : gradient.muliColumnVector(column(mask, preOutput));
    }

    /** Returns the labels in the type of the output, with 0 for masked examples, whose labels are undefined. */
    private static INDArray present(INDArray labels, INDArray preOutput, @Nullable INDArray mask) {
        INDArray x = labels.castTo(preOutput.dataType());
        if (mask == null) {
            return x;
        }
        INDArray cleaned = x.dup('c');
        for (long i = 0; i < mask.length(); i++) {
            if (mask.getDouble(i) == 0) {
                cleaned.getRow(i).assign(0);
            }
        }
        return cleaned;
    }

    private static INDArray column(INDArray mask, INDArray like) {
        return mask.castTo(like.dataType()).reshape(mask.length(), 1);
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, @Nullable INDArray mask, boolean average) {
        return new Pair<>(
                computeScore(labels, preOutput, activation, mask, average),
                computeGradient(labels, preOutput, activation, mask));
    }

    @Override
    public INDArray mean(INDArray output, IActivation activation) {
        return distribution.generateAtMean(output.dup());
    }

    @Override
    public String name() {
        return toString();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof LossReconstructionDistribution that && distribution.equals(that.distribution);
    }

    @Override
    public int hashCode() {
        return distribution.hashCode();
    }

    @Override
    public String toString() {
        return "LossReconstructionDistribution(" + distribution + ")";
    }
}
