package io.github.dl4jae.sparse;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.testing.ActivationContract;
import io.github.dl4jae.testing.Clause;
import io.github.dl4jae.testing.FloatTypes;
import io.github.dl4jae.testing.LayerContract;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

@Tag("slow")
class ActivationTopKTest {

    @Test
    void activation_ofAHandMadeRow_keepsTheKLargest() {
        INDArray z = Nd4j.createFromArray(new float[][] {{3, -1, 2, 5}, {-4, -3, -2, -1}});

        INDArray a = new ActivationTopK(2).getActivation(z, true);

        assertThatArray(a).isSameAs(z);
        assertThatArray(a).isEqualTo(Nd4j.createFromArray(new float[][] {{3, 0, 0, 5}, {0, 0, -2, -1}}));
    }

    @Test
    void backprop_ofAHandMadeRow_passesTheGradientOfKeptUnitsOnly() {
        INDArray z = Nd4j.createFromArray(new float[][] {{3, -1, 2, 5}});
        INDArray epsilon = Nd4j.createFromArray(new float[][] {{.1f, .2f, .3f, .4f}});

        INDArray gradient = new ActivationTopK(2).backprop(z, epsilon).getFirst();

        assertThatArray(gradient).isEqualTo(Nd4j.createFromArray(new float[][] {{.1f, 0, 0, .4f}}));
    }

    @ParameterizedTest
    @FloatTypes
    void ties_areBrokenByTheLowestIndex_soThatExactlyKSurvive(DataType type) {
        INDArray z = Nd4j.createFromArray(new double[][] {{1, 7, 1, 1, 1, -0.0, 0.0}})
                .castTo(type);

        INDArray a = new ActivationTopK(3).getActivation(z, true);

        assertThat(a.toDoubleMatrix()[0]).containsExactly(1, 7, 1, 0, 0, 0, 0);
    }

    @Test
    void notANumber_counts_asTheLargest_andShows() {
        INDArray z = Nd4j.createFromArray(new float[][] {{1, Float.NaN, 2, Float.POSITIVE_INFINITY}});

        INDArray a = new ActivationTopK(1).getActivation(z, true);

        assertThat(a.toFloatVector()).containsExactly(0, Float.NaN, 0, 0);
    }

