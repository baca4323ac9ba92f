package io.github.dl4jae.selection;

import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.evaluation.classification.Evaluation;
import org.nd4j.evaluation.classification.ROCMultiClass;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How well classes are predicted, for classes of any frequency. A classifier that always names the most frequent class
 * has a balanced accuracy of one over the number of classes and an area of 0.5.
 *
 * @param balancedAccuracy the mean over classes of the fraction of their examples that is recognized
 * @param areaUnderRoc the mean over classes of the area under the ROC curve of the class against all others
 * @param majorityShare the share of the most frequent class, which is the accuracy of always naming it
 * @param evaluation accuracy, confusion matrix and other figures
 */
public record ClassificationScore(
        double balancedAccuracy, double areaUnderRoc, double majorityShare, Evaluation evaluation) {

    /**
     * Compares probabilities with labels.
     *
     * @param labels {@code [M, classes]}, one-hot
     * @param probabilities {@code [M, classes]}
     * @return the score; classes without examples do not count
     */
    static ClassificationScore compute(INDArray labels, INDArray probabilities) {
        Evaluation evaluation = new Evaluation();
        evaluation.eval(labels, probabilities);
        ROCMultiClass roc = new ROCMultiClass(0); // exact
        roc.eval(labels, probabilities);
        double[] counts = labels.sum(0).toDoubleVector();
        int[] present = IntStream.range(0, counts.length)
                .filter(label -> counts[label] > 0)
                .toArray();
        return new ClassificationScore(
                Arrays.stream(present).mapToDouble(evaluation::recall).average().orElseThrow(),
                present.length < 2
                        ? Double.NaN
                        : Arrays.stream(present)
                                .mapToDouble(roc::calculateAUC)
                                .average()
                                .orElseThrow(),
                Arrays.stream(counts).max().orElseThrow() / labels.size(0),
                evaluation);
    }
}
