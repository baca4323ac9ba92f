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
 * A corruption that adds Gaussian noise to every value.
 *
 * <pre>
 * x̃ = x + σ·ε,  ε ~ N(0, I)        ∂x̃/∂x = 1
 * </pre>
 *
 * <p>Any layer with an {@code IDropout} option accepts it. {@code .dropOut(new GaussianCorruption(0.3))} on the first
 * layer turns an autoencoder into a denoising autoencoder, because the labels stay clean. It acts in training only, on
 * arrays of any shape.
 *
 * <p>The noise depends only on seed, iteration, epoch and position. {@code fit} adds new noise in each iteration. Two
 * layers with the same seed receive the same noise.
 *
 * @param standardDeviation σ, at least 0, in the units of the data, as a schedule over iterations and epochs
 * @param seed the seed of the noise
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010, Stacked denoising
 *     autoencoders</a>
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
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if the standard deviation is null, or a value that can be enumerated is negative
     *     or not finite; other schedules are checked in training
     */
    @JsonCreator
    public GaussianCorruption {
        CorruptionStrength.require(NAME, STRENGTH, standardDeviation, Double.MAX_VALUE);
    }

    /**
     * Creates a corruption of constant strength, with seed 0.
     *
     * @param standardDeviation σ
     * @throws IllegalArgumentException if σ is negative or not finite
     */
    public GaussianCorruption(double standardDeviation) {
        this(standardDeviation, 0);
    }

    /**
     * Creates a corruption of constant strength.
     *
     * @param standardDeviation σ
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if σ is negative or not finite
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
