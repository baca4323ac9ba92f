package io.github.dl4jae;

import io.github.dl4jae.internal.inference.SequenceMask;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Squared errors of reconstructions.
 *
 * <pre>
 * e_i = Σ_j m_ij·(y_ij − x̂_ij)²   squared error of example i, summed over features
 * y = labels if they have the shape of x̂ (a denoising iterator has clean labels), else features
 * m = 0 for masked values, else 1
 * </pre>
 *
 * <p>Shapes count as equal if they differ only in axes of length 1, or if one of them is that of rows, {@code [N, d]}.
 *
 * <p>Errors are in the unit of the targets. The methods with a reversion revert normalized values first:
 *
 * <pre>{@code
 * double error = ReconstructionError.meanSquared(autoencoder, normalized, normalizer::revertFeatures);
 * }</pre>
 *
 * <p>Sums are in float64: over a data set, float32 sums are wrong in the third digit.
 */
public final class ReconstructionError {

    private static final String NAME = "ReconstructionError";

    private ReconstructionError() {}

    /**
     * Returns the squared error of each example, compared with the example itself.
     *
     * @param autoencoder to evaluate
     * @param examples x, {@code [N, …]}
     * @return N errors
     * @throws IllegalArgumentException if the reconstructions have another shape than the examples
     */
    public static double[] squaredPerExample(Autoencoder autoencoder, INDArray examples) {
        return squaredPerExample(autoencoder, new DataSet(examples, null));
    }

    /**
     * Returns the squared error of each example of a data set. Labels are the targets if they have the shape of the
     * reconstructions; otherwise features are.
     *
     * @param autoencoder to evaluate
     * @param data features x, {@code [N, …]}, labels and masks. The autoencoder gets the features mask
     *     {@code [N, time]}. Values where the mask of the targets is 0 are not counted: the labels mask, or else the
     *     features mask, of the targets' shape, {@code [N, time]} or {@code [N, 1]}
     * @return N errors, 0 for an example without unmasked values
     * @throws IllegalArgumentException if neither labels nor features have the shape of the reconstructions, or the
     *     mask has another shape
     */
    public static double[] squaredPerExample(Autoencoder autoencoder, DataSet data) {
        return errors(autoencoder, data, null).squares;
    }

    /**
     * Returns the squared error of each example of a normalized data set, in the original unit.
     *
     * @param autoencoder to evaluate, of normalized values
     * @param data as in {@link #squaredPerExample(Autoencoder, DataSet)}
     * @param reversion reverts the normalization of an array in place, as {@code normalizer::revertFeatures} does, or
     *     {@code normalizer::revertLabels} if the labels have statistics of their own. It gets copies of targets and
     *     reconstructions, in the type of the targets
     * @return N errors, 0 for an example without unmasked values
     * @throws IllegalArgumentException if the reversion is null, or as in
     *     {@link #squaredPerExample(Autoencoder, DataSet)}
     */
    public static double[] squaredPerExample(Autoencoder autoencoder, DataSet data, Consumer<INDArray> reversion) {
        return errors(autoencoder, data, given(reversion)).squares;
    }

    /**
     * Returns the mean squared error per example over an iterator, each as in
     * {@link #squaredPerExample(Autoencoder, DataSet)}.
     *
     * @param autoencoder to evaluate
     * @param data reset before it is read
     * @return 1/N · Σ_i e_i over the N examples with unmasked values
     * @throws IllegalArgumentException if the iterator has no such example, or as for each example
     */
    public static double meanSquared(Autoencoder autoencoder, DataSetIterator data) {
        return mean(autoencoder, data, null);
    }

    /**
     * Returns the mean squared error per example over an iterator of normalized examples, in the original unit.
     *
     * @param autoencoder to evaluate, of normalized values
     * @param data reset before it is read
     * @param reversion as in {@link #squaredPerExample(Autoencoder, DataSet, Consumer)}
     * @return 1/N · Σ_i e_i over the N examples with unmasked values
     * @throws IllegalArgumentException if the iterator has no such example, or as for each example
     */
    public static double meanSquared(Autoencoder autoencoder, DataSetIterator data, Consumer<INDArray> reversion) {
        return mean(autoencoder, data, given(reversion));
    }

