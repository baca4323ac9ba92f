package io.github.dl4jae.tabular;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TableFormatTest {

    @TempDir
    private Path directory;

    private Path file(String content) throws IOException {
        return Files.writeString(directory.resolve("table.csv"), content);
    }

    /** {@code /} stands for the end of a line, and {@code >} for a tab. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '!',
            value = {
                "a,b/1,2/3,4                       ! , ! . ! true",
                "a;b/0,5;1/1,5;2                   ! ; ! , ! true",
                "a>b/0,5>1/1,5>2                   ! > ! , ! true",
                "a|b/1|x, y/2|z                    ! | ! . ! true",
                "a;b/1.5;2/2.5;1                   ! ; ! . ! true",
                "a;b/1,5;2.5/2,5;1.5               ! ; ! . ! true", // ambiguous: groups would be malformed
                "name;preis/A;1.234,50/B;12,00     ! ; ! , ! true",
                "city,pop/A,\"1,234\"/B,\"23,456\" ! , ! . ! true",
                "city,x/A,\"1,5\"/B,\"23,25\"      ! , ! , ! true",
                "0,5;1/1,5;2                       ! ; ! , ! false",
                "5.1,3.5,a/4.9,3.0,a/7.0,3.2,b     ! , ! . ! false",
                "country,1990,1991/DE,5,3/FR,2,1   ! , ! . ! true",
                "1990,1991/5.5,3/2,1               ! , ! . ! true",
                "red,round/blue,square/red,square  ! , ! . ! false",
                "color,form/blue,square/red,square ! , ! . ! true",
                ",a,b/1,5,2/2,6,9                  ! , ! . ! true",
                "x/1/2                             ! , ! . ! true",
                "x/,/a                             ! , ! . ! true",
                "a,b/NA,1/3,2                      ! , ! . ! true"
            })
    void format_isDetected(String content, String delimiter, char decimal, boolean header) throws IOException {
        TableFormat format = TableFormat.detect(file(content.replace('/', '\n').replace('>', '\t')));

        assertThat(format)
                .isEqualTo(new TableFormat(
                        StandardCharsets.UTF_8, delimiter.replace('>', '\t').charAt(0), decimal, header));
    }

    @ParameterizedTest
    @CsvSource({"windows-1252, windows-1252", "UTF-8, UTF-8", "UTF-16, UTF-16BE", "UTF-16LE, UTF-16LE"})
    void charset_isDetected(Charset written, Charset detected) throws IOException {
        String text = (written.equals(StandardCharsets.UTF_16LE) ? "\uFEFF" : "") + "town,x\nKöln,1\nBonn,2\n";
        Path file = Files.write(directory.resolve("table.csv"), text.getBytes(written));

        assertThat(TableFormat.detect(file).charset()).isEqualTo(detected);
        FeatureTable table = new TableReader.Builder().build().read(file);
        assertThat(table.names()).containsExactly("town[Köln]", "x");
        assertThat(table.schema().notes().get(0)).startsWith("format: " + detected);
    }

    @Test
    void byteOrderMark_isNoPartOfAName() throws IOException {
        assertThat(new TableReader.Builder()
                        .build()
                        .read(file("\uFEFFa,b\n1,2\n3,5\n"))
                        .names())
                .containsExactly("a", "b");
    }

    /** The first 256 KB are ASCII. */
    @Test
    void charset_thatShowsLate_isFound() throws IOException {
        String text = "town,x\n" + "Ulm,1\nBonn,2\n".repeat(30_000) + "Köln,3\n";
        Path file = Files.write(directory.resolve("table.csv"), text.getBytes(FormatDetector.LAST_RESORT));

        FeatureTable table = new TableReader.Builder().build().read(file);

        assertThat(table.schema().format().charset()).isEqualTo(FormatDetector.LAST_RESORT);
        assertThat(table.names()).contains("town[Köln]");
        assertThatThrownBy(() -> new TableReader.Builder()
                        .charset(StandardCharsets.UTF_8)
                        .build()
                        .read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be text in UTF-8, got bytes that are not; set charset(…)");
    }

    @Test
    void compressedFile_isRead() throws IOException {
        Path file = directory.resolve("table.csv.gz");
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(file))) {
            out.write("a;b\n1;2,5\n3;4,5\n".getBytes(StandardCharsets.UTF_8));
        }
        assertThat(new TableReader.Builder().build().read(file).decode().get(1)).containsExactly("3", "4,5");
    }

    @Test
    void whatIsSet_isNotDetected() throws IOException {
        Path file = file("1;2,5\n3;4,7\nx,6\n");
        FeatureTable table = new TableReader.Builder()
                .header(true)
                .delimiter(',')
                .decimalSeparator('.')
                .charset(StandardCharsets.ISO_8859_1)
                .build()
                .read(file);
        assertThat(table.schema().format())
                .isEqualTo(new TableFormat(StandardCharsets.ISO_8859_1, ',', '.', true))
                .hasToString("ISO-8859-1, ',' between values, decimal point, header");
    }

    @Test
    void wrongSettings_areRefused() {
        assertThatThrownBy(() -> new TableFormat(StandardCharsets.UTF_8, ',', ' ', true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("TableFormat: decimalSeparator must be '.' or ',', got ' '");
        assertThatThrownBy(() -> new TableFormat(StandardCharsets.UTF_8, '"', '.', true))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the delimiter must be a character that values do not contain, got '\"'");
    }
}
