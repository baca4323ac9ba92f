package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Indices as sequences of tokens: position by position in raster order, and at each position stage by stage.
 *
 * @param codes K
 * @param classes of examples, 0 without
 * @param shape of one example's indices: {@code [S]}, {@code [S, time]} or {@code [S, height, width]}
 */
@SuppressWarnings("ArrayRecordComponent") // package-private, and never compared
record IndexLayout(int codes, int classes, long[] shape) {

    int stages() {
        return (int) shape[0];
    }

    /** Returns the number of tokens of an example. */
    int length() {
        return (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    }

    /** Returns how far back the token above is; 0 where there are no rows. */
    private int rowLength() {
        return shape.length == 3 && shape[1] > 1 ? (int) (shape[2] * shape[0]) : 0;
    }

    /**
     * Returns the number of features of a step: the token before, the token above, the stage and the class, each
     * one-hot. Tokens before the first are a value of their own.
     */
    int features() {
        int tokens = codes + 1;
        return tokens + (rowLength() > 0 ? tokens : 0) + (stages() > 1 ? stages() : 0) + classes;
    }

    /** Reads indices, {@code [N, …shape]}, as tokens {@code [N][length]}; −1 is padding. */
    int[][] tokens(INDArray indices) {
        long[] found = indices.shape();
        Require.that(
                found.length == shape.length + 1 && Arrays.equals(found, 1, found.length, shape, 0, shape.length),
                "IndexPrior",
                "indices must have the shape [N, …] with " + Arrays.toString(shape) + " for each example",
                Arrays.toString(found),
                "encode all examples by one model");
        int positions = length() / stages();
        int[][] tokens = new int[(int) found[0]][length()];
        INDArray flat = indices.dup('c').reshape('c', found[0], stages(), positions);
        for (int n = 0; n < tokens.length; n++) {
            for (int at = 0; at < length(); at++) {
                int token = flat.getInt(n, at % stages(), at / stages());
                Require.that(
                        token >= -1 && token < codes,
                        "IndexPrior",
                        "indices must be in [-1, " + codes + ")",
                        token,
                        "set codes to those of the model");
                tokens[n][at] = token;
            }
        }
        return tokens;
    }

    /** Writes tokens as indices. */
    INDArray indices(int[][] tokens) {
        int positions = length() / stages();
        int[] flat = new int[tokens.length * length()];
        for (int n = 0; n < tokens.length; n++) {
            for (int at = 0; at < length(); at++) {
                flat[(n * stages() + at % stages()) * positions + at / stages()] = tokens[n][at];
            }
        }
        long[] all = new long[shape.length + 1];
        all[0] = tokens.length;
        System.arraycopy(shape, 0, all, 1, shape.length);
        return Nd4j.createFromArray(flat).reshape(all);
    }

    /** Sets the features of a step, {@code features[row + f·stride]}. */
    void write(int[] tokens, int at, int label, float[] features, int row, int stride) {
        int next = 0;
        features[row + (next + before(tokens, at, 1)) * stride] = 1;
        next += codes + 1;
        if (rowLength() > 0) {
            features[row + (next + before(tokens, at, rowLength())) * stride] = 1;
            next += codes + 1;
        }
        if (stages() > 1) {
            features[row + (next + at % stages()) * stride] = 1;
            next += stages();
        }
        if (classes > 0) {
            features[row + (next + label) * stride] = 1;
        }
    }

    /** Returns the token some steps before, or K where there is none. */
    private int before(int[] tokens, int at, int steps) {
        return at < steps || tokens[at - steps] < 0 ? codes : tokens[at - steps];
    }
}
