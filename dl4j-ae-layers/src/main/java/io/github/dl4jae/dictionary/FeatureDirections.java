package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The directions of features, as pictures or by the names of their entries. */
final class FeatureDirections {

    private static final String TITLE = "Direction";

    /** Levels of either sign, which keep the file small. */
    private static final int LEVELS = 31;

    private final INDArray directions;
    private final List<String> names;
    private final int height;
    private final int width;
    private final int channels;

    private FeatureDirections(INDArray directions, List<String> names, int height, int width, int channels) {
        this.directions = directions.castTo(DataType.FLOAT).dup('c');
        this.names = names;
        this.height = height;
        this.width = width;
        this.channels = channels;
    }

    static FeatureDirections pictures(INDArray directions, int height, int width, int channels) {
        Require.that(
                channels == 1 || channels == 3, "FeaturePage", "channels of directions must be 1 or 3", channels, "");
        return of(directions, List.of(), height, width, channels, (long) height * width * channels);
    }

    static FeatureDirections named(INDArray directions, List<String> names) {
        return of(directions, List.copyOf(names), 0, 0, 0, names.size());
    }

    private static FeatureDirections of(
            INDArray directions, List<String> names, int height, int width, int channels, long length) {
        Require.given("FeaturePage", "directions", directions, "");
        Require.that(
                directions.rank() == 2 && length > 0 && directions.size(1) == length,
                "FeaturePage",
                "directions must have shape [units, " + length + "]",
                Arrays.toString(directions.shape()),
                "map them to pixels, or name their entries");
        return new FeatureDirections(directions, names, height, width, channels);
    }

    int units() {
        return (int) directions.size(0);
    }

    /** Adds the directions to a page, and returns what its script needs to show them. */
    Map<String, Object> writeTo(PageData page, Map<String, Object> meta, int most) {
        float[][] rows = directions.toFloatMatrix();
        if (!names.isEmpty()) {
            LargestEntries entries = new LargestEntries(rows.length, names.size(), most);
            for (int unit = 0; unit < rows.length; unit++) {
                double[] values = new double[rows[unit].length];
                for (int i = 0; i < values.length; i++) {
                    values[i] = rows[unit][i];
                }
                entries.set(unit, values);
            }
            entries.writeTo(page, "direction");
            meta.put("direction-kept", entries.kept());
            return Map.of("kind", "named", "names", names, "title", TITLE);
        }
        PictureSheets sheets = new PictureSheets(height, width, channels);
        for (float[] row : rows) {
            sheets.add(pixels(row));
        }
        return Map.of(
                "kind", "pictures", "title", TITLE, "height", height, "width", width, "channels", channels, "sprites",
                sheets.writeTo(page, "directions"));
    }

    /** Returns {@code [pixels, channels]}, where 128 is 0 and 128 ± 124 is the largest magnitude. */
    private byte[] pixels(float[] row) {
        float largest = 0;
        for (float value : row) {
            largest = Math.max(largest, Math.abs(value));
        }
        int size = height * width;
        byte[] pixels = new byte[row.length];
        for (int i = 0; i < row.length; i++) {
            int level = largest > 0 ? Math.round(LEVELS * row[i] / largest) : 0;
            pixels[i % size * channels + i / size] = (byte) (128 + 4 * level);
        }
        return pixels;
    }
}
