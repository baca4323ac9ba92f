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
import org.datavec.api.writable.DoubleWritable;
import org.datavec.api.writable.Text;
import org.jspecify.annotations.Nullable;

/** The conversion of a column of a table to columns of a matrix. */
sealed interface TableColumn {

    /** Returns the name in the file. */
    String name();

    /** Returns the names of the columns of the matrix. */
    List<String> featureNames();

    /** Writes the features of a value; null is a missing value. */
    void write(String value, float[] features, int offset);

    void addTo(Schema.Builder schema);

    /** Adds the DataVec equivalent of {@link #write}. */
    void addTo(TransformProcess.Builder process);

    /**
     * A numeric column, standardized to (x − mean)/deviation.
     *
     * @param replacement the replacement of missing values; null if there are none
     */
    record Numeric(
            String name,
            double mean,
            double deviation,
            @Nullable Double replacement) implements TableColumn {

        @Override
        public List<String> featureNames() {
            return List.of(name);
        }

        @Override
        public void write(String value, float[] features, int offset) {
            double number = value == null ? replacement : Double.parseDouble(value);
            features[offset] = (float) ((number - mean) / deviation);
        }

        @Override
        public void addTo(Schema.Builder schema) {
            schema.addColumnDouble(name);
        }

        @Override
        public void addTo(TransformProcess.Builder process) {
            if (replacement != null) {
                process.conditionalReplaceValueTransform(
                        name,
                        new DoubleWritable(replacement),
                        new StringRegexColumnCondition(name, CsvTable.MISSING_PATTERN));
            }
            process.transform(new StandardizeNormalizer(name, mean, deviation));
        }
    }

    /**
     * A categorical column, encoded one-hot.
     *
     * @param replacement the replacement of missing values; null if there are none
     */
    record Categorical(
            String name, List<String> categories, @Nullable String replacement) implements TableColumn {

        @Override
        public List<String> featureNames() {
            List<String> names = new ArrayList<>();
            categories.forEach(category -> names.add(name + "[" + category + "]"));
            return names;
        }

        @Override
        public void write(String value, float[] features, int offset) {
            features[offset + categories.indexOf(value == null ? replacement : value)] = 1;
        }

        @Override
        public void addTo(Schema.Builder schema) {
            schema.addColumnString(name); // spaces around a category are removed below
        }

        @Override
        public void addTo(TransformProcess.Builder process) {
            process.transform(new ReplaceStringTransform(name, Map.of("^\\s+|\\s+$", "")));
            if (replacement != null) {
                String known = categories.stream().map(Pattern::quote).collect(Collectors.joining("|"));
                process.conditionalReplaceValueTransform(
                        name,
                        new Text(replacement),
                        new StringRegexColumnCondition(name, "(?s)(?!(?:" + known + ")$).*"));
            }
            process.stringToCategorical(name, categories);
            process.categoricalToOneHot(name);
        }
    }
}
