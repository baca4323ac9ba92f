package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import io.github.dl4jae.testing.GradientCheck;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.modelimport.keras.KerasModelImport;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

class KerasActivityPenaltiesTest {

    private static final String L1_L2 = KerasModels.regularizer("L1L2", "\"l1\": 0.01, \"l2\": 0.3");

    @TempDir
    Path folder;

    /** The formula of Keras, in plain Java: (l1·Σ|a| + l2·Σa²)/B. */
    private static double keras(double l1, double l2, INDArray activations) {
        double sum = 0;
        for (double a : activations.dup().data().asDouble()) {
            sum += l1 * Math.abs(a) + l2 * a * a;
        }
        return sum / activations.size(0);
    }

    private static DataSet rows(int count) {
        Nd4j.getRandom().setSeed(7);
        return new DataSet(Nd4j.randn(DataType.DOUBLE, count, 4), Nd4j.rand(DataType.DOUBLE, count, 4));
    }

    /** The autoencoder of {@link KerasModels}, as the import of a model with its training configuration builds it. */
    private static MultiLayerNetwork network() {
        MultiLayerNetwork network = new MultiLayerNetwork(PenaltyNetworks.base()
                .list()
                .layer(dense("code", 4, 3, Activation.TANH))
                .layer(dense("output", 3, 4, Activation.SIGMOID))
                .layer(loss())
                .build());
        network.init();
        return network;
    }

    private static ComputationGraph graph() {
        ComputationGraph graph = new ComputationGraph(PenaltyNetworks.base()
                .graphBuilder()
                .addInputs("input_1")
                .addLayer("code", dense("code", 4, 3, Activation.TANH), "input_1")
                .addLayer("output", dense("output", 3, 4, Activation.SIGMOID), "code")
                .addLayer("output_loss", loss(), "output")
                .setOutputs("output_loss")
                .setInputTypes(InputType.feedForward(4))
                .build());
        graph.init();
        return graph;
    }

    private static DenseLayer dense(String name, int nIn, int nOut, Activation activation) {
        return new DenseLayer.Builder()
                .name(name)
                .nIn(nIn)
                .nOut(nOut)
                .activation(activation)
                .build();
    }

    private static LossLayer loss() {
        return new LossLayer.Builder(LossFunction.MSE)
                .name("output_loss")
                .activation(Activation.IDENTITY)
                .build();
    }

    @Test
    void weights_areReadInBothLayouts() {
        assertThat(KerasActivityPenalties.of(KerasModels.sequential2(L1_L2)).byLayer())
                .containsExactly(entry("code", List.of(new L1Penalty(0.01), new L2Penalty(0.3))));
        assertThat(KerasActivityPenalties.of(KerasModels.sequential3("L1", "\"l1\": 1e-05"))
                        .byLayer())
                .containsExactly(entry("code", List.of(new L1Penalty(1e-5))));
        assertThat(KerasActivityPenalties.of(KerasModels.functional2(L1_L2, KerasModels.regularizer("L2", "\"l2\": 2")))
                        .byLayer())
                .containsExactly(
                        entry("code", List.of(new L1Penalty(0.01), new L2Penalty(0.3))),
                        entry("output", List.of(new L2Penalty(2))));
    }

