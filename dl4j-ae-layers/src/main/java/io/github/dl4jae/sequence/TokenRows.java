package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Texts with their ends as training sequences, one-hot when they are needed. */
record TokenRows(int vocabulary, List<int[]> tokens) implements SequenceRows {

    static TokenRows of(String subject, Vocabulary vocabulary, List<String> texts) {
        Require.given(subject, "texts", texts, "");
        Require.that(!texts.isEmpty(), subject, "texts must be given", "none", "");
        return new TokenRows(
                vocabulary.size(), texts.stream().map(vocabulary::encodeWithEnd).toList());
    }

    @Override
    public int[] lengths() {
        return tokens.stream().mapToInt(each -> each.length).toArray();
    }

    @Override
    public INDArray of(int[] rows, int steps, DataType type) {
        int[][] chosen = Arrays.stream(rows).mapToObj(tokens::get).toArray(int[][]::new);
        return Translator.oneHot(chosen, vocabulary, steps).castTo(type);
    }
}
