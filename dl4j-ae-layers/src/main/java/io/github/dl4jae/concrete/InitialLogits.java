package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.math.Shuffle;
import java.io.Serializable;
import java.util.Arrays;
import java.util.Random;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The preference that each selector starts with, added to the logits of the weight initialization.
 *
 * <pre>
 * initial columns c    ℓ_c(m),m += ln max(n − 1, 1)     probability ½ at temperature 1, if the other logits are equal
 * STRIPES              ℓ_jm += ln 9(m − 1)              for a random n/m of the columns j, together 0.9
 * </pre>
 *
 * Initial columns take precedence over {@link SelectorInitialization}.
 */
final class InitialLogits implements Serializable {

    private final SelectorInitialization initialization;
    private final int[] columns;

    InitialLogits(SelectorInitialization initialization, int[] columns) {
        this.initialization = initialization;
        this.columns = columns.clone();
    }

    SelectorInitialization initialization() {
        return initialization;
    }

    /** Returns the initial columns, in a new array; empty if none were set. */
    int[] columns() {
        return columns.clone();
    }

    /**
     * Checks the initial columns against the sizes of the layer.
     *
     * @throws DL4JInvalidConfigException if they are not m different columns below n
     */
    void requireFits(String subject, long n, long m) {
        boolean fits = columns.length == m
                && Arrays.stream(columns).distinct().count() == m
                && Arrays.stream(columns).allMatch(column -> column >= 0 && column < n);
        if (columns.length > 0 && !fits) {
            throw new DL4JInvalidConfigException(subject + ": initialColumns must be " + m
                    + " different columns in [0, " + (n - 1) + "], got " + columns.length + ": "
                    + Arrays.toString(columns) + "; give one per selector, or none");
        }
    }

    /** Adds the preferences to logits {@code [n, m]}. */
    void addTo(INDArray W, long seed) {
        if (columns.length > 0) {
            addColumns(W, Math.log(Math.max((double) W.size(0) - 1, 1)));
        } else if (initialization == SelectorInitialization.STRIPES && W.size(1) > 1) {
            addStripes(W, Math.log(9 * ((double) W.size(1) - 1)), new Random(seed));
        }
    }

    private void addColumns(INDArray W, double logit) {
        for (int m = 0; m < columns.length; m++) {
            add(W, columns[m], m, logit);
        }
    }

    private static void addStripes(INDArray W, double logit, Random random) {
        int n = Math.toIntExact(W.size(0));
        int m = Math.toIntExact(W.size(1));
        for (int skipped = 0; skipped < n; skipped++) {
            random.nextInt(); // the draws of an earlier version, so that a seed keeps its permutation
        }
        int[] order = Shuffle.permutation(n, random);
        for (int place = 0; place < n; place++) {
            add(W, order[place], place % m, logit);
        }
    }

    private static void add(INDArray W, int j, int m, double logit) {
        W.putScalar(j, m, W.getDouble(j, m) + logit);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InitialLogits that
                && initialization == that.initialization
                && Arrays.equals(columns, that.columns);
    }

    @Override
    public int hashCode() {
        return 31 * initialization.hashCode() + Arrays.hashCode(columns);
    }

    @Override
    public String toString() {
        return columns.length > 0 ? "columns " + Arrays.toString(columns) : initialization.toString();
    }
}
