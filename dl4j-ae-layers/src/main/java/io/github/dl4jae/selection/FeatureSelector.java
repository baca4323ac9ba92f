package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
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
     * Selects groups of columns, such as the columns that represent one categorical value.
     *
     * <p>{@link GreedyColumnSelection} compares groups by the reduction of the error by all their columns, {@link
     * ConcreteSelection} by the sum of their probabilities, {@link PcaLoadings} by the norm of their loadings, {@link
     * VarianceSelection} by the sum of their variances. {@link LaplacianScore} sums numerator and denominator over the
     * columns. {@link RandomSelection} draws groups. {@link PrincipalFeatureAnalysis} selects the groups of the most
     * important columns, as your own selector does if it does not override this method.
     *
     * @param examples {@code [N, d]}, finite; not changed
     * @param groups for each column, the index of its group, counted from 0 without gaps
     * @param k the number of groups, at least 1 and at most as many as there are
     * @return the indices of k distinct groups, the most important first
     * @throws IllegalArgumentException if the examples are not a matrix or not finite, the groups do not fit, or k is
     *     out of range
     */
    default int[] select(INDArray examples, int[] groups, int k) {
        return FeatureGroups.require("FeatureSelector", examples, groups, k).ofFirstFeatures(this, examples, k);
    }

    /**
     * Selects whole columns of a table. A categorical column has several features, which form a group and count once.
     *
     * @param table the table, whose rows are the examples
     * @param k the number of columns of the file, at least 1 and at most as many as have features
     * @return the columns, with their names and the variance that they explain
     * @throws IllegalArgumentException if k is out of range
     */
    default SelectedFeatures select(FeatureTable table, int k) {
        int columns = table.schema().columnNames().size();
        Require.that(
                k >= 1 && k <= columns,
                "FeatureSelector",
                "k must be in [1, " + columns + "] (the table has " + columns + " columns with features)",
                k,
                "");
        return new SelectedFeatures(
                table, select(table.features(), table.schema().columnOfFeature(), k));
    }
}
