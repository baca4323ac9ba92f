package io.github.dl4jae.features;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Chooses k of d columns that stand for all of them, without labels.
 *
 * <pre>{@code
 * int[] columns = new GreedyColumnSelection().select(x, 50);
 * double error = LinearReconstruction.fit(x, columns).meanSquaredError(test);
 * }</pre>
 *
 * <p>Those of this package are: {@link GreedyColumnSelection}, the one to begin with; {@link ConcreteSelection}, which trains a network; {@link
 * PcaLoadings}, {@link PrincipalFeatureAnalysis}, {@link LaplacianScore}, {@link VarianceSelection}, {@link RandomSelection}, to compare with.
 *
 * <p>Columns are taken as they are. Unless they are of one kind, as pixels are, give all the same scale first ({@link TableReader} does).
 */
@FunctionalInterface
public interface FeatureSelector {

    /**
     * Chooses columns.
     *
     * @param examples {@code [N, d]}, finite; not changed
     * @param k how many, in [1, d]
     * @return k different columns, the most important first
     * @throws IllegalArgumentException if the examples are no matrix or not finite, or k is out of range
     */
    int[] select(INDArray examples, int k);
}
