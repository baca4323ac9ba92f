package io.github.dl4jae.selection;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The k columns of the largest variance: what a column says about others does not count. Without meaning for standardized columns, whose variances are all 1.
 *
 * <pre>
 * score_j = 1/N Σ_i (x_ij − m_j)²
 * </pre>
 */
public record VarianceSelection() implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("VarianceSelection", examples, k);
        INDArray X = examples.castTo(DataType.DOUBLE);
        INDArray centerd = X.subRowVector(X.mean(true, 0));
        return Arrays.copyOf(descending(centerd.muli(centerd).mean(0).toDoubleVector()), k);
    }

    /** Columns by their scores, the largest first; equal ones in their order. */
    static int[] descending(double[] scores) {
        return IntStream.range(0, scores.length)
                .boxed()
                .sorted(Comparator.comparingDouble(j -> -scores[j]))
                .mapToInt(j -> j)
                .toArray();
    }
}
