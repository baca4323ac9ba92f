package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Revival by resampling: from time to time, dead units get the direction of an example that is reconstructed badly.
 *
 * <pre>
 * every {@code interval} iterations, for each dead unit:
 * draw an example x of the mini-batch with probability ∝ ‖e‖⁴;   v = (x − b_dec)/‖x − b_dec‖
 * decoder row = v · mean length of those alive        encoder column = 0.2 · mean length of those alive · v
 * bias = 0, threshold as at the start, moments of Adam of both matrices = 0
 * </pre>
 *
 * <p>It suits every encoder. With encoders that count units, {@link AuxiliaryLoss} leaves a smaller error. Steps after
 * resampling disturb other units for a while, so end it well before training ends: the last fifth of a training should
 * have none.
 *
 * @param interval the number of iterations between resamplings
 * @param deadAfter the number of training examples without firing from which a unit is dead
 * @param lastIteration no resampling happens after it
 * @see <a href="https://transformer-circuits.pub/2023/monosemantic-features">Bricken et al. 2023, Towards
 *     monosemanticity</a>
 */
public record Resampling(
        @JsonProperty("interval") int interval,
        @JsonProperty("deadAfter") long deadAfter,
        @JsonProperty("lastIteration") int lastIteration)
        implements Revival {

    /**
     * Creates the revival.
     *
     * @param interval as above
     * @param deadAfter as above
     * @param lastIteration as above
     * @throws IllegalArgumentException if one is below 1
     */
    public Resampling {
        Require.atLeast(1, "Resampling", "interval", interval, "500 iterations are usual");
        Revival.requireDeadAfter("Resampling", deadAfter);
        Require.atLeast(1, "Resampling", "lastIteration", lastIteration, "leave the revival out to switch it off");
    }

    /**
     * Creates a revival that never ends.
     *
     * @param interval the number of iterations between resamplings
     * @param deadAfter the number of training examples without firing from which a unit is dead
     * @throws IllegalArgumentException if one is below 1
     */
    public Resampling(int interval, long deadAfter) {
        this(interval, deadAfter, Integer.MAX_VALUE);
    }
}
