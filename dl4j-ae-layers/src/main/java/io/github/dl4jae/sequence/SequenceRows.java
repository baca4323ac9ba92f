package io.github.dl4jae.sequence;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Training sequences, of which mini-batches are made. */
interface SequenceRows {

    /** Returns the number of real steps of each sequence. */
    int[] lengths();

    /**
     * Makes some sequences, with zeros after their ends.
     *
     * @param rows the sequences
     * @param steps at least the length of each
     * @return {@code [rows, n, steps]}, a new array
     */
    INDArray of(int[] rows, int steps, DataType type);

    /** Returns the sequences in an array. */
    static SequenceRows of(INDArray sequences, int[] lengths) {
        return new SequenceRows() {
            @Override
            public int[] lengths() {
                return lengths;
            }

            @Override
            public INDArray of(int[] rows, int steps, DataType type) {
                return SequenceLengths.copy(sequences, lengths, rows, steps, type);
            }
        };
    }
}
