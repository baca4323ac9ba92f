package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.network;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.updater.FastAdam;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;

/** Dead units and how they come to life again. */
class RevivalTest {

    private static final int IN = 4;
    private static final int UNITS = 256;

    private static DictionaryLayer.Builder layer(DictionaryEncoder encoder, int units) {
        return new DictionaryLayer.Builder().nIn(IN).nOut(IN).units(units).encoder(encoder);
    }

    @Test
    void idle_countsExamplesSinceTheUnitFired() {
        MultiLayerNetwork network = network(
                DataType.FLOAT, new Sgd(0), layer(new TopKEncoder(1), 12).build());
        INDArray x = normal(1, DataType.FLOAT, 3, IN);
        SparseCodes codes = SparseDictionary.of(network).encode(x);
        fit(network, new DataSet(x, x), 5);

        boolean[] fired = new boolean[12];
        for (int b = 0; b < 3; b++) {
            fired[codes.unit(b, 0)] = true;
        }
        for (int j = 0; j < 12; j++) {
            assertThat(network.getParam("0_idle").getDouble(j)).isEqualTo(fired[j] ? 0 : 15);
        }
    }

    /** Losses of 1 and 2: the second example is drawn four times as often. */
    @Tag("slow")
    @Test
    void revivedUnits_areDirectionsOfExamplesDrawnBySquaredLoss() {
        int units = 4000;
        Resampling resampling = new Resampling(10, 100);
        DictionaryLayer layer =
                layer(new L1Encoder(0.1), units).revival(resampling).build();
        MultiLayerNetwork network = network(DataType.FLOAT, new Sgd(0), layer);
        network.getParam("0_benc").assign(0.3);
        INDArray idle = network.getParam("0_idle");
        idle.assign(100);
        IntStream.range(0, 10).forEach(j -> idle.putScalar(j, 99));
        network.getParam("0_Wdec").muli(3);
        network.getParam("0_Wenc").muli(5);
        INDArray before = network.params().dup();
        INDArray x = normal(1, DataType.FLOAT, 3, IN);

        int[] revived = Resampler.revive(
                layer,
                resampling,
                network.getOutputLayer().paramTable(),
                20,
                7,
                RowMatrix.of(x).vectors(),
                new double[] {1, 2, 0});

        INDArray directions = x.divColumnVector(x.norm2(true, 1));
        assertThat(revived).hasSize(units - 10).contains(10).doesNotContain(9);
        int[] counts = new int[3];
        for (int j : revived) {
            INDArray row = network.getParam("0_Wdec").getRow(j);
            int of = (int) directions.mmul(row).argMax().getLong(0);
            counts[of]++;
            assertThatArray(row).isCloseTo(directions.getRow(of).mul(0.3), 1e-6); // the length of those alive
            assertThatArray(network.getParam("0_Wenc").getColumn(j))
                    .isCloseTo(directions.getRow(of).mul(0.2 * 0.5), 1e-6);
        }
        assertThat(counts[2]).isZero();
        assertThat(counts[1] / (double) revived.length).isCloseTo(0.8, within(0.03));
        assertThat(idle.sumNumber().doubleValue()).isEqualTo(990);
        assertThat(network.getParam("0_benc").sumNumber().doubleValue()).isCloseTo(3, within(1e-5));
        for (int j = 0; j < 10; j++) {
            network.getParam("0_Wdec").getRow(j).addi(0);
            assertThat(network.getParam("0_benc").getDouble(j)).isCloseTo(0.3, within(1e-7));
        }
        assertThat(network.params()).isNotEqualTo(before);
    }

    @Test
    void resampling_happensAtItsIntervalUntilItsLastIteration() {
        MultiLayerNetwork network = network(
                DataType.FLOAT,
                new FastAdam(1e-3),
                layer(new TopKEncoder(1), 6).revival(new Resampling(3, 1000, 7)).build());
        network.getParam("0_benc").putScalar(0, -100); // never fires
        List<Integer> revived = new ArrayList<>();
        for (int i = 0; i < 14; i++) {
            network.getParam("0_idle").putScalar(0, 5000);
            INDArray x = normal(i, DataType.FLOAT, 8, IN);
            fit(network, new DataSet(x, x), 1);
            if (network.getParam("0_idle").getDouble(0) == 0) {
                revived.add(i);
                assertThat(network.getParam("0_benc").getDouble(0)).isZero();
                network.getParam("0_benc").putScalar(0, -100);
            }
        }

        assertThat(revived).as("by updates 3 and 6").containsExactly(2, 5);
    }

