package io.github.dl4jae.sparse;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class SparsityReportCornersTest {

    static Stream<INDArray> none() {
        return Stream.of(
                Nd4j.create(DataType.FLOAT, 0, 4), Nd4j.create(DataType.FLOAT, 0, 4, 3), Nd4j.empty(DataType.FLOAT));
    }

    @ParameterizedTest
    @MethodSource("none")
    void report_ofNoCodes_isRefused(INDArray none) {
        assertThatThrownBy(() -> SparsityReport.compute(none))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SparsityReport: there must be at least one code, got shape [")
                .hasMessageContaining("encode some examples");
    }

    @Test
    void report_ofNaN_isRefused() {
        INDArray codes = Nd4j.createFromArray(new float[][] {{0, 1, 0}, {2, Float.NaN, 0}});

        assertThatThrownBy(() -> SparsityReport.compute(codes))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SparsityReport: codes must be numbers, got NaN");
        assertThatThrownBy(() -> SparsityReport.compute(codes, 0.1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got NaN");
    }
}
