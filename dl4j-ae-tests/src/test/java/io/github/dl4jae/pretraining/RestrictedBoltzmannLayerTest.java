package io.github.dl4jae.pretraining;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import io.github.dl4jae.testing.LayerContract;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

@Tag("slow")
class RestrictedBoltzmannLayerTest {

    private static final int VISIBLE = 4;
    private static final int HIDDEN = 3;

    @ParameterizedTest
    @EnumSource(Unit.class)
    void contract_withEachKindOfHiddenUnit_holds(Unit hidden) {
        LayerContract.of(new RestrictedBoltzmannLayer.Builder()
                        .nOut(4)
                        .hidden(hidden)
                        .penalty(hidden == Unit.BINARY ? new KLSparsityPenalty(0.1, 1) : null)
                        .build())
                .pretrainedByEstimate()
                .verify();
    }

    private static MultiLayerNetwork network(RestrictedBoltzmannLayer.Builder machine) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(machine.nIn(VISIBLE).nOut(HIDDEN).build())
                .build());
        network.init();
        network.initGradientsView();
        Nd4j.getRandom().setSeed(8);
        network.setParams(Nd4j.randn(DataType.DOUBLE, 1, network.numParams()).muli(0.8));
        return network;
    }

    private static INDArray bits(int units) {
        double[][] states = new double[1 << units][units];
        for (int s = 0; s < states.length; s++) {
            for (int j = 0; j < units; j++) {
                states[s][j] = (s >> j) & 1;
            }
        }
        return Nd4j.createFromArray(states);
    }

    /** −E(v, h) = vWh + b·h + vb·v, for binary units, from the definition. */
    private static double negativeEnergy(MultiLayerNetwork network, INDArray v, INDArray h) {
        double sum = 0;
        for (int i = 0; i < VISIBLE; i++) {
            sum += network.getParam("0_vb").getDouble(i) * v.getDouble(i);
            for (int j = 0; j < HIDDEN; j++) {
                sum += v.getDouble(i) * network.getParam("0_W").getDouble(i, j) * h.getDouble(j);
            }
        }
        for (int j = 0; j < HIDDEN; j++) {
            sum += network.getParam("0_b").getDouble(j) * h.getDouble(j);
        }
        return sum;
    }

    @Test
    void freeEnergyAndPartition_ofBinaryUnits_areTheSumsOverAllStates() {
        MultiLayerNetwork network = network(new RestrictedBoltzmannLayer.Builder());
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        INDArray visible = bits(VISIBLE);
        INDArray hidden = bits(HIDDEN);
        double partition = 0;
        double[] free = model.freeEnergy(visible);
        for (int s = 0; s < visible.size(0); s++) {
            double sum = 0;
            for (int t = 0; t < hidden.size(0); t++) {
                sum += Math.exp(negativeEnergy(network, visible.getRow(s), hidden.getRow(t)));
            }
            assertThat(free[s]).isCloseTo(-Math.log(sum), within(1e-12));
            partition += sum;
        }

        assertThat(model.logPartition()).isCloseTo(Math.log(partition), within(1e-12));
        assertThat(Arrays.stream(model.logLikelihood(visible)).map(Math::exp).sum())
                .isCloseTo(1, within(1e-12));
    }

    @Test
    void pseudoLikelihood_isTheProductOfConditionals() {
        MultiLayerNetwork network = network(new RestrictedBoltzmannLayer.Builder());
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        INDArray visible = bits(VISIBLE);
        double[] logLikelihood = model.logLikelihood(visible);
        double[] pseudo = model.pseudoLogLikelihood(visible);

        for (int s = 0; s < pseudo.length; s++) {
            double expected = 0;
            for (int i = 0; i < VISIBLE; i++) {
                double here = Math.exp(logLikelihood[s]);
                double flipped = Math.exp(logLikelihood[s ^ (1 << i)]);
                expected += Math.log(here / (here + flipped));
            }
            assertThat(pseudo[s]).isCloseTo(expected, within(1e-10));
        }
    }

    /** ∫ e^−F(v) dv on a grid in two dimensions; the partition function sums over hidden states. */
    @Test
    void partition_ofGaussianVisibleUnits_isTheIntegral() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new RestrictedBoltzmannLayer.Builder()
                        .visible(Unit.GAUSSIAN)
                        .nIn(2)
                        .nOut(3)
                        .build())
                .build());
        network.init();
        Nd4j.getRandom().setSeed(8);
        network.setParams(Nd4j.randn(DataType.DOUBLE, 1, network.numParams()).muli(0.8));
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        int side = 241;
        double[][] grid = new double[side * side][];
        for (int i = 0; i < side; i++) {
            for (int j = 0; j < side; j++) {
                grid[i * side + j] = new double[] {-12 + 0.1 * i, -12 + 0.1 * j};
            }
        }

        double integral = Arrays.stream(model.freeEnergy(Nd4j.createFromArray(grid)))
                        .map(energy -> Math.exp(-energy))
                        .sum()
                * 0.01;

        assertThat(model.logPartition()).isCloseTo(Math.log(integral), within(1e-6));
    }

    /** Σ_i σ(z − i + ½), the mean of the copies that a rectified unit stands for, is close to ln(1 + e^z). */
    @Test
    void freeEnergy_ofRectifiedUnits_hasTheirMeanAsItsSlope() {
        MultiLayerNetwork network = network(new RestrictedBoltzmannLayer.Builder().hidden(Unit.RECTIFIED));
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        INDArray v = bits(VISIBLE);
        INDArray mean = model.hiddenMeans(v);
        double h = 1e-5;
        for (int j = 0; j < HIDDEN; j++) {
            INDArray bias = network.getParam("0_b");
            double original = bias.getDouble(j);
            bias.putScalar(j, original + h);
            double[] plus = model.freeEnergy(v);
            bias.putScalar(j, original - h);
            double[] minus = model.freeEnergy(v);
            bias.putScalar(j, original);
            for (int s = 0; s < plus.length; s++) {
                assertThat((minus[s] - plus[s]) / (2 * h)).isCloseTo(mean.getDouble(s, j), within(0.02));
            }
        }
    }

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

    @Test
    void settings_thatCannotBe_areRefused() {
        assertThatThrownBy(() -> new RestrictedBoltzmannLayer.Builder()
                        .visible(Unit.RECTIFIED)
                        .build())
                .hasMessageContaining("visible must be BINARY or GAUSSIAN, got RECTIFIED");
        assertThatThrownBy(() -> new RestrictedBoltzmannLayer.Builder().steps(0).build())
                .hasMessageContaining("steps must be at least 1, got 0");
        assertThatThrownBy(() -> new RestrictedBoltzmannLayer.Builder()
                        .persistentChains(-1)
                        .build())
                .hasMessageContaining("persistentChains must be at least 0");
        MultiLayerNetwork network = network(new RestrictedBoltzmannLayer.Builder());
        assertThatThrownBy(() -> RestrictedBoltzmannMachine.of(network, 1)).hasMessageContaining("got 1 of 1 layers");
        assertThatThrownBy(() -> RestrictedBoltzmannMachine.of(network, 0)
                        .pseudoLogLikelihood(Nd4j.valueArrayOf(new long[] {1, 4}, 0.5, DataType.DOUBLE)))
                .hasMessageContaining("values other than 0 and 1");
        assertThatThrownBy(
                        () -> RestrictedBoltzmannMachine.of(network, 0).sample(Nd4j.zeros(DataType.DOUBLE, 1, 4), 0, 0))
                .hasMessageContaining("steps must be at least 1");
    }
}
