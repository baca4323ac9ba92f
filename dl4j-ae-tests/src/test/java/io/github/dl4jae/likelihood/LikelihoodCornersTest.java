package io.github.dl4jae.likelihood;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.testing.ActivationContract;
import java.util.stream.Stream;
import org.apache.commons.math3.special.Gamma;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.variational.CompositeReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.GaussianReconstructionDistribution;
import org.deeplearning4j.nn.conf.layers.variational.LossFunctionWrapper;
import org.deeplearning4j.nn.conf.layers.variational.ReconstructionDistribution;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Large rates, and distributions that are none. */
class LikelihoodCornersTest {

    @Tag("slow")
    @Test
    void stableSoftplus_keepsTheContract_alsoOnImages() {
        ActivationContract.verify(new ActivationStableSoftplus());
        ActivationContract.verify(new ActivationStableSoftplus(), 2, 3, 4, 4);
    }

    private static double softplus(double z) {
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z)));
    }

    @Test
    void stableSoftplus_isRightInFloat32_farOut() {
        float[] z = {-1e4f, -200, -20, 0, 3, 88, 89, 200, 1e4f, 1e30f};

        INDArray activation = new ActivationStableSoftplus()
                .getActivation(Nd4j.createFromArray(z).reshape(1, z.length), true);
        INDArray derivative = new ActivationStableSoftplus()
                .backprop(Nd4j.createFromArray(z).reshape(1, z.length), Nd4j.ones(DataType.FLOAT, 1, z.length))
                .getFirst();
        for (int i = 0; i < z.length; i++) {
            assertThat(activation.getDouble(i)).isCloseTo(softplus(z[i]), within(1e-6 * Math.max(1, z[i])));
            assertThat(derivative.getDouble(i)).isCloseTo(1 / (1 + Math.exp(-z[i])), within(1e-6));
        }
    }

    @ParameterizedTest
    @ValueSource(floats = {-3, 0.5f, 88, 200, 1e4f})
    void poisson_ofLargeRates_isRightInFloat32(float z) {
        IActivation activation = new ActivationStableSoftplus();
        double rate = softplus(z);
        double[] labels = {0, 1, 60, 200, 12_000};
        INDArray x = Nd4j.createFromArray(labels).castTo(DataType.FLOAT).reshape(1, labels.length);
        INDArray preOutput = Nd4j.valueArrayOf(new long[] {1, labels.length}, z, DataType.FLOAT);
        double expectedLoss = 0;
        for (double label : labels) {
            expectedLoss += rate - label * Math.log(rate) + Gamma.logGamma(label + 1);
        }

        double loss = new LossPoissonNll().computeScore(x, preOutput.dup(), activation, null, false);
        INDArray gradient = new LossPoissonNll().computeGradient(x, preOutput.dup(), activation, null);

        assertThat(loss).isCloseTo(expectedLoss, within(1e-5 * Math.abs(expectedLoss)));
        for (int i = 0; i < labels.length; i++) {
            double expected = (1 - labels[i] / rate) / (1 + Math.exp(-z));
            assertThat(gradient.getDouble(i)).isCloseTo(expected, within(1e-5 * Math.max(1, Math.abs(expected))));
        }
    }

    /** The rates that come out of a network, by the layer of Deeplearning4j and by that of this library. */
    static Stream<BaseOutputLayer> outputLayers() {
        return Stream.of(
                new OutputLayer.Builder(new LossPoissonNll())
                        .nIn(1)
                        .nOut(3)
                        .activation(new ActivationStableSoftplus())
                        .build(),
                new FastOutputLayer.Builder(new LossPoissonNll())
                        .nIn(1)
                        .nOut(3)
                        .activation(new ActivationStableSoftplus())
                        .build());
    }

    @ParameterizedTest
    @MethodSource("outputLayers")
    void network_withLargeRates_hasFiniteOutputAndScore_andTrains(BaseOutputLayer layer) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .updater(new NoOp())
                .list()
                .layer(layer)
                .build());
        network.init();
        network.setParam("0_W", Nd4j.createFromArray(new float[][] {{88, 200, 1e4f}}));
        INDArray x = Nd4j.ones(DataType.FLOAT, 2, 1);
        INDArray counts = Nd4j.createFromArray(new float[][] {{90, 190, 9900}, {70, 205, 1e4f}});

        assertThat(network.output(x).getRow(0).toFloatVector())
                .containsExactly(new float[] {88, 200, 1e4f}, within(1e-3f));
        assertThat(network.score(new DataSet(x, counts))).isBetween(0.0, 100.0);
        network.fit(x, counts);
        assertThat(network.params().isNaN().any()).isFalse();
        assertThat(network.params().isInfinite().any()).isFalse();
    }

    @Test
    void stableSoftplus_inALayer_survivesJson() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new DenseLayer.Builder()
                        .nIn(2)
                        .nOut(3)
                        .activation(new ActivationStableSoftplus())
                        .build())
                .layer(new FastOutputLayer.Builder(new LossPoissonNll())
                        .nIn(3)
                        .nOut(2)
                        .activation(new ActivationStableSoftplus())
                        .build())
                .build();

        MultiLayerConfiguration restored = MultiLayerConfiguration.fromJson(configuration.toJson());

        assertThat(restored).isEqualTo(configuration);
        for (int i = 0; i < 2; i++) {
            assertThat(((BaseLayer) restored.getConf(i).getLayer()).getActivationFn())
                    .isEqualTo(new ActivationStableSoftplus());
        }
    }

    static Stream<ReconstructionDistribution> hiddenLosses() {
        ReconstructionDistribution loss = new LossFunctionWrapper(Activation.IDENTITY, new LossMSE());
        ReconstructionDistribution composite = new CompositeReconstructionDistribution.Builder()
                .addDistribution(2, new GaussianReconstructionDistribution(Activation.IDENTITY))
                .addDistribution(1, loss)
                .build();
        ReconstructionDistribution first = new CompositeReconstructionDistribution.Builder()
                .addDistribution(1, loss)
                .addDistribution(2, new GaussianReconstructionDistribution(Activation.IDENTITY))
                .build();
        ReconstructionDistribution nested = new CompositeReconstructionDistribution.Builder()
                .addDistribution(2, new GaussianReconstructionDistribution(Activation.IDENTITY))
                .addDistribution(3, composite)
                .build();
        return Stream.of(composite, first, nested);
    }

    @ParameterizedTest
    @MethodSource("hiddenLosses")
    void lossFunction_amongDistributions_isRefused(ReconstructionDistribution distribution) {
        assertThatThrownBy(() -> new LossReconstructionDistribution(distribution))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "LossReconstructionDistribution: distribution must be a probability distribution");
    }
}
