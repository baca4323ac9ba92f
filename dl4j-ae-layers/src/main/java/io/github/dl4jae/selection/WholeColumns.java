package io.github.dl4jae.selection;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;

/** The selection of whole columns of a table by a selector of features. */
final class WholeColumns {

    private WholeColumns() {}

    /**
     * Selects columns. The selector chooses features, and more of them as long as they belong to too few columns.
     *
     * @return the indices of k columns in the schema's {@code columnNames}, the most important first
     */
    static int[] select(FeatureSelector selector, FeatureTable table, int k) {
        int columns = table.schema().columnNames().size();
        Require.that(
                k >= 1 && k <= columns,
                "FeatureSelector",
                "k must be in [1, " + columns + "] (the table has " + columns + " columns with features)",
                k,
                "");
        int[] columnOfFeature = table.schema().columnOfFeature();
        for (int features = k; ; features = Math.min(2 * features, columnOfFeature.length)) {
            int[] chosen = Arrays.stream(selector.select(table.features(), features))
                    .map(feature -> columnOfFeature[feature])
                    .distinct()
                    .limit(k)
                    .toArray();
            if (chosen.length == k) {
                return chosen;
            }
        }
    }
}
