package io.github.dl4jae.dictionary;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/** The entries of largest magnitude in each row of a matrix, as an index, a share of the largest, and the largest. */
final class LargestEntries {

    private final int kept;
    private final short[] index;
    private final short[] value;
    private final float[] size;

    LargestEntries(int rows, int columns, int most) {
        this.kept = Math.min(columns, most);
        this.index = new short[rows * kept];
        this.value = new short[rows * kept];
        this.size = new float[rows];
    }

    void set(int row, double[] values) {
        List<Integer> order = IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -Math.abs(values[i])))
                .limit(kept)
                .toList();
        double largest = Math.abs(values[order.get(0)]);
        size[row] = (float) largest;
        for (int k = 0; k < kept; k++) {
            int column = order.get(k);
            index[row * kept + k] = (short) column;
            value[row * kept + k] = largest == 0 ? 0 : (short) Math.round(32767 * values[column] / largest);
        }
    }

    void writeTo(PageData page, String name) {
        page.unsignedShorts(name + "-index", index);
        page.shorts(name + "-value", value);
        page.floats(name + "-size", size);
    }

    int kept() {
        return kept;
    }
}
