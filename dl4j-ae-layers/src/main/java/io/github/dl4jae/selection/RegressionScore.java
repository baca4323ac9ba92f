package io.github.dl4jae.selection;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/**
 * How well a quantity is predicted.
 *
 * @param r2 the explained fraction of the variance, at most 1; 0 for the mean of the test examples, NaN if their
 *     targets are all equal
 * @param meanAbsoluteError in the unit of the quantity
 * @param typicalError the mean absolute error of predicting the mean of the training examples
 */
public record RegressionScore(double r2, double meanAbsoluteError, double typicalError) {

    /**
     * Compares predictions with targets.
     *
     * @param targets {@code [M, 1]}
     * @param predictions {@code [M, 1]}
     * @param trainingMean the mean of the targets of training examples
     */
    static RegressionScore compute(INDArray targets, INDArray predictions, double trainingMean) {
        INDArray y = targets.castTo(DataType.DOUBLE);
        INDArray error = predictions.castTo(DataType.DOUBLE).sub(y);
        INDArray centered = y.sub(y.meanNumber().doubleValue());
        double residual = error.mul(error).sumNumber().doubleValue();
        double variance = centered.muli(centered).sumNumber().doubleValue();
        return new RegressionScore(
                y.maxNumber().doubleValue() == y.minNumber().doubleValue() ? Double.NaN : 1 - residual / variance,
                Transforms.abs(error, false).meanNumber().doubleValue(),
                Transforms.abs(y.sub(trainingMean), false).meanNumber().doubleValue());
    }
}
