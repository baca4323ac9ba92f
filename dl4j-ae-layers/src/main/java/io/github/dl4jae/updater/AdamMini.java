package io.github.dl4jae.updater;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam with one learning rate per block of parameters in the place of one per parameter.
 *
 * <pre>
 * m ← β₁m + (1 − β₁)g        v_b ← β₂v_b + (1 − β₂)·mean_{i ∈ b} g_i²        t = iteration + 1
 * Δ_i = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m_i / (√v_b + ε),  i ∈ b                    parameters ← parameters − Δ
 * </pre>
 *
 * Within a block, parameters move in proportion to their gradients, as with SGD; the root mean square of a block's step is about η, as with {@link FastAdam}, and a single parameter moves by √n·η at most. So it is right where
 * the parameters of a block compete: the logits of a softmax, such as those of a {@code ConcreteSelectorLayer}, one block per selector. Its state is 1 + 1/n values per parameter, half of Adam's.
 *
 * <p>Blocks are n consecutive parameters as Deeplearning4j lays them out: a column of a weight matrix {@code [nIn, nOut]} is one block if n = nIn. Set it on a layer whose parameters
 * are such blocks, not on the network, with another {@code biasUpdater} if there is a bias.
 *
 * <p>Errors: a block length below 1, or one that the number of parameters is not a multiple of; the settings of {@link FastAdam}.
 *
 * @see <a href="https://arxiv.org/abs/2406.16793">Zhang et al. 2024, Adam-mini: Use fewer learning rates to gain more</a>
 */
public final class AdamMini implements IUpdater {

    private final FastAdam adam;
    private final int blockLength;

    /**
     * Adam-mini with the defaults of {@link FastAdam} but for the learning rate.
     *
     * @param learningRate η, not negative
     * @param blockLength n, at least 1
     * @throws IllegalArgumentException if one is out of its range
     */
    public AdamMini(double learningRate, int blockLength) {
        this(new FastAdam(learningRate), blockLength);
    }

    /**
     * Adam-mini with the settings of another updater.
     *
     * @param adam gives η or its schedule, β₁, β₂ and ε
     * @param blockLength n, at least 1
     * @throws IllegalArgumentException if n is below 1
     */
    @JsonCreator
    public AdamMini(@JsonProperty("adam") FastAdam adam, @JsonProperty("blockLength") int blockLength) {
        this.adam = Objects.requireNonNull(adam, "AdamMini: the settings must be given, got null; use new FastAdam(…)")
                .clone();
        if (blockLength < 1) {
            throw new IllegalArgumentException("AdamMini: blockLength must be at least 1, got " + blockLength
                    + "; for a weight matrix [nIn, nOut], nIn makes a block of each column");
        }
        this.blockLength = blockLength;
    }

    /**
     * The settings that it shares with Adam.
     *
     * @return η or its schedule, β₁, β₂ and ε
     */
    public FastAdam getAdam() {
        return adam.clone();
    }

    /** Without a copy, as each step reads them. */
    FastAdam settings() {
        return adam;
    }

    /**
     * The length of a block.
     *
     * @return n
     */
    public int getBlockLength() {
        return blockLength;
    }

    @Override
    public long stateSize(long parameters) {
        if (parameters % blockLength != 0) {
            throw new IllegalArgumentException("AdamMini: the number of parameters must be a multiple of blockLength, "
                    + blockLength + ", got " + parameters
                    + "; set this updater on the layer that it is meant for, not on the network, and"
                    + " another biasUpdater if that layer has a bias");
        }
        return parameters + parameters / blockLength;
    }

    @Override
    public GradientUpdater<?> instantiate(INDArray state, boolean initialize) {
        AdamMiniStep step = new AdamMiniStep(this);
        step.setStateViewArray(state, state.shape(), state.ordering(), initialize);
        return step;
    }

    @Override
    public GradientUpdater<?> instantiate(Map<String, INDArray> state, boolean initialize) {
        AdamMiniStep step = new AdamMiniStep(this);
        step.setState(state, initialize);
        return step;
    }

    @Override
    public double getLearningRate(int iteration, int epoch) {
        return adam.getLearningRate(iteration, epoch);
    }

    @Override
    public boolean hasLearningRate() {
        return true;
    }

    @Override
    public void setLrAndSchedule(double learningRate, ISchedule schedule) {
        adam.setLrAndSchedule(learningRate, schedule);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public AdamMini clone() {
        return new AdamMini(adam, blockLength);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AdamMini that && adam.equals(that.adam) && blockLength == that.blockLength;
    }

    @Override
    public int hashCode() {
        return Objects.hash(adam, blockLength);
    }

    @Override
    public String toString() {
        return "AdamMini(" + adam + ", blockLength=" + blockLength + ")";
    }
}
