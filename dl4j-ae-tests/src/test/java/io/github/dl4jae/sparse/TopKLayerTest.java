package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.testing.LayerContract;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

@Tag("slow")
class TopKLayerTest {

    @ParameterizedTest
    @MethodSource("io.github.dl4jae.sparse.InputTypes#all")
    void contract_holds(InputType input) {
        LayerContract.of(new TopKLayer.Builder().k(2).build()).input(input).verify();
    }

    @Test
    void contract_withScheduleAndAlpha_holds() {
        TopKLayer layer = new TopKLayer.Builder()
                .k(new LinearSchedule(ScheduleType.ITERATION, 4, 2, 10))
                .alpha(1.5)
                .build();

        LayerContract.of(layer).differsAtTestTime().verify();
    }

    private static MultiLayerNetwork network(TopKLayer layer, InputType input) {
        NeuralNetConfiguration.ListBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(dense(5, 8, Activation.IDENTITY))
                .layer(layer)
                .layer(output(new LossL2(), 8, 5, Activation.IDENTITY));
        if (input != null) {
            builder.setInputType(input);
        }
        return initialized(builder);
    }

    private static long activeUnits(MultiLayerNetwork network, INDArray x) {
        return Math.round(SparsityReport.compute(network.feedForward(x).get(2)).meanActive());
    }

    @Test
    void k_annealed_shrinksWhileTrainingAndComesBackFromAFile() throws IOException {
        TopKLayer layer = new TopKLayer.Builder()
                .k(new LinearSchedule(ScheduleType.ITERATION, 8, 2, 6))
                .build();
        MultiLayerNetwork network = network(layer, InputType.feedForward(5));
        INDArray x = Nd4j.rand(DataType.FLOAT, 4, 5);

        assertThat(activeUnits(network, x)).isEqualTo(8);
        for (int step = 0; step < 3; step++) {
            network.fit(x, x);
        }
        long half = activeUnits(network, x);
        for (int step = 0; step < 4; step++) {
            network.fit(x, x);
        }
        assertThat(half).isBetween(4L, 6L);
        assertThat(activeUnits(network, x)).isEqualTo(2);

        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()));
        assertThatArray(restored.output(x)).isEqualTo(network.output(x));
        assertThat(activeUnits(restored, x)).isEqualTo(2);
    }

    @Test
    void k_aboveTheWidth_isRefusedBeforeTraining() {
        assertThatThrownBy(
                        () -> network(new TopKLayer.Builder().name("code").k(9).build(), InputType.feedForward(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TopKLayer 'code': k must be in [1, 8] (the layer has 8 units), got 9 at the start; change"
                        + " the schedule or widen the layer");
    }

    @Test
    void alphaTimesK_aboveTheWidth_keepsAllAtTestTime() {
        MultiLayerNetwork network =
                network(new TopKLayer.Builder().k(5).alpha(2).build(), InputType.feedForward(5));

        assertThat(activeUnits(network, Nd4j.rand(DataType.FLOAT, 4, 5))).isEqualTo(8);
    }

    static Stream<ISchedule> schedulesThatLeaveTheRange() {
        return Stream.of(
                new LinearSchedule(ScheduleType.ITERATION, 3, 0, 1000),
                new LinearSchedule(ScheduleType.EPOCH, 3, 2000, 10),
                new MapSchedule.Builder(ScheduleType.EPOCH).add(0, 3).add(7, 9).build());
    }

    @ParameterizedTest
    @MethodSource("schedulesThatLeaveTheRange")
    void schedule_thatWillLeaveTheRange_isRefusedBeforeTraining(ISchedule schedule) {
        assertThatThrownBy(() -> network(new TopKLayer.Builder().k(schedule).build(), InputType.feedForward(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 8] (the layer has 8 units), got")
                .hasMessageContaining("of the schedule");
    }

    private static ComputationGraph graphWithoutInputTypes(TopKLayer layer) {
        return initialized(new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("hidden", new DenseLayer.Builder().nIn(5).nOut(8).build(), "in")
                .addLayer("code", layer, "hidden")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossL2()).nIn(8).nOut(5).build(),
                        "code")
                .setOutputs("out"));
    }

    @Test
    void width_unknown_isRefusedBeforeTraining() {
        assertThatThrownBy(() ->
                        graphWithoutInputTypes(new TopKLayer.Builder().k(2).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "the number of units to choose from must be known, got 0; call nIn(units of the layer below)");
        assertThat(graphWithoutInputTypes(new TopKLayer.Builder().k(2).nIn(8).build())
                        .numParams())
                .isPositive();
    }

    @Test
    void width_ofAStackWithoutInputType_isFoundFromTheFirstLayer() {
        assertThat(network(new TopKLayer.Builder().k(2).build(), null).numParams())
                .isPositive();
    }

    @Test
    void width_thatContradictsTheInput_isRefused() {
        TopKLayer layer = new TopKLayer.Builder().k(2).nIn(7).build();

        assertThatThrownBy(() -> layer.setNIn(InputType.feedForward(8), false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("nIn must be 8, the units of its input, got 7");
    }

    @Test
    void k_unset_isRefused() {
        assertThatThrownBy(() -> new TopKLayer.Builder().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TopKLayer: k must be set, got none; call k(int) or k(ISchedule) on the builder");
    }

    @Test
    void scheduleOfAnotherKind_isRefusedWhenItLeavesTheRange() {
        TopKLayer layer = new TopKLayer.Builder()
                .k(new ExponentialSchedule(ScheduleType.ITERATION, 4, 0.1))
                .build();
        MultiLayerNetwork network = network(layer, InputType.feedForward(5));
        INDArray x = Nd4j.rand(DataType.FLOAT, 2, 5);
        network.fit(x, x);

        assertThatThrownBy(() -> network.fit(x, x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 8] (the layer has 8 units), got 0.4, rounded, at iteration 1");
    }

    @Test
    void kSparseNetwork_onRealImages_beatsPcaWithAsManyNumbers() {
        LabeledImages images = RealImages.mnistTrain().first(6_000);
        LabeledImages test = RealImages.mnistTest().first(1_000);
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(2e-3))
                .list()
                .layer(dense(784, 300, Activation.IDENTITY))
                .layer(new TopKLayer.Builder()
                        .k(new LinearSchedule(ScheduleType.EPOCH, 50, 10, 2))
                        .build())
                .layer(output(new LossL2(), 300, 784, Activation.IDENTITY)));

        network.fit(images.iterator(100).shuffle(1).build(), 6);

        Autoencoder sparse = Autoencoders.of(network, 1);
        double error =
                ReconstructionError.meanSquared(sparse, test.iterator(500).build());
        double pca = ReconstructionError.meanSquared(
                PcaAutoencoder.fit(images.features(), 10), test.iterator(500).build());
        assertThat(SparsityReport.compute(sparse.encode(test.features())).meanActive())
                .isEqualTo(10);
        assertThat(error).isLessThan(0.75 * pca);
    }

    @Test
    void equality_looksAtEverySetting() {
        assertThat(new TopKLayer.Builder().k(2).build())
                .isEqualTo(new TopKLayer.Builder().k(2).build())
                .hasSameHashCodeAs(new TopKLayer.Builder().k(2).build())
                .isNotEqualTo(new TopKLayer.Builder().k(3).build())
                .isNotEqualTo(new TopKLayer.Builder().k(2).alpha(2).build())
                .isNotEqualTo(new TopKLayer.Builder().k(2).nIn(4).build())
                .isNotEqualTo(new TopKLayer.Builder().k(2).name("other").build());
    }
}
