package io.github.dl4jae.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ExampleBlocksTest {

    @ParameterizedTest
    @CsvSource({"1, '1'", "15, '15'", "16, '16'", "17, '16,1'", "32, '16,16'", "37, '16,16,5'"})
    void blocks_coverAllExamples(int n, String counts) {
        INDArray x = Nd4j.arange(n * 3).reshape(n, 3);
        List<String> found = new ArrayList<>();
        List<double[]> rows = new ArrayList<>();

        ExampleBlocks.forEach(x, (block, from, count) -> {
            assertThat(block.shape()).containsExactly(16, 3);
            assertThat(from).isEqualTo(rows.size());
            found.add(String.valueOf(count));
            rows.addAll(Arrays.asList(ExampleBlocks.rows(block, count)));
        });

        assertThat(String.join(",", found)).isEqualTo(counts);
        assertThat(rows.toArray(double[][]::new)).isDeepEqualTo(x.toDoubleMatrix());
    }

    /** The rows of such views begin behind the length of the view in its buffer, where Nd4j's intervals are empty. */
    @ParameterizedTest
    @CsvSource({"1, 3", "3, 6", "10, 20", "20, 40", "16, 48", "17, 50", "49, 50"})
    void blocksOfViews_coverTheirExamples(int begin, int end) {
        INDArray x = Nd4j.arange(150).reshape(50, 3).get(NDArrayIndex.interval(begin, end));
        List<double[]> rows = new ArrayList<>();

        ExampleBlocks.forEach(x, (block, from, count) -> {
            rows.addAll(Arrays.asList(ExampleBlocks.rows(block, count)));
            assertThat(ExampleBlocks.rows(block, 16)[15][0]).isEqualTo(3 * (begin + (from + 15) % (end - begin)));
        });

        assertThat(rows.toArray(double[][]::new)).isDeepEqualTo(x.toDoubleMatrix());
    }

    @Test
    void changedBlocks_leaveTheExamples() {
        INDArray x = Nd4j.ones(20, 2);

        ExampleBlocks.forEach(x, (block, from, count) -> block.assign(7));

        assertThat(x).isEqualTo(Nd4j.ones(20, 2));
    }

    @Test
    void rows_ofATransposedArray_areInItsOrder() {
        INDArray x = Nd4j.arange(32).reshape(2, 16).transpose();

        assertThat(ExampleBlocks.rows(x, 2)).isDeepEqualTo(new double[][] {{0, 16}, {1, 17}});
    }

    @Test
    void missingExamples_areRefused() {
        assertThatThrownBy(() -> ExampleBlocks.require("Subject", null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Subject: examples must be an array, got null");
        assertThatThrownBy(() -> ExampleBlocks.require("Subject", Nd4j.ones(3)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("Subject: examples must have rank 2 or more, got shape [3]");
    }
}
