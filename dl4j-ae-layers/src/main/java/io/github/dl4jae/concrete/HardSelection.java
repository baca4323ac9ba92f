package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A selection of one column per selector: y_im = x_{i,j(m)}. */
final class HardSelection {

    private final int[] selectedColumns;

    private HardSelection(int[] selectedColumns) {
        this.selectedColumns = selectedColumns;
    }

    /** Returns j(m), the array itself. */
    int[] selectedColumns() {
        return selectedColumns;
    }

    /** Selects the row with the largest value in each column of a matrix, the first one among equal values. */
    static HardSelection of(INDArray matrix) {
        int[] selectedColumns = new int[Math.toIntExact(matrix.size(1))];
        if (!FloatRows.canView(matrix.transpose())) {
            INDArray places = Nd4j.argMax(matrix, 0);
            for (int m = 0; m < selectedColumns.length; m++) {
                selectedColumns[m] = places.getInt(m);
            }
            return new HardSelection(selectedColumns);
        }
        FloatRows columns = FloatRows.of(matrix.transpose());
        float[] column = new float[columns.columns()];
        for (int m = 0; m < selectedColumns.length; m++) {
            columns.read(m, column);
            for (int j = 1; j < column.length; j++) {
                if (column[j] > column[selectedColumns[m]]) {
                    selectedColumns[m] = j;
                }
            }
        }
        return new HardSelection(selectedColumns);
    }

    /** Copies the columns of x, {@code [B, n]}, to y, {@code [B, m]}. */
    void forward(INDArray x, INDArray y) {
        if (!FloatRows.canView(x, y)) {
            for (int m = 0; m < selectedColumns.length; m++) {
                y.getColumn(m).assign(x.getColumn(selectedColumns[m]));
            }
            return;
        }
        FloatRows from = FloatRows.of(x);
        FloatRows to = FloatRows.of(y);
        RowBlocks.of(from.rows(), from.columns()).forEach((block, first, end) -> {
            float[] all = new float[from.columns()];
            float[] selected = new float[selectedColumns.length];
            for (int i = first; i < end; i++) {
                from.read(i, all);
                for (int m = 0; m < selectedColumns.length; m++) {
                    selected[m] = all[selectedColumns[m]];
                }
                to.write(i, selected);
            }
        });
    }

    /** Computes ∂x_ij = Σ δ_im over the m with j(m) = j. */
    void backprop(INDArray delta, INDArray inputGradient) {
        inputGradient.assign(0);
        for (int m = 0; m < selectedColumns.length; m++) {
            inputGradient.getColumn(selectedColumns[m]).addi(delta.getColumn(m));
        }
    }
}
