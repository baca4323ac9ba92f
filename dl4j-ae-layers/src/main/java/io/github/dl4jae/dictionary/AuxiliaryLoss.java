package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Revival by an auxiliary loss (AuxK): dead units reconstruct what the others leave.
 *
 * <pre>
 * f_aux = relu(top_k(z of dead units))        ê = f_aux·W_dec        L_aux = w · min(dead/k, 1) · ‖sg(e) − ê‖²
 * </pre>
 *
 * <p>sg stops the gradient, and ê is without bias. Without it, units that are never among the largest get no gradient.
 * It suits encoders that select by size: {@link TopKEncoder}, {@link BatchTopKEncoder} and {@link AbsTopKEncoder}.
 *
 * @param k the largest number of dead units per example; 0 stands for half the number of inputs
 * @param weight w, 1/32 in the paper
 * @param deadAfter the number of training examples without firing from which a unit is dead
 * @see <a href="https://arxiv.org/abs/2406.04093">Gao et al. 2024, Scaling and evaluating sparse autoencoders</a>
 */
public record AuxiliaryLoss(
        @JsonProperty("k") int k,
        @JsonProperty("weight") double weight,
        @JsonProperty("deadAfter") long deadAfter) implements Revival {

    /**
     * Creates the revival.
     *
     * @param k as above
     * @param weight as above
     * @param deadAfter as above
     * @throws IllegalArgumentException if k or the weight is negative, or deadAfter is below 1
     */
    public AuxiliaryLoss {
        Require.atLeast(0, "AuxiliaryLoss", "k", k, "0 stands for half the number of inputs");
        Require.nonNegative("AuxiliaryLoss", "weight", weight, "1/32 is usual");
        Revival.requireDeadAfter("AuxiliaryLoss", deadAfter);
    }

    /**
     * Creates the revival with the weight of the paper, and k of half the number of inputs.
     *
     * @param deadAfter the number of training examples without firing from which a unit is dead
     * @throws IllegalArgumentException if it is below 1
     */
    public AuxiliaryLoss(long deadAfter) {
        this(0, 1 / 32d, deadAfter);
    }
}
