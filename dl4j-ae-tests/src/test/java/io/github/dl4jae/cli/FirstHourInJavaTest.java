package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the ten lines of the README in a JVM of their own, beside the two tables that they read. */
@Tag("slow")
class FirstHourInJavaTest {

    private static final int[] ALL = {0, 1, 2, 3, 4, 5};
    private static final int BROKEN = 41;
    private static final Pattern SNIPPET =
            Pattern.compile("((?:<!-- snippet: imports [^\n]* -->\n)+)```java\n([^`]*TableStream[^`]*)```");
    private static final Pattern SCORE =
            Pattern.compile("RowScore\\[score=(.*), worstColumn=(.*), worstError=(.*), missing=(.*)]");

    @TempDir
    private static Path directory;

    private static List<String> code;
    private static List<String> output;

    @BeforeAll
    static void run() throws IOException, InterruptedException {
        List<List<String>> newer = Sensors.rows(100, 2);
        newer.get(BROKEN)
                .set(1, String.valueOf(Double.parseDouble(newer.get(BROKEN).get(1)) + 40));
        newer.get(7).set(2, "");
        Sensors.write(directory.resolve("sensors.csv"), Sensors.rows(600, 1), ALL);
        Sensors.write(directory.resolve("new.csv"), newer, ALL);

        Path source = Files.write(directory.resolve("FirstHour.java"), source());
        Path out = directory.resolve("output.txt");
        Process process = JavaProcess.of("1g", "1g", source.toString())
                .directory(directory.toFile())
                .redirectOutput(out.toFile())
                .redirectError(directory.resolve("errors.txt").toFile())
                .start();
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue())
                .as(Files.readString(directory.resolve("errors.txt")))
                .isZero();
        output = Files.readAllLines(out);
    }

    /** Returns a class whose {@code main} has the lines of the README. */
    private static List<String> source() throws IOException {
        Matcher snippet = SNIPPET.matcher(Files.readString(Path.of("..", "README.md")));
        assertThat(snippet.find()).isTrue();
        code = snippet.group(2).lines().toList();
        List<String> source = new ArrayList<>();
        Pattern.compile("\\w+(\\.\\w+)+")
                .matcher(snippet.group(1))
                .results()
                .forEach(name -> source.add("import " + name.group() + ";"));
        source.add("class FirstHour { public static void main(String[] arguments) throws Exception {");
        source.addAll(code);
        source.add("}}");
        return source;
    }

    @Test
    void code_hasTenLinesAtMost() {
        assertThat(code).hasSizeLessThanOrEqualTo(10);
    }

    @Test
    void row_withBrokenSensor_hasTheLargestScoreAndNamesIt() {
        assertThat(output).hasSize(100);
        double[] scores = output.stream()
                .mapToDouble(line -> Double.parseDouble(parts(line).get(0)))
                .toArray();
        int[] order = IntStream.range(0, scores.length)
                .boxed()
                .sorted((i, j) -> Double.compare(scores[j], scores[i]))
                .mapToInt(i -> i)
                .toArray();

        assertThat(order[0]).isEqualTo(BROKEN);
        assertThat(parts(output.get(BROKEN)).get(1)).isEqualTo("pressure");
        assertThat(scores[BROKEN]).isGreaterThan(10 * scores[order[1]]);
        assertThat(parts(output.get(7)).get(3)).as("missing values").isEqualTo("1");
    }

    @Test
    void scores_areThoseOfTheCommand() {
        CommandRun run = CommandRun.of(
                "score", "--model", directory.resolve("m.zip"), "--csv", directory.resolve("new.csv"), "--out", "-");

        List<String> expected = run.out().lines().skip(1).toList();
        assertThat(output).hasSameSizeAs(expected);
        assertThat(IntStream.range(0, output.size()).mapToObj(i -> csv(i + 1, parts(output.get(i)))))
                .containsExactlyElementsOf(expected);
    }

    private static String csv(int row, List<String> parts) {
        return row + "," + (float) Double.parseDouble(parts.get(0)) + "," + parts.get(1) + ","
                + (float) Double.parseDouble(parts.get(2)) + "," + parts.get(3);
    }

    private static List<String> parts(String line) {
        Matcher score = SCORE.matcher(line);
        assertThat(score.matches()).as(line).isTrue();
        return List.of(score.group(1), score.group(2), score.group(3), score.group(4));
    }
}
