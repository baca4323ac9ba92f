package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.LatentNetworks.data;
import static io.github.dl4jae.variational.LatentNetworks.latents;
import static io.github.dl4jae.variational.LatentNetworks.network;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.CyclicalSchedule;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.schedule.ScheduleType;

class GaussianLatentLayerTest {
    /** Weights 0, so μ and ln σ² are the biases: KL = ½ Σ μ² + σ² − 1 − ln σ². */
    @ParameterizedTest
    @CsvSource({
        "0, 0, 0",
        "1, 0, 0.5",
        "0, 1, 0.3591409142295226",
        "-2, -1, 2.1839397205857214",
        "3, 2, 6.694528049465325"
    })
    void divergence_isTheClosedForm(double mean, double logVariance, double expected) {
        assertThat(KullbackLeibler.ofOne(mean, logVariance)).isCloseTo(expected, within(1e-14));
        MultiLayerNetwork network = network(DataType.DOUBLE, latents());
        DataSet data = data(DataType.DOUBLE, 6);
        network.setParam("1_W", Nd4j.zeros(DataType.DOUBLE, 4, 6));
        network.setParam(
                "1_b",
                Nd4j.createFromArray(new double[][] {{mean, mean, mean, logVariance, logVariance, logVariance}}));
        double withTerm = network.score(data);
        MultiLayerNetwork without = network(DataType.DOUBLE, latents().beta(0));
        without.setParams(network.params());
        assertThat(withTerm - without.score(data)).isCloseTo(3 * expected, within(1e-12));
    }

    /** β = 0, ½, 1, 1: at the same iteration the noise is the same, so the scores differ by β·KL. */
    @Test
    void beta_multipliesTheTerm_byIteration() {
        DataSet data = data(DataType.DOUBLE, 6);
        MultiLayerNetwork scheduled = initialized(layers(
                DataType.DOUBLE,
                new Sgd(0),
                latents().beta(new CyclicalSchedule(ScheduleType.ITERATION, 0, 1, 4, 0.5, 9)),
                new LossBernoulli()));
        MultiLayerNetwork without =
                initialized(layers(DataType.DOUBLE, new Sgd(0), latents().beta(0), new LossBernoulli()));
        double[] terms = new double[4];
        for (int i = 0; i < terms.length; i++) {
            scheduled.fit(data);
            without.fit(data);
            terms[i] = scheduled.score() - without.score();
        }
        assertThat(terms[0]).isZero();
        assertThat(terms[2]).isGreaterThan(0.01);
        assertThat(terms[1]).isCloseTo(terms[2] / 2, within(1e-12));
        assertThat(terms[3]).isCloseTo(terms[2], within(1e-12));
    }

    /** Latents below λ add λ and have no gradient; the others are as without free bits. */
    @Test
    void freeBits_areAFloorPerLatentOnTheMeanOfTheMinibatch() {
        GaussianPosterior q = new GaussianPosterior(
                2, new double[] {1, 0.1, -1, 0.3}, new double[4], new StandardNormalDensity(2)); // KL 0.5, 0.025
        LatentCodes codes = new LatentCodes(q, new double[4], null);
        assertThat(KullbackLeibler.evaluate(codes, 2, 0.2)).isCloseTo(2 * (0.5 + 0.2), within(1e-15));
        assertThat(codes.sharedMeanGradient()).containsExactly(new double[] {1, 0, -1, 0}, within(1e-15));
    }

    @Test
    void inference_givesTheMean_andTrainingNoise() {
        MultiLayerNetwork network = network(DataType.DOUBLE, latents());
        INDArray x = examples(DataType.DOUBLE, 6);
        INDArray h = network.feedForward(x).get(1);
        INDArray expected = h.mmul(network.getParam("1_W"))
                .addiRowVector(network.getParam("1_b").reshape(6));
        INDArray mean = network.feedForward(x, false).get(2);
        for (int j = 0; j < 3; j++) {
            assertThat(mean.getDouble(2, j)).isCloseTo(expected.getDouble(2, j), within(1e-12));
        }
        INDArray noisy = network.feedForward(x, true).get(2);
        assertThat(noisy.sub(mean).amaxNumber().doubleValue()).isGreaterThan(0.1);
        assertThatArray(network.feedForward(x, true).get(2)).isEqualTo(noisy);
    }

