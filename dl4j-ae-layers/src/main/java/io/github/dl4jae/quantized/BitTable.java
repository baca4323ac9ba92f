package io.github.dl4jae.quantized;

import java.util.Arrays;

/**
 * Binary codes: each feature is a bit, 1 where its logit is above 0.
 *
 * @param width the number of bits
 */
record BitTable(int width) implements CodeTable {

    @Override
    public int stages() {
        return width;
    }

    @Override
    public int codes() {
        return 2;
    }

    @Override
    public int[] indices(double[] rows) {
        return Arrays.stream(rows).mapToInt(z -> z > 0 ? 1 : 0).toArray();
    }

    @Override
    public double[] vectors(int[] indices) {
        return Arrays.stream(indices).asDoubleStream().toArray();
    }
}
