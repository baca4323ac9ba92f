package io.github.dl4jae.tabular;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.datavec.api.transform.TransformProcess;
import org.datavec.api.transform.condition.string.StringRegexColumnCondition;
import org.datavec.api.transform.schema.Schema;
import org.datavec.api.transform.transform.doubletransform.StandardizeNormalizer;
import org.datavec.api.transform.transform.string.ReplaceStringTransform;
import org.datavec.api.writable.Text;
import org.jspecify.annotations.Nullable;

/** The DataVec equivalent of a schema. */
final class DataVecSteps {

    /** A category that stands for all unseen ones, and is removed after the encoding. */
    private static final String UNSEEN = "";

    private final TableSchema schema;
    private final TransformProcess.Builder process;

    private DataVecSteps(TableSchema schema, TransformProcess.Builder process) {
        this.schema = schema;
        this.process = process;
    }

    static TransformProcess process(TableSchema schema, List<String> selected) {
        for (String name : selected) {
            if (!schema.names().contains(name)) {
                throw new IllegalArgumentException("TableSchema: selected features must be among "
                        + TableSchema.abbreviated(schema.names()) + ", got '" + name + "'");
            }
        }
        Schema.Builder file = new Schema.Builder();
        schema.columns().forEach(column -> file.addColumnString(column.name()));
        TransformProcess.Builder process = new TransformProcess.Builder(file.build());
        List<TableColumn> needed = schema.columns().stream()
                .filter(column -> column.features().stream().anyMatch(selected::contains))
                .toList();
        process.removeAllColumnsExceptFor(needed.stream().map(TableColumn::name).toList());
        DataVecSteps steps = new DataVecSteps(schema, process);
        needed.forEach(steps::add);
        return process.removeAllColumnsExceptFor(selected)
                .reorderColumns(selected.toArray(String[]::new))
                .build();
    }

    private void add(TableColumn column) {
        // spaces around a value are removed first
        process.transform(new ReplaceStringTransform(column.name(), Map.of("^\\s+|\\s+$", "")));
        if (column instanceof IndicatedColumn indicated) {
            addIndicator(indicated);
            addValue(indicated.column());
        } else {
            addValue(column);
        }
    }

    /** Adds a copy of the column that is 1 where its value is missing. */
    private void addIndicator(IndicatedColumn column) {
        String indicator = column.indicator();
        String missing = column.isText()
                ? schema.missing().namedPattern()
                : schema.missing().noNumberPattern();
        process.duplicateColumn(column.name(), indicator);
        process.conditionalReplaceValueTransformWithDefault(
                indicator, new Text("1"), new Text("0"), new StringRegexColumnCondition(indicator, missing));
        process.convertToDouble(indicator);
    }

    private void addValue(TableColumn column) {
        if (column instanceof NumericColumn numeric) {
            addNumber(column, numeric.typical());
            process.transform(new StandardizeNormalizer(column.name(), numeric.mean(), numeric.deviation()));
        } else if (column instanceof CountColumn count) {
            addNumber(column, count.typical());
        } else if (column instanceof FlagColumn flag && flag.number()) {
            addNumber(column, flag.typical() ? 1 : 0);
        } else if (column instanceof FlagColumn flag) {
            addLevels(column.name(), List.of(flag.off(), flag.on()), flag.replacement());
        } else if (column instanceof CategoricalColumn categorical) {
            addLevels(column.name(), categorical.levels(), categorical.replacement());
        } else {
            throw new IllegalArgumentException(
                    "TableSchema: DataVec can encode numbers and categories, got the column '" + column.name()
                            + "', of dates; use encode(…), or leave the column out");
        }
    }

    private void addNumber(TableColumn column, double typical) {
        String name = column.name();
        if (schema.format().decimalSeparator() == ',') {
            process.transform(new ReplaceStringTransform(name, Map.of("\\.", "")));
            process.transform(new ReplaceStringTransform(name, Map.of(",", ".")));
        }
        if (column.imputed()) {
            replace(name, schema.missing().noNumberPattern(), String.valueOf(typical));
        }
        process.convertToDouble(name);
    }

    private void replace(String name, String pattern, String by) {
        process.conditionalReplaceValueTransform(name, new Text(by), new StringRegexColumnCondition(name, pattern));
    }

    private void addLevels(String name, List<String> levels, @Nullable String replacement) {
        if (replacement != null) {
            replace(name, schema.missing().namedPattern(), replacement);
        }
        List<String> encoded = new ArrayList<>(levels);
        String others = "(?s)(?!(?:" + levels.stream().map(Pattern::quote).collect(Collectors.joining("|")) + ")$).*";
        switch (schema.unseenLevel()) {
            case ZEROS -> {
                replace(name, others, UNSEEN);
                encoded.add(UNSEEN);
            }
            case MOST_FREQUENT -> {
                if (replacement != null) {
                    replace(name, others, replacement);
                }
            }
            case ERROR -> {}
        }
        process.stringToCategorical(name, encoded);
        process.categoricalToOneHot(name);
    }
}
