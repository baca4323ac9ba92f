package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A feature that fires in an example, and its activations at the positions of the example. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SwitchedFeature(int example, int unit, double[] activations) {

    /** Returns the features that fire in each of some examples. */
    static List<SwitchedFeature> of(List<SparseCodes> parts, int examples) {
        int rows = parts.stream().mapToInt(SparseCodes::examples).sum();
        Require.that(
                rows % examples == 0,
                "FeatureSteering",
                "all examples must have the same number of rows",
                rows + " rows for " + examples + " examples",
                "leave out masks, or pass examples of one length");
        int positions = rows / examples;
        List<SwitchedFeature> switched = new ArrayList<>();
        Map<Integer, double[]> firing = new TreeMap<>();
        int number = 0;
        for (SparseCodes part : parts) {
            for (int row = 0; row < part.examples(); row++, number++) {
                for (int i = 0; i < part.active(row); i++) {
                    if (part.value(row, i) != 0) {
                        firing.computeIfAbsent(part.unit(row, i), unit -> new double[positions])[number % positions] =
                                part.value(row, i);
                    }
                }
                if (number % positions == positions - 1) {
                    int example = number / positions;
                    firing.forEach((unit, activations) ->
                            switched.add(new SwitchedFeature(example, unit, activations)));
                    firing.clear();
                }
            }
        }
        return switched;
    }
}
