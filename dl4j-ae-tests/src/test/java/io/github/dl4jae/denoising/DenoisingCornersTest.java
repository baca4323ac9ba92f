package io.github.dl4jae.denoising;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.FixedSchedule;

/** Whole numbers, no examples, and NaN. */
class DenoisingCornersTest {

    static Stream<DataType> integers() {
        return Stream.of(DataType.INT32, DataType.INT64, DataType.UINT8);
    }

    static Stream<IDropout> corruptions() {
        return Stream.of(
                new GaussianCorruption(0.3, 5),
                new MaskingNoise(0.3, 5),
                new SaltAndPepperNoise(new FixedSchedule(0.6), -0.25, 0.75, 5));
    }

    static Stream<Arguments> corruptionsOfIntegers() {
        return integers().flatMap(type -> corruptions().map(corruption -> Arguments.of(corruption, type)));
    }

    /** 0 to 11. */
    private static INDArray counts(DataType type) {
        return Nd4j.arange(12).reshape(3, 4).castTo(type);
    }

    private static INDArray corrupted(IDropout corruption, INDArray x) {
        return corruption.applyDropout(x, x.dup(), 2, 1, LayerWorkspaceMgr.noWorkspaces());
    }

    @ParameterizedTest
    @MethodSource("corruptionsOfIntegers")
    void corruption_ofIntegers_isThatOfTheSameNumbersInFloat32(IDropout corruption, DataType type) {
        INDArray x = counts(type);

        INDArray corrupted = corrupted(corruption, x);

        assertThat(corrupted.dataType()).isEqualTo(DataType.FLOAT);
        assertThatArray(corrupted)
                .isEqualTo(corrupted(corruption, counts(DataType.FLOAT)))
                .isNotEqualTo(counts(DataType.FLOAT));
        assertThatArray(x).isEqualTo(counts(type));
    }

    @ParameterizedTest
    @MethodSource("corruptionsOfIntegers")
    void corruptedIterator_ofIntegers_givesFloat32WithCleanTargets(IDropout corruption, DataType type) {
        DataSet integers = new CorruptedIterator(new ListDataSetIterator<>(list(counts(type)), 3), corruption).next();
        DataSet floats =
                new CorruptedIterator(new ListDataSetIterator<>(list(counts(DataType.FLOAT)), 3), corruption).next();

        assertThat(integers.getFeatures().dataType()).isEqualTo(DataType.FLOAT);
        assertThatArray(integers.getFeatures()).isEqualTo(floats.getFeatures());
        assertThatArray(integers.getLabels()).isEqualTo(counts(DataType.FLOAT));
    }

    private static List<DataSet> list(INDArray x) {
        return new DataSet(x, x).asList();
    }

    @ParameterizedTest
    @MethodSource("corruptions")
    void corruption_ofNoExamples_isRefused(IDropout corruption) {
        assertThatThrownBy(() -> corrupted(corruption, Nd4j.create(DataType.FLOAT, 0, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("NoisyRows: the array must have at least one value, got shape [0, 4]; remove empty"
                        + " mini-batches");
        assertThatThrownBy(() -> corrupted(corruption, Nd4j.empty(DataType.FLOAT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the array must have at least one value, got shape []");
    }

    /** Results that are given as integers do not cut noise off. */
    @ParameterizedTest
    @MethodSource("corruptions")
    void corruption_intoAnIntegerArray_isNotCutOff(IDropout corruption) {
        INDArray x = counts(DataType.FLOAT);

        assertThatArray(corruption.applyDropout(x, counts(DataType.INT32), 2, 1, LayerWorkspaceMgr.noWorkspaces()))
                .isEqualTo(corrupted(corruption, x));
    }

    private static INDArray quarter(INDArray x) {
        return x.mul(0.25);
    }

    @ParameterizedTest
    @MethodSource("integers")
    void score_atIntegers_isThatAtTheSameNumbers(DataType type) {
        DenoisingScore score = new DenoisingScore(DenoisingCornersTest::quarter, 0.5);

        assertThatArray(score.apply(counts(type)))
                .isEqualTo(score.apply(counts(DataType.FLOAT)))
                .isEqualTo(counts(DataType.FLOAT).mul(-3));
    }

    @ParameterizedTest
    @MethodSource("integers")
    void langevinSampler_fromIntegers_goesWhereItGoesFromTheSameNumbers(DataType type) {
        LangevinSampler sampler = new LangevinSampler(new DenoisingScore(DenoisingCornersTest::quarter, 0.5), 0.01, 4);
        INDArray start = counts(type);

        INDArray end = sampler.run(start, 5);

        assertThatArray(end).isEqualTo(sampler.run(counts(DataType.FLOAT), 5));
        assertThatArray(sampler.run(start, 0)).isEqualTo(counts(DataType.FLOAT));
        assertThatArray(start).isEqualTo(counts(type));
    }

    @Test
    void langevinSampler_fromNaN_orNowhere_blamesTheStart() {
        LangevinSampler sampler = new LangevinSampler(UnaryOperator.identity(), 0.01, 4);
        INDArray start = counts(DataType.FLOAT);
        start.putScalar(1, 2, Double.NaN);

        assertThatThrownBy(() -> sampler.run(start, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("LangevinSampler: start must be finite points [N, d], got NaN or an infinite value; sample"
                        + " points from N(0, I), or start from examples");
        assertThatThrownBy(() -> sampler.run(Nd4j.create(DataType.FLOAT, 0, 4), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("start must be finite points [N, d], got none");
    }

    @Test
    void langevinSampler_withAScoreOfNaN_blamesTheScore_notTheStep() {
        LangevinSampler sampler = new LangevinSampler(x -> x.ulike().assign(Double.NaN), 0.01, 4);

        assertThatThrownBy(() -> sampler.run(counts(DataType.FLOAT), 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the score must be a number at finite points, got NaN in step 1")
                .hasMessageContaining("check the network")
                .hasMessageNotContaining("use a step below");
    }

    /** Their sum is beyond the range of the type. */
    @Test
    void langevinSampler_fromLargePoints_isNotTakenForInfinite() {
        INDArray start = Nd4j.valueArrayOf(new long[] {2, 3}, 2e38, DataType.FLOAT);
        INDArray end = new LangevinSampler(x -> x.mul(0), 1e-3, 1).run(start, 1);
        assertThat(end.getDouble(0)).isGreaterThan(1e38);
    }
}
