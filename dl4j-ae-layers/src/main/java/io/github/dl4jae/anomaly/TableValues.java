package io.github.dl4jae.anomaly;

import io.github.dl4jae.tabular.FeatureTable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The features of a table, row by row.
 *
 * @param features d per row
 * @param present 0 for missing values; empty if there are none
 * @param rows the number of rows
 * @param width d
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record TableValues(float[] features, float[] present, int rows, int width) {

    static TableValues of(FeatureTable table) {
        INDArray x = table.features();
        return new TableValues(
                x.dup('c').data().asFloat(),
                table.present().map(mask -> mask.dup('c').data().asFloat()).orElse(new float[0]),
                (int) x.size(0),
                (int) x.size(1));
    }

    float get(int row, int feature) {
        return features[row * width + feature];
    }

    boolean isMissing(int row, int feature) {
        return present.length > 0 && present[row * width + feature] == 0;
    }
}
