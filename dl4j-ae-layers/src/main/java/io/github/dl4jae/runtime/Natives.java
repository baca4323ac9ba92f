package io.github.dl4jae.runtime;

import io.github.dl4jae.internal.layer.Require;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * The native libraries and their settings.
 *
 * @param backend the class of ND4J's backend, such as {@code CpuBackend}
 * @param build the loaded build of ND4J's native code, such as {@code linux-x86_64-avx2}; empty if unknown
 * @param blas BLAS's version and build options; empty if unknown
 * @param kernel the kernel that OpenBLAS has selected for the processor; empty if unknown
 * @param blasThreads the number of BLAS threads; 0 if unknown
 * @param loopThreads the number of threads of ND4J's loops
 * @param environment the environment variables that concern native threads and kernels
 * @param exported those of them that this library has set
 * @param operandsProtected whether ND4J is kept from freeing operands too early, see {@code docs/performance.md}
 * @param offHeapBytes the bound of off-heap memory; 0 without a bound
 * @param physicalBytes the bound of the physical memory of the process; 0 without a bound
 */
public record Natives(
        String backend,
        String build,
        String blas,
        String kernel,
        int blasThreads,
        int loopThreads,
        Map<String, String> environment,
        Map<String, String> exported,
        boolean operandsProtected,
        long offHeapBytes,
        long physicalBytes) {

    /**
     * Creates a description.
     *
     * @param backend the class of ND4J's backend
     * @param build the build of ND4J's native code; empty if unknown
     * @param blas BLAS's version and build options; empty if unknown
     * @param kernel the kernel of BLAS; empty if unknown
     * @param blasThreads the number of BLAS threads; 0 if unknown
     * @param loopThreads the number of threads of ND4J's loops
     * @param environment the environment variables that concern native code
     * @param exported those of them that this library has set
     * @param operandsProtected whether operands are protected
     * @param offHeapBytes the bound of off-heap memory; 0 without a bound
     * @param physicalBytes the bound of physical memory; 0 without a bound
     * @throws IllegalArgumentException if an argument is null
     */
    public Natives {
        Require.given("Natives", "backend", backend, "");
        Require.given("Natives", "build", build, "");
        Require.given("Natives", "blas", blas, "");
        Require.given("Natives", "kernel", kernel, "");
        environment =
                Collections.unmodifiableMap(new TreeMap<>(Require.given("Natives", "environment", environment, "")));
        exported = Collections.unmodifiableMap(new TreeMap<>(Require.given("Natives", "exported", exported, "")));
    }
}
