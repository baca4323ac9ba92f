package io.github.dl4jae.selection;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableReader;
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

    /**
     * Chooses columns of a table.
     *
     * @param table its rows are the examples
     * @param k how many, in [1, d]
     * @return the columns, with their names and what they explain
     * @throws IllegalArgumentException if k is out of range
     */
    default SelectedFeatures select(FeatureTable table, int k) {
        return new SelectedFeatures(table, select(table.features(), k));
    }
}
