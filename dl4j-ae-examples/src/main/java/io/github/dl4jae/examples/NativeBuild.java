package io.github.dl4jae.examples;

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
 * Picks the fastest build of ND4J's native code that the processor can run: AVX-512, AVX2, or the plain one.
 *
 * <p>Left to itself, ND4J's loader takes whichever build is on the class path, and a processor without its instructions kills
 * the JVM. So this looks at the processor first: at {@code /proc/cpuinfo} on Linux, elsewhere at what the JVM found out for
 * its own compiler. It must run before any ND4J class is touched.
 *
 * <p>A choice of the user ({@code -Dorg.bytedeco.javacpp.platform.extension=…}) is left alone.
 */
public final class NativeBuild {

    /** JavaCPP's property: the suffix of the native build to load, empty for the plain one. */
    static final String PROPERTY = "org.bytedeco.javacpp.platform.extension";

    /** What ND4J's AVX-512 build is compiled for. */
    private static final List<String> AVX512 = List.of("avx512f", "avx512cd", "avx512bw", "avx512dq", "avx512vl");

    private NativeBuild() {}

    /** Sets JavaCPP's property, unless it is set. */
    public static void select() {
        if (System.getProperty(PROPERTY) == null) {
            System.setProperty(PROPERTY, onClassPath(extension(processorFlags())));
        }
    }

    /** The suffix of the fastest build for a processor with these flags. */
    static String extension(Set<String> flags) {
        if (flags.containsAll(AVX512)) {
            return "-avx512";
        }
        return flags.contains("avx2") && flags.contains("fma") ? "-avx2" : "";
    }

    /** The build itself, or the next slower one that is there. */
    private static String onClassPath(String extension) {
        for (String candidate : extension.equals("-avx512") ? List.of("-avx512", "-avx2") : List.of(extension)) {
            String folder = "/org/nd4j/linalg/cpu/nativecpu/bindings/" + platform() + candidate + "/";
            if (NativeBuild.class.getResource(folder) != null) {
                return candidate;
            }
        }
        return "";
    }

    /** JavaCPP's name of this platform; only those with several builds matter. */
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
            return flagsThatTheJvmUses();
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

    /** HotSpot sets UseAVX to the highest level that the processor has (and 3 where AVX-512 is worth while). */
    private static Set<String> flagsThatTheJvmUses() {
        HotSpotDiagnosticMXBean hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (hotspot == null) {
            return Set.of(); // another JVM: the plain build runs everywhere
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
