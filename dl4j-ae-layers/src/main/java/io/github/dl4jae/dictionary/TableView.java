package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Examples as rows of a table. */
final class TableView extends ExampleView {

    private final IntFunction<INDArray> source;
    private final List<String> columns;

    TableView(IntFunction<INDArray> source, List<String> columns) {
        this.source = Require.given("ExampleView.table", "source", source, "");
        this.columns = List.copyOf(columns);
        Require.that(!columns.isEmpty(), "ExampleView.table", "there must be a column", "none", "name the columns");
    }

    @Override
    Map<String, Object> writeTo(int[] examples, boolean positions, PageData page) {
        int width = columns.size();
        float[] table = new float[examples.length * width];
        for (int i = 0; i < examples.length; i++) {
            System.arraycopy(values(source, examples[i], width), 0, table, i * width, width);
        }
        double[] means = new double[width];
        double[] deviations = new double[width];
        for (int column = 0; column < width; column++) {
            int count = 0;
            double sum = 0;
            double squares = 0;
            for (int i = column; i < table.length; i += width) {
                if (Float.isFinite(table[i])) {
                    count++;
                    double before = table[i] - (count == 1 ? 0 : sum / (count - 1));
                    sum += table[i];
                    squares += count == 1 ? 0 : before * (table[i] - sum / count); // Welford
                }
            }
            means[column] = count == 0 ? 0 : sum / count;
            deviations[column] = count == 0 ? 0 : Math.sqrt(squares / count);
        }
        page.floats("table", table);
        return Map.of(
                "kind", "table", "columns", columns, "means", means, "deviations", deviations, "marked", positions);
    }
}
