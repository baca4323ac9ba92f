package io.github.dl4jae.runtime;

import com.sun.management.OperatingSystemMXBean;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.runtime.NativeBuild;
import io.github.dl4jae.internal.runtime.NativeLibraries;
import io.github.dl4jae.internal.runtime.OperandProtection;
import io.github.dl4jae.internal.runtime.Startup;
import io.github.dl4jae.internal.runtime.ThreadSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Examines how well this process is set up for training: Java, processor, native libraries and their settings, and the
 * speed of products, ND4J operations and a training step.
 *
 * <pre>{@code
 * Diagnosis diagnosis = Doctor.examine();
 * log.info("{}", diagnosis); // aligned lines, and advice
 * }</pre>
 *
 * <p>An examination loads ND4J, takes about four seconds, and is meaningful on an otherwise idle machine. It creates a
 * small network, which sets the seed of ND4J's random numbers in the calling thread, like every new network.
 */
public final class Doctor {

    private static final Duration EACH = Duration.ofMillis(400);
    private static final Set<String> FEATURES =
            Set.of("avx2", "fma", "avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    private Doctor() {}

    /**
     * Examines this process.
     *
     * @return findings, speeds and advice
     */
    public static Diagnosis examine() {
        return examine(EACH);
    }

    /**
     * Examines this process, with measurements of another length.
     *
     * @param each the time of each of the four measurements, and of the warm-up before each, above 0. Default: 0.4
     *     seconds.
     * @return findings, speeds and advice
     * @throws IllegalArgumentException if the time is null, or not above 0
     */
    public static Diagnosis examine(Duration each) {
        Require.given("Doctor", "each", each, "");
        Require.that(!each.isNegative() && !each.isZero(), "Doctor", "each must be above 0", each, "use 0.4 seconds");
        Speed speed = new SpeedTest(each).run(); // first: it loads ND4J
        Machine machine = machine();
        Natives natives = natives();
        return new Diagnosis(machine, natives, speed, Advice.of(machine, natives));
    }

    private static Machine machine() {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Machine(
                System.getProperty("java.runtime.version") + ", " + System.getProperty("java.vm.name") + ", "
                        + System.getProperty("java.vendor"),
                ManagementFactory.getRuntimeMXBean().getInputArguments(),
                Runtime.getRuntime().maxMemory(),
                system == null ? 0 : system.getTotalMemorySize(),
                Runtime.getRuntime().availableProcessors(),
                features());
    }

    private static Set<String> features() {
        try {
            Set<String> features = new TreeSet<>(NativeBuild.processorFlags());
            features.retainAll(FEATURES);
            return features;
        } catch (IOException | UncheckedIOException e) {
            return Set.of();
        }
    }

    private static Natives natives() {
        Map<String, String> exported = Startup.exported();
        return new Natives(
                Nd4j.getBackend().getClass().getSimpleName(),
                NativeLibraries.build().orElse(""),
                NativeLibraries.blas().orElse(""),
                NativeLibraries.blasKernel().orElse(""),
                NativeLibraries.blasThreads().orElse(0),
                Nd4j.getEnvironment().maxThreads(),
                ThreadSettings.relevant(ThreadSettings.effective(exported)),
                exported,
                OperandProtection.isInForce(),
                NativeLibraries.offHeapBytes(),
                NativeLibraries.physicalBytes());
    }
}
