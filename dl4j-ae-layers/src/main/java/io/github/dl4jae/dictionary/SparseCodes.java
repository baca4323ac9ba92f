package io.github.dl4jae.dictionary;

import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Codes as (unit, value) pairs, by example. Immutable. */
public final class SparseCodes {

    private final int units;
    private final int[][] active;
    private final double[][] values;

    private SparseCodes(int units, int[][] active, double[][] values) {
        this.units = units;
        this.active = active;
        this.values = values;
    }

    /**
     * Keeps the values of a matrix that are not 0.
     *
     * @param dense {@code [N, units]}
     * @return the codes
     */
    public static SparseCodes of(INDArray dense) {
        double[][] rows = dense.castTo(DataType.DOUBLE).toDoubleMatrix();
        int[][] active = new int[rows.length][];
        double[][] values = new double[rows.length][];
        for (int i = 0; i < rows.length; i++) {
            double[] row = rows[i];
            int count = 0;
            int[] units = new int[row.length];
            double[] kept = new double[row.length];
            for (int u = 0; u < row.length; u++) {
                if (row[u] != 0) {
                    units[count] = u;
                    kept[count++] = row[u];
                }
            }
            active[i] = Arrays.copyOf(units, count);
            values[i] = Arrays.copyOf(kept, count);
        }
        return new SparseCodes((int) dense.size(1), active, values);
    }

    /**
     * Returns the number of examples.
     *
     * @return the number of rows
     */
    public int examples() {
        return active.length;
    }

    /**
     * Returns the number of units.
     *
     * @return the width of a code
     */
    public int units() {
        return units;
    }

    /**
     * Returns the number of active units of an example.
     *
     * @param example the row
     * @return the number of pairs
     */
    public int active(int example) {
        return active[example].length;
    }

    /**
     * Returns an active unit.
     *
     * @param example the row
     * @param i the number of the pair, in [0, {@link #active})
     * @return the unit
     */
    public int unit(int example, int i) {
        return active[example][i];
    }

    /**
     * Returns the value of an active unit.
     *
     * @param example the row
     * @param i the number of the pair, in [0, {@link #active})
     * @return its activation
     */
    public double value(int example, int i) {
        return values[example][i];
    }

    /**
     * Returns the codes as a matrix.
     *
     * @return {@code [N, units]}, a new array
     */
    public INDArray toDense() {
        float[][] dense = new float[active.length][units];
        for (int i = 0; i < active.length; i++) {
            for (int j = 0; j < active[i].length; j++) {
                dense[i][active[i][j]] = (float) values[i][j];
            }
        }
        return Nd4j.create(dense);
    }
}
