package io.github.dl4jae.internal.math;

import org.bytedeco.javacpp.Pointer;

/** A check, before work begins, of the memory for an eigendecomposition of the smaller Gram matrix of examples. */
public final class GramMemory {

    /** The matrix and its eigenvectors, in float64. */
    private static final long BYTES_PER_ENTRY = 16;

    private GramMemory() {}

    /**
     * Requires memory for two float64 matrices [m, m], m = min(N, d).
     *
     * @param subject the subject of the error
     * @param rows N
     * @param columns d
     * @throws IllegalArgumentException if the limit of memory outside the heap is below their size
     */
    public static void require(String subject, long rows, long columns) {
        require(subject, rows, columns, Pointer.maxBytes());
    }

    /** Requires them within a limit in bytes; 0 stands for no limit. */
    static void require(String subject, long rows, long columns, long limit) {
        long most = (long) Math.sqrt(limit / (double) BYTES_PER_ENTRY);
        if (limit > 0 && Math.min(rows, columns) > most) {
            throw new IllegalArgumentException(subject + ": rows or columns must be at most " + most + " with "
                    + (limit >> 20) + " MiB of memory for arrays, got " + rows + " rows and " + columns
                    + " columns; raise -Dorg.bytedeco.javacpp.maxbytes, or use a sample of the rows");
        }
    }
}
