package io.github.dl4jae.tabular;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The encoding of the rows of one file, or of rows in memory, by a schema. */
final class RowEncoder implements TableColumn.Cell {

    private static final int NOWHERE = -1;

    private final TableSchema schema;
    private final String source;
    /** The places of the schema's columns among those of the file. */
    private final int[] places;

    private final int placeOfTarget;
    private final boolean[] asText;
    private final List<String> unknownColumns;
    private @Nullable TableRow row;
    private int place;

    /**
     * Creates an encoder.
     *
     * @param source the file, for messages
     * @param fileColumns the names of its columns
     * @param complete whether all columns must be there; else values of the others are replaced like missing ones
     * @throws IllegalArgumentException if a column that the schema encodes is missing
     */
    RowEncoder(TableSchema schema, String source, List<String> fileColumns, boolean complete) {
        this.schema = schema;
        this.source = source;
        Map<String, Integer> byName = new HashMap<>();
        for (int j = 0; j < fileColumns.size(); j++) {
            byName.put(fileColumns.get(j), j);
        }
        this.places = new int[schema.columns().size()];
        this.asText = new boolean[fileColumns.size()];
        List<String> missing = new ArrayList<>();
        for (int j = 0; j < places.length; j++) {
            TableColumn column = schema.columns().get(j);
            places[j] = byName.getOrDefault(column.name(), NOWHERE);
            if (places[j] >= 0) {
                asText[places[j]] = column.isText();
            } else if (complete && !column.features().isEmpty()) {
                missing.add(column.name());
            }
        }
        if (!missing.isEmpty()) {
            throw TextFile.problem(
                    source,
                    "must have the column" + (missing.size() == 1 ? "" : "s") + " '" + String.join("', '", missing)
                            + "', got " + TableSchema.abbreviated(fileColumns) + "; names are case-sensitive");
        }
        TableTarget target = schema.target();
        placeOfTarget = target == null ? NOWHERE : byName.getOrDefault(target.name(), NOWHERE);
        if (placeOfTarget >= 0) {
            asText[placeOfTarget] = target != null && target.isText();
        }
        Set<String> known = new HashSet<>();
        schema.columns().forEach(column -> known.add(column.name()));
        unknownColumns = fileColumns.stream()
                .filter(name -> !known.contains(name) && !name.equals(schema.targetName()))
                .toList();
    }

    /** Creates an encoder for a file. */
    static RowEncoder of(TableSchema schema, Path file, TableFormat format) {
        return new RowEncoder(schema, file.toString(), ColumnNames.of(file, format), true);
    }

    /** Opens the file of this encoder. */
    TableRows open(Path file, TableFormat format) {
        return new TableRows(file, format, asText.length, asText);
    }

    boolean[] asText() {
        return asText.clone();
    }

    /** Returns the columns of the file that the schema does not have. */
    List<String> unknownColumns() {
        return unknownColumns;
    }

    /** Returns whether the rows have labels. */
    boolean hasTarget() {
        return placeOfTarget >= 0;
    }

    /** Encodes a row. */
    void encode(TableRow values, EncodedRow encoded) {
        row = values;
        encoded.begin();
        try {
            for (int j = 0; j < places.length; j++) {
                place = places[j];
                int offset = schema.offset(j);
                int end = schema.offset(j + 1);
                if (end > offset && !encode(schema.columns().get(j), encoded.features(), offset)) {
                    encoded.setMissing(offset, end);
                }
            }
            if (hasTarget()) {
                place = placeOfTarget;
                encoded.setTarget(Objects.requireNonNull(schema.target()).value(this));
            }
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "TableReader: " + source + ", row " + values.index() + ", " + e.getMessage(), e);
        }
    }

    /** Writes the features of a value, or of its replacement, and returns whether the value is there. */
    private boolean encode(TableColumn column, float[] features, int offset) {
        boolean there = place != NOWHERE && column.encode(this, features, offset);
        if (!there && place != NOWHERE && !column.imputed()) {
            throw new IllegalArgumentException("must have no missing values in column '" + column.name()
                    + "'; set an imputation, or ignore the column");
        } else if (!there) {
            column.encodeTypical(features, offset);
        }
        return there;
    }

    private TableRow row() {
        return Objects.requireNonNull(row);
    }

    @Override
    public double number() {
        double number = row().number(place);
        return schema.missing().isMissing(number) ? Double.NaN : number;
    }

    @Override
    public @Nullable String text() {
        String text = row().text(place);
        if (text == null) {
            return null;
        }
        boolean missing = asText[place]
                ? schema.missing().isNamed(text)
                : schema.missing().isNoNumber(text);
        return missing ? null : text;
    }

    @Override
    public UnseenLevel unseen() {
        return schema.unseenLevel();
    }
}