    /** The reference sorts the whole row; the implementation does not sort. */
    @ParameterizedTest
    @CsvSource({
        "FLOAT, 1, 1, 3",
        "FLOAT, 7, 7, 3",
        "FLOAT, 1000, 25, 8",
        "FLOAT, 1000, 999, 2",
        "FLOAT, 513, 256, 4",
        "FLOAT, 8192, 32, 2",
        "DOUBLE, 7, 3, 5",
        "DOUBLE, 1000, 25, 8",
        "DOUBLE, 513, 512, 2"
    })
    void selection_ofRandomRowsWithManyTies_isThatOfASort(DataType type, int n, int k, int rows) {
        Random random = new Random(n * 31L + k);
        INDArray z = Nd4j.create(type, rows, n);
        for (long i = 0; i < z.length(); i++) {
            z.putScalar(i, Math.round(random.nextGaussian() * 50) / 10.0);
        }
        INDArray expected = z.dup();
        for (int row = 0; row < rows; row++) {
            double[] values = z.getRow(row).toDoubleVector();
            int[] dropped = IntStream.range(0, n)
                    .boxed()
                    .sorted(Comparator.<Integer>comparingDouble(j -> -values[j]).thenComparing(j -> j))
                    .skip(k)
                    .mapToInt(Integer::intValue)
                    .toArray();
            for (int j : dropped) {
                expected.putScalar(row, j, 0);
            }
        }

        assertThatArray(new ActivationTopK(k).getActivation(z, true)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ascending", "descending", "constant", "organ-pipe"})
    void selection_ofOrderedRows_keepsTheLargest(String order) {
        int n = 5000;
        float[] row = new float[n];
        for (int j = 0; j < n; j++) {
            row[j] = switch (order) {
                case "ascending" -> j;
                case "descending" -> n - j;
                case "constant" -> 1;
                default -> Math.min(j, n - j);
            };
        }
        INDArray z = Nd4j.createFromArray(new float[][] {row});
        float[] sorted = row.clone();
        Arrays.sort(sorted);

        float[] kept = new ActivationTopK(50).getActivation(z, true).toFloatVector();

        float[] largest = Arrays.copyOfRange(sorted, n - 50, n);
        float[] survivors = new float[50];
        int count = 0;
        for (float value : kept) {
            if (value != 0) {
                survivors[count++] = value;
            }
        }
        Arrays.sort(survivors);
        assertThat(count).isEqualTo(50);
        assertThat(survivors).containsExactly(largest);
    }

    @Test
    void views_andColumnMajorArrays_giveTheSame() {
        INDArray z = Nd4j.rand(DataType.FLOAT, 6, 9).subi(.5);
        INDArray expected = new ActivationTopK(4).getActivation(z.dup('c'), true);
        INDArray larger = Nd4j.rand(DataType.FLOAT, 8, 12);
        INDArray view = larger.get(NDArrayIndex.interval(1, 7), NDArrayIndex.interval(2, 11));
        view.assign(z);
        INDArray outside = larger.getRow(0).dup();

        assertThatArray(new ActivationTopK(4).getActivation(z.dup('f'), true)).isEqualTo(expected);
        assertThatArray(new ActivationTopK(4).getActivation(view, true)).isEqualTo(expected);
        assertThatArray(larger.get(NDArrayIndex.interval(1, 7), NDArrayIndex.interval(2, 11)))
                .isEqualTo(expected);
        assertThatArray(larger.getRow(0)).isEqualTo(outside);
    }

    @Test
    void sequencesAndImages_keepKUnitsAtEachPosition() {
        INDArray sequence = Nd4j.rand(DataType.FLOAT, 2, 5, 3).addi(1);
        INDArray images = Nd4j.rand(DataType.FLOAT, 2, 5, 3, 4).addi(1);

        INDArray keptSteps =
                new ActivationTopK(2).getActivation(sequence.dup(), true).neq(0).castTo(DataType.FLOAT);
        INDArray keptPixels =
                new ActivationTopK(2).getActivation(images.dup(), true).neq(0).castTo(DataType.FLOAT);

        assertThatArray(keptSteps.sum(1))
                .isEqualTo(Nd4j.ones(DataType.FLOAT, 2, 3).muli(2));
        assertThatArray(keptPixels.sum(1))
                .isEqualTo(Nd4j.ones(DataType.FLOAT, 2, 3, 4).muli(2));
    }

    @Test
    void alpha_keepsMoreAtTestTimeOnly() {
        INDArray z = Nd4j.createFromArray(new float[][] {{1, 2, 3, 4, 5, 6}});
        ActivationTopK activation = new ActivationTopK(2, 1.5);

        assertThat(activation.getActivation(z.dup(), true).toFloatVector()).containsExactly(0, 0, 0, 0, 5, 6);
        assertThat(activation.getActivation(z.dup(), false).toFloatVector()).containsExactly(0, 0, 0, 4, 5, 6);
    }

    @Test
    void alphaTimesK_aboveTheWidth_keepsAllAtTestTime() {
        INDArray z = Nd4j.createFromArray(new float[][] {{1, 2, 3}});

        assertThatArray(new ActivationTopK(2, 5).getActivation(z.dup(), false)).isEqualTo(z);
    }

    @Test
    void contract_inADenseLayer_holds() {
        ActivationContract.verify(new ActivationTopK(3));
        // stock layers do not tell activations in backprop that the forward pass was one at test time
        LayerContract.of(new DenseLayer.Builder()
                        .nOut(6)
                        .activation(new ActivationTopK(2, 2))
                        .build())
                .differsAtTestTime()
                .without(Clause.FROZEN)
                .verify();
        LayerContract.of(new FastDenseLayer.Builder()
                        .nOut(6)
                        .activation(new ActivationTopK(2, 2))
                        .build())
                .differsAtTestTime()
                .verify();
    }

    @Test
    void contract_inAConvolution_holds() {
        LayerContract.of(new ConvolutionLayer.Builder(2, 2)
                        .nOut(4)
                        .activation(new ActivationTopK(2))
                        .build())
                .input(InputType.convolutional(3, 3, 2))
                .verify();
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 4})
    void derivative_onHigherRanks_isRight(int rank) {
        ActivationContract.verify(new ActivationTopK(2), Arrays.copyOf(new long[] {2, 5, 3, 2}, rank));
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, k must be at least 1",
        "-3, 1, k must be at least 1",
        "3, 0.5, alpha must be",
        "3, NaN, alpha must be"
    })
    void wrongSettings_areRefused(int k, double alpha, String message) {
        assertThatThrownBy(() -> new ActivationTopK(k, alpha))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void k_aboveTheWidth_isRefusedWithBoth() {
        assertThatThrownBy(() -> new ActivationTopK(100).getActivation(Nd4j.ones(2, 64), true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ActivationTopK: k must be in [1, 64] (the input has 64 units), got 100; lower k or widen"
                        + " the layer");
    }
}
