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

    /** The relative distance of float32 numbers. */
    private static final double FLOAT_STEP = 0x1p-23;

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
        double step = deviation * Math.max(1, Math.abs(features[offset])) * FLOAT_STEP;
        int sound = (int) Math.max(0, -Math.ceil(Math.log10(step)));
        return TableColumn.print(mean + deviation * features[offset], Math.min(decimals, sound));
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
