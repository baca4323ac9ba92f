package io.github.dl4jae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** Many mutations of a file, each by its seed, in a JVM with a small heap. */
public final class FuzzRun {

    private FuzzRun() {}

    /** The check of one mutation; an AssertionError is a failure. */
    @FunctionalInterface
    public interface Check {
        /**
         * Checks a mutation.
         *
         * @param seed of the mutation
         * @throws IOException if a file cannot be written
         */
        void check(long seed) throws IOException;
    }

    /**
     * Runs a program in a JVM of its own.
     *
     * <p>{@code -Ddl4jae.fuzz.mutations=10000} makes it a long run, and {@code -Ddl4jae.fuzz.seed} continues one.
     *
     * @param heap such as {@code 64m}
     * @param offHeap likewise
     * @param program its {@code main} passes its arguments to {@link #checkAll}
     * @param mutations their number, if the property does not say another
     * @return the output of a program that succeeded
     */
    public static String output(String heap, String offHeap, Class<?> program, int mutations)
            throws IOException, InterruptedException {
        Process process = JavaProcess.of(
                        heap,
                        offHeap,
                        program,
                        Long.getLong("dl4jae.fuzz.seed", 0),
                        Integer.getInteger("dl4jae.fuzz.mutations", mutations))
                .redirectErrorStream(true)
                .start();
        try {
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).as(output).isZero();
            return output;
        } finally {
            process.destroyForcibly();
        }
    }

    /**
     * Checks mutations and prints the failures.
     *
     * @param arguments the first seed and the number of mutations
     * @param check of one mutation
     * @return the number of failures
     */
    public static int checkAll(String[] arguments, Check check) throws IOException {
        long first = Long.parseLong(arguments[0]);
        long count = Long.parseLong(arguments[1]);
        int failures = 0;
        for (long seed = first; seed < first + count; seed++) {
            try {
                check.check(seed);
            } catch (AssertionError e) {
                failures++;
                e.printStackTrace(System.out);
            }
        }
        return failures;
    }
}
