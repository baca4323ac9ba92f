package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Steering changes activations by the difference of the feature times its direction, and nothing else. */
class FeatureSteeringTest {

    private static final int UNITS = 6;
    private static final int WIDTH = 4;
    private static final double[][] DECODER = random(11, UNITS, WIDTH);
    private static final INDArray ENCODER = Nd4j.createFromArray(random(12, WIDTH, UNITS));
    private static final INDArray WEIGHTS = Nd4j.createFromArray(random(13, WIDTH, 3));

    private static double[][] random(int seed, int rows, int columns) {
        Random random = new Random(seed);
        double[][] values = new double[rows][columns];
        for (double[] row : values) {
            Arrays.setAll(row, i -> random.nextGaussian());
        }
        return values;
    }

    private static SparseCodes encode(INDArray rows) {
        return SparseCodes.of(Transforms.relu(rows.mmul(ENCODER).sub(.8)));
    }

    /** Averages the rows of an example and classifies the mean. */
    private static INDArray classify(INDArray examples, INDArray rows) {
        INDArray means = rows.reshape('c', new long[] {examples.size(0), rows.size(0) / examples.size(0), WIDTH})
                .mean(1);
        return Transforms.softmax(means.mmul(WEIGHTS));
    }

    /** A network without layers before the dictionary; its examples are {@code [N, positions, width]}. */
    private static INDArray outputs(INDArray examples, UnaryOperator<INDArray> rows) {
        return classify(examples, rows.apply(examples.dup('c').reshape('c', new long[] {-1, WIDTH})));
    }

    /** The same network, which calls the function for three examples at a time. */
    private static INDArray inParts(INDArray examples, UnaryOperator<INDArray> rows) {
        INDArray[] parts = new INDArray[(int) (examples.size(0) + 2) / 3];
        for (int i = 0; i < parts.length; i++) {
            int to = (int) Math.min(3 * i + 3, examples.size(0));
            parts[i] = outputs(examples.get(NDArrayIndex.interval(3 * i, to)).dup('c'), rows);
        }
        return Nd4j.concat(0, parts);
    }

    private static INDArray examples(int count, int positions) {
        return Nd4j.createFromArray(random(14, count * positions, WIDTH))
                .reshape('c', new long[] {count, positions, WIDTH});
    }

    private static FeatureSteering steering(SplicedNetwork network) {
        return FeatureSteering.of(FeatureSteeringTest::encode, Nd4j.createFromArray(DECODER), network);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void set_ofAValue_changesActivationsAlongTheDirection(int positions) {
        INDArray examples = examples(5, positions);
        INDArray rows = examples.dup('c').reshape('c', new long[] {-1, WIDTH});
        double[][] dense = encode(rows).toDense().castTo(DataType.DOUBLE).toDoubleMatrix();
        for (int row = 0; row < dense.length; row++) {
            for (int j = 0; j < WIDTH; j++) {
                rows.putScalar(row, j, rows.getDouble(row, j) + (2.5 - dense[row][3]) * DECODER[3][j]);
            }
        }

        INDArray outputs = steering(FeatureSteeringTest::outputs).set(examples, 3, 2.5);

        assertThat(outputs.equalsWithEps(classify(examples, rows), 1e-6)).isTrue();
        assertThat(examples).isEqualTo(examples(5, positions));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void switchOff_ofEachFeature_isTheMeanChangeWhereItFires(int positions) {
        INDArray examples = examples(301, positions);
        INDArray before = outputs(examples, rows -> rows);
        INDArray rows = examples.dup('c').reshape('c', new long[] {-1, WIDTH});
        double[][] dense = encode(rows).toDense().castTo(DataType.DOUBLE).toDoubleMatrix();

        FeatureEffects effects = steering(FeatureSteeringTest::outputs).switchOff(examples);

        for (int u = 0; u < UNITS; u++) {
            double[] sum = new double[3];
            int firing = 0;
            INDArray after = steering(FeatureSteeringTest::outputs).set(examples, u, 0);
            for (int e = 0; e < 301; e++) {
                boolean fires = false;
                for (int p = 0; p < positions; p++) {
                    fires |= dense[e * positions + p][u] != 0;
                }
                firing += fires ? 1 : 0;
                for (int c = 0; c < 3 && fires; c++) {
                    sum[c] += after.getDouble(e, c) - before.getDouble(e, c);
                }
            }
            assertThat(firing).isBetween(20, 301);
            assertThat(effects.share(u)).isEqualTo(firing / 301.0);
            for (int c = 0; c < 3; c++) {
                assertThat(effects.change(u)[c]).isCloseTo(sum[c] / firing, within(1e-9));
            }
            assertThat(effects.size(u))
                    .isEqualTo(Arrays.stream(effects.change(u)).map(Math::abs).max().orElseThrow());
        }
    }

    @Test
    void switchOff_inANetworkThatComputesParts_isTheSame() {
        INDArray examples = examples(40, 3);
        FeatureEffects whole = steering(FeatureSteeringTest::outputs).switchOff(examples);
        FeatureEffects parts = steering(FeatureSteeringTest::inParts).switchOff(examples);

        for (int u = 0; u < UNITS; u++) {
            assertThat(parts.share(u)).isEqualTo(whole.share(u));
            assertThat(parts.change(u)).containsExactly(whole.change(u), within(1e-12));
        }
    }

    @Test
    void curve_ofValues_hasTheMeanOutputs() {
        INDArray examples = examples(9, 1);
        FeatureSteering steering = steering(FeatureSteeringTest::outputs);

        SteeringCurve curve = steering.curve(examples, 2, 0, 1.5);

        assertThat(curve.unit()).isEqualTo(2);
        assertThat(curve.values()).containsExactly(0.0, 1.5);
        double[] expected = steering.set(examples, 2, 1.5).mean(0).toDoubleVector();
        for (int c = 0; c < 3; c++) {
            assertThat(curve.outputs().get(1).get(c)).isCloseTo(expected[c], within(1e-12));
        }
    }

    @Test
    void set_ofWrongArguments_saysWhatIsWrong() {
        FeatureSteering steering = steering(FeatureSteeringTest::outputs);
        FeatureSteering narrow =
                FeatureSteering.of(FeatureSteeringTest::encode, Nd4j.ones(UNITS, 2), FeatureSteeringTest::outputs);

        assertThatThrownBy(() -> steering.set(examples(2, 1), 6, 0))
                .hasMessage("FeatureSteering: the unit must be in [0, 6), got 6");
        assertThatThrownBy(() -> steering.set(examples(2, 1), 0, Double.NaN))
                .hasMessage("FeatureSteering: value must be finite, got NaN");
        assertThatThrownBy(() -> narrow.set(examples(2, 1), 0, 0))
                .hasMessage("FeatureSteering: activations must have shape [rows, 2], got [2, 4];"
                        + " replace those of the layer that the dictionary was trained on");
    }
}
