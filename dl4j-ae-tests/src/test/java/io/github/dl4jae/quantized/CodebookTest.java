package io.github.dl4jae.quantized;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** Codebooks against naive loops over the formulas. */
class CodebookTest {

    private static final Offset<Double> CLOSE = within(1e-12);
    private static final int WIDTH = 3;
    private static final int CODES = 5;

    private static double[] random(int length, long seed) {
        Random random = new Random(seed);
        return random.doubles(length).map(u -> 2 * u - 1).toArray();
    }

    private static Codebook codebook(double[] vectors, int stages) {
        double[] counts = new double[stages * CODES];
        Arrays.fill(counts, 1);
        double[] started = new double[stages];
        Arrays.fill(started, CODES);
        return new Codebook(CODES, WIDTH, vectors, counts, started);
    }

    private static double squaredDistance(double[] a, int i, double[] b, int k) {
        double sum = 0;
        for (int j = 0; j < WIDTH; j++) {
            double difference = a[i * WIDTH + j] - b[k * WIDTH + j];
            sum += difference * difference;
        }
        return sum;
    }

    @Test
    void residualQuantization_isTheNearestCodeOfEachRest() {
        double[] vectors = random(2 * CODES * WIDTH, 1);
        double[] z = random(40 * WIDTH, 2);

        ResidualCodes codes = codebook(vectors.clone(), 2).quantize(z);

        double[] rest = z.clone();
        double distance = 0;
        for (int s = 0; s < 2; s++) {
            double[] stage = Arrays.copyOfRange(vectors, s * CODES * WIDTH, (s + 1) * CODES * WIDTH);
            for (int row = 0; row < 40; row++) {
                int nearest = 0;
                for (int k = 1; k < CODES; k++) {
                    if (squaredDistance(rest, row, stage, k) < squaredDistance(rest, row, stage, nearest)) {
                        nearest = k;
                    }
                }
                assertThat(codes.indices()[row * 2 + s]).isEqualTo(nearest);
                distance += squaredDistance(rest, row, stage, nearest);
                for (int j = 0; j < WIDTH; j++) {
                    rest[row * WIDTH + j] -= stage[nearest * WIDTH + j];
                }
            }
        }
        assertThat(codes.squaredDistance()).isCloseTo(distance, CLOSE);
        for (int i = 0; i < z.length; i++) {
            assertThat(codes.vectors()[i]).isCloseTo(z[i] - rest[i], CLOSE);
        }
    }

    /** The formulas of the package with both moving averages kept, where the codebook keeps only N and e. */
    @Test
    void codes_followMovingAveragesWithSmoothedCounts() {
        double decay = 0.9;
        double[] vectors = random(CODES * WIDTH, 3);
        Codebook codebook = codebook(vectors, 1);
        double[] N = new double[CODES];
        Arrays.fill(N, 1);
        double[] M = new double[CODES * WIDTH];
        for (int i = 0; i < M.length; i++) {
            M[i] = vectors[i] * smoothed(N, i / WIDTH);
        }
        for (int step = 0; step < 3; step++) {
            double[] z = random(30 * WIDTH, 10 + step);
            ResidualCodes batch = codebook.quantize(z);

            codebook.follow(batch, decay);

            double[] n = new double[CODES];
            double[] m = new double[M.length];
            for (int row = 0; row < 30; row++) {
                int k = batch.indices()[row];
                n[k]++;
                for (int j = 0; j < WIDTH; j++) {
                    m[k * WIDTH + j] += z[row * WIDTH + j];
                }
            }
            for (int k = 0; k < CODES; k++) {
                N[k] = decay * N[k] + (1 - decay) * n[k];
            }
            double[] found = codebook.vectors(IntStream.range(0, CODES).toArray());
            for (int i = 0; i < M.length; i++) {
                M[i] = decay * M[i] + (1 - decay) * m[i];
                assertThat(found[i]).isCloseTo(M[i] / smoothed(N, i / WIDTH), CLOSE);
            }
        }
    }

    private static double smoothed(double[] N, int k) {
        double total = Arrays.stream(N).sum();
        return (N[k] + 1e-5) / (total + CODES * 1e-5) * total;
    }

