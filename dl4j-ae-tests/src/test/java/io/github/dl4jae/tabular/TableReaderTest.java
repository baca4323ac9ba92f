package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The kinds of columns, and what is said about them. */
class TableReaderTest {

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("table.csv"), content);
    }

    private FeatureTable read(String content) throws IOException {
        return new TableReader.Builder().build().read(file(content));
    }

    private static String lines(int count, java.util.function.IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    private static String note(FeatureTable table, String column) {
        return table.schema().notes().stream()
                .filter(note -> note.startsWith(column + ":"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void backslashesAndQuotes_areThoseOfRfc4180() throws IOException {
        FeatureTable table =
                read("p,x\n\"C:\\d\\\",1\n\"D:\\\",2\na\\b,3\n\\\\srv\\x,4\n5\" pipe,5\n\"say \"\"hi\"\"\",6\n");
        assertThat(table.decode().stream().map(row -> row.get(0)))
                .containsExactly("C:\\d\\", "D:\\", "a\\b", "\\\\srv\\x", "5\" pipe", "say \"hi\"");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "p,x/\"ab\"c,1/x,2 | a closing quote, and close every quote, got a problem in row 1",
                "p,x/1,\"ab/2,3 | must close every quote, got an open one at the end of the file, in row 1",
                "a,b/1,2/3/4,5 | must have 2 values in every row, got 1 in row 2; set delimiter(…) if it is not ','",
                "a,b/1,2/3,4,5/4,5 | must have 2 values in every row, got 3 in row 2",
                "a,b/1,2/thirty,3/4,5 | numbers in column 'a', where 2 values are numbers, got 'thirty' in row 2",
                "a,b/1,2/thirty,3/4,5 | correct the value, set missing(\"thirty\"), or declare the column categorical",
                "a,b/1,2/-inf,3/4,5 | must have finite numbers in column 'a', got an infinite one in row 2; set infini",
                "a,b/,2/,2 | must have a column besides the label and those that are left out, got [a, b]"
            })
    void fileWithAMistake_isRefused(String content, String message) throws IOException {
        Path file = file(content.replace('/', '\n') + "\n");
        assertThatThrownBy(() -> new TableReader.Builder().build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("table.csv")
                .hasMessageContaining(message);
    }

    @Test
    void headings_thatAreMissingOrRepeated_getNames() throws IOException {
        FeatureTable table = read("h,,h,h_2,\n1,5,2,7,x\n2,6,9,1,y\n1,4,3,2,x\n");
        assertThat(table.schema().columnNames()).containsExactly("h", "column2", "h_3", "h_2", "column5");
    }

    @Test
    void columnOfRowNames_isLeftOut() throws IOException {
        FeatureTable table = read(",a,b\n1,5,2\n2,6,9\n3,8,1\n");
        assertThat(table.schema().columnNames()).containsExactly("a", "b");
        assertThat(note(table, "column1"))
                .isEqualTo("column1: left out, because it numbers the rows; keep(\"column1\") encodes it");
        assertThat(new TableReader.Builder()
                        .keep("column1")
                        .build()
                        .read(directory.resolve("table.csv"))
                        .names())
                .containsExactly("column1", "a", "b");
    }

    @Test
    void identifiersConstantsAndTexts_areLeftOut() throws IOException {
        FeatureTable table = read("n,customer id,unit,remark,few,x\n"
                + lines(60, i -> i + "," + (900 - 7 * i) + ",kg,remark " + i + "," + i % 3 + "," + i * i));
        assertThat(table.names()).containsExactly("few", "x");
        assertThat(note(table, "n")).contains("it numbers the rows");
        assertThat(note(table, "customer id")).contains("it numbers the rows");
        assertThat(note(table, "unit")).contains("all its values are 'kg'");
        assertThat(note(table, "remark")).contains("it has only different texts");
    }

    @Test
    void textOfManyValues_isLeftOut_beforeItTakesMemory() throws IOException {
        FeatureTable table = read("text,level,x\n" + lines(3_000, i -> "entry " + i + ",l" + i % 60 + "," + i % 7));
        assertThat(table.names()).containsExactly("x");
        assertThat(note(table, "text")).isEqualTo("text: left out, because it has more than 1000 different texts");
        assertThat(note(table, "level"))
                .isEqualTo("level: left out, because it has 60 different texts, more than mostLevels(50);"
                        + " categorical(\"level\") encodes them");
        assertThat(new TableReader.Builder()
                        .mostLevels(100)
                        .build()
                        .read(directory.resolve("table.csv"))
                        .names())
                .hasSize(61);
    }

    @Test
    void dates_areLeftOut_orEncodedOnRequest() throws IOException {
        Path file = file("day,x\n" + lines(60, i -> LocalDate.of(2024, 1, 1).plusDays(i) + "," + i % 7));
        FeatureTable without = new TableReader.Builder().build().read(file);
        assertThat(note(without, "day")).contains("it has dates; dates(\"day\") encodes them");

        FeatureTable with = new TableReader.Builder().dates("day").build().read(file);

        assertThat(with.names())
                .containsExactly("day[trend]", "day[year sin]", "day[year cos]", "day[week sin]", "day[week cos]", "x");
        // 60 consecutive days: mean 29.5, variance (60² − 1)/12; the first is a Monday
        assertThat(with.features().getDouble(0, 0)).isCloseTo(-29.5 / Math.sqrt(3599 / 12.0), within(1e-6));
        assertThat(with.features().getDouble(0, 1)).isCloseTo(0, within(1e-6));
        assertThat(with.features().getDouble(0, 4)).isCloseTo(1, within(1e-6));
        assertThat(with.features().getDouble(1, 3)).isCloseTo(Math.sin(2 * Math.PI / 7), within(1e-6));
        assertThat(with.decode().get(31)).containsExactly("2024-02-01", "3");
    }

    @ParameterizedTest
    @CsvSource({
        "31.12.2023 10:15, 2023-12-31",
        "12/31/2023, 2023-12-31",
        "3/4/2023, 2023-04-03",
        "2023-12-31T23:59:59.5Z, 2023-12-31",
        "20231231, 2023-12-31",
        "31-Dec-2023, 2023-12-31",
        "31.12.23, 2023-12-31"
    })
    void date_isRecognized(String text, LocalDate date) {
        DateText dates = new DateText();
        dates.add(text);
        assertThat(DateText.parse(java.util.Objects.requireNonNull(dates.format()), text))
                .isNotNull()
                .satisfies(found -> assertThat(found.toLocalDate()).isEqualTo(date));
    }

    @Test
    void numbersOfZeroAndOne_andTextsOfTwoValues_areFlags() throws IOException {
        FeatureTable table = read("bought,sex,x\n0,m,1\n1,f,2\n1,f,4\n");
        assertThat(table.names()).containsExactly("bought", "sex[m]", "x");
        assertThat(table.features().getColumn(0).toDoubleVector()).containsExactly(0, 1, 1);
        assertThat(table.features().getColumn(1).toDoubleVector()).containsExactly(1, 0, 0);
        assertThat(table.decode().get(1)).containsExactly("1", "f", "2");
    }

    @Test
    void token_isALevelAmongCategories_unlessNamed() throws IOException {
        String content = "country,x\nDE,1\nNA,NA\nDE,3\nFR,4\nDE,5\n";
        FeatureTable table = read(content);
        assertThat(table.names()).containsExactly("country[DE]", "country[FR]", "country[NA]", "x");
        assertThat(note(table, "country"))
                .isEqualTo("country: 'NA', in 1 row, is a category; missing(\"NA\") makes it a missing value");
        assertThat(note(table, "x")).isEqualTo("x: 1 of 5 values are missing, replaced by the median, 3.5");
        assertThat(table.present()).hasValueSatisfying(mask -> {
            assertThat(mask.getRow(1).toDoubleVector()).containsExactly(1, 1, 1, 0);
            assertThat(mask.getRow(0).toDoubleVector()).containsExactly(1, 1, 1, 1);
        });

        FeatureTable named = new TableReader.Builder().missing("NA").build().read(file(content));
        assertThat(named.names()).containsExactly("country[FR]", "x");
        assertThat(note(named, "country"))
                .isEqualTo("country: 1 of 5 values are missing, replaced by the most frequent, 'DE'");
    }

    @Test
    void missingValues_areReplacedAsChosen() throws IOException {
        Path file = file("x,y\n1,5\n,7\n1,9\n4,?\n9,-999\n");
        double deviation = Math.sqrt((2 * 2.75 * 2.75 + 0.25 * 0.25 + 5.25 * 5.25) / 4); // of 1, 1, 4, 9; mean 3.75
        assertThat(value(file, Imputation.MEAN)).isCloseTo(0, within(1e-6));
        assertThat(value(file, Imputation.MEDIAN)).isCloseTo((2.5 - 3.75) / deviation, within(1e-6));
        assertThat(value(file, Imputation.MOST_FREQUENT)).isCloseTo((1 - 3.75) / deviation, within(1e-6));
        assertThatThrownBy(() -> value(file, Imputation.NONE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have no missing values, got one in column 'x', row 2; set an imputation");

        FeatureTable marked = new TableReader.Builder()
                .missing("-999")
                .missingIndicator(true)
                .build()
                .read(file);
        assertThat(marked.names()).containsExactly("x", "x[missing]", "y", "y[missing]");
        assertThat(marked.features().getColumn(3).toDoubleVector()).containsExactly(0, 0, 0, 1, 1);
        assertThat(marked.decode().get(4)).containsExactly("9", "");
    }

    private static double value(Path file, Imputation imputation) {
        return new TableReader.Builder()
                .imputation(imputation)
                .build()
                .read(file)
                .features()
                .getDouble(1, 0);
    }

    @Test
    void infinity_isMissingOnRequest() throws IOException {
        FeatureTable table =
                new TableReader.Builder().infinityIsMissing(true).build().read(file("x,y\n1,5\nInfinity,7\n3,8\n"));
        assertThat(table.features().getDouble(1, 0)).isZero();
        assertThat(table.present()).isPresent();
    }

    @Test
    void label_isClassesOrAQuantity() throws IOException {
        Path file = file("a,price,grade,kind\n" + lines(50, i -> i % 7 + "," + i * 1.5 + "," + i % 3 + ",k" + i % 2));

        FeatureTable price = new TableReader.Builder().label("price").build().read(file);
        assertThat(price.schema().isRegression()).isTrue();
        assertThat(price.labels().getColumn(0).toDoubleVector()).startsWith(0, 1.5, 3);
        assertThat(note(price, "price")).contains("it is a quantity to predict, not a class");

        FeatureTable grade = new TableReader.Builder().label("grade").build().read(file);
        assertThat(grade.classes()).containsExactly("0", "1", "2");
        assertThat(grade.labels().getRow(4).toDoubleVector()).containsExactly(0, 1, 0);
        assertThat(new TableReader.Builder()
                        .target("grade")
                        .build()
                        .read(file)
                        .labels()
                        .getDouble(4, 0))
                .isEqualTo(1);
        assertThat(new TableReader.Builder().label("kind").build().read(file).classes())
                .containsExactly("k0", "k1");
        assertThatThrownBy(
                        () -> new TableReader.Builder().target("kind").build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have numbers in the target 'kind', got 'k0' in row 1; use label(\"kind\")");
        assertThatThrownBy(() ->
                        new TableReader.Builder().label("kind").target("price").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("there must be a label or a target, not both, got kind and price");
    }

    @Test
    void codesAmongNumbers_areCategories_whereTextsPrevail() throws IOException {
        assertThat(read("code,x\nA1,1\n7,2\nB2,3\nA1,4\n").names())
                .containsExactly("code[7]", "code[A1]", "code[B2]", "x");
    }

    @Test
    void rowsWithoutAnyValue_areSkipped() throws IOException {
        assertThat(read("a,b\n1,2\n\n,\n3,5\n,\n").features().size(0)).isEqualTo(2);
    }

    @Test
    void split_fitsTheSchemaToTrainingRows() throws IOException {
        Path file = file("x,color\n" + lines(500, i -> i + "," + (i % 3 == 0 ? "red" : i % 3 == 1 ? "blue" : "green")));

        TableSplit split = new TableReader.Builder().keep("x").build().split(file, 0.7, 4);
        TableSplit again = new TableReader.Builder().keep("x").build().split(file, 0.7, 4);

        assertThat(split.train().features().size(0)).isBetween(300L, 400L);
        assertThat(split.train().features().size(0) + split.test().features().size(0))
                .isEqualTo(500);
        assertThat(split.train().features().getColumn(0).meanNumber().doubleValue())
                .isCloseTo(0, within(1e-5));
        assertThat(split.test().features().getColumn(0).meanNumber().doubleValue())
                .isNotCloseTo(0, within(1e-5));
        assertThat(split.train().decode())
                .doesNotContainAnyElementsOf(split.test().decode());
        assertThat(again.train().features()).isEqualTo(split.train().features());
        assertThat(split.test().schema()).isSameAs(split.schema());
        assertThatThrownBy(() -> new TableReader.Builder().build().split(file, 1, 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("fraction must be above 0 and below 1, got 1.0");
    }

    @Test
    void namedColumns_mustExist() throws IOException {
        Path file = file("a,b\n1,2\n2,4\n");
        for (TableReader.Builder builder : new TableReader.Builder[] {
            new TableReader.Builder().label("c"),
            new TableReader.Builder().target("c"),
            new TableReader.Builder().ignore("c"),
            new TableReader.Builder().keep("c"),
            new TableReader.Builder().categorical("c"),
            new TableReader.Builder().dates("c")
        }) {
            assertThatThrownBy(() -> builder.build().read(file))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must have the column 'c', got [a, b]; names are case-sensitive");
        }
    }
}
