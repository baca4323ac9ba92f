package io.github.dl4jae.dictionary;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The memory for the pre-activations of a part of a mini-batch, kept from step to step. It bounds the only array whose
 * size depends on the number of units.
 */
final class PreActivations {

    /** The largest number of values: 32 MiB in float32. */
    private static final int MOST = 1 << 23;

    private @Nullable INDArray memory;

    /** Returns the number of examples that fit at a time. */
    static int examples(long units) {
        return (int) Math.max(1, MOST / units);
    }

    /** Returns an array with arbitrary values, in 'c' order, valid until the next call. */
    @SuppressWarnings("try") // only the scope is used
    INDArray array(DataType type, long rows, long columns) {
        INDArray array = memory;
        if (array == null || array.dataType() != type || array.size(0) < rows || array.size(1) != columns) {
            try (MemoryWorkspace ignored = Nd4j.getWorkspaceManager().scopeOutOfWorkspaces()) {
                array = Nd4j.createUninitialized(type, new long[] {rows, columns}, 'c');
            }
            memory = array;
        }
        return array.size(0) == rows ? array : array.get(NDArrayIndex.interval(0, rows), NDArrayIndex.all());
    }
}
