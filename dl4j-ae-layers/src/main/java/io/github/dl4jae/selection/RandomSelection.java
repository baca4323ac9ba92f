package io.github.dl4jae.selection;

import io.github.dl4jae.internal.math.Shuffle;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selector of k random columns or groups of columns, as a baseline for other methods.
 *
 * @param seed the seed of the choice
 */
public record RandomSelection(long seed) implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("RandomSelection", examples, k);
        return first(k, Math.toIntExact(examples.size(1)));
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        return first(
                k, FeatureGroups.require("RandomSelection", examples, groups, k).count());
    }

    private int[] first(int k, int of) {
        return Arrays.copyOf(Shuffle.permutation(of, new Random(seed)), k);
    }
}
