package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The residuals of the reconstructions of a mini-batch, and the loss that they make. */
final class Residuals {

    /** By width and example: y − b_dec − Σ f d. After {@link #addWider} also those of larger widths. */
    final RowVector[][] byWidth;
    /** Those of the reconstruction from the gate; null if there is none. */
    final RowVector @Nullable [] ofGate;
    /** Those of the auxiliary reconstruction; those of the largest width if there is none. */
    final RowVector[] ofDead;
    /** By example. */
    final double[] losses;

    Residuals(
            DictionaryBatch batch,
            PairList pairs,
            PairList auxiliaryPairs,
            RowMatrix decoder,
            int[] widths,
            CodeRule rule,
            Auxiliary auxiliary,
            INDArray labels) {
        RowVector[] targets = batch.targets(labels);
        losses = new double[targets.length];
        byWidth = Reconstruction.sums(pairs, PairList::value, decoder, targets, -1, widths);
        for (RowVector[] residuals : byWidth) {
            addSquares(1, residuals);
        }
        int units = decoder.rows();
        ofGate = rule.gateReconstructs()
                ? Reconstruction.sums(pairs, PairList::pre, decoder, targets, -1, units)[0]
                : null;
        if (ofGate != null) {
            addSquares(1, ofGate);
        }
        RowVector[] full = byWidth[widths.length - 1];
        boolean revives = auxiliary.weight() != 0;
        ofDead = revives ? Reconstruction.sums(auxiliaryPairs, PairList::value, decoder, full, -1, units)[0] : full;
        if (revives) {
            addSquares(auxiliary.weight(), ofDead);
        }
    }

    private void addSquares(double weight, RowVector[] residuals) {
        for (int b = 0; b < residuals.length; b++) {
            losses[b] += weight * residuals[b].dot(residuals[b]);
        }
    }

    /** Adds to the residuals of each width those of larger ones, which contain the same units. */
    void addWider() {
        for (int i = byWidth.length - 2; i >= 0; i--) {
            for (int b = 0; b < byWidth[i].length; b++) {
                byWidth[i][b].add(byWidth[i + 1][b]);
            }
        }
    }
}
