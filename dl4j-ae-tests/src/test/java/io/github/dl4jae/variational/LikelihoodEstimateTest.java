package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.LinearGaussianModel.probabilisticPca;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.variational.BernoulliReconstructionDistribution;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
class LikelihoodEstimateTest {
    /** Uses the same weights and noise: the seed makes the stock layer draw the same numbers. */
    @Test
    void stockVariationalAutoencoder_ofTheSameWeights_hasTheSameElbo() {
        MultiLayerNetwork stock = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(2)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new org.deeplearning4j.nn.conf.layers.variational.VariationalAutoencoder.Builder()
                        .nIn(5)
                        .nOut(3)
                        .encoderLayerSizes(4)
                        .decoderLayerSizes(4)
                        .activation(Activation.TANH)
                        .pzxActivationFunction(Activation.IDENTITY)
                        .reconstructionDistribution(new BernoulliReconstructionDistribution(Activation.SIGMOID))
                        .build())
                .build());
        stock.init();
        VariationalAutoencoder vae = (VariationalAutoencoder) stock.getLayer(0);
        MultiLayerNetwork ours = initialized(
                layers(DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        ours.setParam("0_W", vae.getParam("e0W"));
        ours.setParam("0_b", vae.getParam("e0b"));
        ours.setParam("1_W", Nd4j.concat(1, vae.getParam("pZXMeanW"), vae.getParam("pZXLogStd2W")));
        ours.setParam(
                "1_b",
                Nd4j.concat(
                                0,
                                vae.getParam("pZXMeanb").reshape(3),
                                vae.getParam("pZXLogStd2b").reshape(3))
                        .reshape(1, 6));
        ours.setParam("2_W", vae.getParam("d0W"));
        ours.setParam("2_b", vae.getParam("d0b"));
        ours.setParam("3_W", vae.getParam("pXZW"));
        ours.setParam("3_b", vae.getParam("pXZb"));

        INDArray x = examples(DataType.DOUBLE, 6);
        Nd4j.getRandom().setSeed(9);
        INDArray epsilon = Nd4j.randn(DataType.DOUBLE, 6, 3);
        VariationalModel model = VariationalModel.of(ours, "z");
        GaussianPosterior q = model.posterior(x);
        double elbo = 0;
        INDArray z = epsilon.dup();
        for (int i = 0; i < 6; i++) {
            for (int j = 0; j < 3; j++) {
                z.putScalar(i, j, q.mean()[i * 3 + j] + q.deviation()[i * 3 + j] * epsilon.getDouble(i, j));
            }
        }
        double[] reconstruction = model.logLikelihood(x, z);
        double[] kl = q.divergence(null);
        for (int i = 0; i < 6; i++) {
            elbo += (reconstruction[i] - kl[i]) / 6;
        }
        Nd4j.getRandom().setSeed(9);
        vae.setInput(x.dup(), LayerWorkspaceMgr.noWorkspaces());
        vae.setBackpropGradientsViewArray(Nd4j.create(DataType.DOUBLE, 1, vae.numParams()));
        vae.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
        assertThat(-elbo).isCloseTo(vae.score(), within(1e-10));
    }

    /** −ln p of a Bernoulli variable is the cross-entropy of its label with its mean. */
    @Test
    void missingValues_haveNoTermInTheLikelihood() {
        MultiLayerNetwork network = initialized(
                layers(DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        VariationalModel model = VariationalModel.of(network, "z");
        INDArray x = examples(DataType.DOUBLE, 4);
        INDArray present = Nd4j.createFromArray(
                new double[][] {{1, 1, 1, 1, 1}, {0, 1, 0, 1, 1}, {0, 0, 0, 0, 1}, {1, 0, 1, 1, 0}});
        INDArray codes = Nd4j.rand(DataType.DOUBLE, 8, 3);
        INDArray p = model.decode(codes);

        double[] logLikelihood = model.logLikelihood(x, present, codes);

        for (int row = 0; row < 8; row++) {
            double expected = 0;
            for (int j = 0; j < 5; j++) {
                double label = x.getDouble(row % 4, j);
                expected += present.getDouble(row % 4, j)
                        * (label * Math.log(p.getDouble(row, j)) + (1 - label) * Math.log(1 - p.getDouble(row, j)));
            }
            assertThat(logLikelihood[row]).isCloseTo(expected, within(1e-9));
        }
        assertThat(model.logLikelihood(x, codes)[0]).isCloseTo(logLikelihood[0], within(1e-12));
    }

    @Test
    void estimate_ofAnIterator_takesTheMasksOfLabels() {
        VariationalModel model = VariationalModel.of(
                initialized(layers(
                        DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                "z");
        INDArray x = examples(DataType.DOUBLE, 4);
        INDArray present = Nd4j.ones(DataType.DOUBLE, 4, 5);
        present.putScalar(0, 0, 0);
        present.putScalar(2, 3, 0);
        DataSetIterator data = new ListDataSetIterator<>(List.of(new DataSet(x, x, null, present)), 4);

        LikelihoodEstimate masked = LikelihoodEstimate.estimate(model, data, 10, 3);

        LikelihoodEstimate direct = LikelihoodEstimate.estimate(model, x, present, 10, 3);
        assertThat(masked.logLikelihoodPerExample()).containsExactly(direct.logLikelihoodPerExample());
        assertThat(direct.negativeLogLikelihood())
                .isLessThan(LikelihoodEstimate.estimate(model, x, 10, 3).negativeLogLikelihood());
        // 18 of 20 values are present
        assertThat(direct.bitsPerDimension())
                .isCloseTo(direct.negativeLogLikelihood() / (18.0 / 4 * Math.log(2)), within(1e-12));
    }

    @Test
    void maskOfOtherRows_isRefused() {
        VariationalModel model = VariationalModel.of(
                initialized(
                        layers(DataType.FLOAT, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                "z");
        INDArray mask = Nd4j.ones(DataType.FLOAT, 3, 5);

        assertThatThrownBy(
                        () -> model.logLikelihood(examples(DataType.FLOAT, 4), mask, Nd4j.zeros(DataType.FLOAT, 4, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the mask must have a row for each of the 4 examples, got [3, 5]");
    }

    @Test
    void activeUnits_areThoseWhoseMeansVary() {
        MultiLayerNetwork network = probabilisticPca(1);
        INDArray w = network.getParam("0_W").dup();
        w.getColumn(1).muli(1e-3);
        network.setParam("0_W", w);
        Nd4j.getRandom().setSeed(4);
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(
                VariationalModel.of(network, "z"), Nd4j.randn(DataType.DOUBLE, 200, 4), 1, 1);
        assertThat(evidence.activeUnits()).isEqualTo(1);
        assertThat(evidence.divergencePerLatent()).hasSize(2);
        assertThat(Arrays.stream(evidence.divergencePerLatent()).sum())
                .isCloseTo(evidence.klDivergence(), within(1e-12));
        assertThat(evidence.toString()).contains("1 of 2 latents active, 200 examples");
    }

    @Test
    void severalSamples_areEvaluatedLikeAnyOther() {
        ComputationGraph graph = SmallModels.multiSample(new Adam(0.01), 5);
        MultiLayerNetwork network = initialized(
                layers(DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        network.setParams(graph.params());
        INDArray x = examples(DataType.DOUBLE, 10);
        LikelihoodEstimate ofGraph = LikelihoodEstimate.estimate(VariationalModel.of(graph, "z"), x, 40, 1);
        LikelihoodEstimate ofNetwork = LikelihoodEstimate.estimate(VariationalModel.of(network, "z"), x, 40, 1);
        assertThat(ofGraph.logLikelihoodPerExample())
                .containsExactly(ofNetwork.logLikelihoodPerExample(), within(1e-10));
        INDArray z = Nd4j.rand(DataType.DOUBLE, 7, 3);
        assertThat(VariationalModel.of(graph, "z")
                        .decode(z)
                        .sub(VariationalModel.of(network, "z").decode(z))
                        .amaxNumber()
                        .doubleValue())
                .isLessThan(1e-10);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void mixturePrior_hasItsOwnEvidence(boolean iterator) {
        VariationalModel model = VariationalModel.of(
                initialized(layers(
                        DataType.DOUBLE,
                        new Adam(0.01),
                        new GaussianLatentLayer.Builder().prior(new LatentPrior.GaussianMixture(4)),
                        new LossBernoulli())),
                "z");
        INDArray x = examples(DataType.DOUBLE, 50);
        DataSetIterator data = new ListDataSetIterator<>(new DataSet(x, x).asList(), 20);
        LikelihoodEstimate evidence = iterator
                ? LikelihoodEstimate.estimate(model, data, 500, 2)
                : LikelihoodEstimate.estimate(model, x, 500, 2);
        double[] z = model.posterior(x).sample(NoiseStream.of(8, "test"), 2000);
        double kl = Arrays.stream(model.posterior(x).divergence(z)).average().orElseThrow();
        assertThat(evidence.klDivergence()).isCloseTo(kl, within(0.05));
        assertThat(evidence.negativeLogLikelihood()).isLessThan(-evidence.elbo());
        assertThat(model.samplePrior(7, 1).shape()).containsExactly(7, 3);
        assertThatArray(model.samplePrior(7, 1))
                .isEqualTo(model.samplePrior(7, 1))
                .isNotEqualTo(model.samplePrior(7, 2));
    }

    @Test
    void wrongArguments_areClearErrors() {
        MultiLayerNetwork network = initialized(
                layers(DataType.FLOAT, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        VariationalModel model = VariationalModel.of(network, "z");
        INDArray x = examples(DataType.FLOAT, 4);
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(model, x, 0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("samples must be at least 1, got 0");
        assertThatThrownBy(() -> model.logLikelihood(x, Nd4j.rand(DataType.FLOAT, 6, 3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a multiple of the number of examples, got 6 codes for 4 examples");
        assertThatThrownBy(() -> model.decode(Nd4j.rand(DataType.FLOAT, 6, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must have the shape [N, 3], got [6, 2]");
        assertThatThrownBy(() -> VariationalModel.of(network, "layer0"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a GaussianLatentLayer, got 'layer0', a DenseLayer");
        assertThatThrownBy(() -> VariationalModel.of(network, "code"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'code'; its layers are [layer0, z, layer2, layer3]");
        assertThatThrownBy(() -> model.given(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a network without side inputs has no conditions, got 1");
        INDArray withNaN = x.dup().putScalar(1, 1, Float.NaN);
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(model, withNaN, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 1);
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(
                        model, new ListDataSetIterator<>(List.of(new DataSet(x, x, mask, null))), 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LikelihoodEstimate: features must have no mask, got one of shape");
        assertThatThrownBy(() -> model.samplePrior(0, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("count must be at least 1, got 0");
        MultiLayerNetwork mean =
                initialized(layers(DataType.FLOAT, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossMSE()));
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(VariationalModel.of(mean, "z"), x, 1, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LossMSE is no negative log-likelihood");
    }
}
