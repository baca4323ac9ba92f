package io.github.dl4jae.selection;

import io.github.dl4jae.baseline.PcaAutoencoder;
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
 * <p>Errors: more than 20,000 columns, whose covariance matrix does not fit into memory.
 *
 * @see <a href="https://doi.org/10.2307/2346488">Jolliffe 1972, Discarding variables in a principal component analysis,
 *     method B4</a>
 */
public record PcaLoadings() implements FeatureSelector {

    @Override
    public int[] select(INDArray examples, int k) {
        SelectionChecks.require("PcaLoadings", examples, k);
        SelectionChecks.requireCovariance("PcaLoadings", examples);
        double[][] loadings = PcaAutoencoder.fit(examples, k)
                .components()
                .castTo(DataType.DOUBLE)
                .toDoubleMatrix(); // [d,k]
        boolean[] selected = new boolean[loadings.length];
        int[] columns = new int[k];
        for (int c = 0; c < k; c++) {
            int best = -1;
            for (int j = 0; j < loadings.length; j++) {
                if (!selected[j] && (best < 0 || Math.abs(loadings[j][c]) > Math.abs(loadings[best][c]))) {
                    best = j;
                }
            }
            selected[best] = true;
            columns[c] = best;
        }
        return columns;
    }
}
