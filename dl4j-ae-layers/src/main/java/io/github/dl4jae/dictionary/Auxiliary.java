package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;

/**
 * The auxiliary loss of a pass: which dead units reconstruct the residual, and with which weight. Without one, or
 * without dead units, the weight is 0.
 */
final class Auxiliary {

    private final int[] dead;
    private final int k;
    private final double weight;
    private final DataType type;

    private Auxiliary(int[] dead, int k, double weight, DataType type) {
        this.dead = dead;
        this.k = k;
        this.weight = weight;
        this.type = type;
    }

    static Auxiliary of(DictionaryLayer layer, PassContext context) {
        if (context.training() && layer.getRevival() instanceof AuxiliaryLoss loss) {
            int[] dead = context.dead().units();
            int most = loss.k() == 0 ? (int) Math.max(1, layer.getNIn() / 2) : loss.k();
            double weight = loss.weight() * Math.min((double) dead.length / most, 1);
            return new Auxiliary(dead, Math.min(most, dead.length), weight, context.type());
        }
        return new Auxiliary(new int[0], 0, 0, context.type());
    }

    /** Returns w · min(dead/k, 1). */
    double weight() {
        return weight;
    }

    /** Adds the largest positive pre-activations of dead units. */
    void select(RowVector z, PairList pairs) {
        if (weight == 0) {
            return;
        }
        RowVector values = RowVector.of(type, dead.length);
        for (int i = 0; i < dead.length; i++) {
            values.set(i, z.get(dead[i]));
        }
        int[] found = new int[k];
        values.largest(k, found);
        Arrays.sort(found);
        for (int i : found) {
            if (values.get(i) > 0) {
                pairs.add(dead[i], values.get(i), values.get(i));
            }
        }
    }
}
