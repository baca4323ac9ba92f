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
 * A corruption that sets a random fraction of the values to 0 and leaves the others unchanged.
 *
 * <pre>
 * x̃_i = 0 with probability ν, else x_i        ∂x̃_i/∂x_i = 0 or 1
 * </pre>
 *
 * <p>Unlike dropout, it does not rescale the other values by 1/(1 − ν): the network sees missing values and learns to
 * fill them in.
 *
 * <p>Any layer with an {@code IDropout} option accepts it. {@code .dropOut(new MaskingNoise(0.25))} on the first layer
 * turns an autoencoder into a denoising autoencoder, because the labels stay clean. It acts in training only, on arrays
 * of any shape.
 *
 * <p>The noise depends only on seed, iteration, epoch and position, as in {@link GaussianCorruption}.
 *
 * @param fraction ν, in [0, 1], as a schedule over iterations and epochs
 * @param seed the seed of the noise
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010, Stacked denoising
 *     autoencoders</a>
 */
public record MaskingNoise(
        @JsonProperty("fraction") ISchedule fraction,
        @JsonProperty("seed") long seed) implements IDropout {

    private static final String NAME = "MaskingNoise";
    private static final String STRENGTH = "fraction";

    /**
     * Creates the corruption.
     *
     * @param fraction ν
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if the fraction is null, or a value that can be enumerated is outside [0, 1];
     *     other schedules are checked in training
     */
    @JsonCreator
    public MaskingNoise {
        CorruptionStrength.require(NAME, STRENGTH, fraction, 1);
    }

    /**
     * Creates a corruption of a constant fraction, with seed 0.
     *
     * @param fraction ν
     * @throws IllegalArgumentException if ν is outside [0, 1]
     */
    public MaskingNoise(double fraction) {
        this(fraction, 0);
    }

    /**
     * Creates a corruption of a constant fraction.
     *
     * @param fraction ν
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if ν is outside [0, 1]
     */
    public MaskingNoise(double fraction, long seed) {
        this(new FixedSchedule(fraction), seed);
    }

    @Override
    public INDArray applyDropout(
            INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        return mask(input, CorruptionStrength.destination(input, result, workspaces), iteration, epoch);
    }

    /** Masks the gradient with the same noise. */
    @Override
    public INDArray backprop(INDArray outputGradient, INDArray inputGradient, int iteration, int epoch) {
        return mask(outputGradient, inputGradient, iteration, epoch);
    }

    private INDArray mask(INDArray from, INDArray to, int iteration, int epoch) {
        double nu = CorruptionStrength.at(NAME, STRENGTH, fraction, 1, iteration, epoch);
        NoiseStream noise = NoiseStream.of(seed, NAME).at(iteration, epoch, 0);
        return NoisyRows.apply(from, to, noise::uniform, (x, u) -> u < nu ? 0 : x);
    }

    @Override
    public void clear() {
        // there is no state
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public MaskingNoise clone() {
        return this; // immutable
    }
}
