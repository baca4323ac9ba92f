package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.tabular.FeatureTable;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The rows that a method is fitted to, and those that it scores. Columns are standardized by the fitted rows.
 *
 * @param fitted N rows
 * @param scored M rows
 * @param isAnomaly the labels of the scored rows
 * @param isSame whether both are the same rows
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record AdbenchSplit(FeatureTable fitted, FeatureTable scored, boolean[] isAnomaly, boolean isSame) {

    static AdbenchSplit of(INDArray fitted, INDArray scored, boolean[] isAnomaly, boolean isSame) {
        FeatureTable first = FeatureTable.fit(
                fitted,
                IntStream.rangeClosed(1, (int) fitted.size(1))
                        .mapToObj(j -> "x" + j)
                        .toList());
        return new AdbenchSplit(first, isSame ? first : first.schema().encode(scored), isAnomaly, isSame);
    }

    int columns() {
        return fitted.names().size();
    }
}
