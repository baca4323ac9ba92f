package io.github.dl4jae.cli;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.likelihood.DistributionOutput;
import io.github.dl4jae.tabular.TableSchema;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** A trained autoencoder of a table. */
final class TableModel {

    private final ModelBundle bundle;
    private final TableSchema schema;
    private final Autoencoder autoencoder;
    private final BaseOutputLayer output;

    private TableModel(String source, ModelBundle bundle) {
        this.bundle = bundle;
        TableSchema table = bundle.schema();
        if (table == null) {
            throw new IllegalArgumentException(
                    source + " must have the schema of a table, got none; fit a model with dl4j-ae fit");
        }
        this.schema = table;
        this.autoencoder = bundle.autoencoder();
        this.output = output(source, bundle.multiLayerNetwork());
    }

    private static BaseOutputLayer output(String source, MultiLayerNetwork network) {
        if (network.getOutputLayer().conf().getLayer() instanceof BaseOutputLayer layer) {
            return layer;
        }
        throw new IllegalArgumentException(source + " must end with an output layer, got "
                + network.getOutputLayer().getClass().getSimpleName() + "; fit a model with dl4j-ae fit");
    }

    static TableModel of(ModelBundle bundle) {
        return new TableModel("the model", bundle);
    }

    /**
     * Reads a model.
     *
     * @throws IllegalArgumentException if the file is refused, or has no table
     */
    static TableModel load(Path file) {
        return new TableModel(file.toString(), ModelBundle.load(file));
    }

    ModelBundle bundle() {
        return bundle;
    }

    TableSchema schema() {
        return schema;
    }

    /** Returns the values of an array, row by row. {@code toFloatMatrix} is slow. */
    static float[] values(INDArray array) {
        return array.castTo(DataType.FLOAT).dup('c').data().asFloat();
    }

    INDArray encode(INDArray features) {
        return autoencoder.encode(features);
    }

    /** Returns the expected features, {@code [N, d]}, in place of the parameters of their distributions. */
    INDArray reconstruct(INDArray features) {
        INDArray parameters = autoencoder.reconstruct(features);
        return output.getLossFn() instanceof DistributionOutput distribution
                ? distribution.mean(parameters, output.getActivationFn())
                : parameters;
    }
}
