package io.github.dl4jae.runtime;

import io.github.dl4jae.internal.runtime.NativeBuild;
import io.github.dl4jae.internal.runtime.OperandProtection;
import io.github.dl4jae.internal.runtime.Startup;
import io.github.dl4jae.internal.runtime.ThreadSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Remedies for settings that cost speed, memory or stability; see {@code docs/performance.md}. */
final class Advice {

    private static final String CPU_BACKEND = "CpuBackend";
    private static final long LARGE_HEAP = 1L << 30;
    private static final int NATIVE_ACCESS = 24;

    private Advice() {}

    static List<String> of(Machine machine, Natives natives) {
        List<String> advice = new ArrayList<>();
        if (natives.backend().equals(CPU_BACKEND)) {
            operands(natives, advice);
            build(machine, natives, advice);
            threads(machine, natives, advice);
        } else {
            advice.add("The fast layers need ND4J's CPU backend. With " + natives.backend()
                    + " they take ND4J's operations.");
        }
        memory(machine, natives, advice);
        nativeAccess(machine, advice);
        return advice;
    }

    private static void operands(Natives natives, List<String> advice) {
        if (!natives.operandsProtected()) {
            advice.add("ND4J can crash this JVM during millions of small operations. "
                    + (Startup.isOff()
                            ? "Remove -D" + Startup.PROPERTY + "=false from the command line of Java."
                            : "Add to the command line of Java: " + OperandProtection.OPTIONS));
        }
    }

    private static void build(Machine machine, Natives natives, List<String> advice) {
        String fastest = NativeBuild.extension(machine.features());
        if (natives.build().isEmpty() || fastest.isEmpty() || natives.build().endsWith(fastest)) {
            return;
        }
        String platform = natives.build().replaceFirst("-avx(2|512)$", "");
        advice.add("ND4J's native build is " + natives.build() + ", but the processor can run " + platform + fastest
                + ", which is faster. "
                + (NativeBuild.isOnClassPath(fastest)
                        ? "The class path has it: remove -D" + NativeBuild.PROPERTY + " and -D" + Startup.PROPERTY
                                + " from the command line of Java."
                        : "Add to the class path: org.nd4j:nd4j-native:1.0.0-M2.1:" + platform + fastest));
    }

    private static void threads(Machine machine, Natives natives, List<String> advice) {
        ThreadSettings.warning(natives.environment(), machine.processors(), NativeBuild.extension(machine.features()))
                .ifPresent(advice::add);
        if (natives.blasThreads() > machine.processors()
                && !natives.environment().containsKey("OPENBLAS_NUM_THREADS")
                && !natives.environment().containsKey("OMP_NUM_THREADS")) {
            advice.add("BLAS has " + natives.blasThreads() + " threads on " + machine.processors()
                    + " processors. Before starting Java: export OMP_NUM_THREADS=" + machine.processors());
        }
    }

    private static void memory(Machine machine, Natives natives, List<String> advice) {
        boolean sized = machine.options().stream().anyMatch(option -> Stream.of("-Xmn", "-XX:NewSize", "-XX:MaxNewSize")
                .anyMatch(option::startsWith));
        if (!sized && machine.heapBytes() > LARGE_HEAP) {
            advice.add("Most Java objects of training die young, and arrays are off-heap. A small young generation"
                    + " saves hundreds of MiB: -XX:+UseParallelGC -Xmn64m");
        }
        if (machine.memoryBytes() > 0 && machine.heapBytes() + natives.offHeapBytes() > machine.memoryBytes()) {
            advice.add(
                    "Heap and off-heap memory together can exceed the memory of the machine, and the system then ends"
                            + " the process. Lower -Xmx and -Dorg.bytedeco.javacpp.maxbytes.");
        }
    }

    private static void nativeAccess(Machine machine, List<String> advice) {
        boolean warns = Runtime.version().feature() >= NATIVE_ACCESS
                && machine.options().stream().noneMatch(option -> option.startsWith("--enable-native-access"));
        if (warns) {
            advice.add("Java warns about native libraries. To silence it: --enable-native-access=ALL-UNNAMED"
                    + " --sun-misc-unsafe-memory-access=allow");
        }
    }
}
