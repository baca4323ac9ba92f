package io.github.dl4jae;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * How far reconstructions are from the examples.
 *
 * <pre>
 * e_i = Σ_j (x_ij − x̂_ij)²        squared error of example i, summed over features
 * </pre>
 *
 * Summed in float64: over a data set, float32 sums are off in the third digit.
 */
public final class ReconstructionError {

    private ReconstructionError() {}

    /**
     * The squared error of each example.
     *
     * @param autoencoder reconstructs
     * @param examples x, {@code [N, …]}
     * @return N errors
     * @throws IllegalArgumentException if the reconstructions have another number of features than the examples
     */
    public static double[] squaredPerExample(Autoencoder autoencoder, INDArray examples) {
        INDArray reconstructions = autoencoder.reconstruct(examples);
        if (reconstructions.length() != examples.length()) {
            throw new IllegalArgumentException(
                    "ReconstructionError: reconstructions must have the features of the examples "
                            + Arrays.toString(examples.shape()) + ", got " + Arrays.toString(reconstructions.shape())
                            + "; is this network's output a reconstruction of its input?");
        }
        long n = examples.size(0);
        INDArray difference = reconstructions
                .reshape(n, reconstructions.length() / n)
                .sub(examples.reshape(n, examples.length() / n)); // [N,d]
        return difference.muli(difference).castTo(DataType.DOUBLE).sum(1).toDoubleVector();
    }

    /**
     * The mean squared error per example of all that an iterator holds.
     *
     * @param autoencoder reconstructs
     * @param data reset before it is read; only its features are used
     * @return 1/N · Σ_i e_i
     * @throws IllegalArgumentException if the iterator is empty, or as in {@link #squaredPerExample}
     */
    public static double meanSquared(Autoencoder autoencoder, DataSetIterator data) {
        double sum = 0;
        long examples = 0;
        data.reset();
        while (data.hasNext()) {
            double[] errors = squaredPerExample(autoencoder, data.next().getFeatures());
            sum += Arrays.stream(errors).sum();
            examples += errors.length;
        }
        if (examples == 0) {
            throw new IllegalArgumentException(
                    "ReconstructionError: the iterator must hold at least one example, got none; give it data");
        }
        return sum / examples;
    }
}
