package io.github.dl4jae.anomaly;

import io.github.dl4jae.data.SyntheticTable;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** Tables whose columns depend on four of them, and corrupted ones. */
final class CorruptedTable {

    private CorruptedTable() {}

    /** Returns 20 columns: four informative ones and 16 mixtures of them. */
    static INDArray standardized(int rows) {
        INDArray table = SyntheticTable.generate(rows, 4, 16, 0, 5).features();
        return table.subiRowVector(table.mean(0)).diviRowVector(table.std(0));
    }

    /** Returns the same columns in [0, 1]. */
    static INDArray unitInterval(int rows) {
        INDArray table = standardized(rows);
        INDArray least = table.min(0);
        return table.subRowVector(least).diviRowVector(table.max(0).sub(least));
    }

    static INDArray rows(INDArray table, int from, int to) {
        return table.get(NDArrayIndex.interval(from, to)).dup();
    }

    /** Breaks the dependencies between columns, and doubles the deviations from the middle. */
    static INDArray shuffledColumns(INDArray table) {
        INDArray shuffled = table.dup();
        Random random = new Random(9);
        INDArray middle = table.mean(0);
        for (int j = 0; j < table.columns(); j++) {
            for (int i = 0; i < table.rows(); i++) {
                double value = table.getDouble(random.nextInt(table.rows()), j);
                shuffled.putScalar(i, j, 2 * value - middle.getDouble(j));
            }
        }
        return shuffled;
    }
}
