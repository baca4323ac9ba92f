package io.github.dl4jae.anomaly;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Attribution of any score, by replacing one value at a time.
 *
 * <pre>
 * a_j = s(x) − s(x with x_j replaced by y_j)
 * </pre>
 */
final class Occlusion {

    private Occlusion() {}

    /** Scores the first examples of a block. */
    @FunctionalInterface
    interface BlockFunction {
        double[] score(INDArray block, int count);
    }

    /**
     * Returns the attribution of the first examples of a block.
     *
     * @param block x, {@code [16, …]}
     * @param replacements y, as many values
     */
    static double[][] attribute(INDArray block, INDArray replacements, int count, BlockFunction score) {
        double[] whole = score.score(block, count);
        float[] x = block.castTo(DataType.FLOAT).dup('c').data().asFloat();
        float[] y = replacements.castTo(DataType.FLOAT).dup('c').data().asFloat();
        int d = x.length / ExampleBlocks.SIZE;
        double[][] parts = new double[count][d];
        for (int i = 0; i < count; i++) {
            for (int from = 0; from < d; from += ExampleBlocks.SIZE) {
                int some = Math.min(ExampleBlocks.SIZE, d - from);
                float[] changed = new float[x.length];
                for (int row = 0; row < ExampleBlocks.SIZE; row++) {
                    System.arraycopy(x, i * d, changed, row * d, d);
                    if (row < some) {
                        changed[row * d + from + row] = y[i * d + from + row];
                    }
                }
                double[] without = score.score(Nd4j.createFromArray(changed).reshape('c', block.shape()), some);
                for (int row = 0; row < some; row++) {
                    parts[i][from + row] = whole[i] - without[row];
                }
            }
        }
        return parts;
    }
}
