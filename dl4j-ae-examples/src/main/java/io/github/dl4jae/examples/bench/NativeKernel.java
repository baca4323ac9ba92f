package io.github.dl4jae.examples.bench;

import java.util.Locale;
import org.bytedeco.openblas.global.openblas_full;

/** The kernels of OpenBLAS that this process uses, and the build of ND4J. */
final class NativeKernel {

    private NativeKernel() {}

    /**
     * Describes the native libraries in a line.
     *
     * <p>ND4J's copy of OpenBLAS has no binding of these functions. The binding loads a second copy of this version,
     * which selects its kernel by the same processor and environment. Call it after the measurements.
     */
    static String describe() {
        String extension = System.getProperty("org.bytedeco.javacpp.platform.extension", "");
        String build = "nd4j-native" + (extension.isEmpty() ? " without extension" : " " + extension.substring(1));
        try {
            return String.format(
                    Locale.ROOT,
                    "OpenBLAS kernel %s, %d threads (%s); %s",
                    openblas_full.openblas_get_corename().getString(),
                    openblas_full.openblas_get_num_threads(),
                    openblas_full.openblas_get_config().getString().strip(),
                    build);
        } catch (LinkageError e) {
            return "OpenBLAS kernel unknown (" + e.getMessage() + "); " + build;
        }
    }
}
