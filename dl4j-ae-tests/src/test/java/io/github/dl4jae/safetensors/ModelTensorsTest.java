package io.github.dl4jae.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

class ModelTensorsTest {

    private static final INDArray X = Nd4j.linspace(DataType.FLOAT, -1, 0.1, 15).reshape(5, 3);

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("m.safetensors");
    }

    private static MultiLayerNetwork layers(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new BatchNormalization())
                .layer(new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                        .nOut(2)
                        .build())
                .setInputType(InputType.feedForward(3))
                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph(long seed) {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .graphBuilder()
                .addInputs("in")
                .addLayer("code", new DenseLayer.Builder().nOut(4).build(), "in")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(LossFunctions.LossFunction.MSE)
                                .nOut(2)
                                .build(),
                        "code")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(3))
                .build());
        graph.init();
        return graph;
    }

    @Test
    void parameters_ofLayers_survive() {
        MultiLayerNetwork network = layers(1);
        MultiLayerNetwork other = layers(2);
        assertThat(other.output(X)).isNotEqualTo(network.output(X));

        ModelTensors.readInto(other, ModelTensors.write(network, file()));

        assertThat(other.output(X)).isEqualTo(network.output(X));
        assertThat(other.params()).isEqualTo(network.params());
    }

    @Test
    void parameters_ofAGraph_survive() {
        ComputationGraph graph = graph(1);
        ComputationGraph other = graph(2);

        ModelTensors.readInto(other, ModelTensors.write(graph, file()));

        assertThat(other.outputSingle(X)).isEqualTo(graph.outputSingle(X));
    }

    @Test
    void file_hasNamesAndRows() {
        MultiLayerNetwork network = layers(1);

        Map<String, INDArray> tensors = SafetensorsFile.read(ModelTensors.write(network, file()));

        assertThat(tensors).containsOnlyKeys("0_W", "0_b", "1_gamma", "1_beta", "1_mean", "1_log10stdev", "2_W", "2_b");
        assertThat(tensors.get("0_W").shape()).containsExactly(3, 4);
        assertThat(tensors.get("0_W").ordering()).isEqualTo('c');
        assertThat(tensors.get("0_W")).isEqualTo(network.getParam("0_W"));
    }

    @ParameterizedTest
    @EnumSource(
            value = DataType.class,
            names = {"DOUBLE", "HALF", "BFLOAT16"})
    void parameters_ofAnotherFloatingPointType_areConverted(DataType type) {
        MultiLayerNetwork network = layers(1);
        SafetensorsFile.write(file(), changed(network, all -> all.replaceAll((name, each) -> each.castTo(type))));

        ModelTensors.readInto(network, file());

        assertThat(network.getParam("0_W").dataType()).isEqualTo(DataType.FLOAT);
        assertThat(network.params()).isEqualTo(layers(1).params().castTo(type).castTo(DataType.FLOAT));
    }

    private static Map<String, INDArray> changed(Model network, Consumer<Map<String, INDArray>> change) {
        Map<String, INDArray> tensors = new LinkedHashMap<>(network.paramTable());
        change.accept(tensors);
        return tensors;
    }

    private void assertRefused(Consumer<Map<String, INDArray>> change, String reason) {
        MultiLayerNetwork network = layers(1);
        INDArray before = network.params().dup();
        SafetensorsFile.write(file(), changed(layers(2), change));

        assertThatThrownBy(() -> ModelTensors.readInto(network, file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ModelTensors " + file() + ": ")
                .hasMessageContaining(reason);
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void missingName_changesNothing() {
        assertRefused(
                all -> all.remove("2_b"),
                "must have the names of the network's parameters, got 1 missing and 0 unknown names, such as '2_b'");
    }

    @Test
    void unknownName_changesNothing() {
        assertRefused(all -> all.put("3_W", Nd4j.ones(1)), "got 0 missing and 1 unknown names, such as '3_W'");
    }

    @Test
    void otherShape_changesNothing() {
        assertRefused(all -> all.put("2_W", Nd4j.ones(2, 4)), "tensor '2_W': must have shape [4, 2], got [2, 4]");
    }

    @Test
    void integers_changeNothing() {
        assertRefused(
                all -> all.put("2_W", Nd4j.ones(DataType.INT32, 4, 2)),
                "tensor '2_W': must have floating point numbers, got I32");
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, 1e300})
    void valueThatIsNotFinite_changesNothing(double value) {
        assertRefused(
                all -> all.put("2_W", Nd4j.valueArrayOf(new long[] {4, 2}, value, DataType.DOUBLE)),
                "parameter '2_W': must be finite, got NaN or infinity");
    }

    @Test
    void networkThatDiverged_isNotWritten() {
        MultiLayerNetwork network = layers(1);
        network.params().putScalar(0, Double.NaN);

        assertThatThrownBy(() -> ModelTensors.write(network, file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ModelTensors: the network: parameter '0_W': must be finite, got NaN or infinity;"
                        + " training diverged: use an earlier model");
        assertThat(file()).doesNotExist();
    }

    @Test
    void networkThatIsNotInitialized_isRefused() {
        assertThatThrownBy(
                        () -> ModelTensors.write(new MultiLayerNetwork(layers(1).getLayerWiseConfigurations()), file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized, got another; call init()");
    }
}
