package io.github.dl4jae.examples.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ReportTest {

    @TempDir
    private Path out;

    private String written(Report report) throws IOException {
        report.write();
        return Files.readString(out.resolve("report.html"));
    }

    @Test
    void report_hasFormulaTablesAndPictures_inThisOrder() throws IOException {
        BufferedImage picture = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);

        String html = written(new Report("A <title>", "An introduction.", out)
                .formula("squared-error", "Minimized by A & B.")
                .picture("picture", "A caption.", () -> picture)
                .table("method", "error in dB")
                .row("first", "1.50")
                .figure("training time in seconds", 2.5));

        assertThat(html)
                .containsSubsequence(
                        "<title>A &lt;title&gt;</title>",
                        "<h1>A &lt;title&gt;</h1>",
                        "<p>An introduction.</p>",
                        "<math display=\"block\">",
                        "Minimized by A &amp; B.",
                        "<th scope=\"col\">method</th><th scope=\"col\" class=\"number\">error in dB</th>",
                        "<th scope=\"row\">training time in seconds</th><td class=\"number\">2.500</td>",
                        "<img alt=\"picture\" width=\"30\" height=\"20\" src=\"data:image/png;base64,",
                        "A caption.")
                .doesNotContain("<script", "href=");
    }

    @Test
    void head_hasThePropertiesForTheIndex() throws IOException {
        String html = written(new Report("A & B", "", out)
                .count("seed", 42)
                .picture("p", "", () -> new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB)));

        Map<String, String> properties = HtmlPage.properties(html.substring(0, html.indexOf("<style>")));
        assertThat(properties)
                .containsEntry("dl4j-ae:title", "A &amp; B")
                .containsEntry("dl4j-ae:figure", "seed: 42")
                .containsEntry("dl4j-ae:picture", "p.png")
                .containsKeys("generator", "dl4j-ae:written");
    }

    @Test
    void images_haveALabelPerRow_andFifteenColumns() throws IOException {
        INDArray many = Nd4j.zeros(40, 784);
        written(new Report("t", "", out)
                .images("few", "", new ImageRow("original", Nd4j.zeros(3, 784)))
                .images("many", "", new ImageRow("original", many), new ImageRow("reconstruction", many)));

        BufferedImage few = ImageIO.read(out.resolve("few.png").toFile());
        BufferedImage both = ImageIO.read(out.resolve("many.png").toFile());
        assertThat(few.getWidth()).isBetween(3 * 58 + 40, 3 * 58 + 120);
        assertThat(both.getWidth()).isBetween(15 * 58 + 60, 15 * 58 + 160);
        assertThat(both.getHeight()).isEqualTo(2 + 2 * 58);
    }

    @Test
    void unknownFormula_isRefused() {
        Report report = new Report("t", "", out);
        assertThatThrownBy(() -> report.formula("nothing", ""))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "formula must be a resource, got nothing; add /io/github/dl4jae/examples/formulas");
    }
}