    @Test
    void momentsOfRevivedUnits_areZero() {
        int units = 6;
        MultiLayerNetwork network = network(
                DataType.FLOAT,
                new FastAdam(0.01),
                layer(new AbsTopKEncoder(units), units)
                        .revival(new Resampling(3, 1000))
                        .build());
        INDArray x = normal(1, DataType.FLOAT, 8, IN);
        fit(network, new DataSet(x, x), 2);
        INDArray before = firstMoments(network, units);
        network.getParam("0_Wenc").getColumn(2).assign(0);
        network.getParam("0_benc").putScalar(2, 0); // z = 0 does not fire
        network.getParam("0_idle").putScalar(2, 5000);
        fit(network, new DataSet(x, x), 1);

        INDArray after = firstMoments(network, units);
        assertThat(network.getParam("0_idle").getDouble(2)).isZero();
        assertThat(before.getRow(2).norm2Number().doubleValue()).isPositive();
        for (int j = 0; j < units; j++) {
            assertThat(after.getRow(j).norm2Number().doubleValue() == 0).isEqualTo(j == 2);
        }
        assertThat(network.getParam("0_Wenc").getColumn(2).norm2Number().doubleValue())
                .isPositive();
    }

    private static INDArray firstMoments(MultiLayerNetwork network, int units) {
        INDArray state = network.getUpdater().getStateViewArray().dup();
        return state.reshape(state.length())
                .get(NDArrayIndex.interval(0, (long) units * IN))
                .reshape(units, IN);
    }

    private static double deadShare(DictionaryEncoder encoder, Revival revival, int epochs) {
        int examples = 2048;
        INDArray x = RealImages.mnistTrain().first(examples).features().mul(2.5);
        DictionaryLayer layer = new DictionaryLayer.Builder()
                .nIn(784)
                .nOut(784)
                .units(UNITS)
                .encoder(encoder)
                .revival(revival)
                .build();
        MultiLayerNetwork network = network(DataType.FLOAT, new FastAdam(1e-3), layer);
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int from = 0; from < examples; from += 256) {
                INDArray part = x.get(NDArrayIndex.interval(from, from + 256), NDArrayIndex.all());
                fit(network, new DataSet(part, part), 1);
            }
        }
        SparseCodes codes = SparseDictionary.of(network).encode(x);
        boolean[] fired = new boolean[UNITS];
        for (int b = 0; b < examples; b++) {
            for (int i = 0; i < codes.active(b); i++) {
                fired[codes.unit(b, i)] = true;
            }
        }
        return IntStream.range(0, UNITS).filter(j -> !fired[j]).count() / (double) UNITS;
    }

    @Tag("slow")
    @Test
    void deadUnitsOfTopK_areFewWithAnAuxiliaryLoss() {
        assertThat(deadShare(new TopKEncoder(16), new AuxiliaryLoss(64, 1 / 8d, 2048), 80))
                .isLessThan(0.05);
        assertThat(deadShare(new TopKEncoder(16), null, 40)).isGreaterThan(0.05);
    }

    @Tag("slow")
    @Test
    void deadUnitsOfL1_areFewWithResampling() {
        assertThat(deadShare(new L1Encoder(2), new Resampling(16, 2048, 160), 30))
                .isLessThan(0.05);
        assertThat(deadShare(new L1Encoder(2), null, 30)).isGreaterThan(0.05);
    }

    /** Its atoms are its encoder, so a revived unit is chosen at once. */
    @Tag("slow")
    @Test
    void deadUnitsOfMatchingPursuit_areFewWithResampling() {
        assertThat(deadShare(new MatchingPursuitEncoder(8), new Resampling(8, 1024, 160), 20))
                .isLessThan(0.05);
        assertThat(deadShare(new MatchingPursuitEncoder(8), null, 20)).isGreaterThan(0.05);
    }
}
