package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.kernel.FloatRows;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Values between arrays of ND4J and Java arrays in float64. */
final class RowValues {

    private RowValues() {}

    /** Returns the values of an array in 'c' order. */
    static double[] of(INDArray array) {
        INDArray rows = array.rank() == 2 ? array : array.reshape('c', array.size(0), -1);
        if (!FloatRows.canView(rows)) {
            return array.castTo(DataType.DOUBLE)
                    .dup('c')
                    .reshape(array.length())
                    .toDoubleVector();
        }
        float[] values = FloatRows.of(rows).toArray();
        double[] copy = new double[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = values[i];
        }
        return copy;
    }

    /** Replaces the values of a matrix in 'c' order. */
    static void write(double[] values, INDArray rows) {
        if (!FloatRows.canView(rows)) {
            rows.assign(Nd4j.createFromArray(values).reshape('c', rows.shape()));
            return;
        }
        float[] copy = new float[values.length];
        for (int i = 0; i < copy.length; i++) {
            copy[i] = (float) values[i];
        }
        FloatRows.of(rows.reshape('c', 1, copy.length)).write(0, copy);
    }

    /** Applies tanh, in networks of float32 by its kernel. */
    static void tanh(double[] values, int from, int count, boolean isFloat) {
        if (!isFloat) {
            for (int i = from; i < from + count; i++) {
                values[i] = Math.tanh(values[i]);
            }
            return;
        }
        float[] z = new float[count];
        for (int i = 0; i < count; i++) {
            z[i] = (float) values[from + i];
        }
        FloatFunctions.tanh(z, z, count);
        for (int i = 0; i < count; i++) {
            values[from + i] = z[i];
        }
    }
}
