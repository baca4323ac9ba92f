package io.github.dl4jae;

import io.github.dl4jae.internal.inference.SequenceMask;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Squared errors of reconstructions.
 *
 * <pre>
 * e_i = Σ_j (y_ij − x̂_ij)²        squared error of example i, summed over features
 * y = labels if they have the shape of x̂ (a denoising iterator has clean labels), else features
 * </pre>
 *
 * Sums are in float64: over a data set, float32 sums are wrong in the third digit. Masked time steps are not counted.
 */
public final class ReconstructionError {

    private ReconstructionError() {}

    /**
     * Returns the squared error of each example, compared with the example itself.
     *
     * @param autoencoder to evaluate
     * @param examples x, {@code [N, …]}
     * @return N errors
     * @throws IllegalArgumentException if the reconstructions have another number of features than the examples
     */
    public static double[] squaredPerExample(Autoencoder autoencoder, INDArray examples) {
        return squaredPerExample(autoencoder, new DataSet(examples, null));
    }

    /**
     * Returns the squared error of each example of a data set. Labels are the targets if they have the shape of the
     * reconstructions; otherwise features are.
     *
     * @param autoencoder to evaluate
     * @param data features x, {@code [N, …]}, labels and masks; the autoencoder gets the features mask
     *     {@code [N, time]}, and errors at time steps masked by the labels mask, or else by the features mask, are not
     *     counted
     * @return N errors
     * @throws IllegalArgumentException if neither labels nor features have as many values as the reconstructions
     */
    public static double[] squaredPerExample(Autoencoder autoencoder, DataSet data) {
        INDArray reconstructions = autoencoder.reconstruct(data.getFeatures(), data.getFeaturesMaskArray());
        INDArray labels = data.getLabels();
        boolean againstLabels = labels != null && Arrays.equals(labels.shape(), reconstructions.shape());
        INDArray targets = againstLabels ? labels : data.getFeatures();
        if (reconstructions.length() != targets.length()) {
            throw new IllegalArgumentException(
                    "ReconstructionError: reconstructions must have the features of the examples "
                            + Arrays.toString(targets.shape()) + ", got " + Arrays.toString(reconstructions.shape())
                            + "; name the output that reconstructs the input");
        }
        INDArray expected = targets.castTo(DataType.DOUBLE);
        INDArray found = reconstructions.castTo(DataType.DOUBLE);
        INDArray mask = againstLabels && data.getLabelsMaskArray() != null
                ? data.getLabelsMaskArray()
                : data.getFeaturesMaskArray();
        if (mask != null) {
            int timeAxis = SequenceMask.timeAxis(expected, mask);
            SequenceMask.require("ReconstructionError", expected, mask, timeAxis);
            SequenceMask.require("ReconstructionError", found, mask, timeAxis);
            expected = SequenceMask.withoutPadding(expected, mask, timeAxis);
            found = SequenceMask.withoutPadding(found, mask, timeAxis);
        }
        long n = expected.size(0);
        INDArray difference = found.reshape(n, found.length() / n).sub(expected.reshape(n, expected.length() / n));
        return difference.muli(difference).sum(1).toDoubleVector(); // [N,d] → [N]
    }

    /**
     * Returns the mean squared error per example over an iterator, each as in
     * {@link #squaredPerExample(Autoencoder, DataSet)}.
     *
     * @param autoencoder to evaluate
     * @param data reset before it is read
     * @return 1/N · Σ_i e_i
     * @throws IllegalArgumentException if the iterator is empty, or as for each example
     */
    public static double meanSquared(Autoencoder autoencoder, DataSetIterator data) {
        double sum = 0;
        long examples = 0;
        data.reset();
        while (data.hasNext()) {
            double[] errors = squaredPerExample(autoencoder, data.next());
            sum += Arrays.stream(errors).sum();
            examples += errors.length;
        }
        if (examples == 0) {
            throw new IllegalArgumentException(
                    "ReconstructionError: the iterator must hold at least one example, got none");
        }
        return sum / examples;
    }
}
