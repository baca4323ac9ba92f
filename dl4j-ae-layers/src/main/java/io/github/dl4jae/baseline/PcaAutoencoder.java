package io.github.dl4jae.baseline;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.GramMemory;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Principal component analysis as an autoencoder: the linear code of k numbers with the smallest squared error.
 *
 * <pre>
 * S = 1/N · Σ_i (x_i − m)(x_i − m)ᵀ = V·diag(λ)·Vᵀ,  λ_1 ≥ λ_2 ≥ …
 * h = (x − m)·V_k        x̂ = h·V_kᵀ + m
 * </pre>
 *
 * <p>m is the mean of the training data and V_k the first k eigenvectors of its covariance. The mean squared error per
 * training example is Σ_{j&gt;k} λ_j.
 *
 * <p>Shapes: examples {@code [N, d]}, codes {@code [N, k]}. The fit computes in float64, block by block, and needs
 * memory for a few times min(N, d)² + d·k numbers in addition to the examples. Constant columns and fewer examples than
 * columns are accepted. The sign of a component is arbitrary; here the entry of largest magnitude is positive.
 * Instances are immutable.
 *
 * @see <a href="https://doi.org/10.1016/0893-6080(89)90014-2">Baldi and Hornik 1989, Neural networks and principal
 *     component analysis: Learning from examples without local minima</a>
 */
public final class PcaAutoencoder implements Autoencoder {

    private final INDArray mean;
    private final INDArray components;
    private final double[] variances;

    private PcaAutoencoder(INDArray mean, INDArray components, double[] variances) {
        this.mean = mean;
        this.components = components;
        this.variances = variances;
    }

    /**
     * Fits the components.
     *
     * @param examples {@code [N, d]}, not changed
     * @param codeSize k, in [1, d]
     * @return the fitted autoencoder, of the examples' data type, or float32 for integer examples
     * @throws IllegalArgumentException if k is out of range, the examples are null, not a matrix, empty or not finite,
     *     or the smaller of N and d is too large for the memory
     */
    public static PcaAutoencoder fit(INDArray examples, int codeSize) {
        Require.given("PcaAutoencoder", "examples", examples, "pass an array [N, d]");
        Require.that(
                examples.rank() == 2 && !examples.isEmpty(),
                "PcaAutoencoder",
                "examples must be [N, d]",
                Arrays.toString(examples.shape()),
                examples.isEmpty() ? "pass at least one row" : "flatten images to rows");
        long d = examples.size(1);
        Require.that(
                codeSize >= 1 && codeSize <= d,
                "PcaAutoencoder",
                "codeSize must be in [1, " + d + "] (the examples have " + d + " columns)",
                codeSize,
                "");
        GramMemory.require("PcaAutoencoder", examples.size(0), d);
        INDArray mean = mean(examples); // [1,d]
        PrincipalAxes axes = PrincipalAxes.of(examples, mean, codeSize);
        DataType type = examples.dataType().isFPType() ? examples.dataType() : DataType.FLOAT;
        return new PcaAutoencoder(mean.castTo(type), axes.vectors().castTo(type), axes.variances());
    }

    private static INDArray mean(INDArray examples) {
        INDArray sum = Nd4j.create(DataType.DOUBLE, 1, examples.size(1));
        PrincipalAxes.inBlocks(
                examples.size(0),
                rows -> sum.addi(examples.get(rows, NDArrayIndex.all())
                        .castTo(DataType.DOUBLE)
                        .sum(true, 0)));
        return sum.divi(examples.size(0));
    }

    /**
     * Returns the variances of the training data along all d components.
     *
     * @return λ, descending, a new array
     */
    public double[] variances() {
        return variances.clone();
    }

    /**
     * Returns the principal components of the code.
     *
     * @return V_k, orthonormal columns, {@code [d, k]}, a new array
     */
    public INDArray components() {
        return components.dup();
    }

    @Override
    public INDArray encode(INDArray examples) {
        return requireWidth("examples", examples, mean.length())
                .castTo(mean.dataType())
                .subRowVector(mean)
                .mmul(components); // [N,d]·[d,k] → [N,k]
    }

    @Override
    public INDArray decode(INDArray codes) {
        return requireWidth("codes", codes, components.size(1))
                .castTo(mean.dataType())
                .mmul(components.transpose()) // [N,k]·[k,d] → [N,d]
                .addiRowVector(mean);
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return decode(encode(examples));
    }

    private static INDArray requireWidth(String what, INDArray array, long width) {
        Require.given("PcaAutoencoder", what, array, "pass an array [N, " + width + "]");
        Require.that(
                array.rank() == 2 && array.size(1) == width && !array.isEmpty(),
                "PcaAutoencoder",
                what + " must be [N, " + width + "]",
                Arrays.toString(array.shape()),
                "pass at least one row of the fitted width");
        return array;
    }

    /** Returns the widths, as in {@code PcaAutoencoder(30 → code 8 → 30)}. */
    @Override
    public String toString() {
        return "PcaAutoencoder(" + mean.length() + " → code " + components.size(1) + " → " + mean.length() + ")";
    }
}
