package io.github.dl4jae.tabular;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilePartsTest {

    private static final TableFormat FORMAT = new TableFormat(StandardCharsets.UTF_8, ',', '.', true);

    @TempDir
    private Path directory;

    private Path write(String text, Charset charset) throws IOException {
        return Files.write(directory.resolve("t.csv"), text.getBytes(charset));
    }

    private static List<String> rows(FileParts parts, TableFormat format) {
        return parts
                .map(part -> {
                    List<String> values = new ArrayList<>();
                    try (TableRows rows = parts.open(part, format, 2, new boolean[] {false, true})) {
                        rows.forEachRemaining(row -> values.add(row.number(0) + " " + row.text(1)));
                    }
                    return values;
                })
                .stream()
                .flatMap(List::stream)
                .toList();
    }

    private static String table(int rows, String lineEnd) {
        StringBuilder text = new StringBuilder("a,b").append(lineEnd);
        SplittableRandom random = new SplittableRandom(3);
        for (int i = 0; i < rows; i++) {
            text.append(i)
                    .append(',')
                    .append("ä".repeat(1 + random.nextInt(30)))
                    .append(lineEnd);
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 5, 37, 64, 200, 1000, 3000})
    void parts_ofAnySize_haveTheRowsOfTheWhole(int size) throws IOException {
        Path file = write(table(200, "\r\n"), StandardCharsets.UTF_8);

        FileParts parts = FileParts.of(file, FORMAT, size);

        assertThat(parts.count()).isGreaterThan(1);
        assertThat(rows(parts, FORMAT)).hasSize(200).isEqualTo(rows(FileParts.whole(file), FORMAT));
    }

    @Test
    void byteOrderMark_isSkippedInTheFirstPart() throws IOException {
        Path file = write("\uFEFF" + table(50, "\n"), StandardCharsets.UTF_8);

        FileParts parts = FileParts.of(file, FORMAT, 100);

        assertThat(rows(parts, FORMAT)).isEqualTo(rows(FileParts.whole(file), FORMAT));
    }

    @Test
    void fileWithoutHeader_hasNoneInAnyPart() throws IOException {
        TableFormat format = new TableFormat(StandardCharsets.UTF_8, ',', '.', false);
        Path file = write(table(50, "\n").substring("a,b\n".length()), StandardCharsets.UTF_8);

        assertThat(rows(FileParts.of(file, format, 100), format)).hasSize(50);
    }

    /** A line end within quotes is no end of a row. */
    @ParameterizedTest
    @ValueSource(strings = {"1,\"x\ny\"\n", "1,x \"y\"\n", "\"1\",x\n"})
    void fileWithAQuote_isReadAsAWhole(String row) throws IOException {
        Path file = write(table(50, "\n") + row + table(50, "\n").substring("a,b\n".length()), StandardCharsets.UTF_8);
        FileParts parts = FileParts.of(file, FORMAT, 100);
        assertThatThrownBy(() -> rows(parts, FORMAT)).isInstanceOf(UnquotedRecords.QuoteException.class);

        List<String> rows = FileParts.read(parts, each -> rows(each, FORMAT));

        assertThat(rows).hasSize(101).isEqualTo(rows(FileParts.whole(file), FORMAT));
    }

    /** Without quotes, the parser of parts finds what FastCSV finds. */
    @Test
    void unquotedTexts_haveTheRowsOfTheStandardParser() throws IOException {
        String alphabet = "ab1234567890.,,,-+eE \n\n\r";
        SplittableRandom random = new SplittableRandom(9);
        for (int i = 0; i < 500; i++) {
            StringBuilder text = new StringBuilder();
            for (int j = random.nextInt(200); j > 0; j--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            Path file = write(text.toString(), StandardCharsets.UTF_8);

            assertThat(valuesOrMistake(file, false)).as(text.toString()).isEqualTo(valuesOrMistake(file, true));
        }
    }

    private static String valuesOrMistake(Path file, boolean quotes) throws IOException {
        TableFormat format = new TableFormat(StandardCharsets.UTF_8, ',', '.', false);
        StringBuilder values = new StringBuilder();
        try (TableRows rows = new TableRows(
                file, format, 3, new boolean[] {false, false, true}, Files.newInputStream(file), quotes)) {
            while (rows.hasNext()) {
                TableRow row = rows.next();
                for (int j = 0; j < 3; j++) {
                    values.append(row.number(j)).append(row.text(j)).append(row.isNumber(j) ? row.decimals(j) : 0);
                }
            }
        } catch (IllegalArgumentException e) {
            values.append("refused");
        }
        return values.toString();
    }

    @Test
    void fileOfWideCharacters_isOnePart() throws IOException {
        Path file = write(table(50, "\n"), StandardCharsets.UTF_16LE);

        assertThat(FileParts.of(file, new TableFormat(StandardCharsets.UTF_16LE, ',', '.', true), 100)
                        .count())
                .isOne();
    }

    @Test
    void fileWithoutLineFeeds_isOnePart() throws IOException {
        Path file = write(table(50, "\r"), StandardCharsets.UTF_8);

        assertThat(FileParts.of(file, FORMAT, 100).count()).isOne();
        assertThat(rows(FileParts.of(file, FORMAT, 100), FORMAT)).hasSize(50);
    }

    /** Writes more than two parts; the digits differ in length. */
    private Path large(String badRow) throws IOException {
        Path file = directory.resolve("large.csv");
        SplittableRandom random = new SplittableRandom(11);
        try (BufferedWriter out = Files.newBufferedWriter(file)) {
            out.write("id,x,y,color\n");
            for (int i = 0; i < 1_600_000; i++) {
                out.write((i + 1) + "," + Math.rint(1e9 * random.nextGaussian()) / 1e6 + "," + random.nextInt(4) + ","
                        + (random.nextInt(3) == 0 ? "" : random.nextInt(2) == 0 ? "red" : "green") + "\n");
                if (i == 800_000) {
                    out.write(badRow);
                }
            }
        }
        return file;
    }

    @Test
    @Tag("slow")
    void largeFile_inParts_isReadAsOneStream() throws IOException {
        Path file = large("");
        assertThat(FileParts.of(file, FORMAT).count()).isGreaterThan(1);
        Path compressed = directory.resolve("large.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(compressed))) {
            Files.copy(file, out);
        }
        TableReader reader = new TableReader.Builder().build();

        FeatureTable inParts = reader.read(file);
        FeatureTable whole = reader.read(compressed);

        assertThat(inParts.schema().names()).containsExactly("x", "y", "color[red]");
        assertThatArray(inParts.features()).isCloseTo(whole.features(), 1e-6);
        assertThat(inParts.present()).isEqualTo(whole.present());
        assertThat(inParts.schema().notes()).isEqualTo(whole.schema().notes());
        assertThatArray(inParts.schema().read(file).features()).isEqualTo(inParts.features());
    }

    @Test
    @Tag("slow")
    void largeFile_withAMistake_saysTheRow() throws IOException {
        Path file = large("1,2\n");

        assertThatThrownBy(() -> new TableReader.Builder().build().read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have 4 values in every row, got 2 in row 800002");
    }
}
