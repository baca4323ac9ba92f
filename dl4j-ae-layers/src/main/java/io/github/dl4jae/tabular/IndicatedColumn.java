package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.util.ArrayList;
import java.util.List;

/**
 * A column with another feature that is 1 where its value is missing.
 *
 * @param column the column without it
 */
record IndicatedColumn(TableColumn column) implements TableColumn {

    @Override
    public String name() {
        return column.name();
    }

    @Override
    public List<String> features() {
        List<String> names = new ArrayList<>(column.features());
        names.add(indicator());
        return names;
    }

    /** Returns the name of the feature. */
    String indicator() {
        return name() + "[missing]";
    }

    @Override
    public boolean isText() {
        return column.isText();
    }

    @Override
    public boolean imputed() {
        return column.imputed();
    }

    @Override
    public boolean encode(Cell cell, float[] features, int offset) {
        features[place(offset)] = 0;
        return column.encode(cell, features, offset);
    }

    private int place(int offset) {
        return offset + column.features().size();
    }

    @Override
    public void encodeTypical(float[] features, int offset) {
        column.encodeTypical(features, offset);
        features[place(offset)] = 1;
    }

    @Override
    public String decode(float[] features, int offset) {
        return features[place(offset)] > 0.5f ? "" : column.decode(features, offset);
    }

    @Override
    public double distance(float[] features, float[] others, int offset) {
        return column.distance(features, others, offset);
    }

    @Override
    public boolean isQuantity() {
        return column.isQuantity();
    }

    @Override
    public void addTo(LossMixed.Builder loss) {
        column.addTo(loss);
        loss.bernoulli(1);
    }
}
