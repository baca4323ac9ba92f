package io.github.dl4jae.selection;

import static io.github.dl4jae.selection.SelectionTables.examples;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.internal.math.NearestNeighbors;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

@Tag("slow")
class LaplacianScoreTest {
    /** The score of He, Cai and Niyogi, computed with full matrices. */
    private static double[] laplacianByDefinition(double[][] x, int neighbors) {
        int n = x.length;
        double[][] squared = new double[n][n];
        for (int i = 0; i < n; i++) {
            for (int o = 0; o < n; o++) {
                for (int j = 0; j < x[0].length; j++) {
                    squared[i][o] += Math.pow(x[i][j] - x[o][j], 2);
                }
            }
        }
        boolean[][] near = new boolean[n][n];
        double width = 0;
        for (int i = 0; i < n; i++) {
            int row = i;
            int[] order = IntStream.range(0, n)
                    .filter(o -> o != row)
                    .boxed()
                    .sorted((a, b) -> Double.compare(squared[row][a], squared[row][b]))
                    .limit(neighbors)
                    .mapToInt(o -> o)
                    .toArray();
            for (int o : order) {
                near[i][o] = true;
                width += squared[i][o] / (n * neighbors);
            }
        }
        double[] scores = new double[x[0].length];
        for (int j = 0; j < scores.length; j++) {
            double[] degree = new double[n];
            double numerator = 0;
            for (int i = 0; i < n; i++) {
                for (int o = 0; o < n; o++) {
                    if (near[i][o] || near[o][i]) {
                        double w = Math.exp(-squared[i][o] / width);
                        degree[i] += w;
                        numerator += 0.5 * w * Math.pow(x[i][j] - x[o][j], 2);
                    }
                }
            }
            double all = Arrays.stream(degree).sum();
            double mean = 0;
            for (int i = 0; i < n; i++) {
                mean += degree[i] * x[i][j] / all;
            }
            double variance = 0;
            for (int i = 0; i < n; i++) {
                variance += degree[i] * Math.pow(x[i][j] - mean, 2);
            }
            scores[j] = numerator / variance;
        }
        return scores;
    }

    @Test
    void laplacianScore_followsItsDefinition() {
        INDArray x = examples(30, 6);
        double[] scores = laplacianByDefinition(x.toDoubleMatrix(), 4);
        int[] ascending = IntStream.range(0, 6)
                .boxed()
                .sorted((a, b) -> Double.compare(scores[a], scores[b]))
                .mapToInt(j -> j)
                .toArray();

        assertThat(new LaplacianScore(4).select(x, 6)).containsExactly(ascending);
        assertThatThrownBy(() -> new LaplacianScore(0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("neighbors must be at least 1, got 0");
        assertThatThrownBy(() -> new LaplacianScore(30).select(x, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("more than the 30 neighbors");
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.3, 5.7})
    void laplacianScore_ofAColumnThatVariesInALonelyExampleOnly_takesItForConstant(double elsewhere) {
        INDArray x = examples(800, 3);
        x.getColumn(1).assign(elsewhere);
        x.putScalar(17, 1, 1e6);
        x.getColumn(2).assign(0.3);

        assertThat(new LaplacianScore(3).select(x, 3)).containsExactly(0, 1, 2);
    }

    @Test
    void nearestNeighbors_areThoseOfAllPairs() {
        Nd4j.getRandom().setSeed(4);
        INDArray points = Nd4j.randn(DataType.FLOAT, 300, 4);
        INDArray queries = Nd4j.randn(DataType.FLOAT, 5, 4);
        int[][] nearest = NearestNeighbors.find(queries, points, 7);
        for (int i = 0; i < 5; i++) {
            double[] distances = points.subRowVector(queries.getRow(i)).norm2(1).toDoubleVector();
            int[] expected = IntStream.range(0, 300)
                    .boxed()
                    .sorted((a, b) -> Double.compare(distances[a], distances[b]))
                    .limit(7)
                    .mapToInt(j -> j)
                    .toArray();
            assertThat(nearest[i]).containsExactly(expected);
        }
        assertThatThrownBy(() -> NearestNeighbors.find(queries, points, 301))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("k must be in [1, 300]");
        assertThatThrownBy(() -> NearestNeighbors.find(queries.getColumns(0, 1), points, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the same width, got 2 and 4");
    }

    @Test
    void nearestNeighbors_farFromZero_areStillThem() {
        INDArray points = Nd4j.createFromArray(new double[][] {{1e9 + 5}, {1e9 + 2}, {1e9 + 1}, {1e9}});
        assertThat(NearestNeighbors.find(Nd4j.createFromArray(new double[][] {{1e9}}), points, 3)[0])
                .containsExactly(3, 2, 1);
    }
}
