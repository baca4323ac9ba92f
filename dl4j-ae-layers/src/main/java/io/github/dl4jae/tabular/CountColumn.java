package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.util.List;

/**
 * A column of counts 0, 1, 2, …, which stay as they are.
 *
 * @param typical the replacement of missing values
 */
record CountColumn(String name, double typical, boolean imputed) implements TableColumn {

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
        if (number < 0 || number > Math.floor(number)) {
            throw new IllegalArgumentException("must have counts in column '" + name + "', got "
                    + TableColumn.print(number, NumberText.MOST_DECIMALS) + "; leave counts(…) out for other numbers");
        }
        features[offset] = (float) number;
        return !Double.isNaN(number);
    }

    @Override
    public void encodeTypical(float[] features, int offset) {
        features[offset] = (float) typical;
    }

    @Override
    public String decode(float[] features, int offset) {
        return TableColumn.print(Math.max(0, features[offset]), 0);
    }

    @Override
    public double distance(float[] features, float[] others, int offset) {
        return Math.abs(features[offset] - others[offset]);
    }

    @Override
    public boolean isQuantity() {
        return true;
    }

    @Override
    public void addTo(LossMixed.Builder loss) {
        loss.poisson(1);
    }
}
