package io.github.dl4jae.updater;

import io.github.dl4jae.internal.layer.Require;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.GradientUpdater;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adam with one adaptive learning rate per block of parameters instead of one per parameter.
 *
 * <pre>
 * m ← β₁m + (1 − β₁)g        v_b ← β₂v_b + (1 − β₂)·mean_{i ∈ b} g_i²        t = iteration + 1
 * Δ_i = η·√(1 − β₂ᵗ)/(1 − β₁ᵗ) · m_i / (√v_b + ε),  i ∈ b                    parameters ← parameters − Δ
 * </pre>
 *
 * <p>Within a block, parameters move in proportion to their gradients, as with SGD. The root mean square of a block's
 * step is about η, as with {@link FastAdam}, and a single parameter moves by at most √n·η. It suits blocks whose
 * parameters compete, such as the logits of a softmax: in a {@code ConcreteSelectorLayer}, each selector is a block.
 * Its state is 1 + 1/n values per parameter, about half of Adam's.
 *
 * <p>A block is n consecutive parameters in Deeplearning4j's order. With n = nIn, each column of a weight matrix {@code
 * [nIn, nOut]} is a block. Set this updater on a layer whose parameters form such blocks, not on the network. Give the
 * layer another {@code biasUpdater} if it has a bias.
 *
 * <p>Errors: a block length below 1, a number of parameters that is not a multiple of it, and invalid settings of
 * {@link FastAdam}.
 *
 * @see <a href="https://arxiv.org/abs/2406.16793">Zhang et al. 2024, Adam-mini: Use fewer learning rates to gain
 *     more</a>
 */
public final class AdamMini implements IUpdater {

    private final FastAdam adam;
    private final int blockLength;

    /**
     * Creates the updater with a learning rate and the other defaults of {@link FastAdam}.
     *
     * @param learningRate η, at least 0
     * @param blockLength n, at least 1
     * @throws IllegalArgumentException if an argument is out of its range
     */
    public AdamMini(double learningRate, int blockLength) {
        this(new FastAdam(learningRate), blockLength);
    }

    /**
     * Creates the updater with the settings of another.
     *
     * @param adam the source of η or its schedule, β₁, β₂ and ε
     * @param blockLength n, at least 1
     * @throws IllegalArgumentException if {@code adam} is null or n is below 1
     */
    @JsonCreator
    public AdamMini(@JsonProperty("adam") FastAdam adam, @JsonProperty("blockLength") int blockLength) {
        this.adam =
                Require.given("AdamMini", "adam", adam, "use new FastAdam(…)").clone();
        this.blockLength = Require.atLeast(
                1,
                "AdamMini",
                "blockLength",
                blockLength,
                "for a weight matrix [nIn, nOut], nIn makes a block of each column");
    }

    /**
     * Returns a copy of the settings that this updater shares with Adam.
     *
     * @return η or its schedule, β₁, β₂ and ε
     */
    public FastAdam getAdam() {
        return adam.clone();
    }

    /** The settings without a copy, because each step reads them. */
    FastAdam settings() {
        return adam;
    }

    /**
     * Returns the length of a block.
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
                    + "; set this updater on one layer, not on the network, and give that layer another biasUpdater if"
                    + " it has a bias");
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
