package io.github.dl4jae.contractive;

import static io.github.dl4jae.contractive.ContractionNetworks.INPUTS;
import static io.github.dl4jae.contractive.ContractionNetworks.LAMBDA;
import static io.github.dl4jae.contractive.ContractionNetworks.base;
import static io.github.dl4jae.contractive.ContractionNetworks.contraction;
import static io.github.dl4jae.contractive.ContractionNetworks.data;
import static io.github.dl4jae.contractive.ContractionNetworks.deep;
import static io.github.dl4jae.contractive.ContractionNetworks.dense;
import static io.github.dl4jae.contractive.ContractionNetworks.graph;
import static io.github.dl4jae.contractive.ContractionNetworks.network;
import static io.github.dl4jae.contractive.ContractionNetworks.output;
import static io.github.dl4jae.contractive.ContractionNetworks.recurrent;
import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.DefaultType;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class EncoderContractionTest {
    private static EncoderContraction higherOrder() {
        return contraction().higherOrder(1.3, 0.4).probe(0.1);
    }

    @ParameterizedTest
    @CsvSource({"ENABLED,true", "ENABLED,false", "NONE,true", "NONE,false"})
    void gradient_aroundDenseLayers_isRight(WorkspaceMode workspaces, boolean miniBatch) {
        requireGradient(deep(base(workspaces, miniBatch), contraction()), data(4, INPUTS));
        requireGradient(deep(base(workspaces, miniBatch), higherOrder()), data(4, INPUTS));
    }

    @ParameterizedTest
    @CsvSource({"ENABLED,true", "ENABLED,false", "NONE,true", "NONE,false"})
    void gradient_inAGraphWithBranches_isRight(WorkspaceMode workspaces, boolean miniBatch) {
        DataSet data = data(4, INPUTS);
        for (EncoderContraction contraction : List.of(contraction(), higherOrder())) {
            requireGradient(graph(base(workspaces, miniBatch), contraction), data);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradient_aroundAConvolution_isRight(boolean miniBatch) {
        NeuralNetConfiguration.ListBuilder list =
                base(WorkspaceMode.ENABLED, miniBatch).list();
        contraction()
                .around(new ConvolutionLayer.Builder(2, 2).nOut(2).build(), dense(3))
                .forEach(list::layer);
        MultiLayerNetwork network = initialized(list.layer(output()).setInputType(InputType.convolutional(4, 4, 1)));

        requireGradient(network, data(3, 1, 4, 4));
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void gradient_aroundARecurrentLayerWithMasks_isRight(boolean miniBatch) {
        MultiLayerNetwork network = recurrent(
                base(WorkspaceMode.ENABLED, miniBatch),
                new LSTM.Builder().nOut(3).build());
        DataSet data = data(3, 3, 4);
        requireGradient(network, data);

        INDArray mask = Nd4j.createFromArray(new double[][] {{1, 1, 1, 1}, {1, 1, 0, 0}, {1, 0, 0, 0}});
        DataSet masked = new DataSet(data.getFeatures(), data.getLabels(), mask, mask.dup());
        requireGradient(network, masked);
        assertThat(network.output(masked.getFeatures(), false, mask, mask).shape())
                .containsExactly(3, 2, 4);
    }

    /** ‖∂h/∂x‖² by differences of the network's own activations, mean over examples. */
    private static double exact(MultiLayerNetwork network, INDArray x, int from, int to) {
        double h = 1e-5;
        double sum = 0;
        INDArray below = network.feedForwardToLayer(from, x).get(from + 1);
        for (int i = 0; i < below.size(1); i++) {
            INDArray plus = below.dup();
            plus.getColumn(i).addi(h);
            INDArray minus = below.dup();
            minus.getColumn(i).subi(h);
            INDArray column = network.activateSelectedLayers(from + 1, to, plus)
                    .sub(network.activateSelectedLayers(from + 1, to, minus))
                    .div(2 * h);
            sum += column.mul(column).sumNumber().doubleValue();
        }
        return sum / x.size(0);
    }

    /** Mean over iterations, and so over draws, of the score above that of the reconstruction. */
    private static double meanPenalty(MultiLayerNetwork network, double reconstruction, DataSet data, int draws) {
        double sum = 0;
        for (int i = 0; i < draws; i++) {
            for (org.deeplearning4j.nn.api.Layer layer : network.getLayers()) {
                layer.setIterationCount(i);
            }
            sum += network.score(data, true) - reconstruction;
        }
        return sum / draws;
    }

    @Test
    void estimate_overManyDraws_isTheExactPenalty() {
        DataSet data = data(4, INPUTS);
        MultiLayerNetwork with = deep(base(WorkspaceMode.ENABLED, true), contraction());
        MultiLayerNetwork without = deep(base(WorkspaceMode.ENABLED, true), new EncoderContraction("c", 0));
        double estimate = meanPenalty(with, without.score(data, true), data, 4_000);

        double expected = LAMBDA * exact(without, data.getFeatures(), 0, 4);
        assertThat(expected).isGreaterThan(0.1);
        assertThat(estimate).isCloseTo(expected, within(0.03 * expected));
    }

    /** E‖J(x) − J(x + ε)‖² of one tanh layer: Σ_j (s_j − s̃_j)² ‖W_:j‖², averaged over ε by hand. */
    @Test
    void estimateOfHigherOrder_overManyDraws_isTheExactPenalty() {
        ContractiveLayer.Builder exactLayer = new ContractiveLayer.Builder()
                .nOut(3)
                .contraction(0)
                .higherOrder(1, 0.4)
                .perturbations(4_000);
        MultiLayerNetwork exact = network(
                base(WorkspaceMode.ENABLED, true),
                InputType.feedForward(INPUTS),
                output(),
                List.of(exactLayer.build()));
        MultiLayerNetwork estimated = network(
                base(WorkspaceMode.ENABLED, true),
                InputType.feedForward(INPUTS),
                output(),
                new EncoderContraction("c", 0).higherOrder(1, 0.4).around(dense(3)));
        MultiLayerNetwork plain = network(
                base(WorkspaceMode.ENABLED, true),
                InputType.feedForward(INPUTS),
                output(),
                new EncoderContraction("c", 0).around(dense(3)));
        exact.setParams(plain.params());
        estimated.setParams(plain.params());
        DataSet data = data(4, INPUTS);
        double reconstruction = plain.score(data, true);
        double estimate = meanPenalty(estimated, reconstruction, data, 6_000);

        double expected = exact.score(data, true) - reconstruction;
        assertThat(expected).isGreaterThan(0.01);
        assertThat(estimate).isCloseTo(expected, within(0.03 * expected));
    }

    @Test
    void inference_seesNoCopies() {
        MultiLayerNetwork network = deep(base(WorkspaceMode.ENABLED, true), contraction());
        DataSet data = data(4, INPUTS);

        List<INDArray> activations = network.feedForward(data.getFeatures());

        assertThat(activations).allMatch(each -> each.size(0) == 4);
        MultiLayerNetwork plain = deep(base(WorkspaceMode.ENABLED, true), new EncoderContraction("c", 0));
        assertThatArray(network.output(data.getFeatures())).isEqualTo(plain.output(data.getFeatures()));
        assertThat(network.score(data, false)).isEqualTo(plain.score(data, false));
    }

    @Test
    void training_lowersTheNormOfTheJacobian() {
        MultiLayerNetwork network = network(
                base(WorkspaceMode.ENABLED, true).updater(new Sgd(0.1)),
                InputType.feedForward(INPUTS),
                output(),
                new EncoderContraction("c", 2).around(dense(4), dense(3)));
        DataSet data = data(50, INPUTS);
        double before = exact(network, data.getFeatures(), 0, 4);
        for (int i = 0; i < 100; i++) {
            network.fit(data);
        }

        assertThat(exact(network, data.getFeatures(), 0, 4)).isLessThan(before / 3);
    }

    @Test
    void json_keepsTheNetwork() {
        MultiLayerNetwork network = deep(base(WorkspaceMode.ENABLED, true), higherOrder());
        MultiLayerNetwork restored = initialized(MultiLayerConfiguration.fromJson(
                network.getLayerWiseConfigurations().toJson()));
        restored.setParams(network.params());
        DataSet data = data(4, INPUTS);
        assertThat(restored.getLayerWiseConfigurations()).isEqualTo(network.getLayerWiseConfigurations());
        assertThat(restored.score(data, true)).isEqualTo(network.score(data, true));
        assertThat(network.clone().score(data, true)).isEqualTo(network.score(data, true));

        ComputationGraph graph = graph(base(WorkspaceMode.ENABLED, true), higherOrder());
        ComputationGraph restoredGraph = initialized(
                ComputationGraphConfiguration.fromJson(graph.getConfiguration().toJson()));
        restoredGraph.setParams(graph.params());
        assertThat(restoredGraph.score(data, true)).isEqualTo(graph.score(data, true));
    }
}
