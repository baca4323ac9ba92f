package io.github.dl4jae.disentanglement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Codes that say nothing about the factors. */
@Tag("slow")
class DciCornersTest {

    private static final List<String> NAMES = List.of("a", "b", "c");

    private static int[][] factors(int examples, Random random) {
        int[][] values = new int[examples][NAMES.size()];
        for (int[] row : values) {
            for (int k = 0; k < row.length; k++) {
                row[k] = random.nextInt(5);
            }
        }
        return values;
    }

    private static INDArray noise(int examples, int latents, Random random) {
        INDArray codes = Nd4j.create(DataType.DOUBLE, examples, latents);
        for (int i = 0; i < examples; i++) {
            for (int j = 0; j < latents; j++) {
                codes.putScalar(i, j, random.nextGaussian());
            }
        }
        return codes;
    }

    @ParameterizedTest
    @CsvSource({"500, 1", "500, 2", "500, 3", "1000, 4", "1000, 6", "2000, 7", "2000, 8", "2000, 9"})
    void noise_isNeitherDisentangledNorComplete(int examples, int seed) {
        Random random = new Random(seed);
        int[][] values = factors(examples, random);
        INDArray codes = noise(examples, 6, random);

        Dci ordered = Dci.compute(codes, Factors.of(values, NAMES), seed);
        Dci categorical = Dci.compute(codes, Factors.of(values, NAMES, "b"), seed);

        for (Dci dci : new Dci[] {ordered, categorical}) {
            assertThat(dci.disentanglement()).isLessThan(0.05);
            assertThat(dci.completeness()).isLessThan(0.05);
            assertThat(dci.informativeness()).isLessThan(0.05);
        }
        for (int i = 0; i < examples; i++) {
            for (int k = 0; k < NAMES.size(); k++) {
                codes.putScalar(i, 2L * k, values[i][k]);
            }
        }
        Dci disentangled = Dci.compute(codes, Factors.of(values, NAMES), seed);
        assertThat(disentangled.disentanglement()).isGreaterThan(0.95);
        assertThat(disentangled.completeness()).isGreaterThan(0.95);
        assertThat(disentangled.informativeness()).isGreaterThan(0.95);
    }

    /** The best of many classes is one that fits chance. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 6})
    void noise_isNotDisentangled_howeverManyClassesThereAre(int seed) {
        Random random = new Random(seed);
        int[][] values = new int[600][3];
        for (int[] row : values) {
            Arrays.setAll(row, k -> random.nextInt(20));
        }
        INDArray codes = noise(600, 5, random);
        assertThat(Dci.compute(codes, Factors.of(values, NAMES, "a", "b", "c"), seed)
                        .disentanglement())
                .isLessThan(0.05);
    }
}
