package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

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
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that people have: each is read as a person would, or refused with a sentence that names a setting. */
class AnyFileTest {

    private static final String OPTION = "(?s).*\\b(charset|delimiter|decimalSeparator|header|label|target|ignore|keep"
            + "|categorical|dates|counts|mostLevels|missing|infinityIsMissing|imputation|unseenLevel)\\(.*";

    @TempDir
    private Path directory;

    private Path file(String content, Charset... charset) throws IOException {
        Path file = directory.resolve("table.csv");
        return charset.length == 0 ? Files.writeString(file, content) : Files.writeString(file, content, charset[0]);
    }

    private FeatureTable read(String content) throws IOException {
        return new TableReader.Builder().build().read(file(content));
    }

    private static String lines(int count, IntFunction<String> line) {
        return IntStream.range(0, count).mapToObj(line).collect(Collectors.joining("\n", "", "\n"));
    }

    /** FastCSV's handler of records allows 16,384 fields; the beginning of a row of 200,000 values fills the sample. */
    @Tag("slow")
    @ParameterizedTest
    @ValueSource(ints = {16_385, 200_000})
    void wideTable_isRead(int columns) throws IOException {
        String heading = IntStream.range(0, columns).mapToObj(j -> "g" + j).collect(Collectors.joining(","));
        FeatureTable table = read(heading + "\n"
                + lines(4, i -> IntStream.range(0, columns)
                        .mapToObj(j -> Integer.toString((i + j) * (i + 3) % 11))
                        .collect(Collectors.joining(","))));
        assertThat(table.schema().columnNames().size()).isGreaterThan(columns / 2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "[{\"a\":1,\"b\":2},/{\"a\":3,\"b\":4}]/", // JSON: IndexOutOfBoundsException
                "\"x\"y,2/3,4/",
                "\"a\"b/"
            })
    void firstLineThatIsNoRecord_isRefused(String content) throws IOException {
        Path file = file(content.replace('/', '\n'));
        assertThatThrownBy(() -> new TableReader.Builder().build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("row 1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"UTF-16LE", "UTF-16BE", "UTF-32LE", "UTF-32BE"})
    void wideCharactersWithoutAMark_areReadOrRefused_neverAsNulCharacters(String charset) throws IOException {
        Path file = file("town;x\nUlm;1\nBonn;2\nUlm;4\n", Charset.forName(charset));
        try {
            assertThat(new TableReader.Builder().build().read(file).names()).containsExactly("town[Ulm]", "x");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("charset(");
        }
    }

    @ParameterizedTest
    @CsvSource({"PK\u0003\u0004, zip", "PAR1, Parquet", "SQLite format 3, SQLite", "\u0089PNG, PNG"})
    void fileThatIsNoText_isRefusedByItsKind(String magic, String kind) throws IOException {
        byte[] bytes = new byte[4_000];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37);
        }
        byte[] begin = magic.getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(begin, 0, bytes, 0, begin.length);
        Path file = Files.write(directory.resolve("table.xlsx"), bytes);
        assertThatThrownBy(() -> new TableReader.Builder().build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a text file")
                .hasMessageNotContaining("windows-1252"); // the remedy of today is what was tried
    }

    /** One wide text column of one-hots, exit 0, is case 1 with another delimiter. */
    @ParameterizedTest
    @ValueSource(strings = {" ", "^", ":", "~", "\u0001"})
    void otherDelimiter_isDetectedOrAskedFor_neverOneTextColumn(String delimiter) throws IOException {
        Path file = file("a b c\n".replace(" ", delimiter)
                + lines(40, i -> i * i % 7 + delimiter + i % 5 + delimiter + "xyz".charAt(i % 3)));
        try {
            assertThat(new TableReader.Builder().build().read(file).schema().columnNames())
                    .containsExactly("a", "b", "c");
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("delimiter('" + delimiter + "')");
        }
    }

    /** Message 8 of the list: what the line looks like. */
    @Test
    void wrongDelimiter_isToldFromTheRows() throws IOException {
        Path file = file("a;b;c\n1;2,5;3\n4;5;6\n");
        assertThatThrownBy(
                        () -> new TableReader.Builder().delimiter(',').build().read(file))
                .hasMessageContaining("looks like ';'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "sep=;/a;b/1;2/3;5/4;1/", // Excel
                "# by a logger/# 2024/a,b/1,2/3,5/4,1/", // comments
                "Report of 2024//a,b,c/1,2,3/3,5,1/4,1,9/", // a title above the names
                "a,b/1,2/# a note/3,5/4,1/",
                "a,t/1,\"u, v\"/2, \"w, x\"/3, \"u, v\"/", // blanks before a quote
                "a,b,c/1,2/3,4,5/",
                "a,b/1,2,/3,4,/5,1,/" // a delimiter at the end of each row
            })
    void commonKindsOfFiles_areReadOrRefusedWithASetting(String content) throws IOException {
        Path file = file(content.replace('/', '\n'));
        try {
            new TableReader.Builder().build().read(file);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).matches(OPTION);
        }
    }

    /** As R's write.table has it: a heading less than values, for the names of rows. Case 7 in another form. */
    @Test
    void rowNamesWithoutAHeading_areLeftOut() throws IOException {
        FeatureTable table = read("speed\tdist\n" + lines(30, i -> "car " + i + "\t" + i * i % 7 + "\t" + i % 5));
        assertThat(table.names()).containsExactly("speed", "dist");
    }

    /** Case 13 in other forms: numbers with a sign that the parser does not know become categories silently. */
    @ParameterizedTest
    @ValueSource(
            strings = {"%d.5%%", "%d,5 %%", "$%d.50", "%d,50 €", "%d kg", "\u2212%d.5", "1\u00a0%03d,5", "1'%03d.5"})
    void numbersWithASign_areNumbers_orANoteSaysThatTheyAreNot(String format) throws IOException {
        FeatureTable table = read("a;b\n" + lines(60, i -> String.format(format, i % 9) + ";" + i % 7));
        boolean number = table.schema().areQuantities().get(0);
        boolean noted =
                table.schema().notes().stream().anyMatch(note -> note.startsWith("a:") && note.contains("number"));
        assertThat(number || noted).isTrue();
    }

    /** 1.234.567 has two groups, so its points are no decimal points. */
    @Test
    void groupsOfThousands_tellTheDecimalSeparator() throws IOException {
        FeatureTable table = read("sum;b\n" + lines(40, i -> "1.234." + (100 + i) + ";" + i % 7));
        assertThat(table.decode().get(1).get(0)).isEqualTo("1234101");
    }

    @Test
    void leadingZeros_areNotedBeforeTheyGetLost() throws IOException {
        FeatureTable table = read("zip,b\n" + lines(40, i -> "0" + (1_000 + i * i % 17) + "," + i % 7));
        assertThat(table.schema().notes())
                .anyMatch(note -> note.startsWith("zip:") && note.contains("categorical(\"zip\")"));
    }

    /** A constant cannot be kept. */
    @ParameterizedTest
    @ValueSource(strings = {"a,b,c\n1,2,3\n", "a,b\n1,2\n1,2\n", "1.5,2.5\n", "a,b,c\n"})
    void tableOfConstants_isRefusedWithARemedyThatHelps(String content) throws IOException {
        Path file = file(content);
        assertThatThrownBy(() -> new TableReader.Builder().build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageNotContaining("keep(…)");
        assertThatThrownBy(() -> new TableReader.Builder().keep("a").build().read(file))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "3/%d/2024 10:05 PM",
                "2024-03-%02d 10:05:00 UTC",
                "2024-03-%02dT10:05:00+01:00[Europe/Berlin]",
                "%02d-Mar-24",
                "%d. März 2024",
                "%02d Mar 2024 10:00:00 GMT"
            })
    void date_isNoCategory(String format) throws IOException {
        FeatureTable table = read("t;x\n" + lines(60, i -> String.format(format, 1 + i % 28) + ";" + i % 7));
        assertThat(table.schema().notes()).anyMatch(note -> note.contains("it has dates; dates(\"t\") encodes them"));
    }

    /** A named token is compared as the file writes numbers. */
    @Test
    void namedNumber_isMissing_alsoWithADecimalComma() throws IOException {
        FeatureTable table =
                new TableReader.Builder().missing("-9,5").build().read(file("a;b\n1,5;2\n-9,5;3\n3,5;5\n"));
        assertThat(table.schema().notes()).anyMatch(note -> note.startsWith("a: 1 of 3 values are missing"));
    }

    @Test
    void spellingsOfNaN_areMissingNumbers() throws IOException {
        FeatureTable table = read("a,b\n"
                + lines(
                        60,
                        i -> List.of("1", "-nan", "3", "-NaN", "7", "nan(ind)", "9")
                                        .get(i % 7) + "," + i % 5));
        assertThat(table.names()).containsExactly("a", "b");
    }

    @Tag("slow")
    @Test
    void cellOfMillionsOfCharacters_isRefusedForItsLength() throws IOException {
        Path file = file("a,t\n1,\"" + "x".repeat(20_000_000) + "\"\n2,y\n");
        assertThatThrownBy(() -> new TableReader.Builder().build().read(file)).hasMessageContaining("characters");
    }

    @Test
    void undecodableText_isNotToldToUseTheCharsetThatFailed() throws IOException {
        Path file = file("t,x\n東京,1\n大阪,2\n東京,4\n", Charset.forName("Shift_JIS"));
        assertThatThrownBy(() -> new TableReader.Builder().build().read(file))
                .hasMessageContaining("set charset(…)")
                .hasMessageNotContaining("such as windows-1252");
    }

    @Test
    void labelOfTooManyTexts_isNotToldToIgnoreTheLabel() throws IOException {
        Path file = file("x,y\n" + lines(1_500, i -> i % 7 + ",t" + i));
        assertThatThrownBy(() -> new TableReader.Builder().label("y").build().read(file))
                .hasMessageNotContaining("ignore the column");
    }

    @Test
    void number_isDecodedAsItIsWritten() throws IOException {
        assertThat(read("a,b\n" + lines(40, i -> i + ".5E+03," + i % 7))
                        .decode()
                        .get(0)
                        .get(0))
                .isEqualTo("500");
        assertThat(read("a,b\n0.73,0.0006\n0.24,0.00025\n0.47,0.0019\n").decode())
                .isEqualTo(List.of(List.of("0.73", "0.0006"), List.of("0.24", "0.00025"), List.of("0.47", "0.0019")));
    }

    @Test
    void nullFile_isRefusedByName() {
        assertThatThrownBy(() -> new TableReader.Builder().build().read(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("file must be given, got null");
    }

    /** Bytes that matter to a reader, in any order. */
    @Tag("slow")
    @Test
    void anyBytes_areReadOrRefused() throws IOException {
        byte[] alphabet = "a1,;\t|\"\n\r.-#'\\=\u00e9\u0000 ".getBytes(StandardCharsets.ISO_8859_1);
        Random random = new Random(6);
        for (int i = 0; i < 3_000; i++) {
            byte[] bytes = new byte[random.nextInt(60)];
            for (int j = 0; j < bytes.length; j++) {
                bytes[j] = alphabet[random.nextInt(alphabet.length)];
            }
            Path file = Files.write(directory.resolve("any.csv"), bytes);
            assertThatCode(() -> readOrRefuse(file))
                    .as(new String(bytes, StandardCharsets.ISO_8859_1))
                    .doesNotThrowAnyException();
        }
    }

    private static void readOrRefuse(Path file) {
        try {
            new TableReader.Builder().build().read(file);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageStartingWith("TableReader: " + file);
        }
    }
}
