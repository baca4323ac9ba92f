package io.github.dl4jae.selection;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Any k columns: what every method has to beat.
 *
 * @param seed the same seed chooses the same columns
 */
public record RandomSelection(long seed) implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("RandomSelection", examples, k);
        List<Integer> columns =
                IntStream.range(0, (int) examples.size(1)).boxed().collect(Collectors.toList());
        Collections.shuffle(columns, new Random(seed));
        return Arrays.copyOf(columns.stream().mapToInt(j -> j).toArray(), k);
    }
}
