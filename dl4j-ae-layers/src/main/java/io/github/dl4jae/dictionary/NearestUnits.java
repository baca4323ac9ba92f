package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.List;

/** The units with the largest similarities. Of equal similarities the smaller unit comes first. */
final class NearestUnits {

    private final int most;
    private final List<FeatureNeighbor> nearest;

    NearestUnits(int most) {
        this.most = most;
        this.nearest = new ArrayList<>(most + 1);
    }

    void offer(int unit, double similarity) {
        int at = nearest.size();
        while (at > 0 && before(unit, similarity, nearest.get(at - 1))) {
            at--;
        }
        if (at < most) {
            nearest.add(at, new FeatureNeighbor(unit, similarity));
            if (nearest.size() > most) {
                nearest.remove(most);
            }
        }
    }

    private static boolean before(int unit, double similarity, FeatureNeighbor other) {
        return similarity > other.similarity() || (similarity == other.similarity() && unit < other.unit());
    }

    List<FeatureNeighbor> list() {
        return List.copyOf(nearest);
    }
}
