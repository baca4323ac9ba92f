package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.layer.Require;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** A matrix that is filled row by row, by one thread per part of a file. Memory is that of the matrix. */
final class TableLoader {

    private final INDArray features;
    private final FloatRows featureRows;
    private final double[] targets;
    /** Null as long as no value is missing. */
    private @Nullable INDArray mask;

    private @Nullable FloatRows maskRows;

    private TableLoader(TableSchema schema, boolean hasTarget, long rows) {
        int width = schema.names().size();
        Require.that(
                rows * width <= FloatRows.LARGEST,
                "TableReader",
                "the matrix must have at most " + FloatRows.LARGEST + " values",
                rows + " · " + width,
                "stream the file with TableIterator");
        this.features = Nd4j.createUninitialized(DataType.FLOAT, new long[] {rows, width}, 'c');
        this.featureRows = FloatRows.of(features);
        this.targets = new double[hasTarget ? (int) rows : 0];
    }

    /** Returns the number of rows of each part of a file with the columns of a schema. */
    static long[] rowsOfParts(TableSchema schema, Path file, TableFormat format, FileParts parts) {
        boolean[] asText = RowEncoder.of(schema, file, format).asText();
        long[] counts = parts
                .map(part -> {
                    long count = 0;
                    try (TableRows rows = parts.open(part, format, asText.length, asText)) {
                        for (; rows.hasNext(); rows.next()) {
                            count++;
                        }
                    }
                    return count;
                })
                .stream()
                .mapToLong(count -> count)
                .toArray();
        if (Arrays.stream(counts).sum() == 0) {
            throw TextFile.problem(file, "must have at least one row of values, got none");
        }
        return counts;
    }

    /** Loads all rows of a file, whose parts have known numbers of rows. */
    static FeatureTable load(TableSchema schema, Path file, TableFormat format, FileParts parts, long[] rowsOfParts) {
        List<String> names = ColumnNames.of(file, format);
        boolean hasTarget = names.contains(schema.targetName());
        TableLoader loader =
                new TableLoader(schema, hasTarget, Arrays.stream(rowsOfParts).sum());
        parts.map(part -> {
            RowEncoder encoder = new RowEncoder(schema, file.toString(), names, true);
            boolean[] asText = encoder.asText();
            long first = Arrays.stream(rowsOfParts).limit(part).sum();
            Filler filler = loader.new Filler(encoder, first);
            try (TableRows rows = parts.open(part, format, asText.length, asText)) {
                rows.forEachRemaining(filler::add);
            }
            return part;
        });
        return loader.table(schema);
    }

    /**
     * Loads some rows of a file.
     *
     * @param count the number of rows that {@code chosen} accepts
     */
    static FeatureTable load(TableSchema schema, Path file, TableFormat format, long count, LongPredicate chosen) {
        RowEncoder encoder = RowEncoder.of(schema, file, format);
        TableLoader loader = new TableLoader(schema, encoder.hasTarget(), count);
        Filler filler = loader.new Filler(encoder, 0);
        try (TableRows rows = encoder.open(file, format)) {
            while (rows.hasNext()) {
                TableRow next = rows.next();
                if (chosen.test(next.index())) {
                    filler.add(next);
                }
            }
        }
        return loader.table(schema);
    }

    /**
     * Encodes rows in memory.
     *
     * @param names the names of the columns
     * @param complete whether all columns of the schema must be there
     */
    static FeatureTable encode(
            TableSchema schema, List<String> names, boolean complete, List<Map<String, @Nullable String>> rows) {
        Require.that(!rows.isEmpty(), "TableSchema", "rows must not be empty", "none", "");
        RowEncoder encoder = new RowEncoder(schema, "rows in memory", names, complete);
        TableLoader loader = new TableLoader(schema, encoder.hasTarget(), rows.size());
        Filler filler = loader.new Filler(encoder, 0);
        NumberText number = new NumberText(schema.format().decimalSeparator());
        TableRow row = new TableRow(names.size());
        boolean[] asText = encoder.asText();
        Set<String> known = new HashSet<>(names);
        schema.columns().forEach(column -> known.add(column.name()));
        for (int i = 0; i < rows.size(); i++) {
            requireKnown(rows.get(i).keySet(), known, names, i + 1);
            row.begin(i + 1L);
            for (int j = 0; j < asText.length; j++) {
                String value = rows.get(i).get(names.get(j));
                char[] characters = value == null ? new char[0] : value.toCharArray();
                row.set(j, characters, 0, characters.length, asText[j] ? null : number);
            }
            filler.add(row);
        }
        return loader.table(schema);
    }

    /** A misspelt name would be a missing value, and replaced. */
    private static void requireKnown(Set<String> given, Set<String> known, List<String> names, int row) {
        for (String name : given) {
            Require.that(
                    known.contains(name),
                    "TableSchema",
                    "rows must have columns of the schema, " + TableSchema.abbreviated(names),
                    "'" + name + "' in row " + row,
                    "correct the name, or leave the value out");
        }
    }

    /** Fills adjacent rows. */
    private final class Filler {
        private final RowEncoder encoder;
        private final EncodedRow row = new EncodedRow(featureRows.columns());
        private int next;

        Filler(RowEncoder encoder, long first) {
            this.encoder = encoder;
            this.next = Math.toIntExact(first);
        }

        void add(TableRow values) {
            encoder.encode(values, row);
            featureRows.write(next, row.features());
            if (!row.isComplete()) {
                writableMask().write(next, row.present());
            }
            if (targets.length > 0) {
                targets[next] = row.target();
            }
            next++;
        }
    }

    private synchronized FloatRows writableMask() {
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
