package io.github.dl4jae.pretraining;

import static io.github.dl4jae.pretraining.SmallMachines.HIDDEN;
import static io.github.dl4jae.pretraining.SmallMachines.VISIBLE;
import static io.github.dl4jae.pretraining.SmallMachines.bits;
import static io.github.dl4jae.pretraining.SmallMachines.network;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer.Unit;
import io.github.dl4jae.testing.LayerContract;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class RestrictedBoltzmannLayerTest {
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

    @Test
    void settings_thatCannotBe_areRefused() {
        assertThatThrownBy(() -> new RestrictedBoltzmannLayer.Builder()
                        .visible(Unit.RECTIFIED)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("visible must be BINARY or GAUSSIAN, got RECTIFIED");
        assertThatThrownBy(() -> new RestrictedBoltzmannLayer.Builder().steps(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps must be at least 1, got 0");
        assertThatThrownBy(() -> new RestrictedBoltzmannLayer.Builder()
                        .persistentChains(-1)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("persistentChains must be at least 0");
        MultiLayerNetwork network = network(new RestrictedBoltzmannLayer.Builder());
        assertThatThrownBy(() -> RestrictedBoltzmannMachine.of(network, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 1 of 1 layers");
        assertThatThrownBy(() -> RestrictedBoltzmannMachine.of(network, 0)
                        .pseudoLogLikelihood(Nd4j.valueArrayOf(new long[] {1, 4}, 0.5, DataType.DOUBLE)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("values other than 0 and 1");
        assertThatThrownBy(
                        () -> RestrictedBoltzmannMachine.of(network, 0).sample(Nd4j.zeros(DataType.DOUBLE, 1, 4), 0, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps must be at least 1");
    }
}
