package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The lengths of padded sequences. */
final class SequenceLengths {

    private SequenceLengths() {}

    /** Returns the length of each sequence {@code [N, n, T]} with n features; its real steps come first. */
    static int[] of(String subject, INDArray sequences, @Nullable INDArray mask, long features) {
        Require.given(subject, "sequences", sequences, "");
        Require.that(
                sequences.rank() == 3 && sequences.size(1) == features && !sequences.isEmpty(),
                subject,
                "sequences must have the shape [N, " + features + ", time]",
                Arrays.toString(sequences.shape()),
                "");
        int steps = (int) sequences.size(2);
        int[] lengths = new int[(int) sequences.size(0)];
        if (mask == null) {
            Arrays.fill(lengths, steps);
            return lengths;
        }
        Require.that(
                Arrays.equals(mask.shape(), new long[] {lengths.length, steps}),
                subject,
                "the mask must have the shape [" + lengths.length + ", " + steps + "]",
                Arrays.toString(mask.shape()),
                "it has a column per time step");
        double[][] marks = mask.castTo(DataType.DOUBLE).toDoubleMatrix();
        for (int i = 0; i < lengths.length; i++) {
            while (lengths[i] < steps && marks[i][lengths[i]] != 0) {
                lengths[i]++;
            }
            for (int t = lengths[i]; t < steps; t++) {
                Require.that(
                        marks[i][t] == 0 && lengths[i] > 0,
                        subject,
                        "the mask of a sequence must be ones and then zeros",
                        Arrays.toString(marks[i]) + " in row " + i,
                        "put the padding at the end, and leave out empty sequences");
            }
        }
        return lengths;
    }

    /** Returns the mask of sequences. */
    static INDArray mask(int[] lengths, int steps) {
        float[][] mask = new float[lengths.length][steps];
        for (int i = 0; i < lengths.length; i++) {
            Arrays.fill(mask[i], 0, lengths[i], 1);
        }
        return Nd4j.createFromArray(mask).castTo(Nd4j.dataType()); // layers that reduce a mask expect this type
    }

    /** Copies the real steps of some sequences, and zeros after them: {@code [rows, n, steps]}. */
    static INDArray copy(INDArray sequences, int[] lengths, int[] rows, int steps, DataType type) {
        INDArray copy = Nd4j.create(type, rows.length, sequences.size(1), steps);
        for (int i = 0; i < rows.length; i++) {
            int length = lengths[rows[i]];
            copy.slice(i)
                    .get(NDArrayIndex.all(), NDArrayIndex.interval(0, length))
                    .assign(sequences.slice(rows[i]).get(NDArrayIndex.all(), NDArrayIndex.interval(0, length)));
        }
        return copy;
    }
}
