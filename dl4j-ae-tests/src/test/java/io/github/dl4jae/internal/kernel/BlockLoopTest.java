package io.github.dl4jae.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
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

    private static void failIn(int block, Throwable failure, AtomicInteger calls) {
        BlockLoop.run(10, each -> {
            calls.incrementAndGet();
            if (each == block) {
                BlockLoopTest.<RuntimeException>throwUnchecked(failure);
            }
        });
    }

    @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
    private static <T extends Throwable> void throwUnchecked(Throwable failure) throws T {
        throw (T) failure;
    }

    /** Libraries in other languages, and native code, throw exceptions that no signature declares. */
    @ParameterizedTest
    @ValueSource(ints = {0, 5, 9})
    void undeclaredException_ofABlock_isThrownWhenAllBlocksHaveEnded(int block) {
        AtomicInteger calls = new AtomicInteger();

        assertThatThrownBy(() -> failIn(block, new IOException("block"), calls))
                .isInstanceOf(UndeclaredThrowableException.class)
                .hasCauseInstanceOf(IOException.class);
        assertThat(calls).hasValue(10);
    }

    @SuppressWarnings("InfiniteRecursion") // until the stack is full
    private static int endless(int depth) {
        return endless(depth + 1) + 1;
    }

    @Test
    void stackOverflow_inEveryBlock_isThrown() {
        assertThatThrownBy(() -> BlockLoop.run(10, BlockLoopTest::endless)).isInstanceOf(StackOverflowError.class);
        assertThat(counts(9)).containsOnly(1);
    }

    /** Waits for another block of the same loop, and returns whether it came. */
    private static boolean meet(CountDownLatch both) {
        both.countDown();
        try {
            return both.await(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Returns whether two blocks of one loop ran at the same time. */
    private static boolean meet() {
        CountDownLatch both = new CountDownLatch(2);
        AtomicInteger met = new AtomicInteger();
        BlockLoop.run(2, block -> met.addAndGet(meet(both) ? 1 : 0));
        return met.get() == 2;
    }

    /** A helper can be late on a busy machine. */
    private static boolean meetInTime() {
        return IntStream.range(0, 10).anyMatch(i -> meet());
    }

    /**
     * Runs a loop of two blocks, one of them on a helper that takes longer than the caller, and puts what the loop
     * throws into {@code thrown}.
     *
     * @return the number of blocks that had ended when the loop did, or nothing where no helper came in time
     */
    private static OptionalInt endedBlocks(boolean callerFails, AtomicReference<Throwable> thrown) {
        Thread caller = Thread.currentThread();
        CountDownLatch both = new CountDownLatch(2);
        AtomicInteger met = new AtomicInteger();
        AtomicInteger ended = new AtomicInteger();
        thrown.set(catchThrowable(() -> BlockLoop.run(2, block -> {
            met.addAndGet(meet(both) ? 1 : 0);
            if (Thread.currentThread() != caller) {
                LockSupport.parkNanos(100_000_000);
            } else if (callerFails) {
                throw new IllegalStateException("block of the caller");
            }
            ended.incrementAndGet();
        })));
        return met.get() == 2 ? OptionalInt.of(ended.get()) : OptionalInt.empty();
    }

    /** The caller releases the memory of the blocks when the loop has ended, normally or not. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void loop_waitsForTheBlockOfAHelper(boolean fails) {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();

        OptionalInt ended = IntStream.range(0, 10) // a helper can be late on a busy machine
                .mapToObj(i -> endedBlocks(fails, thrown))
                .filter(OptionalInt::isPresent)
                .findFirst()
                .orElseThrow();

        assertThat(ended).hasValue(fails ? 1 : 2);
        assertThat(thrown.get() != null).isEqualTo(fails);
    }

    @Tag("slow")
    @Test
    void failedLoops_keepNoHelperAndNoPlace() {
        assumeThat(Runtime.getRuntime().availableProcessors()).isGreaterThan(1);
        for (int i = 0; i < 100; i++) {
            assertThatThrownBy(() -> failIn(0, new OutOfMemoryError("test"), new AtomicInteger()))
                    .isInstanceOf(OutOfMemoryError.class);
        }

        assertThat(meetInTime()).isTrue();
    }

    @Test
    void blocks_seeAndLeaveTheInterruptOfTheirThread() {
        Thread.currentThread().interrupt();

        int[] counts = counts(100);

        assertThat(Thread.interrupted()).isTrue();
        assertThat(counts).containsOnly(1);
    }

    @Test
    void loops_ofTheThreadsOfTheCommonPool_callEveryBlockOnce() {
        assertThat(IntStream.range(0, 2_000).parallel().mapToObj(i -> counts(9)))
                .allSatisfy(each -> assertThat(each).hasSize(9).containsOnly(1));
    }

    /** A helper must not keep a thread of the pool for as long as loops follow each other. */
    @Test
    void otherTasksOfThePool_getTheirTurn() throws Exception {
        AtomicBoolean ends = new AtomicBoolean();
        Thread training = new Thread(() -> {
            while (!ends.get()) {
                BlockLoop.run(64, block -> LockSupport.parkNanos(50_000));
            }
        });
        training.start();
        try {
            for (int i = 0; i < 20; i++) {
                CountDownLatch task = new CountDownLatch(1);
                ForkJoinPool.commonPool().execute(task::countDown);
                assertThat(task.await(10, TimeUnit.SECONDS)).isTrue();
            }
        } finally {
            ends.set(true);
            training.join();
        }
    }

    /** The thread factory of a pool in a process that has reached the system's limit on threads. */
    public static final class NoThreads implements ForkJoinPool.ForkJoinWorkerThreadFactory {

        /** Called by the JDK. */
        public NoThreads() {}

        @Override
        public ForkJoinWorkerThread newThread(ForkJoinPool pool) {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    /** Runs loops in a JVM of its own. */
    static final class Loops {

        private Loops() {}

        /**
         * Runs loops.
         *
         * @param arguments "helped" if two blocks are to run at the same time in the end
         */
        public static void main(String[] arguments) {
            boolean once = IntStream.range(0, 2_000)
                    .allMatch(i -> IntStream.of(counts(5)).allMatch(count -> count == 1));
            boolean inThePool = IntStream.range(0, 200).parallel().allMatch(i -> IntStream.of(counts(5))
                    .allMatch(count -> count == 1));
            boolean helped = !List.of(arguments).contains("helped")
                    || Runtime.getRuntime().availableProcessors() == 1
                    || meetInTime();
            System.out.print(once + " " + inThePool + " " + helped);
        }
    }

    static Stream<List<String>> pools() {
        String option = "-Djava.util.concurrent.ForkJoinPool.common.";
        return Stream.of(
                List.of(option + "parallelism=0"),
                List.of(option + "parallelism=1", "helped"),
                List.of(option + "parallelism=3", "-XX:ActiveProcessorCount=4", "helped"),
                List.of(option + "threadFactory=" + NoThreads.class.getName()),
                List.of("-XX:ActiveProcessorCount=1"));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("pools")
    void loops_withAnotherCommonPool_callEveryBlockOnce(List<String> pool) throws Exception {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx128m");
        pool.stream().filter(option -> option.startsWith("-")).forEach(command::add);
        command.add("-cp");
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(Loops.class.getName());
        pool.stream().filter(option -> !option.startsWith("-")).forEach(command::add);
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        try {
            byte[] output = process.getInputStream().readAllBytes();
            assertThat(new String(output, StandardCharsets.UTF_8)).isEqualTo("true true true");
        } finally {
            process.destroyForcibly();
        }
    }
}
