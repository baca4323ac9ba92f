package io.github.dl4jae.pretraining;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.denoising.SaltAndPepperNoise;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.testing.LayerContract;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

@Tag("slow")
class TiedAutoencoderLayerTest {

    /** A part of a configuration, with a display name. */
    private record Part(String name, UnaryOperator<TiedAutoencoderLayer.Builder> apply) {}

    /** Every corruption with every kind of code and every loss. */
    static Stream<Named<TiedAutoencoderLayer>> combinations() {
        List<Part> corruptions = List.of(
                new Part("clean", layer -> layer),
                new Part("Gaussian", layer -> layer.corruption(new GaussianCorruption(0.2, 3))),
                new Part("masking", layer -> layer.corruption(new MaskingNoise(0.3, 3))),
                new Part("salt and pepper", layer -> layer.corruption(new SaltAndPepperNoise(0.3, 3))));
        List<Part> codes = List.of(
                new Part("sigmoid", layer -> layer.activation(Activation.SIGMOID)),
                new Part("KL", layer -> layer.activation(Activation.SIGMOID).penalty(new KLSparsityPenalty(0.1, 2))),
                new Part("contractive", layer -> layer.activation(Activation.SIGMOID)
                        .contraction(0.5)),
                new Part("KL, contractive", layer -> layer.activation(Activation.SIGMOID)
                        .sparsity(0.1)
                        .contraction(0.5)),
                new Part("softplus, L1, contractive", layer -> layer.activation(Activation.SOFTPLUS)
                        .penalty(new L1Penalty(0.2))
                        .contraction(0.5)),
                new Part("k-sparse", layer -> layer.activation(new ActivationTopK(2))),
                new Part("k-sparse, L1", layer -> layer.activation(new ActivationTopK(2))
                        .penalty(new L1Penalty(0.2))));
        List<Part> losses = List.of(
                new Part("Bernoulli", layer -> layer.outputActivation(Activation.SIGMOID)),
                new Part("Gaussian", layer -> layer.outputActivation(Activation.IDENTITY)
                        .lossFunction(new LossGaussian())),
                new Part("squared, tanh", layer -> layer.outputActivation(Activation.TANH)
                        .lossFunction(new LossL2())));
        List<Named<TiedAutoencoderLayer>> all = new ArrayList<>();
        for (Part corruption : corruptions) {
            for (Part code : codes) {
                for (Part loss : losses) {
                    all.add(Named.of(
                            corruption.name() + ", " + code.name() + ", " + loss.name(),
                            loss.apply()
                                    .apply(code.apply()
                                            .apply(corruption
                                                    .apply()
                                                    .apply(new TiedAutoencoderLayer.Builder().nOut(4))))
                                    .build()));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest
    @MethodSource("combinations")
    void pretraining_withEveryCombination_hasTheRightGradient(TiedAutoencoderLayer layer) {
        LayerContract.of(layer).verifyPretraining();
    }

    static Stream<Named<TiedAutoencoderLayer>> someCombinations() {
        List<Named<TiedAutoencoderLayer>> all = combinations().toList();
        return Stream.of(0, 9, 42, 62, 83).map(all::get);
    }

    @ParameterizedTest
    @MethodSource("someCombinations")
    void contract_holds(TiedAutoencoderLayer layer) {
        LayerContract.verify(layer);
    }

    private static MultiLayerNetwork network(TiedAutoencoderLayer.Builder layer) {
        MultiLayerNetwork network = initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(layer.nIn(2).nOut(1).name("code").build()));
        network.initGradientsView();
        return network;
    }

    /** One unit, by hand: x = (1, 0), W = (2, −1), b = 0, vb = (0, 1). z = 2, h = σ(2); down (2h, 1 − h). */
    @Test
    void score_ofOneUnit_isWhatTheFormulaSays() {
        MultiLayerNetwork network = network(new TiedAutoencoderLayer.Builder()
                .activation(Activation.SIGMOID)
                .contraction(3));
        network.setParam("0_W", Nd4j.createFromArray(new double[][] {{2}, {-1}}));
        network.setParam("0_vb", Nd4j.createFromArray(new double[] {0, 1}));
        Layer layer = network.getLayer(0);
        layer.setInput(Nd4j.createFromArray(new double[][] {{1, 0}}), LayerWorkspaceMgr.noWorkspaces());

        layer.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());

        double h = 1 / (1 + Math.exp(-2));
        double crossEntropy = Math.log1p(Math.exp(-2 * h)) + Math.log1p(Math.exp(1 - h));
        double jacobian = Math.pow(h * (1 - h), 2) * (4 + 1);
        assertThat(layer.score()).isCloseTo(crossEntropy + 3 * jacobian, within(1e-12));
        // ∂vb = x̂ − x
        assertThat(layer.gradient().getGradientFor("vb").getDouble(0))
                .isCloseTo(1 / (1 + Math.exp(-2 * h)) - 1, within(1e-12));
        assertThat(layer.gradient().getGradientFor("vb").getDouble(1))
                .isCloseTo(1 / (1 + Math.exp(-(1 - h))), within(1e-12));
    }

    @Test
    void options_ofTheStockBuilder_areThere() {
        TiedAutoencoderLayer layer = new TiedAutoencoderLayer.Builder()
                .nIn(5)
                .nOut(3)
                .corruptionLevel(0.25)
                .sparsity(0.1)
                .visibleBiasInit(0.5)
                .lossFunction(LossFunctions.LossFunction.RECONSTRUCTION_CROSSENTROPY)
                .activation(Activation.SIGMOID)
                .build();

        assertThat(layer.getCorruption()).isEqualTo(new MaskingNoise(0.25));
        assertThat(layer.getPenalty()).isEqualTo(new KLSparsityPenalty(0.1, 1));
        assertThat(layer.getLossFunction()).isEqualTo(new LossBernoulli());
        MultiLayerNetwork network =
                initialized(new NeuralNetConfiguration.Builder().list().layer(layer));
        assertThat(network.getParam("0_vb").toDoubleVector()).containsOnly(0.5);
    }

    @Test
    void training_ofTheWholeNetwork_leavesTheVisibleBiasAlone() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(3)
                .list()
                .layer(new TiedAutoencoderLayer.Builder().nIn(6).nOut(4).build())
                .layer(output(new LossL2(), 4, 2, Activation.IDENTITY))
                .build();
        MultiLayerNetwork network = initialized(configuration);
        INDArray bias = network.getParam("0_b").dup();

        network.fit(Nd4j.rand(DataType.FLOAT, 5, 6), Nd4j.rand(DataType.FLOAT, 5, 2));

        assertThat(network.getParam("0_vb").toDoubleVector()).containsOnly(0);
        assertThat(network.getParam("0_b")).isNotEqualTo(bias);
    }

    @Test
    void settings_thatCannotBe_areRefused() {
        assertThatThrownBy(
                        () -> new TiedAutoencoderLayer.Builder().contraction(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("contraction must be at least 0 and finite, got -1.0");
        assertThatThrownBy(() -> new TiedAutoencoderLayer.Builder()
                        .lossFunction((ILossFunction) null)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("lossFunction must be given");
        assertThatThrownBy(() -> network(new TiedAutoencoderLayer.Builder().activation(new ActivationTopK(1))))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("TiedAutoencoderLayer 'code'")
                .hasMessageContaining("outputActivation must be given with ActivationTopK");
        assertThatThrownBy(() -> network(new TiedAutoencoderLayer.Builder()
                        .activation(new ActivationTopK(1))
                        .outputActivation(Activation.SIGMOID)
                        .contraction(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be elementwise");
        MultiLayerNetwork network = network(new TiedAutoencoderLayer.Builder().activation(Activation.SIGMOID));
        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.DOUBLE, 1, 3)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("must have the shape [batch, 2], got [1, 3]");
    }

    @Test
    void equality_looksAtEverySetting() {
        TiedAutoencoderLayer plain =
                new TiedAutoencoderLayer.Builder().nIn(2).nOut(1).build();
        assertThat(plain)
                .isEqualTo(new TiedAutoencoderLayer.Builder().nIn(2).nOut(1).build())
                .hasSameHashCodeAs(
                        new TiedAutoencoderLayer.Builder().nIn(2).nOut(1).build());
        Stream.<UnaryOperator<TiedAutoencoderLayer.Builder>>of(
                        layer -> layer.corruptionLevel(0.1),
                        layer -> layer.contraction(1),
                        layer -> layer.sparsity(0.1),
                        layer -> layer.outputActivation(Activation.TANH),
                        layer -> layer.lossFunction(new LossL2()),
                        layer -> layer.visibleBiasInit(1))
                .forEach(change -> assertThat(plain)
                        .isNotEqualTo(change.apply(new TiedAutoencoderLayer.Builder()
                                        .nIn(2)
                                        .nOut(1))
                                .build()));
    }
}
