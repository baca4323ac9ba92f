package io.github.dl4jae.internal.runtime;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.nd4j.common.config.ND4JClassLoading;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Prepares the process for ND4J's CPU backend, once and automatically.
 *
 * <p>{@link StartupBackend} calls {@link #beforeNd4j} just before ND4J loads its native code. The first layer or fast
 * kernel calls {@link #atFirstUse}, which catches up on the protection where ND4J did not find {@code StartupBackend}
 * (an archive merged without its {@code META-INF/services}), limits BLAS to the processors of the JVM, and warns of
 * thread settings that are still slow.
 *
 * <p>No step can fail the program: a failure is logged at debug level, and the other steps follow. The system property
 * {@code dl4jae.runtime=false} turns all of this off.
 */
public final class Startup {

    /** The system property that turns the preparation off: {@code false}. */
    public static final String PROPERTY = "dl4jae.runtime";

    private static final Logger log = LoggerFactory.getLogger(Startup.class);
    private static final AtomicBoolean PREPARED = new AtomicBoolean();
    private static final AtomicBoolean USED = new AtomicBoolean();

    /** The environment variables that this class has set for native code. */
    private static volatile Map<String, String> exported = Map.of();

    private Startup() {}

    /** A part of the preparation. */
    @FunctionalInterface
    private interface Step {
        void apply() throws Exception;
    }

    /** Selects the native build, sets threads and exit of native code, and protects operands. */
    static void beforeNd4j() {
        if (isOff() || PREPARED.getAndSet(true) || !hasCpuBackend()) {
            return;
        }
        attempt("the native build", NativeBuild::select);
        attempt("native threads", () -> exported = ThreadSettings.export());
        attempt("the exit of native code", NativeExit::skipDestructors);
        attempt("operands", OperandProtection::install);
    }

    /** Catches up on what can be done after ND4J has loaded, and warns once of slow thread settings. */
    public static void atFirstUse() {
        if (USED.get() || isOff() || USED.getAndSet(true)) {
            return;
        }
        if (!PREPARED.getAndSet(true) && hasCpuBackend()) {
            attempt("the exit of native code", NativeExit::skipDestructors);
            attempt("operands", OperandProtection::install);
        }
        attempt("threads of BLAS", () -> ThreadSettings.limitBlas(exported));
        attempt("thread settings", () -> ThreadSettings.check(exported));
    }

    /**
     * Returns the environment variables that this class has set for native code. {@code System.getenv} does not
     * show them if the JVM has copied the environment before.
     *
     * @return names and values
     */
    public static Map<String, String> exported() {
        return exported;
    }

    /**
     * Returns whether the preparation is turned off.
     *
     * @return true if the system property says so
     */
    public static boolean isOff() {
        return "false".equalsIgnoreCase(System.getProperty(PROPERTY));
    }

    /** Looks for ND4J's CPU backend without loading it. */
    private static boolean hasCpuBackend() {
        return ND4JClassLoading.getNd4jClassloader().getResource("org/nd4j/linalg/cpu/nativecpu/CpuBackend.class")
                != null;
    }

    private static void attempt(String part, Step step) {
        try {
            step.apply();
        } catch (Exception | LinkageError e) {
            log.debug("The settings for {} were not applied; the program goes on without them", part, e);
        }
    }
}
