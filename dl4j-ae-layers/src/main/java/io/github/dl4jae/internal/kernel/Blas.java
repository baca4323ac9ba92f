package io.github.dl4jae.internal.kernel;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.javacpp.PointerPointer;
import org.bytedeco.openblas.global.openblas;
import org.bytedeco.openblas.presets.openblas_nolapack;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ops.executioner.OpExecutioner;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Products of small float32 matrices in CPU memory, without the cost of an ND4J array per factor.
 *
 * <p>It calls the OpenBLAS that comes with ND4J's CPU backend. Where that is missing, as on a GPU, {@link #isAvailable}
 * is false and layers take another way.
 *
 * <p>Threads: inside {@link #onCallingThreads} each product runs on the thread that asks for it. Use it around parallel
 * loops whose blocks multiply. OpenBLAS's own threads would wait for each other there.
 */
public final class Blas {

    private static final Set<String> SMALL_KERNELS = Set.of("skylakex", "cooperlake", "sapphirerapids");
    private static final int ROW_MAJOR = 101;
    private static final int AS_IS = 111;
    private static final int TRANSPOSED = 112;

    /**
     * Whether OpenBLAS has kernels for small products of matrices, as for processors with AVX-512. Others need several
     * times as long for a few rows as for the same number of vectors.
     */
    static final boolean MULTIPLIES_FEW_ROWS_QUICKLY = hasSmallKernels();

    private static final boolean AVAILABLE = load();
    private static final Object LOCK = new Object();

    /** The number of loops that run inside {@link #onCallingThreads}. */
    private static int loops;

    private Blas() {}

    private static boolean load() {
        try {
            return Nd4j.getExecutioner().type() == OpExecutioner.ExecutionerType.NATIVE_CPU
                    && Threads.CONFIGURED > 0
                    && Threads.SETTER != null;
        } catch (LinkageError e) {
            return false; // no OpenBLAS on the class path
        }
    }

    private static boolean hasSmallKernels() {
        String chosen = System.getenv("OPENBLAS_CORETYPE");
        if (chosen != null && !chosen.isBlank()) {
            return SMALL_KERNELS.contains(chosen.toLowerCase(Locale.ROOT));
        }
        Path processor = Path.of("/proc/cpuinfo");
        try (Stream<String> lines = Files.isReadable(processor) ? Files.lines(processor) : Stream.empty()) {
            return lines.anyMatch(line -> line.startsWith("flags") && line.contains(" avx512vl"));
        } catch (IOException | UncheckedIOException e) {
            return false; // slower, not wrong
        }
    }

    /** The number of BLAS's threads. The setter is looked up once, because looking it up reads the file system. */
    private static final class Threads {

        static final int CONFIGURED = openblas_nolapack.blas_get_num_threads();
        static final openblas_nolapack.@Nullable SetNumThreads SETTER = setter();

        private Threads() {}

        private static openblas_nolapack.@Nullable SetNumThreads setter() {
            return Stream.of("openblas_set_num_threads", "MKL_Set_Num_Threads")
                    .map(Loader::addressof)
                    .filter(Objects::nonNull)
                    .findFirst()
                    .map(function -> new PointerPointer<Pointer>(1).put(function)) // the struct that JavaCPP calls by
                    .map(openblas_nolapack.SetNumThreads::new)
                    .orElse(null);
        }

        static void set(int threads) {
            Objects.requireNonNull(SETTER).call(threads);
        }
    }

    /**
     * Returns whether products can be computed.
     *
     * @return true with ND4J's CPU backend
     */
    public static boolean isAvailable() {
        return AVAILABLE;
    }

    /**
     * Computes C = op(A)·op(B) + β·C for matrices in 'c' order.
     *
     * @param transposeA whether A is stored as {@code [k, m]}
     * @param transposeB whether B is stored as {@code [n, k]}
     * @param m the number of rows of C
     * @param n the number of columns of C
     * @param k the number of products per value
     * @param a the first value of A
     * @param strideA the number of values from one stored row of A to the next
     * @param b the first value of B
     * @param strideB the same for B
     * @param beta β, 0 to overwrite C
     * @param c the first value of C
     * @param strideC the same for C
     */
    public static void multiply(
            boolean transposeA,
            boolean transposeB,
            int m,
            int n,
            int k,
            FloatPointer a,
            int strideA,
            FloatPointer b,
            int strideB,
            float beta,
            FloatPointer c,
            int strideC) {
        openblas.cblas_sgemm(
                ROW_MAJOR,
                transposeA ? TRANSPOSED : AS_IS,
                transposeB ? TRANSPOSED : AS_IS,
                m,
                n,
                k,
                1f,
                a,
                strideA,
                b,
                strideB,
                beta,
                c,
                strideC);
    }

    /**
     * Computes y = op(A)·x for a matrix in 'c' order.
     *
     * @param transpose whether to multiply by Aᵀ
     * @param rows the number of stored rows of A
     * @param columns the length of a stored row
     * @param a the first value of A
     * @param stride the number of values from one stored row of A to the next
     * @param x the vector
     * @param y receives the product
     */
    static void multiplyVector(
            boolean transpose, int rows, int columns, FloatPointer a, int stride, FloatPointer x, FloatPointer y) {
        openblas.cblas_sgemv(ROW_MAJOR, transpose ? TRANSPOSED : AS_IS, rows, columns, 1f, a, stride, x, 1, 0f, y, 1);
    }

    /**
     * Runs a loop in which every product takes one thread.
     *
     * @param loop multiplies on several Java threads
     */
    public static void onCallingThreads(Runnable loop) {
        synchronized (LOCK) {
            if (loops++ == 0) {
                Threads.set(1);
            }
        }
        try {
            loop.run();
        } finally {
            synchronized (LOCK) {
                if (--loops == 0) {
                    Threads.set(openblas_nolapack.blas_get_num_threads());
                }
            }
        }
    }
}
