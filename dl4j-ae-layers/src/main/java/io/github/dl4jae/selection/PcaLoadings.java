package io.github.dl4jae.selection;

import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.internal.math.GramMemory;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A selector that takes, for each of the first k principal components, the column with the largest loading that is not
 * selected yet.
 *
 * <pre>
 * j(c) = argmax over j not in {j(1), …, j(c−1)} of |v_jc|        c = 1, …, k
 * </pre>
 *
 * <p>A group of columns has the norm of its loadings, √Σ_j v_jc².
 *
 * <p>Errors: more rows and more columns than the memory for a covariance matrix admits.
 *
 * @see <a href="https://doi.org/10.2307/2346488">Jolliffe 1972, Discarding variables in a principal component analysis,
 *     method B4</a>
 */
public record PcaLoadings() implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("PcaLoadings", examples, k);
        return select(examples, FeatureGroups.single(Math.toIntExact(examples.size(1))), k);
    }

    @Override
    public int[] select(INDArray examples, int[] groups, int k) {
        return select(examples, FeatureGroups.require("PcaLoadings", examples, groups, k), k);
    }

    private static int[] select(INDArray examples, FeatureGroups groups, int k) {
        GramMemory.require("PcaLoadings", examples.size(0), examples.size(1));
        double[][] loadings = PcaAutoencoder.fit(examples, k)
                .components()
                .castTo(DataType.DOUBLE)
                .toDoubleMatrix(); // [d,k]
        boolean[] selected = new boolean[groups.count()];
        int[] chosen = new int[k];
        for (int c = 0; c < k; c++) {
            int best = -1;
            double most = -1;
            for (int group = 0; group < selected.length; group++) {
                double norm = selected[group] ? -1 : norm(loadings, groups.members(group), c);
                if (norm > most) {
                    best = group;
                    most = norm;
                }
            }
            selected[best] = true;
            chosen[c] = best;
        }
        return chosen;
    }

    private static double norm(double[][] loadings, int[] columns, int component) {
        double norm = 0;
        for (int j : columns) {
            norm = Math.hypot(norm, loadings[j][component]); // of one column, exactly its magnitude
        }
        return norm;
    }
}
