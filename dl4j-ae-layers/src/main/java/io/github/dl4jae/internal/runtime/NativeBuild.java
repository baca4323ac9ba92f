package io.github.dl4jae.internal.runtime;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.nd4j.common.config.ND4JClassLoading;

/**
 * Selects the fastest build of ND4J's native code that the processor can run: AVX-512, AVX2, or the plain build.
 *
 * <p>ND4J's loader takes any build on the class path, and one with instructions that the processor lacks kills the JVM.
 * The processor's features come from {@code /proc/cpuinfo} on Linux, and elsewhere from flags of the JVM's compiler.
 *
 * <p>A value set by the user ({@code -Dorg.bytedeco.javacpp.platform.extension=…}) is kept. oneDNN builds are loaded
 * only by such a value, or where they are the only ones.
 */
public final class NativeBuild {

    /** JavaCPP's property: the suffix of the native build to load; empty for the plain build. */
    public static final String PROPERTY = "org.bytedeco.javacpp.platform.extension";

    /** The instruction sets that ND4J's AVX-512 build needs. */
    private static final List<String> AVX512 = List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    /** From fast to slow. */
    private static final List<String> EXTENSIONS = List.of("-avx512", "-avx2", "");

    private NativeBuild() {}

    /** Sets JavaCPP's property if it has no value and the class path has a build that this class knows. */
    static void select() throws IOException {
        if (System.getProperty(PROPERTY) == null) {
            fastest(extension(processorFlags()), NativeBuild::isOnClassPath)
                    .ifPresent(extension -> System.setProperty(PROPERTY, extension));
        }
    }

    /**
     * Returns the suffix of the fastest build for a processor.
     *
     * @param flags the processor's features, see {@link #processorFlags}
     * @return the suffix, empty for the plain build
     */
    public static String extension(Set<String> flags) {
        if (flags.containsAll(AVX512)) {
            return "-avx512";
        }
        return flags.contains("avx2") && flags.contains("fma") ? "-avx2" : "";
    }

    /** Returns the build, or the next slower one that is available. */
    static Optional<String> fastest(String extension, Predicate<String> isAvailable) {
        return EXTENSIONS.subList(EXTENSIONS.indexOf(extension), EXTENSIONS.size()).stream()
                .filter(isAvailable)
                .findFirst();
    }

    /**
     * Returns whether the class path has a build for this platform.
     *
     * @param extension the suffix of the build, empty for the plain one
     * @return true if its native library is there
     */
    public static boolean isOnClassPath(String extension) {
        String library = "org/nd4j/linalg/cpu/nativecpu/bindings/" + platform() + extension + "/"
                + System.mapLibraryName("jnind4jcpu");
        return ND4JClassLoading.getNd4jClassloader().getResource(library) != null;
    }

    /** Returns JavaCPP's name of this platform, if it has several builds. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return (os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : "linux") + "-x86_64";
    }

    /**
     * Returns the features of the processor.
     *
     * @return names as in {@code /proc/cpuinfo}; empty if the processor is not an x86-64 one
     * @throws IOException if {@code /proc/cpuinfo} cannot be read
     */
    public static Set<String> processorFlags() throws IOException {
        if (!Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"))) {
            return Set.of();
        }
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpuinfo)) {
            return flagsOfTheJvm();
        }
        try (Stream<String> lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Set.copyOf(Arrays.asList(
                            line.substring(line.indexOf(':') + 1).strip().split(" "))))
                    .orElse(Set.of());
        }
    }

    /** HotSpot sets UseAVX to the highest level of the processor, but to 3 only where AVX-512 is faster. */
    private static Set<String> flagsOfTheJvm() {
        HotSpotDiagnosticMXBean hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (hotspot == null) {
            return Set.of(); // another JVM; the plain build runs everywhere
        }
        try {
            boolean avx2 = Integer.parseInt(hotspot.getVMOption("UseAVX").getValue()) >= 2;
            boolean fma = Boolean.parseBoolean(hotspot.getVMOption("UseFMA").getValue());
            return avx2 && fma ? Set.of("avx2", "fma") : Set.of();
        } catch (IllegalArgumentException e) {
            return Set.of();
        }
    }
}
