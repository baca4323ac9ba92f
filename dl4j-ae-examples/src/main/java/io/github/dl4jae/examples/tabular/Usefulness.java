package io.github.dl4jae.examples.tabular;

import io.github.dl4jae.examples.support.ForestClassifier;
import io.github.dl4jae.tabular.FeatureTable;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.tabular.TableSplit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How useful generated rows are: the accuracy on real test rows of a classifier that was trained on generated rows, and
 * of one that was trained on real ones.
 *
 * @param real the accuracy after training on real rows
 * @param generated the accuracy after training on generated rows
 * @param majority the share of the most frequent class among the test rows
 */
record Usefulness(double real, double generated, double majority) {

    static Usefulness of(TableSplit split, List<List<String>> generated, String column, long seed) {
        TableSchema schema = split.schema();
        int place = requireCategories(schema, column);
        FeatureTable synthetic = schema.encode(rows(schema, generated));
        int[] columnOfFeature = schema.columnOfFeature();
        int[] others = IntStream.range(0, columnOfFeature.length)
                .filter(feature -> columnOfFeature[feature] != place)
                .toArray();
        List<String> real = values(split.train(), place);
        List<String> classes = real.stream().distinct().sorted().toList();
        int[] expected = labels(values(split.test(), place), classes);
        INDArray test = split.test().features().getColumns(others);
        return new Usefulness(
                ForestClassifier.accuracy(
                        split.train().features().getColumns(others), labels(real, classes), test, expected, seed),
                ForestClassifier.accuracy(
                        synthetic.features().getColumns(others),
                        labels(values(synthetic, place), classes),
                        test,
                        expected,
                        seed),
                IntStream.range(0, classes.size())
                                .mapToLong(index -> Arrays.stream(expected)
                                        .filter(label -> label == index)
                                        .count())
                                .max()
                                .orElseThrow()
                        / (double) expected.length);
    }

    /** Returns the place of a column of categories. */
    static int requireCategories(TableSchema schema, String column) {
        int place = schema.columnNames().indexOf(column);
        if (place < 0 || schema.areQuantities().get(place)) {
            throw new IllegalArgumentException("--classify must be a column of categories, one of "
                    + IntStream.range(0, schema.columnNames().size())
                            .filter(j -> !schema.areQuantities().get(j))
                            .mapToObj(schema.columnNames()::get)
                            .toList()
                    + ", got " + column);
        }
        return place;
    }

    private static List<Map<String, String>> rows(TableSchema schema, List<List<String>> values) {
        List<Map<String, String>> rows = new ArrayList<>();
        for (List<String> row : values) {
            Map<String, String> byName = new HashMap<>();
            for (int j = 0; j < row.size(); j++) {
                byName.put(schema.columnNames().get(j), row.get(j));
            }
            rows.add(byName);
        }
        return rows;
    }

    private static List<String> values(FeatureTable table, int place) {
        return table.decode().stream().map(row -> row.get(place)).toList();
    }

    private static int[] labels(List<String> values, List<String> classes) {
        return values.stream().mapToInt(classes::indexOf).toArray();
    }
}
