package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Examples on tables of the user's own, whose settings and mistakes end in figures or in one sentence. */
@Tag("slow")
class LauncherTablesTest extends LauncherRun {

    private Path file(String content, Charset charset) throws IOException {
        return Files.writeString(out.resolve("own.csv"), content, charset);
    }

    private Path file(String content) throws IOException {
        return file(content, StandardCharsets.UTF_8);
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    private int select(String options) {
        return run(("select-columns --restarts 1 --csv " + out.resolve("own.csv") + " --out " + out.resolve("results")
                        + " " + options)
                .split(" +"));
    }

    /** A text that says what is wrong, and nothing else. */
    private void assertOneSentence(String message) {
        assertThat(text().lines().filter(line -> !line.contains(" INFO ") && !line.isBlank()))
                .hasSize(1);
        assertThat(text()).contains(message).doesNotContain("\tat ");
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {";", "\t", "|"})
    void delimiter_isDetected_withAndWithoutALabel(String delimiter) throws IOException {
        Random random = new Random(2);
        file("width,height,kind\n".replace(",", delimiter)
                + lines(
                        120,
                        i -> random.nextInt(90)
                                + delimiter
                                + (i % 2 * 50 + random.nextInt(20))
                                + delimiter
                                + (i % 2 == 0 ? "flat" : "tall")));

        assertThat(select("")).isZero();
        assertThat(text())
                .contains("'" + delimiter.replace("\t", "\\t") + "' between values")
                .contains("3 columns of own.csv");
        assertThat(select("--label kind")).isZero();
        assertThat(text()).contains("2 columns of own.csv").contains("balanced accuracy", "most frequent class");
        assertThat(out.resolve("results")).isDirectoryContaining("glob:**transform-process.json");
    }

    @Tag("slow")
    @Test
    void labelOfManyNumbers_isAQuantity_alsoWithDecimalCommas() throws IOException {
        Random random = new Random(3);
        file(
                "Fläche;Zimmer;Stadt;Miete\n"
                        + lines(200, i -> {
                            int area = 20 + random.nextInt(100);
                            return area + ",5;" + area / 30 + ";" + (i % 3 == 0 ? "Köln" : "Ulm") + ";" + 12 * area
                                    + "," + (10 + random.nextInt(90));
                        }),
                Charset.forName("windows-1252"));

        assertThat(select("--label Miete --k 1")).isZero();

        assertThat(text())
                .contains("windows-1252", "decimal comma", "R² of Miete", "mean absolute error")
                .contains("it is a quantity to predict, not a class")
                .doesNotContain("accuracy");
        String greedy = text().lines()
                .filter(line -> line.startsWith("greedy: "))
                .findFirst()
                .orElseThrow();
        assertThat(Double.parseDouble(greedy.split(" +", -1)[2])).as(greedy).isGreaterThan(0.8);
    }

    @Tag("slow")
    @Test
    void rareClassWithoutInformation_isNotPraised() throws IOException {
        Random random = new Random(4);
        file("a,b,alarm\n"
                + lines(1_000, i -> random.nextGaussian() + "," + random.nextGaussian() + "," + (i % 50 == 0)));

        assertThat(select("--label alarm --k 1")).isZero();

        String greedy = text().lines()
                .filter(line -> line.startsWith("greedy: "))
                .findFirst()
                .orElseThrow();
        String[] figures = greedy.split(" +", -1);
        assertThat(Double.parseDouble(figures[2])).as("balanced accuracy").isBetween(0.4, 0.65);
        assertThat(Double.parseDouble(figures[4])).as("majority").isGreaterThan(0.95);
        assertThat(text()).contains("balanced accuracy   ROC AUC   share of the most frequent class");
    }

    @Test
    void moreColumnsThanThereAre_areRefusedOnce() throws IOException {
        file("a,b\n" + lines(30, i -> i * i % 17 + "," + i % 5));

        assertThat(select("--k 3")).isEqualTo(1);

        assertThat(text())
                .containsOnlyOnce("--k must be in [1, 2], the number of encoded columns, got 3")
                .doesNotContain("is left out");
    }

    /** What a message names, the command has. */
    @Tag("slow")
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a,b/1,5/2,unknown/4,7/3,6/9,8/6,5 ! set missing(\"unknown\") ! --missing unknown",
                "a,b/1,5/2,low/4,7/3,6/9,8/6,low ! declare the column categorical ! --categorical b",
                "a,b/1,5/2,-inf/4,7/3,6/9,8/6,5 ! set infinityIsMissing(true) ! --infinity-is-missing",
                "a,when/3,1.2.2024/3,4.2.2024/3,5.2.2024 ! dates(\"when\") encodes them ! --dates when"
            })
    void settingThatAMessageNames_isAnOption(String content, String message, String option) throws IOException {
        String[] rows = content.strip().split("/", 2);
        file(rows[0] + "\n" + (rows[1].replace('/', '\n') + "\n").repeat(4));

        assertThat(select("--k 1")).isEqualTo(1);
        assertOneSentence(message);
        assertThat(select("--k 1 " + option)).isZero();
    }

