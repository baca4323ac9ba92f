package io.github.dl4jae.baseline;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.function.Consumer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * The principal axes of examples X, from the smaller of two matrices, with X centered.
 *
 * <pre>
 * N ≥ d    XᵀX/N = V·diag(λ)·Vᵀ                                 [d,d]
 * N &lt; d    XXᵀ/N = U·diag(λ)·Uᵀ,  v_j = Xᵀu_j/√(N·λ_j)          [N,N]
 * </pre>
 *
 * <p>Fewer than N of the λ differ from 0. If more axes are asked for, any orthonormal directions complete them.
 *
 * @param vectors the axes, in columns, float64, {@code [d, k]}; the entry of largest magnitude is positive
 * @param variances λ of all d axes, descending
 */
@SuppressWarnings("ArrayRecordComponent") // handed on to one owner
record PrincipalAxes(INDArray vectors, double[] variances) {

    /** The number of rows or columns at a time. */
    private static final int AT_ONCE = 4096;
    /** Below this fraction of the largest, an eigenvalue is rounding. */
    private static final double NEGLIGIBLE = 1e-14;

    static PrincipalAxes of(INDArray examples, INDArray mean, int k) {
        return examples.size(0) < examples.size(1) ? ofExamples(examples, mean, k) : ofColumns(examples, mean, k);
    }

    /** Computes them from the covariance of the columns. */
    static PrincipalAxes ofColumns(INDArray examples, INDArray mean, int k) {
        int d = Math.toIntExact(examples.size(1));
        INDArray sum = Nd4j.create(DataType.DOUBLE, d, d);
        inBlocks(examples.size(0), rows -> {
            INDArray centered = centered(examples.get(rows, NDArrayIndex.all()), mean); // [b,d]
            sum.addi(centered.transpose().mmul(centered)); // [d,b]·[b,d] → [d,d]
        });
        Eigen eigen = Eigen.of(sum.divi(examples.size(0)));
        INDArray vectors = Nd4j.create(DataType.DOUBLE, d, k);
        for (int j = 0; j < k; j++) {
            vectors.putColumn(j, signed(eigen.vectors.getColumn(d - 1 - j)));
        }
        return new PrincipalAxes(vectors, eigen.descending(d));
    }

    /** Computes them from the products of the examples. */
    static PrincipalAxes ofExamples(INDArray examples, INDArray mean, int k) {
        int n = Math.toIntExact(examples.size(0));
        int d = Math.toIntExact(examples.size(1));
        INDArray sum = Nd4j.create(DataType.DOUBLE, n, n);
        inBlocks(d, columns -> {
            INDArray centered =
                    centered(examples.get(NDArrayIndex.all(), columns), mean.get(NDArrayIndex.all(), columns));
            sum.addi(centered.mmul(centered.transpose())); // [N,b]·[b,N] → [N,N]
        });
        Eigen eigen = Eigen.of(sum.divi(n));
        double[] variances = eigen.descending(d);
        int rank = 0;
        while (rank < Math.min(n, k) && variances[rank] > NEGLIGIBLE * variances[0]) {
            rank++;
        }
        INDArray vectors = Nd4j.create(DataType.DOUBLE, d, k);
        if (rank > 0) {
            INDArray U = Nd4j.create(DataType.DOUBLE, n, rank);
            for (int j = 0; j < rank; j++) {
                U.putColumn(j, eigen.vectors.getColumn(n - 1 - j).div(Math.sqrt(n * variances[j])));
            }
            inBlocks(d, columns -> {
                INDArray centered =
                        centered(examples.get(NDArrayIndex.all(), columns), mean.get(NDArrayIndex.all(), columns));
                INDArray some = centered.transpose().mmul(U); // [b,N]·[N,rank] → [b,rank]
                vectors.get(columns, NDArrayIndex.interval(0, U.size(1))).assign(some);
            });
        }
        for (int j = 0; j < rank; j++) {
            vectors.putColumn(j, signed(vectors.getColumn(j).dup()));
        }
        complete(vectors, rank);
        return new PrincipalAxes(vectors, variances);
    }

    private static INDArray centered(INDArray block, INDArray mean) {
        return block.castTo(DataType.DOUBLE).subRowVector(mean);
    }

    /** Takes the rows or columns of a matrix block by block. */
    static void inBlocks(long length, Consumer<INDArrayIndex> use) {
        for (long from = 0; from < length; from += AT_ONCE) {
            use.accept(NDArrayIndex.interval(from, Math.min(from + AT_ONCE, length)));
        }
    }

    /** Fills columns from an index on with unit vectors, made orthogonal to those before them. */
    private static void complete(INDArray vectors, int from) {
        int axis = 0;
        for (int j = from; j < vectors.size(1); j++) {
            double norm = 0;
            while (norm < 0.1) { // of d unit vectors, enough are far from the span of fewer vectors
                INDArray vector = Nd4j.create(DataType.DOUBLE, vectors.size(0), 1);
                vector.putScalar(axis++, 0, 1);
                norm = orthogonalize(vector, vectors, j);
                if (norm >= 0.1) {
                    vectors.putColumn(j, signed(vector.divi(norm).reshape(-1)));
                }
            }
        }
    }

    /** Subtracts the projections on the first columns, twice against rounding, and returns the norm that is left. */
    private static double orthogonalize(INDArray vector, INDArray vectors, int columns) {
        for (int pass = 0; pass < 2 && columns > 0; pass++) {
            INDArray known = vectors.get(NDArrayIndex.all(), NDArrayIndex.interval(0, columns));
            vector.subi(known.mmul(known.transpose().mmul(vector))); // [d,j]·([j,d]·[d,1]) → [d,1]
        }
        return vector.norm2Number().doubleValue();
    }

    private static INDArray signed(INDArray vector) {
        long largest = Nd4j.argMax(Transforms.abs(vector, true)).getLong(0);
        return vector.getDouble(largest) < 0 ? vector.neg() : vector;
    }

    /** Eigenvectors in columns, with ascending eigenvalues. */
    private record Eigen(INDArray vectors, double[] values) {

        static Eigen of(INDArray symmetric) {
            Require.that(
                    FiniteArrays.isFinite(symmetric),
                    "PcaAutoencoder",
                    "examples must be finite",
                    "NaN or an infinite value",
                    "remove the example, or impute the value");
            INDArray vectors = symmetric.dup('f'); // syev overwrites it
            INDArray values = Nd4j.create(DataType.DOUBLE, symmetric.size(0));
            Nd4j.getBlasWrapper().lapack().syev('V', 'U', vectors, values);
            return new Eigen(vectors, values.toDoubleVector());
        }

        /** Returns the eigenvalues, descending, not negative, and followed by zeros up to a length. */
        double[] descending(int length) {
            double[] descending = new double[length];
            Arrays.setAll(descending, j -> j < values.length ? Math.max(values[values.length - 1 - j], 0) : 0);
            return descending;
        }
    }
}
