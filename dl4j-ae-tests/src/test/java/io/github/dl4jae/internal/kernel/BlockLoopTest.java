package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class BlockLoopTest {

    private static int[] counts(int blocks) {
        AtomicIntegerArray calls = new AtomicIntegerArray(blocks);
        BlockLoop.run(blocks, calls::incrementAndGet);
        return IntStream.range(0, blocks).map(calls::get).toArray();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 16, 1000})
    void everyBlock_isCalledOnce(int blocks) {
        assertThat(counts(blocks))
                .isEqualTo(IntStream.range(0, blocks).map(block -> 1).toArray());
    }

    @Test
    void manyLoops_oneAfterTheOther_callEveryBlockOnce() {
        assertThat(IntStream.range(0, 20_000).mapToObj(i -> counts(5)))
                .allSatisfy(each -> assertThat(each).containsExactly(1, 1, 1, 1, 1));
    }

    @Test
    void loops_inLoops_callEveryBlockOnce() {
        AtomicInteger calls = new AtomicInteger();

        BlockLoop.run(7, outer -> BlockLoop.run(5, inner -> calls.incrementAndGet()));

        assertThat(calls).hasValue(35);
    }

    /** More loops at the same time than get helpers. */
    @Test
    void loops_ofManyThreads_callEveryBlockOnce() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(12);
        Callable<Boolean> loops = () ->
                IntStream.range(0, 500).allMatch(i -> IntStream.of(counts(9)).allMatch(count -> count == 1));

        var results = threads.invokeAll(Stream.generate(() -> loops).limit(12).toList());

        for (Future<Boolean> result : results) {
            assertThat(result.get()).isTrue();
        }
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void exception_ofABlock_isThrownWhenAllBlocksHaveEnded() {
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> BlockLoop.run(10, block -> {
                    calls.incrementAndGet();
                    if (block == 3) {
                        throw new IllegalStateException("block 3");
                    }
                }))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("block 3");
        assertThat(calls).hasValue(10);
    }

    @Test
    void error_ofABlock_isThrown() {
        assertThatThrownBy(() -> BlockLoop.run(4, block -> {
                    throw new AssertionError("block");
                }))
                .isInstanceOf(AssertionError.class);
    }
}
