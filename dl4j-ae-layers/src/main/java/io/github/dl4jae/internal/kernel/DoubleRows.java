package io.github.dl4jae.internal.kernel;

import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Conversion between ND4J arrays and Java arrays of float64 that hold their values row by row. */
public final class DoubleRows {

    private DoubleRows() {}

    /**
     * Returns a copy of all values, row by row.
     *
     * @param array of any type and rank
     * @return its values in 'c' order
     */
    public static double[] values(INDArray array) {
        if (FloatRows.canView(array)) {
            float[] floats = array.rank() == 2
                    ? FloatRows.of(array).toArray()
                    : FloatRows.vector(array).toArray();
            double[] values = new double[floats.length];
            for (int i = 0; i < floats.length; i++) {
                values[i] = floats[i];
            }
            return values;
        }
        return array.castTo(DataType.DOUBLE).dup('c').data().asDouble();
    }

    /**
     * Creates a matrix in the workspace of its type.
     *
     * @param values row by row
     * @param width the number of columns
     * @param dataType of the matrix
     * @param type the kind of array
     * @param workspaces of the pass
     * @return {@code [values.length / width, width]} in 'c' order
     */
    public static INDArray matrix(
            double[] values, int width, DataType dataType, ArrayType type, LayerWorkspaceMgr workspaces) {
        INDArray array = workspaces.createUninitialized(type, dataType, new long[] {values.length / width, width}, 'c');
        if (FloatRows.canView(array)) {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) values[i];
            }
            FloatRows.vector(array).write(0, floats);
            return array;
        }
        return array.assign(Nd4j.createFromArray(values).reshape(array.shape()));
    }
}
