package io.github.dl4jae.variational;

import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.initialized;
import static io.github.dl4jae.variational.SmallModels.layers;
import static io.github.dl4jae.variational.SmallModels.multiSample;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
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
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

@Tag("slow")
class LikelihoodEstimateTest {

    private static final double[][] LOADINGS = {{0.9, -0.4, 0.5, 0.1}, {0.7, 0.6, 0.1, -0.8}}; // not orthogonal
    private static final double[] CENTER = {0.1, -0.2, 0.3, 0};
    private static final double DEVIATION = 0.6;

    /**
     * Probabilistic PCA: x = z·V + c + s·n. The decoder is exact; the encoder is the exact mean of p(z|x), with the diagonal of its covariance
     * times a factor: no posterior of this family is exact, since V is not orthogonal.
     */
    private static MultiLayerNetwork probabilisticPca(double varianceFactor) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(4)
                        .nOut(2)
                        .build())
                .layer(new OutputLayer.Builder(new LossGaussian(DEVIATION))
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        INDArray v = Nd4j.createFromArray(LOADINGS);
        INDArray c = Nd4j.createFromArray(new double[][] {CENTER});
        // M = V Vᵀ + s² I, mean = (x − c) Vᵀ M⁻¹, covariance = s² M⁻¹
        INDArray m =
                v.mmul(v.transpose()).addi(Nd4j.eye(2).castTo(DataType.DOUBLE).muli(DEVIATION * DEVIATION));
        double determinant = m.getDouble(0, 0) * m.getDouble(1, 1) - m.getDouble(0, 1) * m.getDouble(1, 0);
        INDArray inverse = Nd4j.createFromArray(
                        new double[][] {{m.getDouble(1, 1), -m.getDouble(0, 1)}, {-m.getDouble(1, 0), m.getDouble(0, 0)}
                        })
                .divi(determinant);
        INDArray toMean = v.transpose().mmul(inverse); // [4,2]
        INDArray w = Nd4j.zeros(DataType.DOUBLE, 4, 4);
        w.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 2)).assign(toMean);
        INDArray shift = c.mmul(toMean).negi();
        network.setParam("0_W", w);
        network.setParam("0_b", Nd4j.createFromArray(new double[][] {
            {
                shift.getDouble(0),
                shift.getDouble(1),
                Math.log(varianceFactor * DEVIATION * DEVIATION * inverse.getDouble(0, 0)),
                Math.log(varianceFactor * DEVIATION * DEVIATION * inverse.getDouble(1, 1))
            }
        }));
        network.setParam("1_W", v);
        network.setParam("1_b", c);
        return network;
    }

    private static double exactLogLikelihood(INDArray x) {
        double[][] covariance = new double[4][4];
        for (int i = 0; i < 4; i++) {
            for (int j = 0; j < 4; j++) {
                covariance[i][j] = LOADINGS[0][i] * LOADINGS[0][j]
                        + LOADINGS[1][i] * LOADINGS[1][j]
                        + (i == j ? DEVIATION * DEVIATION : 0);
            }
        }
        MultivariateNormalDistribution exact = new MultivariateNormalDistribution(CENTER, covariance);
        return Arrays.stream(x.toDoubleMatrix())
                .mapToDouble(row -> Math.log(exact.density(row)))
                .average()
                .orElseThrow();
    }

    @ParameterizedTest
    @ValueSource(doubles = {1, 1.5})
    void logLikelihood_ofALinearGaussianModel_isExactToThreeDecimals(double varianceFactor) {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 20, 4);
        VariationalModel model = VariationalModel.of(probabilisticPca(varianceFactor), "z");
        double exact = exactLogLikelihood(x);
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(model, x, 50_000, 1);
        assertThat(-evidence.negativeLogLikelihood()).isCloseTo(exact, within(5e-4));
        assertThat(evidence.elbo()).isLessThan(exact - 0.01);
        assertThat(evidence.bitsPerDimension()).isCloseTo(-exact / 4 / Math.log(2), within(5e-4));
    }

    /** The gap is KL(q‖p(z|x)), whose closed form for two Gaussians is independent of the code under test. */
    @Test
    void elbo_ofALinearGaussianModel_isTheLikelihoodLessTheDivergenceFromThePosterior() {
        Nd4j.getRandom().setSeed(4);
        INDArray x = Nd4j.randn(DataType.DOUBLE, 20, 4);
        double[][] m = new double[2][2];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < 2; j++) {
                for (int d = 0; d < 4; d++) {
                    m[i][j] += LOADINGS[i][d] * LOADINGS[j][d];
                }
                m[i][j] += i == j ? DEVIATION * DEVIATION : 0;
            }
        }
        double determinant = m[0][0] * m[1][1] - m[0][1] * m[1][0];
        // the same means; S_q = 1.5 diag(S), S = s² M⁻¹: ½(tr(S⁻¹ S_q) − 2 + ln|S| − ln|S_q|)
        double first = DEVIATION * DEVIATION * m[1][1] / determinant;
        double second = DEVIATION * DEVIATION * m[0][0] / determinant;
        double trace = 1.5 * (m[0][0] * first + m[1][1] * second) / (DEVIATION * DEVIATION);
        double logS = 4 * Math.log(DEVIATION) - Math.log(determinant);
        double gap = 0.5 * (trace - 2 + logS - Math.log(1.5 * first) - Math.log(1.5 * second));
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(VariationalModel.of(probabilisticPca(1.5), "z"), x, 50_000, 1);
        assertThat(evidence.elbo()).isCloseTo(exactLogLikelihood(x) - gap, within(2e-3));
    }

    /** ELBO and the mean of ln w have the same expectation: the terms of one sample are unbiased. */
    @Test
    void oneSample_estimatesTheElbo() {
        INDArray x = examples(DataType.DOUBLE, 20_000);
        VariationalModel model = VariationalModel.of(
                initialized(layers(
                        DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                "z");
        LikelihoodEstimate one = LikelihoodEstimate.estimate(model, x, 1, 3);
        assertThat(-one.negativeLogLikelihood()).isCloseTo(one.elbo(), within(0.03));
        assertThat(LikelihoodEstimate.estimate(model, x, 20, 3).negativeLogLikelihood())
                .isLessThan(-one.elbo());
    }

    @Test
    void samples_inSeveralBatches_giveTheSameAsInOne() {
        INDArray x = examples(DataType.DOUBLE, 3);
        VariationalModel model = VariationalModel.of(
                initialized(layers(
                        DataType.DOUBLE, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                "z");
        GaussianPosterior q = model.posterior(x);
        LikelihoodEstimate many =
                LikelihoodEstimate.estimate(model, x, 30_000, 3); // 10,922 samples of three examples fit in a batch
        LikelihoodEstimate first =
                LikelihoodEstimate.estimate(model, x.getRow(0, true), 30_000, 3); // all of one example do
        assertThat(first.logLikelihoodPerExample()[0]).isCloseTo(many.logLikelihoodPerExample()[0], within(1e-9));
        assertThat(first.elboPerExample()[0]).isCloseTo(many.elboPerExample()[0], within(1e-9));
        assertThat(many.klDivergence())
                .isCloseTo(Arrays.stream(q.divergence(null)).average().orElseThrow(), within(1e-12));
        assertThat(LikelihoodEstimate.estimate(model, x, 30_000, 3).elboPerExample())
                .containsExactly(many.elboPerExample());
    }

    /** The same weights, the same noise: ND4J's generator is set so that the stock layer draws what is drawn here. */
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
        ComputationGraph graph = initialized(multiSample(
                DataType.DOUBLE,
                new Adam(0.01),
                WorkspaceMode.ENABLED,
                true,
                new GaussianLatentLayer.Builder().importanceSamples(5),
                new MultiSampleLossLayer.Builder(new LossBernoulli())));
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
        assertThat(model.samplePrior(7, 1)).isEqualTo(model.samplePrior(7, 1)).isNotEqualTo(model.samplePrior(7, 2));
    }

    @Test
    void wrongArguments_areClearErrors() {
        MultiLayerNetwork network = initialized(
                layers(DataType.FLOAT, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        VariationalModel model = VariationalModel.of(network, "z");
        INDArray x = examples(DataType.FLOAT, 4);
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(model, x, 0, 1))
                .hasMessageContaining("samples must be at least 1, got 0");
        assertThatThrownBy(() -> model.logLikelihood(x, Nd4j.rand(DataType.FLOAT, 6, 3)))
                .hasMessageContaining("as many codes as examples, or a multiple, got 6 codes for 4 examples");
        assertThatThrownBy(() -> model.decode(Nd4j.rand(DataType.FLOAT, 6, 2)))
                .hasMessageContaining("codes must have the shape [N, 3], got [6, 2]");
        assertThatThrownBy(() -> VariationalModel.of(network, "layer0"))
                .hasMessageContaining("must be a GaussianLatentLayer, got 'layer0', a DenseLayer");
        assertThatThrownBy(() -> VariationalModel.of(network, "code"))
                .hasMessageContaining("got 'code'; its layers are [layer0, z, layer2, layer3]");
        assertThatThrownBy(() -> model.given(x)).hasMessageContaining("a MultiLayerNetwork has no side inputs");
        INDArray withNaN = x.dup().putScalar(1, 1, Float.NaN);
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(model, withNaN, 1, 1))
                .isInstanceOf(IllegalArgumentException.class);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 1);
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(
                        model, new ListDataSetIterator<>(List.of(new DataSet(x, x, mask, null))), 1, 1))
                .hasMessageContaining("LikelihoodEstimate: examples must be whole, got a mask");
        assertThatThrownBy(() -> model.samplePrior(0, 1)).hasMessageContaining("count must be at least 1, got 0");
        MultiLayerNetwork mean =
                initialized(layers(DataType.FLOAT, new Adam(0.01), new GaussianLatentLayer.Builder(), new LossMSE()));
        assertThatThrownBy(() -> LikelihoodEstimate.estimate(VariationalModel.of(mean, "z"), x, 1, 1))
                .hasMessageContaining("LossMSE is no negative log-likelihood");
    }
}
