package io.github.dl4jae.bundle;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.OutputLoss;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.DistributionOutput;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained autoencoder of a table, from {@link ModelBundle#tableModel}: encodes, reconstructs and scores rows.
 *
 * <pre>{@code
 * TableModel model = ModelBundle.load(Path.of("model.zip")).tableModel();
 * List<RowScore> scores = model.score(model.schema().read(Path.of("new.csv")));
 * }</pre>
 *
 * <p>Rows are those that {@link #schema} reads, at once or as a {@link io.github.dl4jae.tabular.TableStream}. A missing
 * value has no term in a score, but the network gets its replacement, which is typical of the training rows.
 *
 * <p>The reconstruction is the expected value of each feature. If the loss of the output layer is a {@link
 * DistributionOutput}, such as {@link TableSchema#likelihood}, it is the mean of the distribution and not its
 * parameters.
 *
 * <p>Threads: as for {@link io.github.dl4jae.Autoencoders}.
 */
public final class TableModel {

    private static final String NAME = "TableModel";

    private final TableSchema schema;
    private final Autoencoder autoencoder;
    private final @Nullable OutputLoss output;

    private TableModel(TableSchema schema, Autoencoder autoencoder, @Nullable OutputLoss output) {
        this.schema = schema;
        this.autoencoder = autoencoder;
        this.output = output;
    }

    static TableModel of(ModelBundle bundle) {
        TableSchema schema = bundle.schema();
        if (schema == null) {
            throw new IllegalArgumentException(
                    NAME + ": the bundle must have the schema of a table, got none; set it with Builder.schema");
        }
        Require.that(
                bundle.textAttachment("anomaly") == null,
                NAME,
                "the network must take the features of the schema",
                "that of an anomaly detector, which prepares them",
                "use AnomalyDetector.of(bundle)");
        Layer output = bundle.network() instanceof ComputationGraph graph
                ? graph.getLayer(outputName(graph, bundle.details().output()))
                : bundle.multiLayerNetwork().getOutputLayer();
        return new TableModel(
                schema,
                bundle.autoencoder(),
                output == null ? null : OutputLoss.of(output).orElse(null));
    }

    private static String outputName(ComputationGraph graph, @Nullable String given) {
        return given == null ? graph.getConfiguration().getNetworkOutputs().get(0) : given;
    }

    /**
     * Returns the schema that reads the rows of the model.
     *
     * @return the schema of the bundle
     */
    public TableSchema schema() {
        return schema;
    }

    /**
     * Computes the codes of rows.
     *
     * @param rows N rows that the schema read
     * @return {@code [N, code]}, a new array
     * @throws IllegalArgumentException if the rows have other columns, scales or categories
     */
    public INDArray encode(FeatureTable rows) {
        return autoencoder.encode(requireColumns(rows).features());
    }

    /**
     * Computes the expected features of rows. {@link TableSchema#decode} gives them in the units of the table.
     *
     * @param rows N rows that the schema read
     * @return x̂, {@code [N, d]}, a new array
     * @throws IllegalArgumentException if the rows have other columns, scales or categories, or the network does not
     *     reconstruct d features
     */
    public INDArray reconstruct(FeatureTable rows) {
        INDArray x = requireColumns(rows).features();
        INDArray found = autoencoder.reconstruct(x);
        INDArray expected = output != null && output.loss() instanceof DistributionOutput distribution
                ? distribution.mean(found, output.activation())
                : found;
        Require.that(
                Arrays.equals(expected.shape(), x.shape()),
                NAME,
                "the network must reconstruct the features, " + Arrays.toString(x.shape()),
                Arrays.toString(expected.shape()),
                "use an output layer as wide as the features, or the loss schema.likelihood()");
        return expected;
    }

    /**
     * Scores rows.
     *
     * @param rows N rows that the schema read
     * @return N scores, in the order of the rows
     * @throws IllegalArgumentException as for {@link #reconstruct}
     */
    public List<RowScore> score(FeatureTable rows) {
        return RowScores.of(rows, reconstruct(rows));
    }

    private FeatureTable requireColumns(FeatureTable rows) {
        Require.given(NAME, "rows", rows, "read them with the schema of the model");
        Require.that(
                rows.schema().hasColumnsOf(schema),
                NAME,
                "rows must have the columns, scales and categories of the model's schema",
                rows.schema() + " instead of " + schema,
                "read them with schema().read(file) or TableStream.of(file, schema(), batch)");
        return rows;
    }

    @Override
    public String toString() {
        return NAME + "(" + schema + ")";
    }
}
