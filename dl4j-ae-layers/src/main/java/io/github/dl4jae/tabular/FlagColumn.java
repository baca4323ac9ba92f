package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column of two values, encoded as 0 and 1.
 *
 * @param number whether the values are the numbers 0 and 1
 * @param typical whether missing values become 1
 */
record FlagColumn(String name, String off, String on, boolean number, boolean typical, boolean imputed)
        implements TableColumn {

    @Override
    public List<String> features() {
        return List.of(number ? name : name + "[" + on + "]");
    }

    @Override
    public boolean isText() {
        return !number;
    }

    @Override
    public boolean encode(Cell cell, float[] features, int offset) {
        return number ? encodeNumber(cell, features, offset) : encodeText(cell, features, offset);
    }

    private boolean encodeNumber(Cell cell, float[] features, int offset) {
        double value = TableColumn.number(name, cell);
        if (value != 0 && value != 1 && !Double.isNaN(value)) {
            throw new IllegalArgumentException("must have 0 or 1 in column '" + name + "', got "
                    + TableColumn.print(value, NumberText.MOST_DECIMALS)
                    + "; correct the value, or fit a schema to all values");
        }
        features[offset] = (float) value;
        return !Double.isNaN(value);
    }

    private boolean encodeText(Cell cell, float[] features, int offset) {
        String text = cell.text();
        if (text == null) {
            return false;
        }
        boolean known = text.equals(off) || text.equals(on);
        if (!known && cell.unseen() == UnseenLevel.ERROR) {
            throw TableColumn.unseen(name, text, List.of(off, on));
        } else if (!known && cell.unseen() == UnseenLevel.MOST_FREQUENT) {
            encodeTypical(features, offset);
        } else {
            features[offset] = text.equals(on) ? 1 : 0;
        }
        return true;
    }

    @Override
    public void encodeTypical(float[] features, int offset) {
        features[offset] = typical ? 1 : 0;
    }

    /** Returns the value that replaces a missing one, or null if there is no replacement. */
    @Nullable
    String replacement() {
        return imputed ? (typical ? on : off) : null;
    }

    @Override
    public String decode(float[] features, int offset) {
        return features[offset] > 0.5f ? on : off;
    }

    @Override
    public double distance(float[] features, float[] others, int offset) {
        return decode(features, offset).equals(decode(others, offset)) ? 0 : 1;
    }

    @Override
    public boolean isQuantity() {
        return false;
    }

    @Override
    public void addTo(LossMixed.Builder loss) {
        loss.bernoulli(1);
    }
}
