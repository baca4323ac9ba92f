package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.NoisyRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonCreator;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A corruption that sets a random fraction of the values to the smallest or the largest value, with equal probability.
 *
 * <pre>
 * x̃_i = low with probability ν/2, high with probability ν/2, else x_i
 * ∂x̃_i/∂x_i = 1 where x̃_i = x_i is kept, else 0
 * </pre>
 *
 * <p>Any layer with an {@code IDropout} option accepts it. {@code .dropOut(new SaltAndPepperNoise(0.25))} on the first
 * layer turns an autoencoder into a denoising autoencoder, because the labels stay clean. It acts in training only, on
 * arrays of any shape. It suits values near one of two extremes, such as MNIST pixels.
 *
 * <p>The noise depends only on seed, iteration, epoch and position, as in {@link GaussianCorruption}.
 *
 * @param fraction ν, in [0, 1], as a schedule over iterations and epochs
 * @param low the value of pepper
 * @param high the value of salt, above {@code low}
 * @param seed the seed of the noise
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010, Stacked denoising
 *     autoencoders</a>
 */
public record SaltAndPepperNoise(
        @JsonProperty("fraction") ISchedule fraction,
        @JsonProperty("low") double low,
        @JsonProperty("high") double high,
        @JsonProperty("seed") long seed)
        implements IDropout {

    private static final String NAME = "SaltAndPepperNoise";
    private static final String STRENGTH = "fraction";

    /**
     * Creates the corruption.
     *
     * @param fraction ν
     * @param low the value of pepper
     * @param high the value of salt
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if the fraction is null, a value that can be enumerated is outside [0, 1] (other
     *     schedules are checked in training), or {@code low} and {@code high} are not finite or not in order
     */
    @JsonCreator
    public SaltAndPepperNoise {
        CorruptionStrength.require(NAME, STRENGTH, fraction, 1);
        Require.that(
                low < high && Double.isFinite(low) && Double.isFinite(high),
                NAME,
                "low must lie below high, both finite",
                low + " and " + high,
                "use the smallest and the largest value of the data");
    }

    /**
     * Creates a corruption of a constant fraction of values in [0, 1], with seed 0.
     *
     * @param fraction ν
     * @throws IllegalArgumentException if ν is outside [0, 1]
     */
    public SaltAndPepperNoise(double fraction) {
        this(fraction, 0);
    }

    /**
     * Creates a corruption of a constant fraction of values in [0, 1].
     *
     * @param fraction ν
     * @param seed the seed of the noise
     * @throws IllegalArgumentException if ν is outside [0, 1]
     */
    public SaltAndPepperNoise(double fraction, long seed) {
        this(new FixedSchedule(fraction), 0, 1, seed);
    }

    @Override
    public INDArray applyDropout(
            INDArray input, INDArray result, int iteration, int epoch, LayerWorkspaceMgr workspaces) {
        double nu = strength(iteration, epoch);
        return NoisyRows.apply(
                input,
                CorruptionStrength.destination(input, result, workspaces),
                noise(iteration, epoch)::uniform,
                (x, u) -> u < nu / 2 ? low : u < nu ? high : x);
    }

    @Override
    public INDArray backprop(INDArray outputGradient, INDArray inputGradient, int iteration, int epoch) {
        double nu = strength(iteration, epoch);
        return NoisyRows.apply(
                outputGradient, inputGradient, noise(iteration, epoch)::uniform, (g, u) -> u < nu ? 0 : g);
    }

    private double strength(int iteration, int epoch) {
        return CorruptionStrength.at(NAME, STRENGTH, fraction, 1, iteration, epoch);
    }

    private NoiseStream noise(int iteration, int epoch) {
        return NoiseStream.of(seed, NAME).at(iteration, epoch, 0);
    }

    @Override
    public void clear() {
        // there is no state
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public SaltAndPepperNoise clone() {
        return this; // immutable
    }
}
