package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The nearest directions of each direction by cosine, block by block. */
final class DirectionCosines {

    private static final int ROWS_AT_ONCE = 256;

    private DirectionCosines() {}

    /**
     * Returns the nearest directions.
     *
     * @param directions {@code [units, d]}
     * @param most the number of neighbors
     * @return the neighbors by unit, the nearest first; none for a direction of length 0
     */
    static List<List<FeatureNeighbor>> neighbors(INDArray directions, int most) {
        int units = (int) directions.size(0);
        INDArray D = directions.castTo(DataType.FLOAT).dup('c');
        double[] norms = D.norm2(1).toDoubleVector();
        float[] inverse = new float[units];
        for (int u = 0; u < units; u++) {
            inverse[u] = norms[u] > 0 ? (float) (1 / norms[u]) : 0;
        }
        D.muliColumnVector(Nd4j.createFromArray(inverse));
        INDArray transposed = D.transpose();
        List<List<FeatureNeighbor>> result = new ArrayList<>(units);
        for (int from = 0; from < units; from += ROWS_AT_ONCE) {
            int to = Math.min(from + ROWS_AT_ONCE, units);
            float[][] cosines = D.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
                    .mmul(transposed) // [b,d]·[d,units] → [b,units]
                    .toFloatMatrix();
            for (int unit = from; unit < to; unit++) {
                result.add(norms[unit] > 0 ? nearest(unit, cosines[unit - from], norms, most) : List.of());
            }
        }
        return Collections.unmodifiableList(result);
    }

    private static List<FeatureNeighbor> nearest(int unit, float[] cosines, double[] norms, int most) {
        NearestUnits nearest = new NearestUnits(most);
        for (int other = 0; other < cosines.length; other++) {
            if (other != unit && norms[other] > 0) {
                nearest.offer(other, Math.max(-1, Math.min(1, cosines[other])));
            }
        }
        return nearest.list();
    }
}
