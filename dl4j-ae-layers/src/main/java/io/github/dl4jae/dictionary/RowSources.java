package io.github.dl4jae.dictionary;

import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The activations of one place, or of two side by side, as rows of float32 values. */
final class RowSources {

    private RowSources() {}

    /** Returns the rows of an epoch, part by part. */
    static Supplier<Iterator<float[]>> of(List<NetworkPlace> places, ExampleSource examples) {
        return () -> {
            ActivationStream stream = new ActivationStream(places, examples);
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return stream.hasNext();
                }

                @Override
                public float[] next() {
                    return join(stream.next().values());
                }
            };
        };
    }

    /** Returns the widths of the activations of each place, from the first mini-batch. */
    static List<Integer> widths(List<NetworkPlace> places, ExampleSource examples) {
        ActivationStream stream = new ActivationStream(places, examples);
        LayerActivations.requireSome(stream.hasNext());
        return stream.next().values().stream()
                .map(values -> Math.toIntExact(values.size(1)))
                .toList();
    }

    private static float[] join(List<INDArray> parts) {
        if (parts.size() == 1) {
            return floats(parts.get(0));
        }
        float[] left = floats(parts.get(0));
        float[] right = floats(parts.get(1));
        int n = Math.toIntExact(parts.get(0).size(0));
        int a = left.length / n;
        int b = right.length / n;
        float[] rows = new float[left.length + right.length];
        for (int row = 0; row < n; row++) {
            System.arraycopy(left, row * a, rows, row * (a + b), a);
            System.arraycopy(right, row * b, rows, row * (a + b) + a, b);
        }
        return rows;
    }

    private static float[] floats(INDArray values) {
        return values.castTo(DataType.FLOAT).dup('c').reshape(values.length()).toFloatVector();
    }
}
