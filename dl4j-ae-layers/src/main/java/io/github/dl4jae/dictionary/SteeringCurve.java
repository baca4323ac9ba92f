package io.github.dl4jae.dictionary;

import java.util.List;

/**
 * A network's mean outputs when a feature is set to each of several values.
 *
 * @param unit the feature
 * @param values the values, in the order of the outputs
 * @param outputs for each value the mean of each output over the examples
 */
public record SteeringCurve(int unit, List<Double> values, List<List<Double>> outputs) {

    /**
     * Copies the lists.
     *
     * @param unit the feature
     * @param values the values, in the order of the outputs
     * @param outputs for each value the mean of each output over the examples
     */
    public SteeringCurve {
        values = List.copyOf(values);
        outputs = outputs.stream().map(List::copyOf).toList();
    }
}
