package io.github.dl4jae.selection;

import io.github.dl4jae.internal.math.Shuffle;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selector of k random columns, as a baseline for other methods.
 *
 * @param seed the seed of the choice
 */
public record RandomSelection(long seed) implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("RandomSelection", examples, k);
        return Arrays.copyOf(Shuffle.permutation((int) examples.size(1), new Random(seed)), k);
    }
}
