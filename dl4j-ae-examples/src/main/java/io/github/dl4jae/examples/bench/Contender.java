package io.github.dl4jae.examples.bench;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A measured implementation. */
enum Contender {
    /** This library, with the settings of docs/performance.md. */
    OURS("dl4j-ae", true),
    /** Stock layers, losses and updater of Deeplearning4j, with the same settings. */
    STOCK_TUNED("stock, our settings", true),
    /** Stock Deeplearning4j with default settings (native build without AVX2, spinning threads) and the newer BLAS. */
    STOCK("stock", false),
    /** PyTorch on the CPU, with default settings. */
    TORCH("PyTorch", false),
    /** The parser below the table reader, alone. */
    FASTCSV("FastCSV, parsing", true);

    /** Settings of native threads; see docs/performance.md. */
    private static final Map<String, String> THREAD_SETTINGS =
            Map.of("OMP_WAIT_POLICY", "PASSIVE", "GOMP_SPINCOUNT", "0", "OPENBLAS_THREAD_TIMEOUT", "18");
    /** Variables that select kernels, or change the threads of some contenders only. */
    private static final List<String> NATIVE_SETTINGS =
            List.of("OPENBLAS_", "GOTO_", "OMP_", "GOMP_", "KMP_", "MKL_", "DNNL_", "ONEDNN_");
    /** All contenders obey it. */
    private static final String THREADS = "OMP_NUM_THREADS";

    final String title;
    final boolean tuned;

    Contender(String title, boolean tuned) {
        this.title = title;
        this.tuned = tuned;
    }

    /** Returns whether this measures a case. */
    boolean takesPartIn(BenchCase shape) {
        return shape.kind == BenchCase.Kind.READ
                ? this == OURS || this == STOCK_TUNED || this == FASTCSV
                : this != FASTCSV;
    }

    /** Removes settings of native libraries from an environment, except the number of threads, and adds our own. */
    void prepare(Map<String, String> environment) {
        environment.keySet().removeAll(nativeSettings(environment));
        if (tuned) {
            environment.putAll(THREAD_SETTINGS);
        }
    }

    /** Returns the variables of an environment that {@link #prepare} removes. */
    static Set<String> nativeSettings(Map<String, String> environment) {
        return environment.keySet().stream()
                .filter(name ->
                        !name.equals(THREADS) && NATIVE_SETTINGS.stream().anyMatch(name::startsWith))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns those of {@link #nativeSettings} that the launcher has not set itself. */
    static Set<String> foreignSettings(Map<String, String> environment) {
        Set<String> settings = nativeSettings(environment);
        settings.removeIf(name -> environment.get(name).equals(THREAD_SETTINGS.get(name)));
        return settings;
    }
}
