package io.github.dl4jae.dictionary;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The circumstances of a pass over a mini-batch.
 *
 * @param parameters of the layer by name
 * @param sparsity k or λ at this time
 * @param training whether the pass is one of training
 * @param examples that count, without masked ones
 * @param dead whether a unit is dead; empty if the layer does not track it
 */
record PassContext(Map<String, INDArray> parameters, double sparsity, boolean training, int examples, DeadUnits dead) {

    /** Returns a copy of a parameter as numbers. */
    double[] numbers(String name) {
        return parameter(name).toDoubleVector();
    }

    INDArray parameter(String name) {
        return Objects.requireNonNull(parameters.get(name), name);
    }

    int units() {
        return Math.toIntExact(parameter(DictionaryParamInitializer.DECODER).size(0));
    }

    DataType type() {
        return parameter(DictionaryParamInitializer.DECODER).dataType();
    }
}
