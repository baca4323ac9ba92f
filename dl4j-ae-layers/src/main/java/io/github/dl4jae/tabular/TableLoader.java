package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.layer.Require;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A matrix that is filled row by row. Memory is that of the matrix. */
final class TableLoader {

    private final RowEncoder encoder;
    private final INDArray features;
    private final FloatRows featureRows;
    private final float[] row;
    private final float[] present;
    private final double[] targets;
    /** Null as long as no value is missing. */
    private @Nullable INDArray mask;

    private @Nullable FloatRows maskRows;
    private int filled;

    private TableLoader(TableSchema schema, RowEncoder encoder, long rows) {
        int width = schema.names().size();
        Require.that(
                rows * width <= FloatRows.LARGEST,
                "TableReader",
                "the matrix must have at most " + FloatRows.LARGEST + " values",
                rows + " · " + width,
                "stream the file with TableIterator");
        this.encoder = encoder;
        this.features = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, width}, 'c');
        this.featureRows = FloatRows.of(features);
        this.row = new float[width];
        this.present = new float[width];
        this.targets = new double[encoder.hasTarget() ? (int) rows : 0];
    }

    /** Returns the number of rows of a file. */
    static long count(Path file, TableFormat format, RowEncoder encoder) {
        long count = 0;
        try (TableRows rows = encoder.open(file, format)) {
            for (; rows.hasNext(); rows.next()) {
                count++;
            }
        }
        if (count == 0) {
            throw TextFile.problem(file, "must have at least one row of values, got none");
        }
        return count;
    }

    /**
     * Loads rows of a file.
     *
     * @param count the number of rows that {@code chosen} accepts
     */
    static FeatureTable load(
            TableSchema schema, Path file, TableFormat format, RowEncoder encoder, long count, LongPredicate chosen) {
        TableLoader loader = new TableLoader(schema, encoder, count);
        try (TableRows rows = encoder.open(file, format)) {
            while (rows.hasNext()) {
                TableRow next = rows.next();
                if (chosen.test(next.index())) {
                    loader.add(next);
                }
            }
        }
        return loader.table(schema);
    }

    /** Encodes rows in memory. */
    static FeatureTable encode(
            TableSchema schema, RowEncoder encoder, List<String> names, List<Map<String, @Nullable String>> rows) {
        TableLoader loader = new TableLoader(schema, encoder, rows.size());
        NumberText number = new NumberText(schema.format().decimalSeparator());
        TableRow row = new TableRow(names.size());
        boolean[] asText = encoder.asText();
        for (int i = 0; i < rows.size(); i++) {
            row.begin(i + 1L);
            for (int j = 0; j < asText.length; j++) {
                String value = rows.get(i).get(names.get(j));
                String text = value == null ? "" : value.strip();
                if (text.isEmpty()) {
                    row.setEmpty(j);
                } else if (!asText[j] && number.matches(text)) {
                    row.setNumber(j, number.value(), number.decimals());
                } else {
                    row.setText(j, text);
                }
            }
            loader.add(row);
        }
        return loader.table(schema);
    }

    private void add(TableRow values) {
        boolean complete = encoder.encode(values, row, present);
        featureRows.write(filled, row);
        if (!complete) {
            writableMask().write(filled, present);
        }
        if (targets.length > 0) {
            targets[filled] = encoder.target(values);
        }
        filled++;
    }

    private FloatRows writableMask() {
        if (maskRows == null) {
            mask = Nd4j.ones(DataType.FLOAT, features.shape());
            maskRows = FloatRows.of(mask);
        }
        return maskRows;
    }

    private FeatureTable table(TableSchema schema) {
        return new FeatureTable(schema, features, mask, targets);
    }
}
