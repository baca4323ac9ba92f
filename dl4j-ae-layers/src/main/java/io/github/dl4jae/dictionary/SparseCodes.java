package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Sparse codes of examples, as (unit, value) pairs: the memory and the time to decode them are proportional to the
 * number of active units, not to the size of the dictionary.
 *
 * <pre>{@code
 * SparseCodes codes = dictionary.encode(activations);
 * for (int i = 0; i < codes.active(0); i++) {
 *     System.out.println(codes.unit(0, i) + ": " + codes.value(0, i));
 * }
 * }</pre>
 *
 * <p>Values are not zero, and the units of an example are in ascending order. Instances are immutable.
 */
public final class SparseCodes {

    private final int units;
    /** The pairs of example b are those from start[b] to start[b + 1]. */
    private final int[] start;

    private final int[] unit;
    private final double[] value;

    SparseCodes(int units, int[] start, int[] unit, double[] value) {
        this.units = units;
        this.start = start;
        this.unit = unit;
        this.value = value;
    }

    /**
     * Collects the values of dense codes that are not zero.
     *
     * @param codes {@code [examples, units]}
     * @return the same codes
     * @throws IllegalArgumentException if the array is not a matrix
     */
    public static SparseCodes of(INDArray codes) {
        Require.that(
                codes.rank() == 2,
                "SparseCodes",
                "codes must have the shape [examples, units]",
                Arrays.toString(codes.shape()),
                "reshape them");
        PairList pairs = new PairList(Math.toIntExact(codes.size(1)));
        for (int b = 0; b < codes.size(0); b++) {
            double[] row = codes.getRow(b).toDoubleVector();
            for (int j = 0; j < row.length; j++) {
                if (row[j] != 0) {
                    pairs.add(j, row[j], row[j]);
                }
            }
            pairs.endExample();
        }
        return pairs.codes();
    }

    /**
     * Returns the number of examples.
     *
     * @return at least 0
     */
    public int examples() {
        return start.length - 1;
    }

    /**
     * Returns the number of units of the dictionary.
     *
     * @return at least 1
     */
    public int units() {
        return units;
    }

    /**
     * Returns the number of pairs of all examples.
     *
     * @return at least 0
     */
    public long size() {
        return start[start.length - 1];
    }

    /**
     * Returns the number of active units of an example, its L0.
     *
     * @param example its index
     * @return at least 0
     */
    public int active(int example) {
        return start[example + 1] - start[example];
    }

    /**
     * Returns an active unit.
     *
     * @param example the index of the example
     * @param i in [0, {@link #active})
     * @return the index of the unit
     */
    public int unit(int example, int i) {
        return unit[pair(example, i)];
    }

    /**
     * Returns the value of an active unit.
     *
     * @param example the index of the example
     * @param i in [0, {@link #active})
     * @return a value that is not zero
     */
    public double value(int example, int i) {
        return value[pair(example, i)];
    }

    private int pair(int example, int i) {
        if (i < 0 || i >= active(example)) {
            throw new IndexOutOfBoundsException(
                    "example " + example + " has " + active(example) + " active units, got the index " + i);
        }
        return start[example] + i;
    }

    /**
     * Returns the codes with a unit set to a value in all examples.
     *
     * @param unit the index of the unit
     * @param to the value; 0 switches the unit off
     * @return new codes
     * @throws IllegalArgumentException if there is no such unit, or the value is not finite
     */
    public SparseCodes with(int unit, double to) {
        Require.that(
                unit >= 0 && unit < units,
                "SparseCodes",
                "unit must be in [0, " + units + ")",
                unit,
                "units are counted from 0");
        Require.finite("SparseCodes", "value", to, "0 switches the unit off");
        PairList pairs = new PairList(units);
        for (int b = 0; b < examples(); b++) {
            boolean open = to != 0;
            for (int p = start[b]; p < start[b + 1]; p++) {
                if (open && this.unit[p] >= unit) {
                    pairs.add(unit, to, to);
                    open = false;
                }
                if (this.unit[p] != unit) {
                    pairs.add(this.unit[p], value[p], value[p]);
                }
            }
            if (open) {
                pairs.add(unit, to, to);
            }
            pairs.endExample();
        }
        return pairs.codes();
    }

    /**
     * Returns dense codes.
     *
     * @return {@code [examples, units]}, float32
     */
    public INDArray toDense() {
        INDArray dense = Nd4j.zeros(DataType.FLOAT, examples(), units);
        RowMatrix rows = RowMatrix.of(dense);
        for (int b = 0; b < examples(); b++) {
            RowVector row = rows.vector();
            for (int p = start[b]; p < start[b + 1]; p++) {
                row.set(unit[p], value[p]);
            }
            rows.write(b, row);
        }
        return dense;
    }

    PairList pairs() {
        PairList pairs = new PairList(units);
        for (int b = 0; b < examples(); b++) {
            for (int p = start[b]; p < start[b + 1]; p++) {
                pairs.add(unit[p], value[p], value[p]);
            }
            pairs.endExample();
        }
        return pairs;
    }

    @Override
    public String toString() {
        return "SparseCodes[" + examples() + " examples, " + units + " units, L0 "
                + (examples() == 0 ? 0 : size() / (double) examples()) + "]";
    }
}
