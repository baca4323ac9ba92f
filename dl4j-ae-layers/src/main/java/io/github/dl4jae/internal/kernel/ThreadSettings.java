package io.github.dl4jae.internal.kernel;

import java.util.Map;
import java.util.Optional;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A check of the settings of native threads. ND4J's loops and OpenBLAS have separate thread pools. If the idle threads
 * of one pool spin while the other works, training of small networks is several times slower, without any other
 * symptom.
 */
final class ThreadSettings {

    private static final Logger log = LoggerFactory.getLogger(ThreadSettings.class);

    private ThreadSettings() {}

    /** Logs a warning if the settings of this process are slow. */
    static void check() {
        boolean onCpu = Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU;
        if (onCpu && System.getProperty("os.name").startsWith("Linux")) {
            warning(System.getenv(), Runtime.getRuntime().availableProcessors()).ifPresent(log::warn);
        }
    }

    /**
     * Returns a warning for an environment with slow settings.
     *
     * @param environment the environment variables
     * @param processors the number of processors of the JVM
     * @return the warning, or empty
     */
    static Optional<String> warning(Map<String, String> environment, int processors) {
        boolean passive = "PASSIVE".equalsIgnoreCase(environment.get("OMP_WAIT_POLICY"))
                || "0".equals(environment.get("GOMP_SPINCOUNT"));
        boolean oneThread =
                "1".equals(environment.get("OMP_NUM_THREADS")) || "1".equals(environment.get("OPENBLAS_NUM_THREADS"));
        if (passive || oneThread || processors == 1) {
            return Optional.empty();
        }
        return Optional.of(
                "Training can be several times slower than necessary: threads of ND4J and OpenBLAS spin while they wait"
                        + " for each other. Before starting Java: export OMP_WAIT_POLICY=PASSIVE GOMP_SPINCOUNT=0"
                        + " OPENBLAS_THREAD_TIMEOUT=18 (see docs/performance.md)");
    }
}
