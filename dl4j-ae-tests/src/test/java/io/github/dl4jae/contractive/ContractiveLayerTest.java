package io.github.dl4jae.contractive;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.LayerContract;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationELU;
import org.nd4j.linalg.activations.impl.ActivationRReLU;
import org.nd4j.linalg.activations.impl.ActivationSoftmax;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class ContractiveLayerTest {

    private static final double LAMBDA = 0.7;

    private static ContractiveLayer.Builder layer(Activation activation) {
        return new ContractiveLayer.Builder().nOut(4).activation(activation).contraction(LAMBDA);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "TANH", "IDENTITY", "SOFTPLUS"})
    void contract_withEachSmoothActivation_holds(Activation activation) {
        LayerContract.verify(layer(activation).build());
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "SOFTPLUS"})
    void contract_ofHigherOrder_holds(Activation activation) {
        LayerContract.of(
                        layer(activation).higherOrder(1.5, 0.4).perturbations(2).build())
                .differsAtTestTime()
                .verify();
    }

    private static MultiLayerNetwork network(ContractiveLayer.Builder layer, DataType type) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(type)
                .updater(new NoOp())
                .list()
                .layer(layer.nIn(5).build())
                .layer(output(new LossMSE(), 4, 2, Activation.TANH)));
    }

    private static DataSet data(DataType type) {
        Nd4j.getRandom().setSeed(7);
        return new DataSet(Nd4j.randn(type, 6, 5), Nd4j.rand(type, 6, 2));
    }

    /** Mean over examples of ‖∂h/∂x‖², from differences of the network's own activations. */
    private static double numericNorm(MultiLayerNetwork network, INDArray x) {
        double h = 1e-5;
        double sum = 0;
        for (int i = 0; i < x.size(1); i++) {
            INDArray plus = x.dup();
            plus.getColumn(i).addi(h);
            INDArray minus = x.dup();
            minus.getColumn(i).subi(h);
            INDArray column = network.feedForwardToLayer(0, plus)
                    .get(1)
                    .sub(network.feedForwardToLayer(0, minus).get(1))
                    .div(2 * h);
            sum += column.mul(column).sumNumber().doubleValue();
        }
        return sum / x.size(0);
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "TANH", "IDENTITY", "SOFTPLUS", "SWISH", "MISH", "RELU", "LEAKYRELU", "SELU", "HARDTANH"
            })
    void penalty_equalsANumericJacobian(Activation activation) {
        DataSet data = data(DataType.DOUBLE);
        MultiLayerNetwork with = network(layer(activation), DataType.DOUBLE);
        MultiLayerNetwork without = network(layer(activation).contraction(0), DataType.DOUBLE);
        double expected = LAMBDA * numericNorm(without, data.getFeatures());

        assertThat(expected).isGreaterThan(0.05);
        assertThat(with.score(data, true) - without.score(data, true)).isCloseTo(expected, within(1e-8));
        assertThat(with.score(data, false) - without.score(data, false)).isCloseTo(expected, within(1e-8));
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SIGMOID", "TANH", "RELU", "IDENTITY", "SOFTPLUS"})
    void float32_takesTheSameStepAsFloat64(Activation activation) {
        MultiLayerNetwork wide = network(layer(activation), DataType.DOUBLE);
        MultiLayerNetwork narrow = network(layer(activation), DataType.FLOAT);
        narrow.setParams(wide.params().castTo(DataType.FLOAT));
        DataSet data = data(DataType.DOUBLE);
        wide.fit(data);
        narrow.fit(new DataSet(
                data.getFeatures().castTo(DataType.FLOAT), data.getLabels().castTo(DataType.FLOAT)));

        assertThat(narrow.score()).isCloseTo(wide.score(), within(1e-5));
        assertThatArray(narrow.params().castTo(DataType.DOUBLE)).isCloseTo(wide.params(), 1e-5);
    }

    @Test
    void gradient_ofAStack_isRight() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(layer(Activation.SIGMOID).nIn(5).build())
                .layer(layer(Activation.TANH).nIn(4).higherOrder(0.5, 0.3).build())
                .layer(output(new LossMSE(), 4, 2, Activation.TANH)));
        DataSet data = data(DataType.DOUBLE);

        requireGradient(network, data);
    }

    /** One unit, one input, by hand: h = σ(2x) at x = 0 has slope 1/2, so the penalty is λ/4. */
    @Test
    void penalty_ofOneUnit_isTheSquareOfItsSlope() {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new ContractiveLayer.Builder()
                        .nIn(1)
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .contraction(8)
                        .build())
                .layer(output(new LossMSE(), 1, 1, Activation.IDENTITY)));
        network.setParam("0_W", Nd4j.valueArrayOf(new long[] {1, 1}, 2.0));
        network.setParam("1_W", Nd4j.zeros(DataType.DOUBLE, 1, 1));
        INDArray zero = Nd4j.zeros(DataType.DOUBLE, 1, 1);

        assertThat(network.score(new DataSet(zero, zero))).isCloseTo(8 * 0.25, within(1e-12));
    }

    static Stream<IActivation> notElementwise() {
        return Stream.of(new ActivationSoftmax(), new ActivationTopK(2), new ActivationRReLU(), new ActivationELU(0.5));
    }

    @ParameterizedTest
    @MethodSource("notElementwise")
    void activation_thatHasNoDiagonalJacobian_isRefusedByName(IActivation activation) {
        assertThatThrownBy(() -> network(
                        new ContractiveLayer.Builder().name("code").nOut(4).activation(activation), DataType.DOUBLE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("ContractiveLayer 'code'")
                .hasMessageContaining(activation.toString());
    }

    @ParameterizedTest
    @EnumSource(
            value = Activation.class,
            names = {"SOFTMAX", "RRELU", "GELU"},
            mode = EnumSource.Mode.EXCLUDE)
    void activation_ofDeeplearning4jThatIsElementwise_isTaken(Activation activation) {
        assertThatCode(() -> network(layer(activation), DataType.DOUBLE)).doesNotThrowAnyException();
    }

    @Test
    void numbers_outOfRange_areRefused() {
        assertThatThrownBy(() -> layer(Activation.SIGMOID).contraction(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contraction must be at least 0 and finite, got -1.0");
        assertThatThrownBy(() ->
                        layer(Activation.SIGMOID).higherOrder(Double.NaN, 1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("higherOrder must be at least 0");
        assertThatThrownBy(() -> layer(Activation.SIGMOID).higherOrder(1, 0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("perturbation must be above 0");
        assertThatThrownBy(() -> layer(Activation.SIGMOID).perturbations(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("perturbations must be at least 1");
    }

    @Test
    void equality_looksAtEverySetting() {
        assertThat(layer(Activation.SIGMOID).build())
                .isEqualTo(layer(Activation.SIGMOID).build())
                .hasSameHashCodeAs(layer(Activation.SIGMOID).build())
                .isNotEqualTo(layer(Activation.SIGMOID).contraction(2).build())
                .isNotEqualTo(layer(Activation.SIGMOID).higherOrder(1, 0.1).build())
                .isNotEqualTo(layer(Activation.SIGMOID).perturbations(3).build())
                .isNotEqualTo(layer(Activation.SIGMOID).inputGradient(false).build());
    }
}
