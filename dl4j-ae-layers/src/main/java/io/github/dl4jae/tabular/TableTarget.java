package io.github.dl4jae.tabular;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The column to predict: classes, or a quantity.
 *
 * @param classes the classes, sorted; empty for a quantity
 * @param numbers the classes as numbers; null for texts and for a quantity
 */
@SuppressWarnings("ArrayRecordComponent") // never written, and lists compare
record TableTarget(String name, List<String> classes, double @Nullable [] numbers) {

    static TableTarget classes(String name, List<String> classes, double @Nullable [] numbers) {
        return new TableTarget(
                name, numbers == null ? TableColumn.sorted(name, classes) : List.copyOf(classes), numbers);
    }

    static TableTarget quantity(String name) {
        return new TableTarget(name, List.of(), null);
    }

    boolean isQuantity() {
        return classes.isEmpty();
    }

    /** Returns the number of columns of {@link #labels}. */
    int columns() {
        return isQuantity() ? 1 : classes.size();
    }

    /** Returns whether values are read as texts even if they are numbers. */
    boolean isText() {
        return !isQuantity() && numbers == null;
    }

    /** Returns the quantity, or the index of the class. */
    double value(TableColumn.Cell cell) {
        if (isText() ? cell.text() == null : Double.isNaN(cell.number())) {
            throw new IllegalArgumentException("must have a label in every row, got "
                    + (cell.text() == null ? "none" : "'" + cell.text() + "'") + " in column '" + name
                    + "'; remove the row");
        } else if (isQuantity()) {
            return cell.number();
        }
        int index =
                isText() ? Collections.binarySearch(classes, cell.text()) : Arrays.binarySearch(numbers, cell.number());
        if (index < 0) {
            throw new IllegalArgumentException("must have known classes in column '" + name + "', " + classes
                    + ", got '" + (isText() ? cell.text() : (Object) cell.number())
                    + "'; fit the schema with rows that have it");
        }
        return index;
    }

    /**
     * Returns the labels of rows.
     *
     * @param targets the {@linkplain #value values} of the rows
     * @return float32, one-hot, {@code [N, classes]}, or quantities, {@code [N, 1]}
     */
    INDArray labels(double[] targets) {
        if (isQuantity()) {
            return Nd4j.createFromArray(targets).castTo(DataType.FLOAT).reshape(targets.length, 1);
        }
        INDArray oneHot = Nd4j.zeros(DataType.FLOAT, targets.length, classes.size());
        for (int i = 0; i < targets.length; i++) {
            oneHot.putScalar(i, (int) targets[i], 1);
        }
        return oneHot;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TableTarget that
                && name.equals(that.name)
                && classes.equals(that.classes)
                && Arrays.equals(numbers, that.numbers);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + classes.hashCode();
    }
}
