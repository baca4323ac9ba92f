package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.github.dl4jae.data.DataDirectory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Every table in the directory of the data, read without settings and without preparation. */
class RealTablesTest {

    /** A setting of {@link TableReader.Builder}. */
    private static final String OPTION = "(?s).*\\b(charset|delimiter|decimalSeparator|header|label|target|ignore|keep"
            + "|categorical|dates|counts|mostLevels|missing|infinityIsMissing|imputation|unseenLevel)\\(.*";

    private static final TableReader DEFAULTS = new TableReader.Builder().build();

    @BeforeAll
    static void requireTables() {
        assumeTrue(
                DataDirectory.isConfigured() && Files.isDirectory(tables()),
                "needs tables: name the directory above 'tables' with -Ddl4jae.data=… or DL4JAE_DATA");
    }

    private static Path tables() {
        return DataDirectory.find().path().resolve("tables");
    }

    static Stream<Path> files() throws IOException {
        if (!DataDirectory.isConfigured() || !Files.isDirectory(tables())) {
            return Stream.of(Path.of("none")); // skipped
        }
        try (Stream<Path> files = Files.walk(tables())) {
            return files.filter(Files::isRegularFile).sorted().toList().stream();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void table_isRead_orRefusedWithASentenceThatNamesASetting(Path file, @TempDir Path directory) throws IOException {
        FeatureTable table;
        try {
            table = DEFAULTS.read(file);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).contains(file.toString()).matches(OPTION).doesNotContain("\n");
            return;
        }
        TableSchema schema = table.schema();
        INDArray features = table.features();

        assertThat(features.size(0)).isPositive();
        assertThat(features.sub(features).sumNumber().doubleValue())
                .as("all are finite")
                .isZero();
        assertThat(schema.columns()).as("as many as in the file").hasSameSizeAs(heading(file, schema));
        for (TableColumn column : schema.columns()) {
            boolean encoded = schema.columnNames().contains(column.name());
            assertThat(encoded
                            || schema.notes().stream().anyMatch(note -> note.startsWith(column.name() + ": left out")))
                    .as(column.name() + " is encoded, or a note says why not")
                    .isTrue();
        }
        // the stored schema reads the same, from the file and from its values
        Path stored = directory.resolve("schema.json");
        schema.save(stored);
        assertThat(TableSchema.load(stored).read(file).features()).isEqualTo(features);
        Path written = directory.resolve("written.csv");
        schema.write(features, written);
        if (!schema.columnNames().isEmpty()
                && table.present().isEmpty()
                && schema.columns().size() == schema.columnNames().size()) {
            assertThat(schema.read(written).features().distance1(features) / features.length())
                    .isCloseTo(0, within(1e-5));
        }
    }

    private static List<String> heading(Path file, TableSchema schema) {
        return TableRows.firstLines(file, schema.format()).get(0);
    }

    private static long count(TableSchema schema, Class<? extends TableColumn> kind) {
        return schema.columns().stream()
                .map(column -> column instanceof IndicatedColumn indicated ? indicated.column() : column)
                .filter(kind::isInstance)
                .count();
    }

    /** Rows, numbers, flags, categories with more than two levels, and columns that are left out. */
    @ParameterizedTest
    @CsvSource({
        "annthyroid.csv,     7200,  6, 1, 0, 0",
        "cardio.csv,         1831, 21, 1, 0, 0",
        "penguins.csv,        344,  4, 1, 2, 0",
        "titanic.csv,         891,  5, 5, 5, 0",
        "winequality-red.csv, 1599, 12, 0, 0, 1"
    })
    void knownTable_hasTheKindsOfColumnsThatAPersonSees(
            String name, int rows, int numbers, int flags, int categories, int leftOut) {
        FeatureTable table = DEFAULTS.read(tables().resolve(name));

        assertThat(table.features().size(0)).isEqualTo(rows);
        assertThat(count(table.schema(), NumericColumn.class)).isEqualTo(numbers);
        assertThat(count(table.schema(), FlagColumn.class)).isEqualTo(flags);
        assertThat(count(table.schema(), CategoricalColumn.class)).isEqualTo(categories);
        assertThat(count(table.schema(), LeftOutColumn.class)).isEqualTo(leftOut);
    }

    /** Semicolons and decimal commas; the means are those of the published description of the data. */
    @Test
    void wineQuality_isInItsUnits() {
        FeatureTable table = DEFAULTS.read(tables().resolve("winequality-red.csv"));
        assertThat(table.schema().notes().get(0)).isEqualTo("format: UTF-8, ';' between values, decimal comma, header");
        double sum = 0;
        int alcohol = table.schema().columnNames().indexOf("alcohol");
        for (List<String> row : table.decode()) {
            sum += Double.parseDouble(row.get(alcohol).replace(',', '.'));
        }
        assertThat(sum / 1599).isCloseTo(10.42, within(0.005));
    }

    @ParameterizedTest
    @CsvSource({
        "titanic.csv, survived, 2",
        "penguins.csv, species, 3",
        "winequality-red.csv, quality, 6",
        "winequality-red.csv, pH, 0",
        "titanic.csv, fare, 0"
    })
    void label_isClassesOrAQuantity(String name, String label, int classes) {
        FeatureTable table = new TableReader.Builder().label(label).build().read(tables().resolve(name));
        if (classes == 0) {
            assertThat(table.schema().isRegression()).isTrue();
        } else {
            assertThat(table.classes()).hasSize(classes);
        }
    }
}
