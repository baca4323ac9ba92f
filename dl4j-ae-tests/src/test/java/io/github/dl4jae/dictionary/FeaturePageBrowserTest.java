package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The page in a browser: what its script shows for each state of the address. */
class FeaturePageBrowserTest {

    @TempDir
    private static Path directory;

    private static HeadlessBrowser browser;
    private static Path page;

    @BeforeAll
    static void write() {
        browser = HeadlessBrowser.find();
        page = SmallPages.builder().build().write(directory.resolve("page.html"));
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private RenderedPage open(String fragment) throws IOException, InterruptedException {
        return new RenderedPage(browser.dom(page, fragment, directory));
    }

    @Test
    void page_withoutState_showsTheMostFrequentFeatureWithItsPictures() throws IOException, InterruptedException {
        RenderedPage shown = open("");

        assertThat(shown.count()).isEqualTo("30 of 40 features");
        assertThat(shown.rows().subList(0, 5)).containsExactly(29, 28, 27, 26, 25);
        assertThat(shown.feature()).isEqualTo(29);
        assertThat(shown.examples("strongest")).containsExactly(29, 28);
        FeatureStatistics statistics = SmallPages.statistics();
        for (int band = 0; band < 3; band++) {
            assertThat(shown.examples(String.valueOf(band)))
                    .containsExactlyElementsOf(statistics.band(29, band).stream()
                            .map(FeatureExample::example)
                            .toList());
        }
        assertThat(shown.canvases()).isPositive().isEqualTo(shown.drawnCanvases());
        assertThat(shown.text())
                .contains("Feature 29")
                .contains("50.0 %")
                .contains("explained variance")
                .contains("Switched off")
                .contains("Nearest by direction");
    }

    static Stream<Arguments> states() {
        List<Integer> dead = IntStream.range(30, 40).boxed().toList();
        return Stream.of(
                Arguments.of("show=dead&sort=number", dead, "10 of 40 features"),
                Arguments.of("show=all&sort=number&order=desc", List.of(39, 38, 37), "40 of 40 features"),
                Arguments.of("q=3%2C+10-12&sort=number", List.of(3, 10, 11, 12), "4 of 40 features"),
                Arguments.of("q=HANDLES", List.of(7), "1 of 40 features"),
                Arguments.of("q=coat&sort=frequency&order=asc", List.of(0, 1, 2), "30 of 40 features"),
                Arguments.of("class=Coat&sort=frequency", List.of(18, 17, 16), "19 of 40 features"),
                Arguments.of("class=" + encoded(SmallPages.HOSTILE), List.of(28, 27, 26), "10 of 40 features"),
                Arguments.of("min=0.1&max=0.2&sort=number", List.of(5, 6, 7, 8, 9, 10, 11), "7 of 40 features"),
                Arguments.of("sort=maximum", List.of(0, 1, 2), "30 of 40 features"),
                Arguments.of("sort=effect", List.of(6, 13, 20, 27, 5), "30 of 40 features"),
                Arguments.of("sort=purity&order=asc", List.of(29, 28, 27), "30 of 40 features"),
                Arguments.of("q=nothing", List.of(), "0 of 40 features"));
    }

    @ParameterizedTest
    @MethodSource("states")
    @Tag("slow")
    void list_ofAState_showsWhatMatchesInOrder(String fragment, List<Integer> first, String count)
            throws IOException, InterruptedException {
        RenderedPage shown = open(fragment);

        assertThat(shown.count()).isEqualTo(count);
        assertThat(shown.rows()).startsWith(first.toArray(Integer[]::new));
    }

    @Test
    @Tag("slow")
    void feature_ofTheAddress_isShownWithHostileTextsAsText() throws IOException, InterruptedException {
        RenderedPage shown = open("feature=7");

        assertThat(shown.feature()).isEqualTo(7);
        assertThat(shown.dom())
                .doesNotContain("<title>hacked")
                .doesNotContain("<img")
                .contains("handles of bags &lt;/script&gt;&lt;img src=x");
        assertThat(shown.selected()).isEqualTo(7);
    }

    @Test
    @Tag("slow")
    void feature_withASteeringCurve_showsIt() throws IOException, InterruptedException {
        assertThat(open("feature=4").dom())
                .contains("Mean outputs when the feature is set to a value: Coat from 0.1 to 0.6");
        assertThat(open("feature=5").dom()).doesNotContain("Set to a value");
    }

    @Test
    @Tag("slow")
    void feature_thatIsDead_showsItsDirectionOnly() throws IOException, InterruptedException {
        RenderedPage shown = open("feature=35&show=all");

        assertThat(shown.feature()).isEqualTo(35);
        assertThat(shown.text()).contains("Direction").doesNotContain("Examples by quantile");
    }

    @Test
    @Tag("slow")
    void keys_moveThroughTheListAndClearFilters() throws IOException, InterruptedException {
        assertThat(pressed("'ArrowDown', 'j', 'j', 'k'", "").feature()).isEqualTo(27);
        assertThat(pressed("'End'", "").feature()).isZero();
        assertThat(pressed("'End', 'ArrowUp'", "").selected()).isEqualTo(1);
        assertThat(pressed("'Escape'", "q=7").count()).isEqualTo("30 of 40 features");
        assertThat(pressed("'t'", "theme=dark").dom()).contains("data-theme=\"light\"");
    }

    private RenderedPage pressed(String keys, String fragment) throws IOException, InterruptedException {
        Path copy = directory.resolve("keys.html");
        String press = """
                <script>
                for (const key of [%s]) {
                  document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
                }
                </script>
                </body>""".formatted(keys);
        Files.writeString(copy, Files.readString(page).replace("</body>", press));
        return new RenderedPage(browser.dom(copy, fragment, directory));
    }

    @Test
    @Tag("slow")
    void view_ofSeries_drawsAChartOfEachChannelAndMarksTheStep() throws IOException, InterruptedException {
        FeatureCollector collector = new FeatureCollector.Builder().units(2).build();
        collector.add(SparseCodes.of(Nd4j.createFromArray(new double[][] {{0, 0}, {0, 3}, {1, 0}})), null, 3);
        FeatureStatistics statistics = collector.statistics(Nd4j.eye(2));
        INDArray series = Nd4j.createFromArray(new double[][] {{0, 1, 2}, {5, 5, 10}});
        Path file = new FeaturePage.Builder()
                .statistics(statistics)
                .examples(ExampleView.series(i -> series, List.of("a", "b"), 3))
                .directions(Nd4j.eye(2), List.of("a <b>", "b"))
                .build()
                .write(directory.resolve("series.html"));

        RenderedPage shown = new RenderedPage(browser.dom(file, "feature=1", directory));

        assertThat(shown.dom())
                .contains("points=\"0.0,32.0 50.0,17.9 100.0,4.0\"")
                .contains("points=\"0.0,32.0 50.0,32.0 100.0,4.0\"")
                .contains("x1=\"50\" x2=\"50\"")
                .contains("Example 0, activation 3, position 1");
    }

    @Test
    @Tag("slow")
    void view_ofATable_showsTheColumnsFarthestFromTheMean() throws IOException, InterruptedException {
        double[][] rows = new double[SmallPages.EXAMPLES][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = new double[] {i % 2, i == 29 ? 900 : 1, 4};
        }
        INDArray table = Nd4j.createFromArray(rows);
        Path file = SmallPages.builder()
                .examples(ExampleView.table(table::getRow, List.of("odd", "price <i>", "same")))
                .build()
                .write(directory.resolve("table.html"));

        RenderedPage shown = new RenderedPage(browser.dom(file, "", directory));

        assertThat(shown.dom()).contains("<dt title=\"price &lt;i&gt;\">price &lt;i&gt;</dt><dd class=\"far\"");
        assertThat(shown.text()).contains("900");
    }

    @Test
    @Tag("slow")
    void view_ofWords_marksTheWordAndIsSearched() throws IOException, InterruptedException {
        FeatureCollector collector = new FeatureCollector.Builder().units(3).build();
        collector.add(
                SparseCodes.of(Nd4j.createFromArray(new double[][] {{1, 0, 0}, {0, 2, 0}, {0, 3, 0}, {0, 0, 1}})),
                null,
                2);
        List<List<String>> texts = List.of(List.of("black", "coat"), List.of("<b>brown</b>", "shoe"));
        Path file = new FeaturePage.Builder()
                .statistics(collector.statistics(Nd4j.eye(3)))
                .examples(ExampleView.words(texts::get))
                .build()
                .write(directory.resolve("words.html"));

        RenderedPage shown = new RenderedPage(browser.dom(file, "q=shoe&sort=number", directory));

        assertThat(shown.rows()).containsExactly(1, 2);
        assertThat(shown.dom()).contains("<mark>&lt;b&gt;brown&lt;/b&gt;</mark> shoe");
    }

    @Test
    @Tag("slow")
    void view_ofPicturesWithPositions_marksTheReceptiveField() throws IOException, InterruptedException {
        FeatureCollector collector = new FeatureCollector.Builder().units(1).build();
        double[][] codes = new double[4][1];
        codes[3][0] = 1;
        collector.add(SparseCodes.of(Nd4j.createFromArray(codes)), null, 4);
        Path file = new FeaturePage.Builder()
                .statistics(collector.statistics(Nd4j.ones(1, 1)))
                .examples(ExampleView.images(i -> Nd4j.ones(8, 8), 8, 8, 1)
                        .receptiveField(ReceptiveField.ofPixels(8).then(6, 4, 1, 2)))
                .build()
                .write(directory.resolve("field.html"));

        // position 3 is row 1 and column 1: pixels 3 to 9 of 8
        assertThat(new RenderedPage(browser.dom(file, "", directory)).dom())
                .contains("top: 37.5%; left: 37.5%; height: 62.5%; width: 62.5%;");
    }
}