    private static Consumer<INDArray> given(Consumer<INDArray> reversion) {
        return Require.given(NAME, "reversion", reversion, "leave it out for errors in the unit of the data");
    }

    private static double mean(Autoencoder autoencoder, DataSetIterator data, @Nullable Consumer<INDArray> reversion) {
        Require.given(NAME, "data", data, "pass an iterator of examples");
        double sum = 0;
        long examples = 0;
        data.reset();
        while (data.hasNext()) {
            Errors errors = errors(autoencoder, data.next(), reversion);
            sum += Arrays.stream(errors.squares).sum();
            examples += errors.counted;
        }
        Require.that(
                examples > 0, NAME, "the iterator must hold at least one example with unmasked values", "none", "");
        return sum / examples;
    }

    /**
     * Squared errors of examples.
     *
     * @param counted the number of examples with unmasked values
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    private record Errors(double[] squares, int counted) {}

    private static Errors errors(Autoencoder autoencoder, DataSet data, @Nullable Consumer<INDArray> reversion) {
        Require.given(NAME, "autoencoder", autoencoder, "Autoencoders.of(network, code) makes one of a network");
        Require.given(NAME, "data", data, "pass a data set with features");
        INDArray reconstructions = autoencoder.reconstruct(data.getFeatures(), data.getFeaturesMaskArray());
        INDArray labels = data.getLabels();
        boolean againstLabels = labels != null && haveEqualShapes(labels, reconstructions);
        INDArray targets = againstLabels ? labels : data.getFeatures();
        if (!haveEqualShapes(targets, reconstructions)) {
            throw new IllegalArgumentException(NAME + ": reconstructions must have the features of the examples "
                    + Arrays.toString(targets.shape()) + ", got " + Arrays.toString(reconstructions.shape())
                    + "; name the output that reconstructs the input");
        }
        INDArray found = reconstructions.castTo(targets.dataType()).reshape('c', targets.shape());
        if (reversion != null) {
            targets = reverted(targets, reversion);
            found = reverted(found, reversion);
        }
        INDArray mask = againstLabels && data.getLabelsMaskArray() != null
                ? data.getLabelsMaskArray()
                : data.getFeaturesMaskArray();
        return errors(targets, found, mask);
    }

    private static Errors errors(INDArray targets, INDArray found, @Nullable INDArray mask) {
        double[] y = values(targets);
        double[] z = values(found);
        double[] m = mask == null ? null : values(SequenceMask.ofValues(NAME, targets, mask));
        double[] squares = new double[(int) targets.size(0)];
        int d = y.length / squares.length;
        int counted = 0;
        for (int i = 0; i < squares.length; i++) {
            boolean seen = false;
            for (int j = i * d; j < (i + 1) * d; j++) {
                if (m == null || m[j] != 0) {
                    squares[i] += (y[j] - z[j]) * (y[j] - z[j]);
                    seen = true;
                }
            }
            counted += seen ? 1 : 0;
        }
        return new Errors(squares, counted);
    }

    private static INDArray reverted(INDArray values, Consumer<INDArray> reversion) {
        INDArray copy = values.dup('c');
        reversion.accept(copy);
        return copy;
    }

    private static double[] values(INDArray array) {
        return array.castTo(DataType.DOUBLE)
                .reshape('c', new long[] {array.length()})
                .toDoubleVector();
    }

    private static boolean haveEqualShapes(INDArray one, INDArray other) {
        boolean rows = one.rank() == 2 || other.rank() == 2;
        return one.size(0) == other.size(0)
                && one.length() == other.length()
                && (rows || Arrays.equals(longAxes(one), longAxes(other)));
    }

    /** Returns the lengths of the axes after the first, without those of length 1. */
    private static long[] longAxes(INDArray array) {
        return LongStream.of(array.shape()).skip(1).filter(length -> length > 1).toArray();
    }
}
