package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.kernel.RowBlocks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The winners of {@link WinnerTakeAllLayer} in a mini-batch: indices into the matrix {@code [examples·positions,
 * units]} of its activations. Among equal values the first example, and in it the first position, wins.
 */
final class Winners {

    private final int units;
    /** The rows of each example that take part; examples without any are left out. */
    private final List<int[]> examples = new ArrayList<>();

    /**
     * Prepares a search.
     *
     * @param rows the number of rows of the matrix
     * @param units the number of its columns
     * @param positions the number of rows per example
     * @param mask 0 for rows that take no part, {@code [rows, 1]}; null if all do
     */
    Winners(int rows, int units, int positions, @Nullable INDArray mask) {
        this.units = units;
        for (int first = 0; first < rows; first += positions) {
            int[] open = IntStream.range(first, first + positions)
                    .filter(row -> mask == null || mask.getDouble(row) != 0)
                    .toArray();
            if (open.length > 0) {
                examples.add(open);
            }
        }
    }

    /** Returns the index of the largest value of each unit in each example: first example, all units, and so on. */
    int[] ofMaps(MatrixValues values) {
        int most = examples.stream().mapToInt(rows -> rows.length).max().orElse(0);
        int[] winners = new int[examples.size() * units];
        RowBlocks.of(examples.size(), (long) most * units).forEach((block, from, to) -> {
            MatrixValues.Search search = values.search(1, most);
            int[] map = new int[most];
            for (int example = from; example < to; example++) {
                int[] rows = examples.get(example);
                for (int unit = 0; unit < units; unit++) {
                    for (int i = 0; i < rows.length; i++) {
                        map[i] = rows[i] * units + unit;
                    }
                    search.largest(map, rows.length, winners, example * units + unit);
                }
            }
        });
        return winners;
    }

    /** Returns all indices that take part, row by row. */
    int[] all() {
        return examples.stream()
                .flatMapToInt(Arrays::stream)
                .flatMap(row -> IntStream.range(row * units, (row + 1) * units))
                .toArray();
    }

    /**
     * Returns the largest of the candidates of each unit.
     *
     * @param values of the matrix
     * @param candidates the same number of indices for each unit, in turn
     * @param fraction the fraction to keep; at least one is kept
     */
    int[] ofMinibatch(MatrixValues values, int[] candidates, double fraction) {
        int perUnit = candidates.length / units;
        if (perUnit == 0) {
            return candidates;
        }
        int k = (int) Math.max(1, Math.round(fraction * perUnit));
        int[] winners = new int[units * k];
        RowBlocks.of(units, perUnit).forEach((block, from, to) -> {
            MatrixValues.Search search = values.search(k, perUnit);
            int[] ofUnit = new int[perUnit];
            for (int unit = from; unit < to; unit++) {
                for (int i = 0; i < perUnit; i++) {
                    ofUnit[i] = candidates[i * units + unit];
                }
                search.largest(ofUnit, perUnit, winners, unit * k);
            }
        });
        return winners;
    }
}