    @Test
    void sampleAtInference_drawsCodes_otherThanInTraining() {
        MultiLayerNetwork network = network(DataType.DOUBLE, latents().sampleAtInference(true));
        INDArray x = examples(DataType.DOUBLE, 6);
        INDArray drawn = network.feedForward(x, false).get(2);
        assertThatArray(network.feedForward(x, false).get(2)).isEqualTo(drawn);
        assertThat(drawn.sub(network.feedForward(x, true).get(2)).amaxNumber().doubleValue())
                .isGreaterThan(0.1);
    }

    /** z over many rows with the same posterior has its mean and variance. */
    @Test
    void samples_haveTheMomentsOfThePosterior() {
        MultiLayerNetwork network = network(DataType.DOUBLE, latents());
        network.setParam("1_W", Nd4j.zeros(DataType.DOUBLE, 4, 6));
        network.setParam("1_b", Nd4j.createFromArray(new double[][] {{1, -2, 0, Math.log(4), 0, Math.log(0.25)}}));
        INDArray z = network.feedForward(Nd4j.zeros(DataType.DOUBLE, 20_000, 5), true)
                .get(2);
        assertThat(z.mean(0).toDoubleVector()).containsExactly(new double[] {1, -2, 0}, within(0.05));
        assertThat(z.var(false, 0).toDoubleVector()).containsExactly(new double[] {4, 1, 0.25}, within(0.12));
    }

    @Test
    void training_isReproducible_alsoWhenResumedAndInAnotherThread() throws Exception {
        DataSet data = data(DataType.FLOAT, 8);
        MultiLayerNetwork whole = network(DataType.FLOAT, latents());
        fit(whole, data, 7);

        MultiLayerNetwork first = network(DataType.FLOAT, latents());
        fit(first, data, 3);
        MultiLayerNetwork resumed = restored(first);
        List<Throwable> failures = new ArrayList<>();
        Thread worker = new Thread(() -> fit(resumed, data, 4));
        worker.setUncaughtExceptionHandler((thread, failure) -> failures.add(failure));
        worker.start();
        worker.join();
        assertThat(failures).isEmpty();
        assertThatArray(resumed.params()).isEqualTo(whole.params());

        MultiLayerConfiguration other = layers(DataType.FLOAT, new Adam(0.01), latents(), new LossBernoulli());
        other.getConfs().forEach(layer -> layer.setSeed(12));
        MultiLayerNetwork otherNoise = initialized(other);
        otherNoise.setParams(network(DataType.FLOAT, latents()).params());
        fit(otherNoise, data, 7);
        assertThat(otherNoise.params()).isNotEqualTo(whole.params());
    }

    private static void fit(MultiLayerNetwork network, DataSet data, int steps) {
        for (int i = 0; i < steps; i++) {
            Nd4j.getRandom().setSeed(System.nanoTime()); // must not matter
            network.fit(data);
        }
    }

    private static MultiLayerNetwork restored(MultiLayerNetwork network) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, bytes, true);
        return ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes.toByteArray()), true);
    }

    @Test
    void float32_agreesWithFloat64() {
        MultiLayerNetwork single = network(DataType.FLOAT, latents());
        MultiLayerNetwork twice = network(DataType.DOUBLE, latents());
        twice.setParams(single.params().castTo(DataType.DOUBLE));
        INDArray x = examples(DataType.FLOAT, 8);
        for (MultiLayerNetwork network : new MultiLayerNetwork[] {single, twice}) {
            network.setInput(x.castTo(network.params().dataType()));
            network.setLabels(x.castTo(network.params().dataType()));
            network.computeGradientAndScore();
        }
        assertThat(single.score()).isCloseTo(twice.score(), within(1e-5));
        INDArray difference = single.gradient()
                .gradient()
                .castTo(DataType.DOUBLE)
                .sub(twice.gradient().gradient());
        assertThat(difference.amaxNumber().doubleValue()).isLessThan(1e-5);
    }

    @Test
    void backprop_twiceFromOneForwardPass_givesTheSame() {
        MultiLayerNetwork network = network(DataType.DOUBLE, latents());
        network.initGradientsView();
        network.feedForward(examples(DataType.DOUBLE, 4), true);
        GaussianLatentLayerImpl layer = (GaussianLatentLayerImpl) network.getLayer(1);
        INDArray input = Nd4j.rand(DataType.DOUBLE, 4, 4);
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        layer.activate(input, true, workspaces);
        INDArray epsilon = Nd4j.rand(DataType.DOUBLE, 4, 3);
        INDArray first =
                layer.backpropGradient(epsilon.dup(), workspaces).getSecond().dup();
        assertThatArray(layer.backpropGradient(epsilon.dup(), workspaces).getSecond())
                .isEqualTo(first);
    }
}
