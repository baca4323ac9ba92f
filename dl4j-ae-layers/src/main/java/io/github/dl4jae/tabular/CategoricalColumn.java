package io.github.dl4jae.tabular;

import io.github.dl4jae.likelihood.LossMixed;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A categorical column, encoded one-hot.
 *
 * @param levels the categories, sorted
 * @param typical the category that occurs most often, which replaces missing values
 */
record CategoricalColumn(String name, List<String> levels, String typical, boolean imputed) implements TableColumn {

    CategoricalColumn {
        levels = TableColumn.sorted(name, levels);
    }

    @Override
    public List<String> features() {
        List<String> names = new ArrayList<>();
        levels.forEach(level -> names.add(name + "[" + level + "]"));
        return names;
    }

    @Override
    public boolean isText() {
        return true;
    }

    @Override
    public boolean encode(Cell cell, float[] features, int offset) {
        String text = cell.text();
        if (text == null) {
            return false;
        }
        int level = Collections.binarySearch(levels, text);
        if (level < 0 && cell.unseen() == UnseenLevel.ERROR) {
            throw TableColumn.unseen(name, text, levels);
        }
        write(
                level < 0 && cell.unseen() == UnseenLevel.MOST_FREQUENT
                        ? Collections.binarySearch(levels, typical)
                        : level,
                features,
                offset);
        return true;
    }

    /** Writes 1 in the place of a category and 0 in the others; a negative one has no place. */
    private void write(int level, float[] features, int offset) {
        Arrays.fill(features, offset, offset + levels.size(), 0f);
        if (level >= 0) {
            features[offset + level] = 1;
        }
    }

    @Override
    public void encodeTypical(float[] features, int offset) {
        write(Collections.binarySearch(levels, typical), features, offset);
    }

    /** Returns the value that replaces a missing one, or null if there is no replacement. */
    @Nullable
    String replacement() {
        return imputed ? typical : null;
    }

    @Override
    public String decode(float[] features, int offset) {
        return levels.get(likeliest(features, offset));
    }

    private int likeliest(float[] features, int offset) {
        int best = 0;
        for (int level = 1; level < levels.size(); level++) {
            if (features[offset + level] > features[offset + best]) {
                best = level;
            }
        }
        return best;
    }

    @Override
    public double distance(float[] features, float[] others, int offset) {
        return likeliest(features, offset) == likeliest(others, offset) ? 0 : 1;
    }

    @Override
    public boolean isQuantity() {
        return false;
    }

    @Override
    public void addTo(LossMixed.Builder loss) {
        loss.categorical(levels.size());
    }
}
