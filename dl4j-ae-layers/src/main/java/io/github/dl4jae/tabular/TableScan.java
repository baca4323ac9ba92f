package io.github.dl4jae.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongPredicate;
import org.jspecify.annotations.Nullable;

/** The first pass over the rows of a file, which finds the kinds of the columns and their statistics. */
final class TableScan {

    private final Path file;
    private final TableReader.Settings settings;
    private final TableFormat format;
    private final FileParts parts;
    private final LongPredicate chosen;
    private final List<String> names;

    /**
     * Prepares a pass.
     *
     * @param chosen accepts the numbers of the rows that count; of files in several parts, all must
     * @throws IllegalArgumentException if a column that was named in the settings is not there
     */
    TableScan(Path file, TableReader.Settings settings, TableFormat format, FileParts parts, LongPredicate chosen) {
        this.file = file;
        this.settings = settings;
        this.format = format;
        this.parts = parts;
        this.chosen = chosen;
        this.names = ColumnNames.of(file, format);
        for (String name : settings.named()) {
            if (!names.contains(name)) {
                throw TextFile.problem(
                        file,
                        "must have the column '" + name + "', got " + TableSchema.abbreviated(names)
                                + "; names are case-sensitive");
            }
        }
    }

    /**
     * A fitted schema.
     *
     * @param rows the number of rows to which it was fitted
     * @param rowsOfParts the number of all rows of each part of the file
     */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    record Fitted(TableSchema schema, long rows, long[] rowsOfParts) {}

    /** What a pass found in a part of the file, or in all of them. */
    @SuppressWarnings("ArrayRecordComponent") // handed on, never compared
    private record Found(List<ColumnSummary> columns, long[] rowsOfParts) {}

    /** Reads the rows, and once more if a column of numbers turns out to be one of texts. */
    Fitted fit() {
        SchemaFit fit = new SchemaFit(file, settings);
        boolean[] asText = new boolean[names.size()];
        for (int j = 0; j < asText.length; j++) {
            asText[j] = settings.categorical().contains(names.get(j))
                    || settings.dates().contains(names.get(j));
        }
        Found found = scan(asText);
        boolean again = false;
        for (int j = 0; j < asText.length; j++) {
            boolean text = !asText[j] && fit.mustBeText(found.columns.get(j));
            asText[j] |= text;
            again |= text;
        }
        return fitted(again ? scan(asText) : found, fit);
    }

    private Fitted fitted(Found found, SchemaFit fit) {
        long rows = found.columns.get(0).rows();
        if (rows == 0) {
            throw TextFile.problem(
                    file,
                    "must have at least one row of values, got none"
                            + (format.header() ? "; set header(false) if the first line has values" : ""));
        }
        List<TableColumn> columns = found.columns.stream().map(fit::column).toList();
        TableTarget target = fit.target(target(found.columns));
        List<String> notes = new ArrayList<>();
        notes.add("format: " + format);
        notes.addAll(fit.notes());
        TableSchema schema =
                new TableSchema(format, columns, target, settings.missing(), settings.unseenLevel(), notes);
        if (schema.names().isEmpty()) {
            throw TextFile.problem(
                    file,
                    "must have a column besides the label and those that are left out, got "
                            + withoutFeatures(columns, rows));
        }
        return new Fitted(schema, rows, found.rowsOfParts);
    }

    private String withoutFeatures(List<TableColumn> columns, long rows) {
        if (rows == 1) {
            return "one row, in which every column is constant; "
                    + (format.header() ? "add rows" : "set header(true) if the first line has names, or add rows");
        }
        List<LeftOutColumn> all =
                columns.stream().map(LeftOutColumn.class::cast).toList();
        LeftOutColumn one = all.stream()
                .filter(column -> column.reason().contains("encodes"))
                .findFirst()
                .orElse(all.get(0));
        return TableSchema.abbreviated(names) + ", all left out, '" + one.name() + "' because " + one.reason();
    }

    private @Nullable ColumnSummary target(List<ColumnSummary> columns) {
        String name = settings.target() == null ? settings.label() : settings.target();
        return columns.stream()
                .filter(column -> column.name().equals(name))
                .findFirst()
                .orElse(null);
    }

    private Found scan(boolean[] asText) {
        List<Found> all = parts.map(part -> {
            try (TableRows rows = parts.open(part, format, asText.length, asText)) {
                return scan(rows);
            }
        });
        List<ColumnSummary> columns = all.get(0).columns;
        for (Found later : all.subList(1, all.size())) {
            for (int j = 0; j < columns.size(); j++) {
                columns.get(j).addAll(later.columns.get(j));
            }
        }
        return new Found(
                columns, all.stream().mapToLong(part -> part.rowsOfParts[0]).toArray());
    }

    private Found scan(TableRows rows) {
        ColumnSummary[] columns = names.stream()
                .map(name -> new ColumnSummary(name, settings.missing(), names.size()))
                .toArray(ColumnSummary[]::new);
        long total = 0;
        for (; rows.hasNext(); total++) {
            TableRow row = rows.next();
            if (chosen.test(row.index())) {
                for (int j = 0; j < columns.length; j++) {
                    columns[j].add(row, j);
                }
            }
        }
        for (ColumnSummary column : columns) {
            column.finish();
        }
        return new Found(List.of(columns), new long[] {total});
    }
}
