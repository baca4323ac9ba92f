package io.github.dl4jae.pretraining;

import static io.github.dl4jae.pretraining.SmallMachines.VISIBLE;
import static io.github.dl4jae.pretraining.SmallMachines.bits;
import static io.github.dl4jae.pretraining.SmallMachines.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;

@Tag("slow")
class RestrictedBoltzmannTrainingTest {
    static Stream<RestrictedBoltzmannLayer.Builder> machines() {
        return Stream.of(
                new RestrictedBoltzmannLayer.Builder().visibleSampling(true).steps(60),
                new RestrictedBoltzmannLayer.Builder().persistentChains(4_000).steps(60),
                new RestrictedBoltzmannLayer.Builder()
                        .visible(Unit.GAUSSIAN)
                        .visibleSampling(true)
                        .steps(60));
    }

    /** With long chains, contrastive divergence is the gradient of −ln p: here from differences of the exact one. */
    @ParameterizedTest
    @MethodSource("machines")
    void gradient_ofLongChains_isThatOfTheExactLikelihood(RestrictedBoltzmannLayer.Builder machine) {
        MultiLayerNetwork network = network(machine);
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        INDArray data = Nd4j.createFromArray(new double[][] {{1, 0, 0, 1}, {1, 1, 0, 0}, {0, 0, 1, 1}, {1, 0, 1, 1}});
        INDArray parameters = network.params();
        double[] exact = new double[(int) parameters.length()];
        double h = 1e-5;
        for (int p = 0; p < exact.length; p++) {
            double original = parameters.getDouble(p);
            parameters.putScalar(p, original + h);
            double plus = Arrays.stream(model.logLikelihood(data)).average().orElseThrow();
            parameters.putScalar(p, original - h);
            double minus = Arrays.stream(model.logLikelihood(data)).average().orElseThrow();
            parameters.putScalar(p, original);
            exact[p] = -(plus - minus) / (2 * h);
        }
        INDArray many = Nd4j.vstack(Collections.nCopies(1_000, data));
        Layer layer = network.getLayer(0);
        int draws = 30;
        double[] mean = new double[exact.length];
        for (int draw = 0; draw < draws; draw++) {
            layer.setIterationCount(draw);
            layer.setInput(many, LayerWorkspaceMgr.noWorkspaces());
            layer.computeGradientAndScore(LayerWorkspaceMgr.noWorkspaces());
            double[] gradient =
                    layer.gradient().gradient().reshape(exact.length).toDoubleVector();
            for (int p = 0; p < exact.length; p++) {
                mean[p] += gradient[p] / many.size(0) / draws;
            }
        }

        // 120,000 chains: a standard error of 0.003 for a standard deviation of 1
        for (int p = 0; p < exact.length; p++) {
            assertThat(mean[p]).isCloseTo(exact[p], within(0.02));
        }
    }

    @Test
    void sampling_ofASmallMachine_drawsItsDistribution() {
        MultiLayerNetwork network = network(new RestrictedBoltzmannLayer.Builder());
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        INDArray visible = bits(VISIBLE);
        double[] probability =
                Arrays.stream(model.logLikelihood(visible)).map(Math::exp).toArray();
        double[] expected = new double[VISIBLE];
        for (int s = 0; s < probability.length; s++) {
            for (int i = 0; i < VISIBLE; i++) {
                expected[i] += probability[s] * ((s >> i) & 1);
            }
        }

        INDArray means = model.sample(Nd4j.zeros(DataType.DOUBLE, 20_000, VISIBLE), 40, 3)
                .mean(0);

        for (int i = 0; i < VISIBLE; i++) {
            assertThat(means.getDouble(i)).isCloseTo(expected[i], within(0.02));
        }
    }

    @Test
    void training_onRealImages_raisesThePseudoLikelihood() {
        LabeledImages images = RealImages.mnistTrain().first(2_000);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .updater(new Sgd(0.1))
                .l2(2e-4)
                .list()
                .layer(new RestrictedBoltzmannLayer.Builder()
                        .nIn(784)
                        .nOut(100)
                        .visibleBiasInit(-2)
                        .build())
                .build());
        network.init();
        INDArray bits = images.first(50).features().gt(0.5).castTo(DataType.FLOAT);
        double before = Arrays.stream(RestrictedBoltzmannMachine.of(network, 0).pseudoLogLikelihood(bits))
                .average()
                .orElseThrow();

        new GreedyLayerwisePretrainer.Builder(network)
                .epochs(8)
                .build()
                .fit(images.iterator(50).shuffle(1).build());

        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        double after = Arrays.stream(model.pseudoLogLikelihood(bits)).average().orElseThrow();
        assertThat(before).isLessThan(-200);
        assertThat(after).isGreaterThan(-120);
        // images are likelier than noise of the same density
        INDArray noise =
                Nd4j.rand(DataType.FLOAT, 50, 784).lt(bits.meanNumber()).castTo(DataType.FLOAT);
        assertThat(Arrays.stream(model.freeEnergy(bits)).average().orElseThrow())
                .isLessThan(Arrays.stream(model.freeEnergy(noise)).average().orElseThrow() - 100);
    }
}
