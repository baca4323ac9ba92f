package io.github.dl4jae.internal.kernel;

import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Functions of a value and a random number, applied to each value of an array of any shape and order in memory.
 *
 * <pre>{@code
 * NoiseStream noise = NoiseStream.of(seed, "hidden").at(iteration, epoch, 0);
 * NoisyRows.apply(probabilities, samples, noise::uniform, (p, u) -> u < p ? 1 : 0);
 * }</pre>
 */
public final class NoisyRows {

    private NoisyRows() {}

    /** Random numbers of one row: {@link NoiseStream#uniform} or {@link NoiseStream#normal}. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fills a row.
         *
         * @param row its number
         * @param to the destination
         * @param offset where in the destination
         * @param n the length of the row
         */
        void fill(long row, double[] to, int offset, int n);
    }

    /**
     * out = f(in, noise).
     *
     * @param in {@code [B, …]}
     * @param out of the same shape; may be {@code in}
     * @param noise numbers depend on the place of a value, not on how the array lies in memory
     * @param f of the value and the random number; called from several threads
     * @return {@code out}
     * @throws IllegalArgumentException if there are no values, or {@code out} cannot hold real numbers
     */
    public static INDArray apply(INDArray in, INDArray out, Source noise, DoubleBinaryOperator f) {
        if (in.isEmpty()) {
            throw new IllegalArgumentException("NoisyRows: the array must have at least one value, got shape "
                    + Arrays.toString(in.shape()) + "; leave out empty mini-batches");
        }
        if (!out.dataType().isFPType()) {
            throw new IllegalArgumentException("NoisyRows: results must have a floating-point type, got "
                    + out.dataType() + ", which would cut them off; cast the features, as with castTo(DataType.FLOAT)");
        }
        int rows = Math.toIntExact(in.size(0));
        int n = Math.toIntExact(in.length() / rows);
        if (isPlain(in) && isPlain(out)) {
            FloatRows from = FloatRows.of(in.reshape('c', rows, n));
            FloatRows to = FloatRows.of(out.reshape('c', rows, n));
            RowBlocks.of(rows, 8L * n).forEach((block, first, end) -> {
                float[] row = new float[n];
                double[] random = new double[n];
                for (int i = first; i < end; i++) {
                    from.read(i, row);
                    noise.fill(i, random, 0, n);
                    for (int j = 0; j < n; j++) {
                        row[j] = (float) f.applyAsDouble(row[j], random[j]);
                    }
                    to.write(i, row);
                }
            });
            return out;
        }
        double[] values = in.castTo(DataType.DOUBLE).dup('c').data().asDouble();
        double[] random = new double[n];
        for (int i = 0; i < rows; i++) {
            noise.fill(i, random, 0, n);
            for (int j = 0; j < n; j++) {
                values[i * n + j] = f.applyAsDouble(values[i * n + j], random[j]);
            }
        }
        return out.assign(Nd4j.createFromArray(values).reshape('c', in.shape()));
    }

    /** Whether the rows lie one behind the other. */
    private static boolean isPlain(INDArray array) {
        long rows = array.size(0);
        return array.ordering() == 'c'
                && Shape.hasDefaultStridesForShape(array)
                && FloatRows.canView(array.reshape('c', rows, array.length() / rows));
    }
}
