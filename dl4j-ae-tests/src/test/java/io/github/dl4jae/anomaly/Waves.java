package io.github.dl4jae.anomaly;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Correlated rows x_ij = sin(1 + 3i + 5j) + c·sin(2 + 7i), which other programs can compute too. */
final class Waves {

    private Waves() {}

    static double[][] rows(int n, int d, double c) {
        double[][] rows = new double[n][d];
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < d; j++) {
                rows[i][j] = Math.sin(1 + 3.0 * i + 5.0 * j) + c * Math.sin(2 + 7.0 * i);
            }
        }
        return rows;
    }

    static INDArray array(int n, int d, double c) {
        return array(rows(n, d, c));
    }

    static INDArray array(double[]... rows) {
        return Nd4j.createFromArray(rows).castTo(DataType.FLOAT);
    }
}
