package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.util.List;

/**
 * A column that is not encoded.
 *
 * @param reason why, for a reader
 */
record LeftOutColumn(String name, String reason) implements TableColumn {

    @Override
    public List<String> features() {
        return List.of();
    }

    @Override
    public boolean isText() {
        return false;
    }

    @Override
    public boolean imputed() {
        return true;
    }

    @Override
    public boolean encode(Cell cell, float[] features, int offset) {
        return true;
    }

    @Override
    public void encodeTypical(float[] features, int offset) {}

    @Override
    public String decode(float[] features, int offset) {
        return "";
    }

    @Override
    public double distance(float[] features, float[] others, int offset) {
        return 0;
    }

    @Override
    public boolean isQuantity() {
        return false;
    }

    @Override
    public void addTo(LossMixed.Builder loss) {}
}
