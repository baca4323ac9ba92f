package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.noise.NoiseStream;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Adds Gaussian noise to every value.
 *
 * <pre>
 * x̃ = x + σ·ε,  ε ~ N(0, I)        ∂x̃/∂x = 1
 * </pre>
 *
 * <p>For any layer that takes an {@code IDropout}: {@code .dropOut(new GaussianCorruption(0.3))} on the first layer of an autoencoder makes it a
 * denoising one, since the labels stay clean. In training only. Any shape.
 *
 * <p>The noise depends on seed, iteration, epoch and place alone. A network that is trained by {@code fit} sees new noise at
 * each iteration; two layers with corruptions of one seed see the same.
 *
 * @param standardDeviation σ, at least 0, in the units of the data: what a schedule gives at an iteration and epoch
 * @param seed of the noise
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010, Stacked denoising autoencoders</a>
 */
public record GaussianCorruption(
        @JsonProperty("standardDeviation") ISchedule standardDeviation,
        @JsonProperty("seed") long seed) implements IDropout {

    private static final String NAME = "GaussianCorruption";
    private static final String STRENGTH = "standardDeviation";

    /**
     * Creates the corruption.
     *
     * @param standardDeviation σ
     * @param seed of the noise
     * @throws IllegalArgumentException if a constant σ is negative or not finite; of a schedule, when it gives such a value
     */
    @JsonCreator
    public GaussianCorruption {
        CorruptionStrength.require(NAME, STRENGTH, standardDeviation, Double.MAX_VALUE);
    }

    /**
     * Noise of constant strength, with a seed of 0.
     *
     * @param standardDeviation σ
     */
    public GaussianCorruption(double standardDeviation) {
        this(standardDeviation, 0);
    }

    /**
     * Noise of constant strength.
     *
     * @param standardDeviation σ
     * @param seed of the noise
     */
    public GaussianCorruption(double standardDeviation, long seed) {
        this(new FixedSchedule(standardDeviation), seed);
    }

    @Override
    public INDArray applyDropout(
            INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        double sigma = CorruptionStrength.at(NAME, STRENGTH, standardDeviation, Double.MAX_VALUE, iteration, epoch);
        NoiseStream noise = NoiseStream.of(seed, NAME).at(iteration, epoch, 0);
        return NoisyRows.apply(
                input,
                CorruptionStrength.destination(input, result, workspaces),
                noise::normal,
                (x, epsilon) -> x + sigma * epsilon);
    }

    @Override
    public INDArray backprop(INDArray outputGradient, INDArray inputGradient, int iteration, int epoch) {
        return outputGradient == inputGradient ? inputGradient : inputGradient.assign(outputGradient);
    }

    @Override
    public void clear() {
        // there is no state
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public GaussianCorruption clone() {
        return this; // immutable
    }
}
