package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.FloatingPoint;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * What an encoder sees around an example: its Jacobian, the directions in which the code changes most, and how much it changes.
 *
 * <pre>
 * J = ∂h/∂x = U·diag(s)·Vᵀ,  s₁ ≥ s₂ ≥ …        J_:i ≈ (h(x + σe_i) − h(x − σe_i))/2σ
 * </pre>
 *
 * The first columns of V, drawn as pictures, are the tangents of the manifold that the encoder has found at x: moving along them gives a likely
 * neighbor, such as a digit that is a little thicker or leans. s tells how many there are: a contractive encoder has few large values.
 *
 * <pre>{@code
 * TangentSpace tangents = TangentSpace.at(autoencoder::encode, image);
 * ImageGrid.of(28, 28).eachOnItsOwnScale().row(tangents.directions(10)).draw();
 * }</pre>
 *
 * <p>Shapes: an example {@code [1, …]} with n values in all, whose code has k: J {@code [k, n]}, directions {@code [count, n]}. Any encoder will
 * do; the examples that it gets are perturbed copies, some hundred at a time. In float32 J has an error of about 10⁻⁵ of the code's
 * magnitude, with the usual σ of 0.01.
 *
 * @see <a href="https://papers.nips.cc/paper/2011/hash/d1f44e2f09dc172978a4d3151d11d63e-Abstract.html">Rifai et al. 2011, The manifold
 *     tangent classifier</a>
 */
public final class TangentSpace {

    private static final double STEP = 0.01;
    private static final int COPIES_AT_ONCE = 512;

    private final INDArray jacobian;
    /** Of the smaller of J·Jᵀ and Jᵀ·J, in columns, ascending. */
    private final INDArray eigenvectors;

    private final double[] spectrum;

    private TangentSpace(INDArray jacobian, INDArray eigenvectors, double[] spectrum) {
        this.jacobian = jacobian;
        this.eigenvectors = eigenvectors;
        this.spectrum = spectrum;
    }

    /**
     * Looks at an encoder around an example, in steps of 0.01.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param example {@code [1, …]}, not changed
     * @return the tangent space
     * @throws IllegalArgumentException if there is more than one example, or the Jacobian is not finite
     */
    public static TangentSpace at(UnaryOperator<INDArray> encoder, INDArray example) {
        return at(encoder, example, STEP);
    }

    /**
     * Looks at an encoder around an example.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param example {@code [1, …]}, not changed
     * @param step σ, above 0
     * @return the tangent space
     * @throws IllegalArgumentException if there is more than one example, the step is not above 0, or the Jacobian is not finite
     */
    public static TangentSpace at(UnaryOperator<INDArray> encoder, INDArray example, double step) {
        if (example.rank() < 2 || example.size(0) != 1 || example.isEmpty()) {
            throw new IllegalArgumentException("TangentSpace: example must be a single one, [1, …], got "
                    + Arrays.toString(example.shape()) + "; take one with get(interval(i, i + 1), …)");
        }
        ContractionWeights.requirePerturbation("TangentSpace", step);
        INDArray jacobian = jacobian(encoder, FloatingPoint.of(example), step);
        if (!FiniteArrays.isFinite(jacobian)) {
            throw new IllegalArgumentException(
                    "TangentSpace: the Jacobian must be finite, got NaN or an infinite value; look at the example and"
                            + " the network");
        }
        boolean wide = jacobian.size(0) <= jacobian.size(1);
        INDArray gram = wide
                ? jacobian.mmul(jacobian.transpose())
                : jacobian.transpose().mmul(jacobian);
        INDArray values = Nd4j.create(DataType.DOUBLE, gram.size(0));
        INDArray vectors = gram.dup('f'); // syev overwrites it by the eigenvectors, in columns, ascending
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
        return jacobian;
    }

    /**
     * The Jacobian.
     *
     * @return J, {@code [k, n]} in float64, a new array
     */
    public INDArray jacobian() {
        return jacobian.dup();
    }

    /**
     * The singular values of the Jacobian.
     *
     * @return s, descending, min(k, n) of them
     */
    public double[] spectrum() {
        return spectrum.clone();
    }

    /**
     * The directions in which the code changes most.
     *
     * @param count how many
     * @return the first right singular vectors, of length 1, {@code [count, n]}; the entry of largest magnitude is positive
     * @throws IllegalArgumentException if the code does not change in so many directions
     */
    public INDArray directions(int count) {
        int rank = (int) Arrays.stream(spectrum)
                .filter(value -> value > 1e-7 * spectrum[0])
                .count();
        if (count < 1 || count > rank) {
            throw new IllegalArgumentException("TangentSpace: count must be in [1, " + rank
                    + "] (the code changes in so many directions), got " + count + "; ask for fewer");
        }
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
     * The mean spectrum over examples: how many directions an encoder keeps, on average.
     *
     * @param encoder such as {@code autoencoder::encode}
     * @param examples {@code [N, …]}
     * @return the mean of each singular value, descending
     */
    public static double[] meanSpectrum(UnaryOperator<INDArray> encoder, INDArray examples) {
        if (examples.isEmpty()) {
            throw new IllegalArgumentException(
                    "TangentSpace: there must be at least one example, got shape " + Arrays.toString(examples.shape()));
        }
        double[] mean = null;
        for (int i = 0; i < examples.size(0); i++) {
            long[] shape = examples.shape().clone();
            shape[0] = 1;
            double[] spectrum = at(encoder, examples.slice(i).dup('c').reshape('c', shape)).spectrum;
            mean = mean == null ? new double[spectrum.length] : mean;
            for (int j = 0; j < mean.length; j++) {
                mean[j] += spectrum[j] / examples.size(0);
            }
        }
        return mean;
    }
}
