package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.util.List;

/**
 * A numeric column, standardized to (x − mean)/deviation.
 *
 * @param decimals with which numbers are printed
 * @param typical the replacement of missing values
 */
record NumericColumn(String name, double mean, double deviation, int decimals, double typical, boolean imputed)
        implements TableColumn {

    @Override
    public List<String> features() {
        return List.of(name);
    }

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public boolean encode(Cell cell, float[] features, int offset) {
        double number = TableColumn.number(name, cell);
        features[offset] = (float) ((number - mean) / deviation);
        return !Double.isNaN(number);
    }

    @Override
    public void encodeTypical(float[] features, int offset) {
        features[offset] = (float) ((typical - mean) / deviation);
    }

    @Override
    public String decode(float[] features, int offset) {
        return TableColumn.print(mean + deviation * features[offset], decimals);
    }

    @Override
    public double distance(float[] features, float[] others, int offset) {
        return deviation * Math.abs(features[offset] - others[offset]);
    }

    @Override
    public boolean isQuantity() {
        return true;
    }

    @Override
    public void addTo(LossMixed.Builder loss) {
        loss.learnedVariance(1);
    }
}
