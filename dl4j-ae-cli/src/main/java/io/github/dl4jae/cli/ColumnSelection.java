package io.github.dl4jae.cli;

import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.selection.SelectedFeatures;
import io.github.dl4jae.tabular.TableSplit;
import java.util.List;

/** Selected columns of a table. Their R² is a mean over columns. */
record ColumnSelection(TableSplit split, SelectedFeatures selected) implements Selection {

    /**
     * Selects columns.
     *
     * @throws IllegalArgumentException if there are too few
     */
    static ColumnSelection of(TableSplit split, FeatureSelector selector, int k) {
        int columns = split.schema().columnNames().size();
        if (k > columns) {
            throw new IllegalArgumentException("--k must be at most " + columns
                    + ", the number of columns with features, got " + k
                    + "; --keep and --categorical encode columns that were left out");
        }
        return new ColumnSelection(split, selector.select(split.train(), k));
    }

    @Override
    public ColumnSelection by(FeatureSelector selector) {
        return of(split, selector, selected.columnNames().size());
    }

    @Override
    public String unit() {
        return "columns";
    }

    @Override
    public int selectable() {
        return split.schema().columnNames().size();
    }

    @Override
    public List<String> keyNames() {
        return List.of("column");
    }

    @Override
    public List<List<String>> keys() {
        return selected.columnNames().stream().map(List::of).toList();
    }

    @Override
    public double r2(int first) {
        return selected.first(first).meanR2(split.test());
    }
}
