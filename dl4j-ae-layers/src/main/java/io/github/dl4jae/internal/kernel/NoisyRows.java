package io.github.dl4jae.internal.kernel;

import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.function.DoubleBinaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.shape.Shape;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Functions of a value and a random number, applied to each value of an array of any shape and memory order.
 *
 * <pre>{@code
 * NoiseStream noise = NoiseStream.of(seed, "hidden").at(iteration, epoch, 0);
 * NoisyRows.apply(probabilities, samples, noise::uniform, (p, u) -> u < p ? 1 : 0);
 * }</pre>
 */
public final class NoisyRows {

    private NoisyRows() {}

    /** A source of random numbers for a row: {@link NoiseStream#uniform} or {@link NoiseStream#normal}. */
    @FunctionalInterface
    public interface Source {
        /**
         * Fills a row with random numbers.
         *
         * @param row the index of the row
         * @param to the destination
         * @param offset the first index in the destination
         * @param n the length of the row
         */
        void fill(long row, double[] to, int offset, int n);
    }

    /**
     * Computes out = f(in, noise).
     *
     * @param in {@code [B, …]}
     * @param out receives the result, of the same shape; may be {@code in}
     * @param noise the random numbers, which depend on the position of a value, not on the memory order
     * @param f a function of the value and the random number; called from several threads
     * @return {@code out}
     * @throws IllegalArgumentException if there are no values, or {@code out} is not of a floating-point type
     */
    public static INDArray apply(INDArray in, INDArray out, Source noise, DoubleBinaryOperator f) {
        if (in.isEmpty()) {
            throw new IllegalArgumentException("NoisyRows: the array must have at least one value, got shape "
                    + Arrays.toString(in.shape()) + "; remove empty mini-batches");
        }
        if (!out.dataType().isFPType()) {
            throw new IllegalArgumentException("NoisyRows: results must have a floating-point type, got "
                    + out.dataType() + ", which would truncate them; cast the features with castTo(DataType.FLOAT)");
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

    /** Returns whether the rows are contiguous in memory and can be viewed. */
    private static boolean isPlain(INDArray array) {
        long rows = array.size(0);
        return array.ordering() == 'c'
                && Shape.hasDefaultStridesForShape(array)
                && FloatRows.canView(array.reshape('c', rows, array.length() / rows));
    }
}
