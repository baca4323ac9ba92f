package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.SyntheticDigits;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

class SparsityReportTest {

    private static final INDArray CODES =
            Nd4j.createFromArray(new float[][] {{0, 2, 0, -1}, {0, 3, 0, 0}, {0, 0, 0.05f, 0}, {0, 1, 0, 0}});

    @Test
    void figures_ofHandMadeCodes_areCounted() {
        INDArray before = CODES.dup();

        SparsityReport report = SparsityReport.compute(CODES);

        assertThat(report.meanActive()).isEqualTo(5 / 4.0);
        assertThat(report.frequencies()).containsExactly(0, 0.75, 0.25, 0.25);
        assertThat(report.deadUnits()).containsExactly(0);
        assertThat(report.examples()).isEqualTo(4);
        assertThat(report.units()).isEqualTo(4);
        assertThat(report)
                .hasToString("L0 1.3 of 4 units, 1 dead, activation frequency min 0.0000 median 0.2500 max 0.7500 (4"
                        + " examples)");
        assertThatArray(CODES).isEqualTo(before);
    }

    @Test
    void threshold_leavesWeakActivationsOut() {
        assertThat(SparsityReport.compute(CODES, 0.1).deadUnits()).containsExactly(0, 2);
        assertThatThrownBy(() -> SparsityReport.compute(CODES, Double.NaN))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threshold must be at least 0");
    }

    @Test
    void reports_join() {
        SparsityReport both = SparsityReport.compute(CODES).plus(SparsityReport.compute(Nd4j.ones(4, 4)));

        assertThat(both.examples()).isEqualTo(8);
        assertThat(both.deadUnits()).isEmpty();
        assertThatThrownBy(() -> SparsityReport.compute(CODES).plus(SparsityReport.compute(Nd4j.ones(4, 5))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 4 and 5");
    }

    @Test
    void sequences_countEachStepAsAnExample() {
        assertThat(SparsityReport.compute(Nd4j.ones(2, 3, 5)).examples()).isEqualTo(10);
        assertThat(SparsityReport.compute(Nd4j.ones(2, 3, 5)).units()).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"HALF", "BFLOAT16", "FLOAT", "DOUBLE"})
    void counts_areExact_whateverTheTypeOfTheCodes(DataType type) {
        SparsityReport report = SparsityReport.compute(Nd4j.ones(type, 70_000, 2));

        assertThat(report.meanActive()).isEqualTo(2);
        assertThat(report.frequencies()).containsExactly(1, 1);
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void listener_onSequences_heedsTheFormatAndLeavesMaskedStepsOut(RNNFormat format) {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new LSTM.Builder().nOut(7).dataFormat(format).build())
                .layer(new TopKLayer.Builder().name("code").k(2).build())
                .layer(new RnnOutputLayer.Builder(new LossL2())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .setInputType(InputType.recurrent(3, 5, format)));
        List<SparsityReport> reports = new ArrayList<>();
        network.setListeners(new SparsityListener("code", 1, 0, reports::add));
        INDArray x = format == RNNFormat.NCW ? Nd4j.rand(DataType.FLOAT, 4, 3, 5) : Nd4j.rand(DataType.FLOAT, 4, 5, 3);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 5);
        mask.putScalar(1, 4, 0);
        mask.putScalar(2, 3, 0);
        mask.putScalar(2, 4, 0);

        network.fit(new DataSet(x, x, mask, mask.dup()));

        assertThat(reports).hasSize(1);
        assertThat(reports.get(0).units()).isEqualTo(7);
        assertThat(reports.get(0).examples()).isEqualTo(17);
        assertThat(reports.get(0).meanActive()).isEqualTo(2);
    }

    private static MultiLayerNetwork kSparse() {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(1)
                .list()
                .layer(new DenseLayer.Builder()
                        .name("code")
                        .nIn(784)
                        .nOut(50)
                        .activation(new ActivationTopK(7))
                        .build())
                .layer(output(new LossL2(), 50, 784, Activation.IDENTITY)));
    }

    @Test
    void codes_ofAKSparseAutoencoder_haveKActiveUnits() {
        LabeledImages images = SyntheticDigits.generate(100, 1);

        SparsityReport report =
                SparsityReport.compute(Autoencoders.of(kSparse(), "code").encode(images.features()));

        assertThat(report.examples()).isEqualTo(100);
        assertThat(report.meanActive()).isEqualTo(7);
    }

    @Test
    void listener_reportsEverySoManyMinibatches_inNetworksAndGraphs() {
        LabeledImages images = SyntheticDigits.generate(100, 1);
        List<SparsityReport> reports = new ArrayList<>();
        MultiLayerNetwork network = kSparse();
        network.setListeners(new SparsityListener("code", 2, 0, reports::add));
        network.fit(images.iterator(20).build());
        var graph = kSparse().toComputationGraph();
        graph.setListeners(new SparsityListener("0", 5, 0, reports::add));
        graph.fit(images.iterator(20).build());

        assertThat(reports).extracting(SparsityReport::examples).containsExactly(40L, 40L, 100L);
        assertThat(reports).extracting(SparsityReport::meanActive).containsOnly(7.0);
    }

    @Test
    void listener_ofALayerThatIsNotThere_saysSo() {
        MultiLayerNetwork network = kSparse();
        network.setListeners(new SparsityListener("cod", 1));

        assertThatThrownBy(() ->
                        network.fit(SyntheticDigits.generate(10, 1).iterator(10).build()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer must name a layer of the network before its output, got 'cod'");
        assertThatThrownBy(() -> new SparsityListener("code", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every must be at least 1, got 0");
        assertThatThrownBy(() -> new SparsityListener("code", 1, 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("consumer must be given, got null");
    }
}
