package io.github.dl4jae.selection;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selector of the k columns with the largest variance.
 *
 * <pre>
 * score_j = 1/N Σ_i (x_ij − m_j)²
 * </pre>
 *
 * <p>The score of a group of columns is the sum of their variances.
 *
 * <p>When not to use it: with standardized columns, whose variances are all 1, or with correlated columns, since it
 * scores each column independently of the others.
 */
public record VarianceSelection() implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("VarianceSelection", examples, k);
        return Arrays.copyOf(descending(variances(examples)), k);
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        FeatureGroups features = FeatureGroups.require("VarianceSelection", examples, groups, k);
        return Arrays.copyOf(descending(features.sums(variances(examples))), k);
    }

    private static double[] variances(INDArray examples) {
        INDArray X = examples.castTo(DataType.DOUBLE);
        INDArray centered = X.subRowVector(X.mean(true, 0));
        return centered.muli(centered).mean(0).toDoubleVector();
    }

    /** Returns columns in descending order of score; ties keep their order. */
    static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -scores[j]))
                .mapToInt(j -> j)
                .toArray();
    }
}
