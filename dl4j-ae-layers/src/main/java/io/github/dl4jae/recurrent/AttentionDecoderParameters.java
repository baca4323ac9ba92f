package io.github.dl4jae.recurrent;

import io.github.dl4jae.noise.NoiseStream;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The parameters of an {@link AttentionDecoderVertex}, as views of one flat array. */
final class AttentionDecoderParameters {

    /** Weights of [x_i, c_i], {@code [n+m, k·h]}. */
    static final String W = "W";
    /** Recurrent weights, {@code [h, k·h]}. */
    static final String R = "RW";
    /** Bias of the cell, {@code [1, k·h]}. */
    static final String B = "b";
    /** Weights of the query, {@code [h, A]}. */
    static final String Q = "Q";
    /** Weights of the keys, {@code [m, A]}. */
    static final String K = "K";
    /** Bias of the keys, {@code [1, A]}. */
    static final String KB = "kb";
    /** Weights of the score, {@code [A, 1]}. */
    static final String V = "v";
    /** Weights of the initial state, {@code [m, h]}. */
    static final String I = "I";
    /** Bias of the initial state, {@code [1, h]}. */
    static final String IB = "ib";

    private final AttentionDecoderVertex vertex;
    private final Map<String, INDArray> views = new LinkedHashMap<>();

    AttentionDecoderParameters(AttentionDecoderVertex vertex, INDArray flat) {
        this.vertex = vertex;
        INDArray all = flat.reshape(flat.length());
        long offset = 0;
        for (Map.Entry<String, long[]> each : shapes(vertex).entrySet()) {
            long[] shape = each.getValue();
            long end = offset + shape[0] * shape[1];
            views.put(each.getKey(), all.get(NDArrayIndex.interval(offset, end)).reshape('f', shape));
            offset = end;
        }
    }

    static Map<String, long[]> shapes(AttentionDecoderVertex vertex) {
        long n = vertex.getInputs();
        long m = vertex.getEncoderUnits();
        long h = vertex.getUnits();
        long attention = vertex.getAttention();
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put(W, new long[] {n + m, vertex.getCell().gates() * h});
        shapes.put(R, new long[] {h, vertex.getCell().gates() * h});
        shapes.put(B, new long[] {1, vertex.getCell().biases() * h});
        shapes.put(Q, new long[] {h, attention});
        shapes.put(K, new long[] {m, attention});
        shapes.put(KB, new long[] {1, attention});
        shapes.put(V, new long[] {attention, 1});
        shapes.put(I, new long[] {m, h});
        shapes.put(IB, new long[] {1, h});
        return shapes;
    }

    INDArray get(String name) {
        return Objects.requireNonNull(views.get(name), name);
    }

    Map<String, INDArray> views() {
        return views;
    }

    /** Draws weights as Glorot and Bengio; biases are 0, those of forget gates 1. */
    void initialize(long seed, String name) {
        int h = vertex.getUnits();
        for (Map.Entry<String, INDArray> each : views.entrySet()) {
            INDArray view = each.getValue();
            view.assign(0);
            if (view.size(0) > 1) {
                boolean ofGates = each.getKey().equals(W) || each.getKey().equals(R);
                double bound = Math.sqrt(6.0 / (view.size(0) + (ofGates ? h : view.size(1))));
                double[] uniform = new double[(int) view.length()];
                NoiseStream.of(seed, name + "/" + each.getKey()).uniform(0, uniform, 0, uniform.length);
                view.assign(Nd4j.createFromArray(uniform)
                        .muli(2 * bound)
                        .subi(bound)
                        .reshape('c', view.shape())
                        .castTo(view.dataType()));
            }
        }
        if (vertex.getCell() == RecurrentCell.LSTM) {
            get(B).get(NDArrayIndex.all(), NDArrayIndex.interval(h, 2L * h)).assign(1);
        }
    }
}
