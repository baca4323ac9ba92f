package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ActivationBufferTest {

    private static final int WIDTH = 3;
    private static final long IN_MEMORY = 1 << 24;

    @TempDir
    private Path folder;

    private int runs;

    /** The rows (i, i + ¼, −i) for i from 0, in parts of 1, 2, 3, … rows. */
    private Iterator<float[]> rows(int count) {
        runs++;
        List<float[]> parts = new ArrayList<>();
        for (int from = 0, length = 1; from < count; from += length, length++) {
            int rows = Math.min(length, count - from);
            float[] part = new float[rows * WIDTH];
            for (int i = 0; i < rows; i++) {
                part[i * WIDTH] = from + i;
                part[i * WIDTH + 1] = from + i + 0.25f;
                part[i * WIDTH + 2] = -from - i;
            }
            parts.add(part);
            parts.add(new float[0]);
        }
        return parts.iterator();
    }

    private ActivationBuffer buffer(int count, int capacity, long memory, boolean keep, long seed) {
        ActivationBuffer buffer = new ActivationBuffer(() -> rows(count), WIDTH, options(capacity, memory, keep), seed);
        if (keep) {
            buffer.survey(0, part -> {});
        }
        return buffer;
    }

    private ActivationBuffer.Options options(int capacity, long memory, boolean keep) {
        return new ActivationBuffer.Options(
                capacity, memory, folder, keep ? ActivationBuffer.Keep.ALWAYS : ActivationBuffer.Keep.NEVER);
    }

    private static List<Integer> numbers(Iterator<float[]> minibatches) {
        List<Integer> numbers = new ArrayList<>();
        minibatches.forEachRemaining(rows -> {
            for (int i = 0; i < rows.length; i += WIDTH) {
                assertThat(rows[i + 1]).isEqualTo(rows[i] + 0.25f);
                assertThat(rows[i + 2]).isEqualTo(-rows[i]);
                numbers.add((int) rows[i]);
            }
        });
        return numbers;
    }

    private static Integer[] all(int count) {
        return IntStream.range(0, count).boxed().toArray(Integer[]::new);
    }

    @ParameterizedTest
    @CsvSource({"101,16,false", "101,16,true", "101,500,false", "7,8,false", "3,8,true", "1,2,false", "64,9,false"})
    void epoch_servesEachRowOnce(int count, int capacity, boolean keep) {
        try (ActivationBuffer buffer = buffer(count, capacity, IN_MEMORY, keep, 1)) {
            List<Integer> first = numbers(buffer.epoch(0, 4));
            List<Integer> second = numbers(buffer.epoch(1, 4));

            assertThat(first).containsExactlyInAnyOrder(all(count));
            assertThat(second).containsExactlyInAnyOrder(all(count));
        }
    }

    @Test
    void minibatches_areFullExceptTheLast() {
        try (ActivationBuffer buffer = buffer(101, 16, IN_MEMORY, false, 1)) {
            List<Integer> sizes = new ArrayList<>();
            buffer.epoch(0, 4).forEachRemaining(rows -> sizes.add(rows.length / WIDTH));

            assertThat(sizes).hasSize(26).endsWith(4, 1);
            assertThat(sizes.subList(0, 25)).containsOnly(4);
        }
    }

    /** Half of the buffer is drawn before it is filled, so the first 8 of 16 rows come from the first 16. */
    @Test
    void rows_areDrawnFromTheWholeBuffer() {
        try (ActivationBuffer buffer = buffer(101, 16, IN_MEMORY, false, 1)) {
            List<Integer> order = numbers(buffer.epoch(0, 4));

            assertThat(order.subList(0, 8)).allMatch(row -> row < 16).anyMatch(row -> row >= 8);
            assertThat(order.subList(8, 16)).allMatch(row -> row < 24).anyMatch(row -> row >= 16);
        }
    }

    /** Every row has the same chance to be served first. */
    @Test
    void order_isUniform() {
        int[] counts = new int[8];
        for (int seed = 0; seed < 4000; seed++) {
            try (ActivationBuffer buffer = buffer(8, 8, IN_MEMORY, false, seed)) {
                counts[numbers(buffer.epoch(0, 4)).get(0)]++;
            }
        }

        double chiSquared = IntStream.of(counts)
                .mapToDouble(count -> (count - 500.0) * (count - 500.0) / 500)
                .sum();
        assertThat(chiSquared).isLessThan(24.3); // 7 degrees of freedom, p = 0.001
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void order_dependsOnSeedAndEpochAlone(boolean keep) {
        try (ActivationBuffer one = buffer(101, 16, IN_MEMORY, keep, 1);
                ActivationBuffer same = buffer(101, 16, IN_MEMORY, keep, 1);
                ActivationBuffer other = buffer(101, 16, IN_MEMORY, keep, 2)) {
            List<Integer> order = numbers(one.epoch(1, 4));

            assertThat(numbers(same.epoch(0, 4))).isNotEqualTo(order);
            assertThat(numbers(same.epoch(1, 4))).isEqualTo(order);
            assertThat(numbers(other.epoch(1, 4))).isNotEqualTo(order);
        }
    }

    @ParameterizedTest
    @CsvSource({"16,false", "16,true", "101,false"})
    void bufferOnDisk_servesTheRowsOfOneInMemory(int capacity, boolean keep) {
        try (ActivationBuffer memory = buffer(101, capacity, IN_MEMORY, keep, 5);
                ActivationBuffer disk = buffer(101, capacity, 0, keep, 5)) {
            assertThat(numbers(disk.epoch(0, 4))).isEqualTo(numbers(memory.epoch(0, 4)));
            assertThat(numbers(disk.epoch(1, 4))).isEqualTo(numbers(memory.epoch(1, 4)));
            assertThat(memory.fileBytes()).isZero();
            assertThat(disk.fileBytes()).isPositive();
        }
    }

    @Test
    void bufferBeyondTheMemory_isPartlyOnDisk() {
        int width = 1 << 20; // rows of 4 MiB
        try (RowStore store = new RowStore(width, 16, 1 << 25, folder)) {
            for (int slot = 0; slot < 16; slot++) {
                float[] row = new float[width];
                row[0] = slot;
                row[width - 1] = -slot;
                store.put(slot, row, 0);
            }

            assertThat(store.fileBytes()).isEqualTo(1 << 25);
            float[] row = new float[width];
            for (int slot = 15; slot >= 0; slot--) {
                store.get(slot, row, 0);
                assertThat(row[0]).isEqualTo(slot);
                assertThat(row[width - 1]).isEqualTo(-slot);
            }
        }
    }

    @Test
    void file_isGoneAfterTheEndAndAfterAFailure() {
        try (ActivationBuffer disk = buffer(101, 16, 0, false, 5)) {
            numbers(disk.epoch(0, 4));
        }
        assertThat(files()).isEmpty();

        Iterator<float[]> failing = Stream.of(new float[WIDTH * 3], new float[0])
                .map(rows -> {
                    if (rows.length == 0) {
                        throw new IllegalStateException("the network fails");
                    }
                    return rows;
                })
                .iterator();
        var options = new ActivationBuffer.Options(16, 0, folder, ActivationBuffer.Keep.NEVER);
        assertThatThrownBy(() -> {
                    try (ActivationBuffer buffer = new ActivationBuffer(() -> failing, WIDTH, options, 1)) {
                        buffer.epoch(0, 4).next();
                    }
                })
                .hasMessage("the network fails");
        assertThat(files()).isEmpty();
    }

    private List<Path> files() {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void seenRows_areCounted_andAKeepingBufferRunsTheNetworkOnce() {
        try (ActivationBuffer streaming = buffer(101, 16, IN_MEMORY, false, 1)) {
            streaming.epoch(0, 4).next();
            assertThat(streaming.seen()).isEqualTo(16);
            numbers(streaming.epoch(1, 4));
            assertThat(streaming.seen()).isEqualTo(16 + 101);
        }
        runs = 0;
        try (ActivationBuffer keeping = buffer(101, 16, IN_MEMORY, true, 1)) {
            numbers(keeping.epoch(0, 4));
            numbers(keeping.epoch(1, 4));
            assertThat(keeping.seen()).isEqualTo(101);
            assertThat(runs).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @CsvSource({"8,8,8", "4,-1,14"})
    void rowsThatFitIntoMemory_areKept_andOthersAreNot(long mebibytes, long surveyed, long seen) {
        int width = 1 << 18; // rows of 1 MiB
        Supplier<Iterator<float[]>> eightRows =
                () -> Stream.generate(() -> new float[2 * width]).limit(4).iterator();
        var options = new ActivationBuffer.Options(4, mebibytes << 20, folder, ActivationBuffer.Keep.IF_IN_MEMORY);
        try (ActivationBuffer buffer = new ActivationBuffer(eightRows, width, options, 1)) {
            assertThat(buffer.survey(4, part -> {})).isEqualTo(surveyed);
            buffer.epoch(0, 2).forEachRemaining(rows -> {});
            assertThat(buffer.seen()).isEqualTo(seen);
            assertThat(buffer.fileBytes()).isZero();
        }
    }

    /** A stream without end is served from a buffer that stays as it is. */
    @Test
    void memory_isBounded() {
        Iterator<float[]> endless = Stream.generate(() -> new float[WIDTH * 50]).iterator();
        var options = new ActivationBuffer.Options(64, IN_MEMORY, folder, ActivationBuffer.Keep.NEVER);
        try (ActivationBuffer buffer = new ActivationBuffer(() -> endless, WIDTH, options, 1)) {
            Iterator<float[]> minibatches = buffer.epoch(0, 4);
            for (int i = 0; i < 10_000; i++) {
                minibatches.next();
            }
            assertThat(buffer.seen()).isBetween(40_000L, 40_064L);
            assertThat(buffer.fileBytes()).isZero();
        }
    }

    @Test
    void directoryThatDoesNotExist_isReported() {
        var options = new ActivationBuffer.Options(16, 0, folder.resolve("none"), ActivationBuffer.Keep.NEVER);
        try (ActivationBuffer buffer = new ActivationBuffer(() -> rows(10), WIDTH, options, 1)) {
            Iterator<float[]> minibatches = buffer.epoch(0, 4);
            assertThatThrownBy(minibatches::next)
                    .isInstanceOf(UncheckedIOException.class)
                    .hasMessageContaining("can't be written in");
        }
    }
}
