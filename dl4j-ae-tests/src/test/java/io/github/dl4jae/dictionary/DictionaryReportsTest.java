package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The numbers of a small case, computed by numpy and scipy from the formulas, and cases computed by hand. */
class DictionaryReportsTest {

    private static final Offset<Double> NUMPY = within(1e-6);
    private static final int N = 40;

    private static final INDArray X = grid(N, 5, 7, 13, 11, 3).subi(1);
    private static final INDArray RECONSTRUCTION = grid(N, 5, 5, 3, 13, 4).subi(1.2);
    private static final INDArray CODES = codes();
    private static final INDArray TRUE_CODES =
            rectified(grid(N, 9, 11, 29, 23, 6).subi(2.9));
    private static final INDArray ENCODER = grid(5, 7, 4, 9, 11, 3).subi(1.7);
    private static final INDArray DECODER = grid(7, 5, 3, 5, 7, 2).subi(1.6);
    private static final INDArray DIRECTIONS = grid(9, 5, 2, 7, 13, 3).subi(2.1);

    /** ((i·a + j·b + i·j) mod q)/s. */
    private static INDArray grid(int rows, int columns, int a, int b, int q, double s) {
        INDArray values = Nd4j.zeros(DataType.DOUBLE, rows, columns);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                values.putScalar(i, j, (i * a + j * b + i * j) % q / s);
            }
        }
        return values;
    }

    private static INDArray rectified(INDArray values) {
        return Transforms.relu(values, true);
    }

    /** A dead unit, number 2, and a unit of both signs, number 4. */
    private static INDArray codes() {
        INDArray codes = rectified(grid(N, 7, 3, 17, 19, 5).subi(2.4));
        for (int i = 0; i < N; i++) {
            codes.putScalar(i, 2, 0);
            codes.putScalar(i, 4, i % 5 == 0 ? -codes.getDouble(i, 4) : codes.getDouble(i, 4));
        }
        return codes;
    }

    private static INDArray rows(INDArray values, int from, int to) {
        return values.get(NDArrayIndex.interval(from, to), NDArrayIndex.all());
    }

    private static KnownDictionaryReport known(int step) {
        KnownDictionaryReport.Accumulator sums = KnownDictionaryReport.accumulator(DECODER, DIRECTIONS);
        for (int from = 0; from < N; from += step) {
            int to = Math.min(N, from + step);
            sums.add(
                    rows(X, from, to),
                    rows(RECONSTRUCTION, from, to),
                    SparseCodes.of(rows(CODES, from, to)),
                    SparseCodes.of(rows(TRUE_CODES, from, to)));
        }
        return sums.report();
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 13, 1})
    void generalFigures_areThoseOfNumpy_inMiniBatchesOfAnySize(int step) {
        DictionaryReport report = known(step).general();

        assertThat(report.examples()).isEqualTo(N);
        assertThat(report.units()).isEqualTo(7);
        assertThat(report.l0()).isCloseTo(1.925, NUMPY);
        assertThat(report.l1()).isCloseTo(1.365, NUMPY);
        assertThat(report.explainedVariance()).isCloseTo(-1.2764712, NUMPY);
        assertThat(report.meanSquaredError()).isCloseTo(2.0045277, NUMPY);
        assertThat(report.cosine()).isCloseTo(0.2302176, NUMPY);
        assertThat(report.l2Ratio()).isCloseTo(0.7280845, NUMPY);
        assertThat(report.frequencies())
                .containsExactly(new double[] {0.3, 0.325, 0, 0.325, 0.325, 0.325, 0.325}, NUMPY);
        assertThat(report.alive()).isCloseTo(6 / 7.0, NUMPY);
        assertThat(report.firingMoreThan(0.3)).isCloseTo(5 / 7.0, NUMPY);
        assertThat(report.histogram()).containsExactly(1, 0, 0, 0, 0, 0, 6);
    }

    @ParameterizedTest
    @ValueSource(ints = {40, 13, 1})
    void comparisonWithKnownDirections_isThatOfNumpyAndScipy(int step) {
        KnownDictionaryReport report = known(step);

        assertThat(report.mcc()).isCloseTo(0.7375462, NUMPY);
        assertThat(report.uniqueness()).isCloseTo(5 / 7.0, NUMPY);
        assertThat(report.precision()).isCloseTo(0.1895604, NUMPY);
        assertThat(report.recall()).isCloseTo(0.2539683, NUMPY);
        assertThat(report.f1()).isCloseTo(0.2168267, NUMPY);
        assertThat(report.trueL0()).isCloseTo(1.975, NUMPY);
        assertThat(report.recovered(0.9)).isCloseTo(4 / 9.0, NUMPY);
        assertThat(report.recovered(0.8)).isCloseTo(5 / 9.0, NUMPY);
        assertThat(report.faithful(0.9)).isCloseTo(2 / 7.0, NUMPY);
    }

    @Test
    void geometry_isThatOfNumpy() {
        DictionaryGeometry geometry = DictionaryGeometry.compute(ENCODER, DECODER);

        assertThat(geometry.maxDecoderCosine()).isCloseTo(0.6136671, NUMPY);
        assertThat(geometry.maxEncoderCosine()).isCloseTo(0.6835850, NUMPY);
        assertThat(geometry.encoderDecoderCosine()).isCloseTo(0.1053240, NUMPY);
    }

    /** More rows than a block: unit 300 is twice unit 3, and unit 600 is 0. */
    @Test
    void geometry_comparesUnitsAcrossBlocks() {
        INDArray decoder = Nd4j.rand(7L, new long[] {700, 64});
        decoder.subi(0.5);
        decoder.putRow(300, decoder.getRow(3).mul(2));
        decoder.getRow(600).assign(0);
        DictionaryGeometry geometry = DictionaryGeometry.compute(Nd4j.rand(8L, new long[] {8, 700}), decoder);
        double[] nearest = geometry.nearestDecoderCosines();

        assertThat(nearest[3]).isCloseTo(1, within(1e-5));
        assertThat(nearest[300]).isCloseTo(1, within(1e-5));
        assertThat(nearest[600]).isZero();
        assertThat(nearest[4]).isBetween(0.2, 0.8);
        assertThat(geometry.encoderDecoderCosines()).containsOnly(Double.NaN);
    }

    /** The true directions in another order, with other norms and signs, and their codes. */
    @Test
    void trueDictionary_isPerfect() {
        INDArray directions = Nd4j.eye(4).castTo(DataType.DOUBLE);
        INDArray codes = rectified(grid(N, 4, 3, 7, 11, 5).subi(1));
        int[] order = {2, 0, 3, 1};
        INDArray decoder = directions.getRows(order).muliColumnVector(Nd4j.createFromArray(2.0, -1, 0.5, 3));
        INDArray x = codes.mmul(directions);
        KnownDictionaryReport report = KnownDictionaryReport.accumulator(decoder, directions)
                .add(x, x, SparseCodes.of(codes.getColumns(order)), SparseCodes.of(codes))
                .report();

        assertThat(report.mcc()).isCloseTo(1, within(1e-6));
        assertThat(report.uniqueness()).isEqualTo(1);
        assertThat(report.precision()).isEqualTo(1);
        assertThat(report.recall()).isEqualTo(1);
        assertThat(report.f1()).isEqualTo(1);
        assertThat(report.recovered(0.999)).isEqualTo(1);
        assertThat(report.faithful(0.999)).isEqualTo(1);
        assertThat(report.general().explainedVariance()).isEqualTo(1);
        assertThat(report.general().l0()).isEqualTo(report.trueL0());
    }

    /** Units (1, 0), (1, 0) and (0, 1) for directions (1, 0) and (0, 1); the second unit fires half as often. */
    @Test
    void duplicateUnit_lowersUniquenessAndRecall_byHand() {
        INDArray decoder = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 0}, {0, 1}});
        INDArray truth = Nd4j.createFromArray(new double[][] {{1, 0}, {1, 1}, {0, 1}, {0, 0}});
        INDArray codes = Nd4j.createFromArray(new double[][] {{1, 1, 0}, {1, 0, 0}, {0, 0, 1}, {0, 0, 1}});
        KnownDictionaryReport report = KnownDictionaryReport.accumulator(
                        decoder, Nd4j.eye(2).castTo(DataType.DOUBLE))
                .add(truth, codes.mmul(decoder), SparseCodes.of(codes), SparseCodes.of(truth))
                .report();

        assertThat(report.mcc()).isEqualTo(1);
        assertThat(report.uniqueness()).isEqualTo(2 / 3.0);
        assertThat(report.precision()).isCloseTo((1 + 1 + 0.5) / 3, within(1e-12));
        assertThat(report.recall()).isCloseTo((1 + 0.5 + 0.5) / 3, within(1e-12));
        assertThat(report.f1()).isCloseTo((1 + 2 / 3.0 + 0.5) / 3, within(1e-12));
    }

    /** x = 10⁶ ± 1, of which half is explained: squares of 10¹² would leave few digits of a variance of 1. */
    @Test
    void explainedVariance_isThatAroundTheMean_farFromZero() {
        INDArray x = Nd4j.createFromArray(new double[][] {{1e6 - 1}, {1e6 + 1}, {1e6 - 1}, {1e6 + 1}});
        INDArray half = Nd4j.createFromArray(new double[][] {{1e6 - 1}, {1e6 + 1}, {1e6}, {1e6}});
        DictionaryReport report = DictionaryReport.accumulator()
                .add(x, half, SparseCodes.of(Nd4j.ones(DataType.DOUBLE, 4, 1)))
                .report();

        assertThat(report.explainedVariance()).isCloseTo(0.5, within(1e-9));
    }

    /** Frequencies 1, 10⁻¹, 10⁻² and 0 are in the bins that include their upper edge. */
    @Test
    void histogram_hasADecadePerBin() {
        INDArray codes = Nd4j.zeros(DataType.DOUBLE, 100, 4);
        codes.getColumn(0).assign(1);
        codes.get(NDArrayIndex.interval(0, 10), NDArrayIndex.point(1)).assign(1);
        codes.putScalar(0, 2, 1);
        INDArray x = Nd4j.zeros(DataType.DOUBLE, 100, 2);
        DictionaryReport report =
                DictionaryReport.accumulator().add(x, x, SparseCodes.of(codes)).report();

        assertThat(report.histogram()).containsExactly(1, 0, 0, 0, 1, 1, 1);
        assertThat(report.firingMoreThan(0.01)).isEqualTo(0.5);
        assertThat(report.firingMoreThan(0.1)).isEqualTo(0.25);
        assertThat(report.l2Ratio()).isNaN();
        assertThat(report.toString()).contains("75.0 % alive");
    }

    @Test
    void emptyAndUnfittingArguments_areRefused() {
        SparseCodes codes = SparseCodes.of(CODES);

        assertThatThrownBy(() -> DictionaryReport.accumulator().report())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("call add");
        assertThatThrownBy(() -> DictionaryReport.accumulator().add(X, X, SparseCodes.of(rows(CODES, 0, 3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a code per example");
        assertThatThrownBy(() -> DictionaryReport.accumulator()
                        .add(X, X, codes)
                        .add(DECODER, DECODER, SparseCodes.of(Nd4j.ones(DataType.DOUBLE, 7, 3))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("mini-batches must have 5 values and 7 units, got 5 and 3");
        assertThatThrownBy(() -> KnownDictionaryReport.accumulator(DECODER, ENCODER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[units, d] and [directions, d]");
        assertThatThrownBy(() -> KnownDictionaryReport.accumulator(DECODER, DIRECTIONS)
                        .add(X, X, SparseCodes.of(TRUE_CODES), codes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must have 7 units, true codes 9");
        assertThatThrownBy(() -> DictionaryGeometry.compute(DECODER, DECODER))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("[inputs, units] and [units, outputs]");
    }
}
