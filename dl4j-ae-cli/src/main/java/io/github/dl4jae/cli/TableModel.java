package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.bundle.RowScore;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trained autoencoder of a table. */
final class TableModel implements TrainedModel {

    private final String source;
    private final TableSchema schema;
    private final TrainedNetwork network;

    TableModel(String source, ModelBundle bundle) {
        this.source = source;
        TableSchema table = bundle.schema();
        if (table == null) {
            throw new IllegalArgumentException(source + " must have the schema of a table or the shape of images, got"
                    + " neither; fit a model with dl4j-ae fit");
        }
        this.schema = table;
        this.network = new TrainedNetwork(source, bundle);
    }

    @Override
    public TrainedNetwork network() {
        return network;
    }

    @Override
    public INDArray generate(VariationalModel model, INDArray codes, long seed) {
        return model.sample(codes, seed);
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public String scoreName() {
        return RowScore.NAME;
    }

    @Override
    public int batch(int wanted) {
        return wanted;
    }

    @Override
    public Examples open(Console console, Source examples, int batch) {
        Path csv = examples.csv();
        if (csv == null) {
            throw new IllegalArgumentException(
                    source + " must be a model of images for --images, got one of a table; give --csv");
        }
        return TableExamples.open(console, csv, schema, batch);
    }

    @Override
    public ExampleOutput output(Console console, Path out) {
        return new TableOutput(new OutputFile(console, out), schema);
    }
}
