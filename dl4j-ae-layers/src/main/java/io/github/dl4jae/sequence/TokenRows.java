package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Texts with their ends as training sequences, one-hot when they are needed. */
record TokenRows(int vocabulary, List<int[]> tokens) implements SequenceRows {

    static TokenRows of(String subject, Vocabulary vocabulary, List<String> texts) {
        Require.given(subject, "texts", texts, "");
        Require.that(!texts.isEmpty(), subject, "texts must be given", "none", "");
        return new TokenRows(
                vocabulary.size(), texts.stream().map(vocabulary::encodeWithEnd).toList());
    }

    /** Returns tokens as one-hot columns {@code [N, vocabulary, steps]}, with zeros after them. */
    static INDArray oneHot(int[][] tokens, int vocabulary, int steps) {
        float[] values = new float[tokens.length * vocabulary * steps];
        for (int i = 0; i < tokens.length; i++) {
            for (int t = 0; t < tokens[i].length; t++) {
                values[(i * vocabulary + tokens[i][t]) * steps + t] = 1;
            }
        }
        return Nd4j.createFromArray(values).reshape(tokens.length, vocabulary, steps);
    }

    @Override
    public int[] lengths() {
        return tokens.stream().mapToInt(each -> each.length).toArray();
    }

    @Override
    public INDArray of(int[] rows, int steps, DataType type) {
        int[][] chosen = Arrays.stream(rows).mapToObj(tokens::get).toArray(int[][]::new);
        return oneHot(chosen, vocabulary, steps).castTo(type);
    }
}
