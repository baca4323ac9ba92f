package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The tangent space of an encoder at an example: its Jacobian, the directions of largest change of the code, and their
 * magnitudes.
 *
 * <pre>
 * J = ∂h/∂x = U·diag(s)·Vᵀ,  s₁ ≥ s₂ ≥ …        J_:i ≈ (h(x + σe_i) − h(x − σe_i))/2σ
 * </pre>
 *
 * <p>The first columns of V span the tangent space of the manifold that the encoder has learned at x. A step along them
 * gives a likely neighbor, such as a thicker or slanted digit. s shows the dimension of the manifold: a contractive
 * encoder has few large singular values.
 *
 * <pre>{@code
 * TangentSpace tangents = TangentSpace.estimate(autoencoder::encode, image);
 * ImageGrid.of(28, 28).eachOnItsOwnScale().row(tangents.directions(10)).draw();
 * }</pre>
 *
 * <p>Shapes: for an example {@code [1, …]} with n values and a code of k values, J {@code [k, n]} and directions {@code
 * [count, n]}. Any encoder is accepted; it is called with batches of up to 512 perturbed copies of the example. In
 * float32, with σ = 0.01, the error of J is about 10⁻⁵ of the magnitude of the code. Instances are immutable.
 *
 * @see <a href="https://papers.nips.cc/paper/2011/hash/d1f44e2f09dc172978a4d3151d11d63e-Abstract.html">Rifai et al.
 *     2011, The manifold tangent classifier</a>
 */
public final class TangentSpace {

    private static final String SUBJECT = "TangentSpace";
    private static final double STEP = 0.01;
    private static final int COPIES_AT_ONCE = 512;

    private final INDArray jacobian;
    /** The eigenvectors of the smaller of J·Jᵀ and Jᵀ·J, in columns, by ascending eigenvalue. */
    private final INDArray eigenvectors;

    private final double[] spectrum;

    private TangentSpace(INDArray jacobian, INDArray eigenvectors, double[] spectrum) {
        this.jacobian = jacobian;
        this.eigenvectors = eigenvectors;
        this.spectrum = spectrum;
    }

    /**
     * Estimates the tangent space at an example, with a step of 0.01.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param example {@code [1, …]}, not changed
     * @return the tangent space
     * @throws IllegalArgumentException if there is not exactly one example, or the Jacobian is not finite
     */
    public static TangentSpace estimate(UnaryOperator<INDArray> encoder, INDArray example) {
        return estimate(encoder, example, STEP);
    }

    /**
     * Estimates the tangent space at an example.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param example {@code [1, …]}, not changed
     * @param step the step σ of the finite differences, above 0
     * @return the tangent space
     * @throws IllegalArgumentException if there is not exactly one example, the step is not above 0, or the Jacobian is
     *     not finite
     */
    public static TangentSpace estimate(UnaryOperator<INDArray> encoder, INDArray example, double step) {
        Require.that(
                example.rank() >= 2 && example.size(0) == 1 && !example.isEmpty(),
                SUBJECT,
                "example must be a single one, [1, …]",
                Arrays.toString(example.shape()),
                "select one with get(interval(i, i + 1), …)");
        ContractionWeights.requirePerturbation(SUBJECT, step);
        INDArray jacobian = jacobian(encoder, FloatingPoint.of(example), step);
        Require.that(
                FiniteArrays.isFinite(jacobian),
                SUBJECT,
                "the Jacobian must be finite",
                "NaN or an infinite value",
                "check the example and the network's parameters");
        boolean wide = jacobian.size(0) <= jacobian.size(1);
        INDArray gram = wide
                ? jacobian.mmul(jacobian.transpose())
                : jacobian.transpose().mmul(jacobian);
        INDArray values = Nd4j.create(DataType.DOUBLE, gram.size(0));
        INDArray vectors = gram.dup('f'); // syev overwrites it with the eigenvectors, in columns, ascending
        Nd4j.getBlasWrapper().lapack().syev('V', 'U', vectors, values);
        double[] ascending = values.toDoubleVector();
        double[] spectrum = new double[ascending.length];
        Arrays.setAll(spectrum, j -> Math.sqrt(Math.max(ascending[ascending.length - 1 - j], 0)));
        return new TangentSpace(jacobian, vectors, spectrum);
    }

