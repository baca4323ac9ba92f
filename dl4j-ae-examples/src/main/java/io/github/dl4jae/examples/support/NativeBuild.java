package io.github.dl4jae.examples.support;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Selects the fastest build of ND4J's native code that the processor can run: AVX-512, AVX2, or the plain build.
 *
 * <p>ND4J's loader takes any build on the class path, and one with instructions that the processor lacks kills the JVM.
 * The processor's features come from {@code /proc/cpuinfo} on Linux, and elsewhere from flags of the JVM's compiler.
 * Call {@link #select} before any ND4J class is loaded.
 *
 * <p>A value set by the user ({@code -Dorg.bytedeco.javacpp.platform.extension=…}) is kept.
 */
public final class NativeBuild {

    /** JavaCPP's property: the suffix of the native build to load; empty for the plain build. */
    static final String PROPERTY = "org.bytedeco.javacpp.platform.extension";

    /** The instruction sets that ND4J's AVX-512 build needs. */
    private static final List<String> AVX512 = List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    private NativeBuild() {}

    /** Sets JavaCPP's property if it has no value. */
    public static void select() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, onClassPath(extension(processorFlags())));
        }
    }

    /** Returns the suffix of the fastest build for a processor with these flags. */
    static String extension(Set<String> flags) {
        if (flags.containsAll(AVX512)) {
            return "-avx512";
        }
        return flags.contains("avx2") && flags.contains("fma") ? "-avx2" : "";
    }

    /** Returns the build, or the next slower one on the class path. */
    private static String onClassPath(String extension) {
        for (String candidate : extension.equals("-avx512") ? List.of("-avx512", "-avx2") : List.of(extension)) {
            String folder = "/org/nd4j/linalg/cpu/nativecpu/bindings/" + platform() + candidate + "/";
            if (NativeBuild.class.getResource(folder) != null) {
                return candidate;
            }
        }
        return "";
    }

    /** Returns JavaCPP's name of this platform, if it has several builds. */
    private static String platform() {
        String os = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        return (os.startsWith("mac") ? "macosx" : os.startsWith("windows") ? "windows" : "linux") + "-x86_64";
    }

    private static Set<String> processorFlags() {
        if (!Set.of("amd64", "x86_64").contains(System.getProperty("os.arch"))) {
            return Set.of();
        }
        Path cpuinfo = Path.of("/proc/cpuinfo");
        if (!Files.isReadable(cpuinfo)) {
            return flagsOfTheJvm();
        }
        try (var lines = Files.lines(cpuinfo)) {
            return lines.filter(line -> line.startsWith("flags"))
                    .findFirst()
                    .map(line -> Set.copyOf(new HashSet<>(Arrays.asList(
                            line.substring(line.indexOf(':') + 1).strip().split(" ")))))
                    .orElse(Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
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
