package io.github.dl4jae.dictionary;

import io.github.dl4jae.updater.FastAdam;
import java.io.Serializable;
import java.util.Optional;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The settings of an Adam.
 *
 * @param updater decides the learning rate
 * @param beta1 the decay of the mean
 * @param beta2 the decay of the mean square
 * @param epsilon the term in the denominator
 */
record AdamSettings(IUpdater updater, double beta1, double beta2, double epsilon) implements Serializable {

    /** Returns the settings of an updater, or empty if it is no Adam. */
    static Optional<AdamSettings> of(IUpdater updater) {
        if (updater instanceof FastAdam adam) {
            return Optional.of(new AdamSettings(adam, adam.getBeta1(), adam.getBeta2(), adam.getEpsilon()));
        }
        if (updater instanceof Adam adam) {
            return Optional.of(new AdamSettings(adam, adam.getBeta1(), adam.getBeta2(), adam.getEpsilon()));
        }
        return Optional.empty();
    }
}
