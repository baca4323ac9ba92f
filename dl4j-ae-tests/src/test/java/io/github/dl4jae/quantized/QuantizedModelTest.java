package io.github.dl4jae.quantized;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import io.github.dl4jae.testing.Networks;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

class QuantizedModelTest {

    private static final INDArray X = rows(60);

    private static INDArray rows(int count) {
        Nd4j.getRandom().setSeed(9);
        return Nd4j.rand(DataType.FLOAT, count, 5);
    }

    private static NeuralNetConfiguration.ListBuilder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(2)
                .updater(new Adam(0.01))
                .activation(Activation.TANH)
                .list();
    }

    private static MultiLayerNetwork dense(Layer quantizer, int width) {
        return Networks.initialized(builder()
                .layer(new DenseLayer.Builder().nOut(width).build())
                .layer(quantizer)
                .layer(new OutputLayer.Builder(new LossL2())
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(5)));
    }

    static Stream<Arguments> quantizers() {
        return Stream.of(
                Arguments.of(new VectorQuantizationLayer.Builder().codes(7), 4, 1, 7),
                Arguments.of(new VectorQuantizationLayer.Builder().codes(4).stages(3), 4, 3, 4),
                Arguments.of(new FiniteScalarQuantizationLayer.Builder().levels(4, 3), 2, 1, 12),
                Arguments.of(new BinaryCodeLayer.Builder(), 6, 6, 2));
    }

    @ParameterizedTest
    @MethodSource("quantizers")
    void indices_decodeToTheOutputOfTheNetwork(Layer.Builder<?> quantizer, int width, int stages, int codes) {
        quantizer.name("q");
        MultiLayerNetwork network = dense(quantizer.build(), width);
        Networks.fit(network, new DataSet(X, X), 3);
        QuantizedModel model = QuantizedModel.of(network, "q");

        INDArray indices = model.encode(X);

        assertThatArray(indices).hasShape(60, stages).hasType(DataType.INT32);
        assertThat(indices.minNumber().intValue()).isNotNegative();
        assertThat(indices.maxNumber().intValue()).isLessThan(codes).isEqualTo(max(model, codes, indices));
        assertThatArray(model.decode(indices)).isCloseTo(network.output(X), 1e-6);
        assertThatArray(model.reconstruct(X)).isCloseTo(network.output(X), 1e-6);
        assertThatArray(QuantizedModel.of(network.toComputationGraph(), "1").encode(X))
                .isEqualTo(indices);
    }

    private static int max(QuantizedModel model, int codes, INDArray indices) {
        assertThat(model.codes()).isEqualTo(codes);
        return indices.maxNumber().intValue();
    }

    @Test
    void images_haveAnIndexPerPixel() {
        MultiLayerNetwork network = Networks.initialized(builder()
                .layer(new FastConvolutionLayer.Builder(2, 2)
                        .stride(2, 2)
                        .nOut(3)
                        .build())
                .layer(new VectorQuantizationLayer.Builder()
                        .name("q")
                        .codes(5)
                        .stages(2)
                        .build())
                .layer(new CnnLossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(6, 4, 1)));
        INDArray images = Nd4j.rand(DataType.FLOAT, 10, 1, 6, 4);
        Networks.fit(network, new DataSet(images, Nd4j.rand(DataType.FLOAT, 10, 3, 3, 2)), 2);
        QuantizedModel model = QuantizedModel.of(network, "q");

        INDArray indices = model.encode(images);

        assertThatArray(indices).hasShape(10, 2, 3, 2);
        assertThatArray(model.decode(indices)).isCloseTo(network.output(images), 1e-6);
    }

    @Test
    void paddedSteps_haveTheIndexMinusOne_whateverTheyHold() {
        MultiLayerNetwork network = Networks.initialized(builder()
                .layer(new FastLstmLayer.Builder().nOut(3).build())
                .layer(new VectorQuantizationLayer.Builder().name("q").codes(5).build())
                .layer(new FastRnnOutputLayer.Builder(new LossL2())
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2, 4)));
        INDArray x = Nd4j.rand(DataType.FLOAT, 3, 2, 4);
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 1, 1}, {1, 1, 0, 0}, {1, 1, 1, 0}});
        Networks.fit(network, new DataSet(x, x, mask, mask), 2);
        QuantizedModel model = QuantizedModel.of(network, "q");
        INDArray disturbed = x.dup();
        disturbed.putScalar(new int[] {1, 0, 3}, 9);

        INDArray indices = model.encode(x, mask);

        assertThatArray(indices).hasShape(3, 1, 4);
        assertThatArray(indices.lt(0).castTo(DataType.FLOAT).reshape(3, 4)).isEqualTo(mask.rsub(1));
        assertThatArray(model.encode(disturbed, mask)).isEqualTo(indices);
        INDArray present = mask.reshape(3, 1, 4);
        assertThatArray(model.decode(indices).mul(present))
                .isCloseTo(model.reconstruct(x, mask).mul(present), 1e-6);
        assertThat(model.reportOfIndices(indices).counts(0))
                .satisfies(counts -> assertThat(Arrays.stream(counts).sum()).isEqualTo(9));
    }

    @Test
    void wrongArguments_areRefused() {
        MultiLayerNetwork network =
                dense(new VectorQuantizationLayer.Builder().name("q").codes(7).build(), 4);
        QuantizedModel model = QuantizedModel.of(network, "q");

        assertThatThrownBy(() -> QuantizedModel.of(network, "other"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("QuantizedModel: layer must name a quantizer, got 'other'");
        assertThatThrownBy(() -> model.decode(Nd4j.createFromArray(new int[][] {{7}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("indices must be integers in [-1, 7), got 7.0");
        assertThatThrownBy(() -> model.decode(Nd4j.createFromArray(new int[][] {{1, 2}})))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("indices must have 1 per position");
    }

    @Test
    void listener_reportsEachEpoch_ofAllItsMiniBatches() {
        MultiLayerNetwork network =
                dense(new VectorQuantizationLayer.Builder().name("q").codes(7).build(), 4);
        List<CodebookReport> reports = new ArrayList<>();
        network.setListeners(new CodebookListener("q", reports::add));

        network.fit(new ListDataSetIterator<>(new DataSet(X, X).asList(), 20), 2);

        assertThat(reports).hasSize(2);
        assertThat(Arrays.stream(reports.get(1).counts(0)).sum()).isEqualTo(60);
    }

    @Test
    void listener_withAnotherName_isRefused() {
        MultiLayerNetwork network =
                dense(new VectorQuantizationLayer.Builder().name("q").codes(7).build(), 4);
        network.setListeners(new CodebookListener("other"));

        assertThatThrownBy(() -> network.fit(X, X))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("CodebookListener: layer must name a quantizer of the network, got 'other'");
    }

    /** Of 4 codes, frequencies ½, ¼, ¼, 0: the entropy is 1.5 bits. */
    @Test
    void report_countsUsageAndPerplexity() {
        CodebookReport report = new CodebookReport(new long[][] {{4, 2, 2, 0}, {1, 1, 1, 1}});

        assertThat(report.usage(0)).isEqualTo(0.75);
        assertThat(report.perplexity(0)).isCloseTo(Math.pow(2, 1.5), within(1e-12));
        assertThat(report.perplexity(1)).isCloseTo(4, within(1e-12));
        assertThat(report.usage()).isEqualTo(0.875);
        assertThat(report).hasToString("87.5 % of 4 codes used, perplexity 3.4, means over 2 stages");
    }
}
