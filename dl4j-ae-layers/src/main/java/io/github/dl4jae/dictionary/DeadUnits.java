package io.github.dl4jae.dictionary;

import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The units that have not fired for a number of training examples.
 *
 * @param units their indices, in ascending order
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, and never compared
record DeadUnits(int[] units) {

    static final DeadUnits NONE = new DeadUnits(new int[0]);

    /**
     * Finds dead units.
     *
     * @param idle the number of examples since each unit fired
     * @param after the number of examples from which a unit is dead
     */
    static DeadUnits of(INDArray idle, long after) {
        double[] examples = idle.toDoubleVector();
        return new DeadUnits(IntStream.range(0, examples.length)
                .filter(j -> examples[j] >= after)
                .toArray());
    }

    int count() {
        return units.length;
    }
}