    private static INDArray jacobian(UnaryOperator<INDArray> encoder, INDArray example, double step) {
        int n = Math.toIntExact(example.length());
        INDArray flat = example.dup('c').reshape('c', 1, n);
        INDArray jacobian = null;
        for (int from = 0; from < n; from += COPIES_AT_ONCE / 2) {
            int count = Math.min(COPIES_AT_ONCE / 2, n - from);
            long rows = 2L * count;
            INDArray copies = Nd4j.createUninitialized(example.dataType(), new long[] {rows, n}, 'c');
            copies.assign(0).addiRowVector(flat);
            for (int i = 0; i < count; i++) {
                double value = flat.getDouble(0, from + i);
                copies.putScalar(i, from + i, value + step);
                copies.putScalar(count + i, from + i, value - step);
            }
            long[] shape = example.shape().clone();
            shape[0] = rows;
            INDArray codes = encoder.apply(copies.reshape('c', shape)).castTo(DataType.DOUBLE);
            codes = codes.dup('c').reshape('c', rows, codes.length() / rows);
            INDArray difference = codes.get(NDArrayIndex.interval(0, count), NDArrayIndex.all())
                    .sub(codes.get(NDArrayIndex.interval(count, rows), NDArrayIndex.all()))
                    .divi(2 * step);
            if (jacobian == null) {
                jacobian = Nd4j.create(DataType.DOUBLE, codes.size(1), n);
            }
            jacobian.get(NDArrayIndex.all(), NDArrayIndex.interval(from, from + count))
                    .assign(difference.transpose());
        }
        return Objects.requireNonNull(jacobian);
    }

    /**
     * Returns the Jacobian.
     *
     * @return J, {@code [k, n]}, float64, a new array
     */
    public INDArray jacobian() {
        return jacobian.dup();
    }

    /**
     * Returns the singular values of the Jacobian.
     *
     * @return s, min(k, n) values, descending, a new array
     */
    public double[] spectrum() {
        return spectrum.clone();
    }

    /**
     * Returns the directions in which the code changes most.
     *
     * @param count the number of directions, at most the rank of the Jacobian
     * @return the first right singular vectors, of length 1, {@code [count, n]}, float64, a new array; the entry of
     *     largest magnitude of each is positive
     * @throws IllegalArgumentException if the count is below 1 or above the rank of the Jacobian
     */
    public INDArray directions(int count) {
        int rank = (int) Arrays.stream(spectrum)
                .filter(value -> value > 1e-7 * spectrum[0])
                .count();
        Require.that(
                count >= 1 && count <= rank,
                SUBJECT,
                "count must be in [1, " + rank + "], up to the rank of the Jacobian",
                count,
                "");
        INDArray directions = Nd4j.create(DataType.DOUBLE, count, jacobian.size(1));
        boolean wide = jacobian.size(0) <= jacobian.size(1);
        for (int j = 0; j < count; j++) {
            INDArray vector = eigenvectors.getColumn(spectrum.length - 1 - j, true);
            INDArray direction = wide ? jacobian.transpose().mmul(vector).divi(spectrum[j]) : vector.dup();
            double[] values = direction.reshape(direction.length()).toDoubleVector();
            double largest = Arrays.stream(values).reduce(0, (a, b) -> Math.abs(b) > Math.abs(a) ? b : a);
            directions.putRow(j, direction.reshape(direction.length()).mul(Math.signum(largest)));
        }
        return directions;
    }

    /**
     * Estimates the mean spectrum over examples, which shows how many directions the encoder preserves on average.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param examples {@code [N, …]}, not changed
     * @return the mean of each singular value, descending
     * @throws IllegalArgumentException if there are no examples, or a Jacobian is not finite
     */
    public static double[] estimateMeanSpectrum(UnaryOperator<INDArray> encoder, INDArray examples) {
        Require.that(
                !examples.isEmpty(),
                SUBJECT,
                "there must be at least one example",
                "shape " + Arrays.toString(examples.shape()),
                "");
        double[] mean = null;
        for (int i = 0; i < examples.size(0); i++) {
            long[] shape = examples.shape().clone();
            shape[0] = 1;
            double[] spectrum = estimate(encoder, examples.slice(i).dup('c').reshape('c', shape)).spectrum;
            mean = mean == null ? new double[spectrum.length] : mean;
            for (int j = 0; j < mean.length; j++) {
                mean[j] += spectrum[j] / examples.size(0);
            }
        }
        return Objects.requireNonNull(mean);
    }
}