    private static double[] clusters(int perCluster) {
        double[] rows = random(CODES * perCluster * WIDTH, 4);
        for (int i = 0; i < rows.length; i++) {
            rows[i] = 0.01 * rows[i] + 10 * (i / WIDTH % CODES);
        }
        return rows;
    }

    private static Codebook untouched(int stages) {
        return new Codebook(
                CODES, WIDTH, new double[stages * CODES * WIDTH], new double[stages * CODES], new double[stages]);
    }

    @Test
    void start_findsClusters() {
        Codebook codebook = untouched(1);

        codebook.start(clusters(50), 7);

        double[] centers = codebook.vectors(IntStream.range(0, CODES).toArray());
        assertThat(IntStream.range(0, CODES)
                        .mapToObj(k -> Math.round(centers[k * WIDTH] / 10))
                        .toList())
                .containsExactlyInAnyOrder(0L, 1L, 2L, 3L, 4L);
        assertThat(codebook.quantize(clusters(50)).squaredDistance()).isLessThan(CODES * 50 * WIDTH * 1e-4);
    }

    @Test
    void start_withFewerVectorsThanCodes_takesThem_andLaterOnesTheRest() {
        Codebook codebook = untouched(1);
        double[] first = random(2 * WIDTH, 5);
        double[] second = random(40 * WIDTH, 6);

        codebook.start(first, 7);
        int[] ofFirst = codebook.indices(second);
        codebook.startMore(codebook.quantize(second), 8);

        assertThat(ofFirst).containsOnly(0, 1);
        assertThat(codebook.vectors(new int[] {0, 1})).isEqualTo(first);
        assertThat(codebook.indices(second)).contains(2, 3, 4);
    }

    @Test
    void rowsThatAreNotFinite_show_andLeaveTheCodebookAlone() {
        double[] z = random(10 * WIDTH, 8);
        z[4] = Double.NaN;
        double[] vectors = random(CODES * WIDTH, 9);
        Codebook codebook = codebook(vectors, 1);

        ResidualCodes batch = codebook.quantize(z);
        codebook.follow(batch, 0.5);
        codebook.expire(batch, 0.99, NoiseStream.of(1, "vq"), 0, 0);

        assertThat(Arrays.copyOfRange(batch.vectors(), WIDTH, 2 * WIDTH)).containsOnly(Double.NaN);
        assertThat(vectors).doesNotContain(Double.NaN);
    }

    @Test
    void rarelyUsedCode_becomesAVectorOfTheMiniBatch_withTheMeanCount() {
        double[] vectors = random(CODES * WIDTH, 10);
        Arrays.fill(vectors, 2 * WIDTH, 3 * WIDTH, 100); // never nearest
        Codebook codebook = codebook(vectors, 1);
        double[] z = random(50 * WIDTH, 11);
        ResidualCodes batch = codebook.quantize(z);
        codebook.follow(batch, 0.01);

        codebook.expire(batch, 0.1, NoiseStream.of(1, "vq"), 3, 0);

        double[] revived = Arrays.copyOfRange(vectors, 2 * WIDTH, 3 * WIDTH);
        assertThat(IntStream.range(0, 50)
                        .anyMatch(row -> Arrays.equals(revived, Arrays.copyOfRange(z, row * WIDTH, (row + 1) * WIDTH))))
                .isTrue();
        double[] before = vectors.clone();
        codebook.expire(batch, 0.1, NoiseStream.of(1, "vq"), 4, 0);
        assertThat(vectors).isEqualTo(before);
    }

    @Test
    void nearestCode_ofARow_isTheSameAloneAndAmongMany() {
        double[] vectors = random(512 * WIDTH, 12);
        double[] z = random(5000 * WIDTH, 13);
        NearestCodes search = new NearestCodes(vectors, 0, 512, WIDTH);

        int[] together = search.of(z);

        assertThat(IntStream.range(0, 5000)
                        .map(row -> search.of(Arrays.copyOfRange(z, row * WIDTH, (row + 1) * WIDTH))[0])
                        .toArray())
                .isEqualTo(together);
    }
}