    @Test
    void layersOfOldSequentialModels_penaltyLayers_andNestedModels_areRead() {
        String layer =
                "{\"class_name\": \"Dense\", \"config\": {\"name\": \"a\", \"activity_regularizer\": " + L1_L2 + "}}";
        String penalty = "{\"class_name\": \"ActivityRegularization\", \"config\": {\"name\": \"b\", \"l1\": 0.0,"
                + " \"l2\": 0.5}}";
        String nested = "{\"class_name\": \"Sequential\", \"config\": [" + layer + ", " + penalty + "]}";

        assertThat(KerasActivityPenalties.of("{\"class_name\": \"Model\", \"config\": {\"layers\": [" + nested + "]}}")
                        .byLayer())
                .containsExactly(
                        entry("a", List.of(new L1Penalty(0.01), new L2Penalty(0.3))),
                        entry("b", List.of(new L2Penalty(0.5))));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "{\"class_name\": \"L1L2\", \"config\": {\"l1\": 0.0, \"l2\": 0.0}}"})
    void layers_withoutWeights_haveNoPenalties(String regularizer) {
        KerasActivityPenalties none = KerasActivityPenalties.of(KerasModels.sequential2(regularizer));

        assertThat(none.byLayer()).isEmpty();
        assertThat(none.addTo(network().getLayerWiseConfigurations()).getConfs())
                .hasSize(3);
    }

    /** If this fails, Deeplearning4j has learned to import the regularizer, and it must not be added again. */
    @Test
    void stockImport_dropsTheRegularizer_andAddToRestoresIt() throws Exception {
        Path json = Files.writeString(folder.resolve("model.json"), KerasModels.sequential2(L1_L2));
        MultiLayerNetwork imported =
                new MultiLayerNetwork(KerasModelImport.importKerasSequentialConfiguration(json.toString(), false));
        imported.init();
        MultiLayerNetwork restored = KerasActivityPenalties.read(json).addTo(imported);
        INDArray x = rows(6).getFeatures().castTo(DataType.FLOAT);
        INDArray code = imported.feedForward(x).get(1);

        restored.feedForward(x);

        assertThat(imported.calcRegularizationScore(true)).isZero();
        assertThat(keras(0.01, 0.3, code)).isGreaterThan(0.01);
        assertThat(restored.calcRegularizationScore(true)).isCloseTo(keras(0.01, 0.3, code), within(1e-6));
        assertThatArray(restored.output(x)).isEqualTo(imported.output(x));
        assertThat(restored.getLayerNames()).containsExactly("code", "code_activity_l1", "code_activity_l2", "output");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 8})
    void score_isThatOfKeras(int batch) {
        MultiLayerNetwork before = network();
        MultiLayerNetwork after =
                KerasActivityPenalties.of(KerasModels.sequential2(L1_L2)).addTo(before);
        DataSet data = rows(batch);
        double penalty = keras(0.01, 0.3, before.feedForward(data.getFeatures()).get(1));

        assertThat(after.score(data, true) - before.score(data, true)).isCloseTo(penalty, within(1e-12));
        GradientCheck.requireGradient(after, data);
    }

    @Test
    void graph_hasTheScoreOfKeras() {
        ComputationGraph before = graph();
        ComputationGraph after = KerasActivityPenalties.of(
                        KerasModels.functional2(L1_L2, KerasModels.regularizer("L2", "\"l2\": 2")))
                .addTo(before);
        DataSet data = rows(5);
        double penalty = keras(
                        0.01, 0.3, before.feedForward(data.getFeatures(), false).get("code"))
                + keras(0, 2, before.feedForward(data.getFeatures(), false).get("output"));

        assertThat(after.score(data, true) - before.score(data, true)).isCloseTo(penalty, within(1e-12));
        assertThatArray(after.outputSingle(data.getFeatures())).isEqualTo(before.outputSingle(data.getFeatures()));
        assertThat(after.getConfiguration().getVertexInputs())
                .containsEntry("code_activity_l1", List.of("code"))
                .containsEntry("code_activity_l2", List.of("code_activity_l1"))
                .containsEntry("output", List.of("code_activity_l2"))
                .containsEntry("output_loss", List.of("output_activity_l2"));
        GradientCheck.requireGradient(after, data);
    }

    @Test
    void importedGraph_whoseOutputHasAPenalty_putsThePenaltyInItsPlace() throws Exception {
        String json = KerasModels.functional2("null", L1_L2);
        Path file = Files.writeString(folder.resolve("model.json"), json);
        ComputationGraphConfiguration imported = KerasModelImport.importKerasModelConfiguration(file.toString(), false);
        imported.setIterationCount(12);

        ComputationGraphConfiguration restored = KerasActivityPenalties.of(json).addTo(imported);

        assertThat(restored.getNetworkOutputs()).containsExactly("output_activity_l2");
        assertThat(restored.getIterationCount()).isEqualTo(12);
        assertThat(imported.getNetworkOutputs()).containsExactly("output");
        assertThat(imported.getVertices()).hasSize(2);
    }

    private MultiLayerNetwork importedRecurrent(String json) throws Exception {
        Path file = Files.writeString(folder.resolve("model.json"), json);
        MultiLayerNetwork network =
                new MultiLayerNetwork(KerasModelImport.importKerasSequentialConfiguration(file.toString(), false));
        network.init();
        return network;
    }

    @Test
    void recurrentLayers_haveThePenaltyOfTheirOutputs() throws Exception {
        String json = KerasModels.recurrent2(L1_L2);
        MultiLayerNetwork imported = importedRecurrent(json);
        MultiLayerNetwork restored = KerasActivityPenalties.of(json).addTo(imported);
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 5, 4); // [batch, time, features], as in Keras
        List<INDArray> activations = imported.feedForward(x);

        restored.feedForward(x);

        assertThat(restored.calcRegularizationScore(true))
                .isCloseTo(keras(0.01, 0.3, activations.get(1)) + keras(0.01, 0.3, activations.get(2)), within(1e-6));
    }

    @Test
    void recurrentLayers_leaveOutMaskedSteps() throws Exception {
        String json = KerasModels.recurrent2(L1_L2);
        MultiLayerNetwork imported = importedRecurrent(json);
        MultiLayerNetwork restored = KerasActivityPenalties.of(json).addTo(imported);
        INDArray x = Nd4j.randn(DataType.FLOAT, 3, 5, 4);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 3, 5);
        mask.putScalar(0, 4, 0);
        List<INDArray> activations = imported.feedForward(x, mask, null);
        INDArray steps = activations.get(1).dup(); // [3,5,2]
        steps.put(new INDArrayIndex[] {NDArrayIndex.point(0), NDArrayIndex.point(4), NDArrayIndex.all()}, 0);

        restored.feedForward(x, mask, null);

        assertThat(restored.calcRegularizationScore(true))
                .isCloseTo(keras(0.01, 0.3, steps) + keras(0.01, 0.3, activations.get(2)), within(1e-6));
    }

    /** The dense layer has time steps as rows; the preprocessors around it must stay at their layers. */
    @Test
    void denseLayers_ofSequences_divideByTheNumberOfSequences() {
        MultiLayerNetwork before = new MultiLayerNetwork(PenaltyNetworks.base()
                .list()
                .layer(new LSTM.Builder().name("lstm").nOut(3).build())
                .layer(dense("code", 3, 3, Activation.TANH))
                .layer(new RnnOutputLayer.Builder(LossFunction.MSE)
                        .name("output")
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(4, 6))
                .build());
        before.init();
        MultiLayerNetwork after =
                KerasActivityPenalties.of(KerasModels.sequential2(L1_L2)).addTo(before);
        Nd4j.getRandom().setSeed(7);
        DataSet data = new DataSet(Nd4j.randn(DataType.DOUBLE, 5, 4, 6), Nd4j.randn(DataType.DOUBLE, 5, 2, 6));
        INDArray steps = before.feedForward(data.getFeatures()).get(2); // [5·6,3]
        double penalty = steps.size(0) * keras(0.01, 0.3, steps) / 5;

        assertThat(before.getLayerWiseConfigurations().getInputPreProcessors()).containsOnlyKeys(1, 2);
        assertThat(after.getLayerWiseConfigurations().getInputPreProcessors()).containsOnlyKeys(1, 4);
        assertThat(after.score(data, true) - before.score(data, true)).isCloseTo(penalty, within(1e-12));
        GradientCheck.requireGradient(after, data);
    }

    @Test
    void sums_haveTheBatchSizeAsAFactor() {
        KerasActivityPenalties summed = KerasActivityPenalties.of(
                        KerasModels.sequential3("L1L2", "\"l1\": 0.01, \"l2\": 0.3"))
                .summedOver(5);
        MultiLayerNetwork before = network();
        DataSet data = rows(5);
        double sum = 5 * keras(0.01, 0.3, before.feedForward(data.getFeatures()).get(1));

        assertThat(summed.addTo(before).score(data, true) - before.score(data, true))
                .isCloseTo(sum, within(1e-12));
        assertThatThrownBy(() -> summed.summedOver(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("batchSize must be at least 1, got 0");
    }

    @Test
    void network_isNotChanged_andMustNotGetPenaltiesTwice() {
        KerasActivityPenalties penalties = KerasActivityPenalties.of(KerasModels.sequential2(L1_L2));
        MultiLayerNetwork before = network();
        String configuration = before.getLayerWiseConfigurations().toJson();
        MultiLayerNetwork after = penalties.addTo(before);
        after.params().addi(1);

        assertThat(before.getLayerWiseConfigurations().toJson()).isEqualTo(configuration);
        assertThatArray(before.params()).isCloseTo(after.params().sub(1), 1e-12);
        assertThat(MultiLayerConfiguration.fromJson(
                        after.getLayerWiseConfigurations().toJson()))
                .isEqualTo(after.getLayerWiseConfigurations());
        assertThatThrownBy(() -> penalties.addTo(after))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("KerasActivityPenalties: the penalties must be added once, got a network with a layer"
                        + " 'code_activity_l1'; give the imported network");
    }

    @Test
    void network_thatDoesNotFit_isRefused() {
        KerasActivityPenalties penalties = KerasActivityPenalties.of(KerasModels.sequential2(L1_L2));
        MultiLayerConfiguration other = PenaltyNetworks.base()
                .list()
                .layer(dense("hidden", 4, 3, Activation.TANH))
                .layer(loss())
                .build();
        MultiLayerConfiguration output = PenaltyNetworks.base()
                .list()
                .layer(new OutputLayer.Builder().name("code").nIn(4).nOut(4).build())
                .build();

        assertThatThrownBy(() -> penalties.addTo(other))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have the layer 'code' of the Keras model, got [hidden, output_loss]");
        assertThatThrownBy(() -> penalties.addTo(output))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'code' must not be an output layer");
        assertThatThrownBy(() -> penalties.addTo(new MultiLayerNetwork(other)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized");
        assertThatThrownBy(() -> penalties.addTo(new ComputationGraph(graph().getConfiguration())))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the network must be initialized");
    }

    @Test
    void regularizersThatCannotBeReproduced_areRefusedWithTheirLayer() {
        String custom = KerasModels.sequential2("{\"class_name\": \"Custom>Kl\", \"config\": {\"rho\": 0.05}}");
        String negative = KerasModels.sequential2(KerasModels.regularizer("L1", "\"l1\": -0.5"));
        String infinite = KerasModels.sequential2(KerasModels.regularizer("L1", "\"l1\": Infinity"));
        String wrapped =
                "{\"config\": {\"layers\": [{\"class_name\": \"TimeDistributed\", \"config\": {\"name\": \"td\","
                        + " \"layer\": {\"class_name\": \"Dense\", \"config\": {\"name\": \"d\","
                        + " \"activity_regularizer\": "
                        + L1_L2 + "}}}}]}}";

        assertThatThrownBy(() -> KerasActivityPenalties.of(custom))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the activity_regularizer of layer 'code' must be L1, L2 or L1L2, got {\"class_name\"")
                .hasMessageContaining("Custom>Kl");
        assertThatThrownBy(() -> KerasActivityPenalties.of(negative))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("l1 of layer 'code' must be a finite number of 0 or more, got -0.5");
        assertThatThrownBy(() -> KerasActivityPenalties.of(infinite))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a finite number of 0 or more, got \"Infinity\"");
        assertThatThrownBy(() -> KerasActivityPenalties.of(wrapped))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer 'td' must not wrap a layer with an activity_regularizer");
    }

    @Test
    void text_thatIsNotAModel_isRefused() throws IOException {
        Path binary = Files.write(folder.resolve("model.h5"), new byte[] {(byte) 0x89, 'H', 'D', 'F', (byte) 0xff});

        assertThatThrownBy(() -> KerasActivityPenalties.of("layers: 3"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the configuration must be JSON, got 'layers: 3'");
        assertThatThrownBy(() -> KerasActivityPenalties.of("{\"format\": \"onnx\"}"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "must have class_name, config and, in it, a list of layers, got" + " '{\"format\":\"onnx\"}'");
        assertThatThrownBy(() -> KerasActivityPenalties.read(binary))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("model.h5 cannot be read as text");
    }
}
