package io.github.dl4jae.quantized;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.Networks;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

class VectorQuantizationLayerTest {

    private static final int N = 4;

    private static VectorQuantizationLayer.Builder layer() {
        return new VectorQuantizationLayer.Builder().name("vq").codes(6);
    }

    private static MultiLayerNetwork network(VectorQuantizationLayer layer, DataType type) {
        return Networks.initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .updater(new Adam(0.01))
                .list()
                .layer(new DenseLayer.Builder()
                        .nOut(N)
                        .activation(Activation.TANH)
                        .build())
                .layer(layer)
                .layer(new OutputLayer.Builder(new LossL2())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(3)));
    }

    private static INDArray data(int rows, DataType type) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.rand(DataType.DOUBLE, rows, 3).castTo(type);
    }

    private static INDArray parameter(MultiLayerNetwork network, String key) {
        return Objects.requireNonNull(network.getLayer("vq").getParam(key));
    }

    @Test
    void output_isAVectorOfTheCodebook() {
        INDArray x = data(50, DataType.FLOAT);
        MultiLayerNetwork network = network(layer().build(), DataType.FLOAT);
        network.fit(x, x);

        INDArray q = network.feedForward(x).get(2);

        INDArray codebook = parameter(network, CodebookParamInitializer.CODEBOOK);
        for (int row = 0; row < 50; row++) {
            INDArray distances = codebook.subRowVector(q.getRow(row)).norm2(1);
            assertThat(distances.minNumber().doubleValue()).isZero();
        }
    }

    /** The score has β times the mean over examples of the squared distance, beside the loss. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void score_containsTheCommitment(boolean training) {
        DataSet data = new DataSet(data(40, DataType.DOUBLE), data(40, DataType.DOUBLE));
        MultiLayerNetwork network = network(layer().commitment(0.7).build(), DataType.DOUBLE);
        MultiLayerNetwork without = network(layer().commitment(0).build(), DataType.DOUBLE);
        network.score(data, true); // starts the codebook
        without.setParams(network.params());

        double difference = network.score(data, training) - without.score(data, training);

        INDArray z = network.feedForward(data.getFeatures()).get(1).dup();
        INDArray q = network.feedForward(data.getFeatures()).get(2).dup();
        double squares = z.sub(q).norm2Number().doubleValue();
        assertThat(difference).isPositive().isCloseTo(0.7 * squares * squares / 40, within(1e-10));
    }

    @Test
    void updater_hasNoStateForTheCodebook_andNoRegularizationReachesIt() {
        MultiLayerNetwork network = network(layer().build(), DataType.FLOAT);
        long others = network.getLayer(0).numParams() + network.getLayer(2).numParams();

        assertThat(network.getUpdater().getStateViewArray().length()).isEqualTo(2 * others);
    }

    @Test
    void codebook_staysWhereNothingTrains_andMovesAfterAStep() {
        INDArray x = data(40, DataType.FLOAT);
        MultiLayerNetwork network = network(layer().build(), DataType.FLOAT);
        INDArray random = parameter(network, CodebookParamInitializer.CODEBOOK).dup();
        network.output(x);
        INDArray afterInference =
                parameter(network, CodebookParamInitializer.CODEBOOK).dup();
        network.fit(x, x);
        INDArray afterOne =
                parameter(network, CodebookParamInitializer.CODEBOOK).dup();
        network.fit(x, x);

        assertThatArray(afterInference).isEqualTo(random);
        assertThat(parameter(network, CodebookParamInitializer.STARTED).getInt(0))
                .isEqualTo(6);
        assertThat(parameter(network, CodebookParamInitializer.CODEBOOK)
                        .sub(afterOne)
                        .norm2Number()
                        .doubleValue())
                .isPositive();
    }

    @Test
    void float32_takesTheStepsOfFloat64() {
        MultiLayerNetwork network = network(layer().stages(2).build(), DataType.DOUBLE);
        MultiLayerNetwork single = network(layer().stages(2).build(), DataType.FLOAT);
        single.setParams(network.params().castTo(DataType.FLOAT));
        network.setParams(single.params().castTo(DataType.DOUBLE));

        Networks.fit(network, new DataSet(data(30, DataType.DOUBLE), data(30, DataType.DOUBLE)), 5);
        Networks.fit(single, new DataSet(data(30, DataType.FLOAT), data(30, DataType.FLOAT)), 5);

        assertThatArray(single.params().castTo(DataType.DOUBLE)).isCloseTo(network.params(), 1e-4);
    }

    @Test
    void maskedSteps_areZero_andLeaveTheCodebookAlone() {
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, N, 5);
        INDArray disturbed = x.dup();
        INDArray mask = Nd4j.ones(DataType.DOUBLE, 3, 5);
        mask.putScalar(1, 4, 0);
        disturbed.putScalar(new int[] {1, 2, 4}, 50);

        INDArray codebook = trainedOn(x, mask);

        assertThatArray(trainedOn(disturbed, mask)).isEqualTo(codebook);
        MultiLayerNetwork network = sequences();
        network.setLayerMaskArrays(mask, mask);
        INDArray outputs = network.feedForward(x, false).get(1);
        assertThat(outputs.getDouble(1, 2, 4)).isZero();
    }

    private static MultiLayerNetwork sequences() {
        return Networks.initialized(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .list()
                .layer(layer().decay(0.3).build())
                .layer(new RnnLossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(N, 5)));
    }

    private static INDArray trainedOn(INDArray x, INDArray mask) {
        MultiLayerNetwork network = sequences();
        Networks.fit(network, new DataSet(x, x, mask, mask), 3);
        return network.params().dup();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(layer().codes(1), "codes must be at least 2, got 1"),
                Arguments.of(layer().stages(0), "stages must be at least 1, got 0"),
                Arguments.of(layer().commitment(-1), "commitment must be at least 0 and finite, got -1.0"),
                Arguments.of(layer().decay(1), "decay must be at least 0 and below 1, got 1.0"),
                Arguments.of(layer().expiry(1), "expiry must be at least 0 and below 1, got 1.0"),
                Arguments.of(layer().dropOut(0.5), "dropOut must not be set"),
                Arguments.of(layer().activation(Activation.RELU), "activation must not be set"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void option_outsideOfItsRange_isRefused(VectorQuantizationLayer.Builder builder, String message) {
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("VectorQuantizationLayer: " + message);
    }

    @Test
    void input_ofAnotherWidth_isRefused() {
        MultiLayerNetwork network = network(layer().build(), DataType.FLOAT);

        assertThatThrownBy(() -> network.getLayer("vq")
                        .activate(
                                Nd4j.ones(2, 7),
                                false,
                                org.deeplearning4j.nn.workspace.LayerWorkspaceMgr.noWorkspaces()))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("VectorQuantizationLayer 'vq': the input must be [batch, 4]");
    }

    @Test
    void options_areReadBack() {
        VectorQuantizationLayer layer = layer().stages(3)
                .commitment(0.5)
                .decay(0.9)
                .expiry(0)
                .kMeansStart(false)
                .build();

        assertThat(Map.of("codes", layer.getCodes(), "stages", layer.getStages()))
                .isEqualTo(Map.of("codes", 6, "stages", 3));
        assertThat(layer.getCommitment() + layer.getDecay() + layer.getExpiry()).isEqualTo(1.4);
        assertThat(layer.isKMeansStart()).isFalse();
    }
}
