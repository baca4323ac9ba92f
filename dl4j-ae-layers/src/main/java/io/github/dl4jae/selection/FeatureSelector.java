package io.github.dl4jae.selection;

import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableReader;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * An unsupervised selector of k of d columns that represent all columns.
 *
 * <pre>{@code
 * int[] columns = new GreedyColumnSelection().select(x, 50);
 * double error = LinearReconstruction.fit(x, columns).meanSquaredError(test);
 * }</pre>
 *
 * <p>{@link GreedyColumnSelection} is the one to start with. {@link ConcreteSelection} trains a network. {@link
 * PcaLoadings}, {@link PrincipalFeatureAnalysis}, {@link LaplacianScore}, {@link VarianceSelection} and {@link
 * RandomSelection} serve for comparison.
 *
 * <p>Selectors do not scale columns. Standardize columns of different units first, as {@link TableReader} does.
 */
@FunctionalInterface
public interface FeatureSelector {

    /**
     * Selects columns.
     *
     * @param examples {@code [N, d]}, finite; not changed
     * @param k the number of columns, in [1, d]
     * @return the indices of k distinct columns, the most important first
     * @throws IllegalArgumentException if the examples are not a matrix or not finite, or k is out of range
     */
    int[] select(INDArray examples, int k);

    /**
     * Selects whole columns of a table. A categorical column has several features; it is chosen for the most important
     * of them, and counts once.
     *
     * @param table the table, whose rows are the examples
     * @param k the number of columns of the file, at least 1 and at most as many as have features
     * @return the columns, with their names and the variance that they explain
     * @throws IllegalArgumentException if k is out of range
     */
    default SelectedFeatures select(FeatureTable table, int k) {
        return new SelectedFeatures(table, WholeColumns.select(this, table, k));
    }
}
