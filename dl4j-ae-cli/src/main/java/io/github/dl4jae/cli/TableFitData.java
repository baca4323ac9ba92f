package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.cli.TableExamples.TableBatch;
import io.github.dl4jae.selection.FeatureSelector;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.TableSplit;
import io.github.dl4jae.zoo.DataShape;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The rows of a table. */
record TableFitData(Path file, TableSplit split) implements FitData {

    static TableFitData read(Path file, TableReader reader, double trainingFraction, long seed) {
        return new TableFitData(file, reader.split(file, trainingFraction, seed));
    }

    @Override
    public List<String> notes() {
        return split.schema().notes();
    }

    @Override
    public DataShape shape() {
        return DataShape.columns(split.schema().likelihood());
    }

    @Override
    public String name() {
        return trainingSize() + " rows of " + file.getFileName();
    }

    @Override
    public int trainingSize() {
        return RowsOptions.count(split.train());
    }

    @Override
    public int validationSize() {
        return RowsOptions.count(split.test());
    }

    @Override
    public RowBatches training(int batch, long seed) {
        return new RowBatches(split.train(), batch, seed);
    }

    @Override
    public RowBatches validation(int batch, long seed) {
        return new RowBatches(split.test(), batch, seed);
    }

    @Override
    public Stream<TableBatch> validationBatches() {
        return Stream.of(new TableBatch(split.test(), 1));
    }

    @Override
    public ColumnSelection select(FeatureSelector selector, int k) {
        return ColumnSelection.of(split, selector, k);
    }

    @Override
    public ModelBundle.Builder describe(ModelBundle.Builder bundle) {
        return bundle.schema(split.schema());
    }
}
