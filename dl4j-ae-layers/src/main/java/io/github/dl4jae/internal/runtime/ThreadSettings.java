package io.github.dl4jae.internal.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settings of native threads. ND4J's loops and OpenBLAS have separate thread pools. If the idle threads of one pool
 * spin while the other works, training of small networks is several times slower, without any other symptom.
 *
 * <p>The settings are environment variables, which native libraries read when they are loaded. {@link #export} sets
 * those that the user has not set. {@link #warning} describes the values that are still slow.
 */
public final class ThreadSettings {

    private static final Logger log = LoggerFactory.getLogger(ThreadSettings.class);

    private static final String WAIT_POLICY = "OMP_WAIT_POLICY";
    private static final String SPIN_COUNT = "GOMP_SPINCOUNT";
    private static final String THREAD_TIMEOUT = "OPENBLAS_THREAD_TIMEOUT";
    private static final String KERNEL = "OPENBLAS_CORETYPE";
    private static final String OMP_THREADS = "OMP_NUM_THREADS";
    private static final String BLAS_THREADS = "OPENBLAS_NUM_THREADS";
    private static final String GOTO_THREADS = "GOTO_NUM_THREADS";

    /** 2^18 cycles; OpenBLAS's own default is 2^26. */
    private static final String TIMEOUT = "18";

    /** OpenBLAS's kernels with AVX-512, and those with AVX2. */
    private static final Set<String> AVX512_KERNELS = Set.of("skylakex", "cooperlake", "sapphirerapids");

    private static final Set<String> AVX2_KERNELS = Set.of("haswell", "zen", "excavator");

    private ThreadSettings() {}

    static boolean isLinux() {
        return System.getProperty("os.name").startsWith("Linux");
    }

    /** Sets the variables for native code that is loaded later, and returns them. */
    static Map<String, String> export() throws IOException {
        if (!isLinux()) {
            return Map.of();
        }
        Map<String, String> missing =
                missing(System.getenv(), Runtime.getRuntime().availableProcessors(), processorsOfTheMachine());
        if (!missing.isEmpty()) {
            CLibrary.setEnvironment(missing);
        }
        return missing;
    }

    /**
     * Returns the variables to set.
     *
     * @param environment the environment variables of the user
     * @param processors the number of processors of the JVM
     * @param ofTheMachine the number of processors that native libraries see
     */
    static Map<String, String> missing(Map<String, String> environment, int processors, int ofTheMachine) {
        Map<String, String> missing = new TreeMap<>();
        if (!environment.containsKey(WAIT_POLICY) && !environment.containsKey(SPIN_COUNT)) {
            missing.put(WAIT_POLICY, "PASSIVE");
            missing.put(SPIN_COUNT, "0");
        }
        if (!environment.containsKey(THREAD_TIMEOUT)) {
            missing.put(THREAD_TIMEOUT, TIMEOUT);
        }
        // in a container, native libraries would start a thread for each processor of the host
        if (processors < ofTheMachine
                && Stream.of(OMP_THREADS, BLAS_THREADS, GOTO_THREADS).noneMatch(environment::containsKey)) {
            missing.put(OMP_THREADS, Integer.toString(processors));
        }
        return Map.copyOf(missing);
    }

    private static int processorsOfTheMachine() throws IOException {
        Path processors = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(processors)) {
            return 0;
        }
        try (Stream<String> lines = Files.lines(processors)) {
            return (int) lines.filter(line -> line.startsWith("processor")).count();
        }
    }

    /** Gives BLAS the number of threads that was exported. ND4J has read the environment before the export. */
    static void limitBlas(Map<String, String> exported) {
        int threads = number(exported.get(OMP_THREADS));
        if (threads > 0) {
            Nd4j.factory().blas().setMaxThreads(threads);
        }
    }

    /** Logs a warning if the settings of this process are slow. */
    static void check(Map<String, String> exported) throws IOException {
        if (Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU && isLinux()) {
            warning(
                            effective(exported),
                            Runtime.getRuntime().availableProcessors(),
                            NativeBuild.extension(NativeBuild.processorFlags()))
                    .ifPresent(log::warn);
        }
    }

    /**
     * Returns the environment variables as native code sees them.
     *
     * @param exported the variables that {@link #export} has set
     * @return names and values
     */
    public static Map<String, String> effective(Map<String, String> exported) {
        Map<String, String> effective = new HashMap<>(exported);
        effective.putAll(System.getenv());
        return effective;
    }

    /**
     * Returns a warning for an environment with slow settings.
     *
     * @param environment the environment variables
     * @param processors the number of processors of the JVM
     * @param extension the fastest native build that the processor can run, see {@link NativeBuild#extension}
     * @return the warning, with a line for the shell, or empty
     */
    public static Optional<String> warning(Map<String, String> environment, int processors, String extension) {
        List<String> reasons = new ArrayList<>();
        List<String> exports = new ArrayList<>();
        boolean passive =
                "PASSIVE".equalsIgnoreCase(environment.get(WAIT_POLICY)) || "0".equals(environment.get(SPIN_COUNT));
        boolean oneThread = "1".equals(environment.get(OMP_THREADS)) || "1".equals(environment.get(BLAS_THREADS));
        if (!passive && !oneThread && processors > 1) {
            reasons.add("threads of ND4J and OpenBLAS spin while they wait for each other");
            exports.add(WAIT_POLICY + "=PASSIVE " + SPIN_COUNT + "=0 " + THREAD_TIMEOUT + "=" + TIMEOUT);
        }
        for (String name : List.of(OMP_THREADS, BLAS_THREADS, GOTO_THREADS)) {
            if (number(environment.get(name)) > processors) {
                reasons.add(name + " is " + environment.get(name) + " on " + processors
                        + (processors == 1 ? " processor" : " processors"));
                exports.add(name + "=" + processors);
            }
        }
        List<String> commands = new ArrayList<>();
        if (!exports.isEmpty()) {
            commands.add("export " + String.join(" ", exports));
        }
        if (isSlowKernel(environment.get(KERNEL), extension)) {
            reasons.add(KERNEL + "=" + environment.get(KERNEL) + " selects a slow kernel for this processor");
            commands.add("unset " + KERNEL);
        }
        return commands.isEmpty()
                ? Optional.empty()
                : Optional.of("Training can be several times slower than necessary: " + String.join("; ", reasons)
                        + ". Before starting Java: " + String.join("; ", commands) + " (see docs/performance.md)");
    }

    private static int number(@Nullable String value) {
        return value != null && value.matches("[0-9]{1,9}") ? Integer.parseInt(value) : 0;
    }

    private static boolean isSlowKernel(@Nullable String kernel, String extension) {
        if (kernel == null || kernel.isBlank()) {
            return false;
        }
        String name = kernel.toLowerCase(Locale.ROOT);
        return switch (extension) {
            case "-avx512" -> !AVX512_KERNELS.contains(name);
            case "-avx2" -> !AVX2_KERNELS.contains(name);
            default -> false;
        };
    }

    /**
     * Returns the variables of an environment that concern native threads and kernels.
     *
     * @param environment names and values
     * @return the relevant ones, by name
     */
    public static Map<String, String> relevant(Map<String, String> environment) {
        return environment.entrySet().stream()
                .filter(entry -> entry.getKey().matches("(OPENBLAS|GOTO|OMP|GOMP|KMP|MKL|SD|ND4J)_.*"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
    }
}
