package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The nearest directions of each direction by cosine. */
final class DirectionCosines {

    private DirectionCosines() {}

    /**
     * Returns the nearest directions.
     *
     * @param directions {@code [units, d]}
     * @param most the number of neighbors
     * @return the neighbors by unit, the nearest first; none for a direction of length 0
     */
    static List<List<FeatureNeighbor>> neighbors(INDArray directions, int most) {
        double[] norms = directions.norm2(1).toDoubleVector();
        INDArray normalized = UnitCosines.normalized(directions);
        List<List<FeatureNeighbor>> result = new ArrayList<>(norms.length);
        UnitCosines.forEachRow(
                normalized,
                normalized,
                (unit, cosines) -> result.add(norms[unit] > 0 ? nearest(unit, cosines, norms, most) : List.of()));
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
