package io.github.dl4jae.tabular;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The column to predict: classes, or a quantity.
 *
 * @param classes the classes; empty for a quantity
 * @param numbers the classes as numbers; null for texts and for a quantity
 */
@SuppressWarnings("ArrayRecordComponent") // never written, and lists compare
record TableTarget(String name, List<String> classes, double @Nullable [] numbers) {

    static TableTarget classes(String name, List<String> classes, double @Nullable [] numbers) {
        return new TableTarget(name, List.copyOf(classes), numbers);
    }

    static TableTarget quantity(String name) {
        return new TableTarget(name, List.of(), null);
    }

    boolean isQuantity() {
        return classes.isEmpty();
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
        int index = isText() ? classes.indexOf(cell.text()) : Arrays.binarySearch(numbers, cell.number());
        if (index < 0) {
            throw new IllegalArgumentException("must have known classes in column '" + name + "', " + classes
                    + ", got '" + (isText() ? cell.text() : (Object) cell.number())
                    + "'; fit the schema with rows that have it");
        }
        return index;
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
