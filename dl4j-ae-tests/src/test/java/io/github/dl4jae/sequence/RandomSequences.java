package io.github.dl4jae.sequence;

import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Padded sequences whose values depend on the example and the step alone, not on the padding. */
final class RandomSequences {

    private RandomSequences() {}

    static INDArray of(int[] lengths, int features, int steps, double padding) {
        INDArray sequences = Nd4j.create(DataType.FLOAT, lengths.length, features, steps);
        for (int i = 0; i < lengths.length; i++) {
            Random random = new Random(100L + i);
            for (int t = 0; t < steps; t++) {
                for (int f = 0; f < features; f++) {
                    double value = t < lengths[i] ? random.nextGaussian() : padding;
                    sequences.putScalar(i, f, t, value);
                }
            }
        }
        return sequences;
    }

    static INDArray mask(int[] lengths, int steps) {
        INDArray mask = Nd4j.create(DataType.FLOAT, lengths.length, steps);
        for (int i = 0; i < lengths.length; i++) {
            for (int t = 0; t < lengths[i]; t++) {
                mask.putScalar(i, t, 1);
            }
        }
        return mask;
    }

    /** One-hot tokens: each the successor of the one before it, modulo their number. */
    static INDArray tokens(int[] lengths, int count, int steps) {
        INDArray sequences = Nd4j.create(DataType.FLOAT, lengths.length, count, steps);
        for (int i = 0; i < lengths.length; i++) {
            for (int t = 0; t < lengths[i]; t++) {
                sequences.putScalar(i, (i + t) % count, t, 1);
            }
        }
        return sequences;
    }
}