    @Test
    void charsetAndDelimiter_canBeSet() throws IOException {
        file("町 数\n" + lines(40, i -> (i % 2 == 0 ? "東京 " : "大阪 ") + i * i % 7), Charset.forName("Shift_JIS"));

        assertThat(select("--k 1 --charset Shift_JIS --delimiter space")).isZero();

        assertThat(text()).contains("Shift_JIS, ' ' between values").contains("町");
    }

    @ParameterizedTest
    @CsvSource({
        "--delimiter ::, 'must be one character, tab or space, got'",
        "--charset klingon, klingon",
        "--header perhaps, perhaps"
    })
    void settingsThatCannotBeRead_areRefused(String options, String message) throws IOException {
        file("a,b\n1,2\n");

        assertThat(select(options)).isEqualTo(2);

        assertThat(text()).contains(message).doesNotContain("\tat ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"select-columns", "table-vae", "anomaly-table"})
    void outputThatCannotBeWritten_isRefusedFirst(String example) throws IOException {
        Path taken = file("a,b\n1,2\n");

        assertThat(run(
                        example,
                        "--csv",
                        out.resolve("none.csv").toString(),
                        "--out",
                        taken.resolve("x").toString()))
                .isEqualTo(1);

        assertOneSentence("--out must be a directory that can be written, got " + taken);
    }

    @ParameterizedTest
    @ValueSource(strings = {"kinds", "size"})
    void columnToClassify_mustHaveCategories_beforeTraining(String column) throws IOException {
        file("kind,size\n" + lines(60, i -> "abc".charAt(i % 3) + "," + i * i % 31));

        assertThat(run(
                        "table-vae",
                        "--classify",
                        column,
                        "--csv",
                        out.resolve("own.csv").toString(),
                        "--out",
                        out.resolve("results").toString()))
                .isEqualTo(1);

        assertThat(text())
                .contains("--classify must be a column of categories, one of [kind], got " + column)
                .doesNotContain("Generated rows")
                .doesNotContain("\tat ");
    }

    @Test
    void labelOfOneClass_isRefusedBeforeTheSelection() throws IOException {
        file("a,b,unit\n" + lines(30, i -> i * i % 17 + "," + i % 5 + ",kg"));

        assertThat(select("--label unit")).isEqualTo(1);

        assertThat(text())
                .contains("--label must be a column with several classes or numbers, got unit with [kg] alone")
                .doesNotContain("greedy")
                .doesNotContain("\tat ");
    }

    /** Dates have no histogram, and DataVec cannot encode them. */
    @Tag("slow")
    @Test
    void dates_areEncodedOnRequest() throws IOException {
        file("day;use\n" + lines(200, i -> (1 + i % 28) + "." + (1 + i % 12) + ".2023;" + i % 28 + ",5"));

        assertThat(select("--k 1 --dates day")).isZero();
        assertThat(text()).contains("No DataVec transform: ").contains("report.html");
        assertThat(run(
                        "table-vae",
                        "--steps",
                        "20",
                        "--dates",
                        "day",
                        "--csv",
                        out.resolve("own.csv").toString(),
                        "--out",
                        out.resolve("results").toString()))
                .isZero();
        assertThat(out.resolve("results")).isDirectoryContaining("glob:**columns.png");
    }

    @Test
    void fewRows_needAnotherFraction() throws IOException {
        file("a,b\n3,1\n5,7\n4,2\n");

        assertThat(select("--train-fraction 0.99")).isEqualTo(1);
        assertOneSentence("must have rows for both parts, got all 3 in the first; set another fraction");
    }

    /** Row 7 alone has another relation of its columns; its label is text, and another column has gaps. */
    @Test
    void anomalyTable_ofOneFile_scoresTestRowsByTheirNumberInTheFile() throws IOException {
        Random random = new Random(5);
        file("a,b,c,state\n"
                + lines(300, i -> {
                    int a = random.nextInt(100);
                    boolean odd = i % 30 == 7;
                    return a + "," + (odd ? 100 - a + 300 : 2 * a + random.nextInt(5)) + "," + (i % 9 == 0 ? "" : i % 4)
                            + "," + (odd ? "bad" : "good");
                }));

        assertThat(anomalyTable("--label state --contamination 0.04 --train-fraction 0.5"))
                .isZero();

        assertThat(text()).contains("3 of 4 columns").contains("known anomalies, state = bad, with an alarm");
        assertThat(figure("area under the ROC curve")).isGreaterThan(0.95);
        List<String> scores = Files.readAllLines(out.resolve("results").resolve("scores.csv"));
        assertThat(scores).hasSize(151);
        assertThat(Integer.parseInt(scores.get(1).substring(0, scores.get(1).indexOf(','))) % 30)
                .as("number of the most unusual row")
                .isEqualTo(8);
    }

    @ParameterizedTest
    @CsvSource({
        "--label c, --label: must be a column with two values",
        "--train-fraction 1, --train-fraction: must leave rows for both parts",
        "--false-alarm-rate 2, falseAlarmRate must be in",
        "--label d, d"
    })
    void anomalyTable_refusesInOneSentence(String options, String message) throws IOException {
        file("a,b,c\n" + lines(60, i -> i * i % 31 + "," + i % 7 + "," + "xyz".charAt(i % 3)));

        assertThat(anomalyTable(options)).isEqualTo(1);

        assertThat(text()).contains(message).doesNotContain("\tat ").doesNotContain("report.html");
    }

    @Test
    void newRowsWithoutATable_areRefused() {
        assertThat(run("anomaly-table", "--new", "x.csv", "--out", out.toString()))
                .isEqualTo(1);
        assertOneSentence("--new: must come with --csv, a table of normal rows, got x.csv alone");
    }

    private int anomalyTable(String options) {
        return run(
                ("anomaly-table --csv " + out.resolve("own.csv") + " --out " + out.resolve("results") + " " + options)
                        .split(" +"));
    }

    /** The launcher prints one line for any file that cannot be read. */
    @ParameterizedTest
    @ValueSource(strings = {"select-columns", "table-vae", "anomaly-table"})
    void directoryAndEmptyFile_areRefused(String example) throws IOException {
        assertThat(run(
                        example,
                        "--csv",
                        out.toString(),
                        "--out",
                        out.resolve("x").toString()))
                .isEqualTo(1);
        assertOneSentence("must be a file, got a directory");
        assertThat(run(
                        example,
                        "--csv",
                        file(" \n\n").toString(),
                        "--out",
                        out.resolve("x").toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("must have a row of values, got an empty file")
                .doesNotContain("\tat ");
    }

    /** A thousand notes would hide the figures. */
    @Test
    void notesOfAWideTable_areCutShort() throws IOException {
        file(lines(1, i -> IntStream.range(0, 200).mapToObj(j -> "c" + j).collect(Collectors.joining(",")))
                + lines(40, i -> IntStream.range(0, 200)
                        .mapToObj(j -> j < 190 ? "7" : Integer.toString((i * j) % 11))
                        .collect(Collectors.joining(","))));

        assertThat(select("--k 1")).isZero();

        assertThat(text())
                .contains("\n  c0: left out")
                .contains("and 162 more notes")
                .doesNotContain("\n  c100: left out");
    }
}
