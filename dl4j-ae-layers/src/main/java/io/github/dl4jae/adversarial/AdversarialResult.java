package io.github.dl4jae.adversarial;

import io.github.dl4jae.training.StopReason;
import java.util.List;

/**
 * The course of an adversarial training, and its model.
 *
 * @param model runs the trained networks
 * @param losses of each completed epoch, those before a resumption included
 * @param steps the number of completed steps, likewise
 * @param reason why the training ended
 */
public record AdversarialResult(AdversarialModel model, List<AdversarialLosses> losses, long steps, StopReason reason) {

    /**
     * Creates a result.
     *
     * @param model runs the trained networks
     * @param losses of each completed epoch; copied
     * @param steps the number of completed steps
     * @param reason why the training ended
     */
    public AdversarialResult {
        losses = List.copyOf(losses);
    }
}
