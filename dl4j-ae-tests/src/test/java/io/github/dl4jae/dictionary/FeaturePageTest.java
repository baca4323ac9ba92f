package io.github.dl4jae.dictionary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** The file of a page: what is in it, and that it needs nothing else. */
class FeaturePageTest {

    @TempDir
    private Path directory;

    private String page(FeaturePage.Builder builder) throws IOException {
        return Files.readString(builder.build().write(directory.resolve("page.html")));
    }

    private static String element(String page, String id) {
        Matcher matcher = Pattern.compile("<script type=\"[a-z/]+\" id=\"" + id + "\">([^<]*)</script>")
                .matcher(page);
        assertThat(matcher.find()).as(id).isTrue();
        return matcher.group(1);
    }

    private static ByteBuffer array(String page, String name) {
        return ByteBuffer.wrap(Base64.getDecoder().decode(element(page, "data-" + name)))
                .order(ByteOrder.LITTLE_ENDIAN);
    }

    private static JsonNode meta(String page) throws IOException {
        return new ObjectMapper().readTree(element(page, "meta"));
    }

    @Test
    void page_refersToNothingElse() throws IOException {
        String page = page(SmallPages.builder());

        String markup = page.replaceAll("(?s)<script type=[^>]*>[^<]*</script>", "");
        assertThat(markup.replace("http://www.w3.org/2000/svg", ""))
                .doesNotContainPattern("(?i)https?:|src\\s*=\\s*\"(?!data:)|<link|<iframe|@import|url\\(|fetch\\("
                        + "|XMLHttpRequest|import\\(");
        assertThat(markup).contains("default-src 'none'");
    }

    @Test
    void texts_ofTheUser_neverBecomeMarkup() throws IOException {
        String page = page(SmallPages.builder());

        assertThat(page).doesNotContain("<img").doesNotContain("</script><").doesNotContain("<!--");
        JsonNode meta = meta(page);
        assertThat(meta.get("classes").get(1).asText()).isEqualTo(SmallPages.HOSTILE);
        assertThat(meta.get("notes").get("7").asText()).endsWith(SmallPages.HOSTILE);
        assertThat(page)
                .contains("<title>A page &lt;/script&gt;&lt;img src=x onerror=&quot;document.title='hacked'&quot;");
    }

    /** Every example on the page has its picture, once. */
    @Test
    void pictures_areThoseOfTheExamples() throws IOException {
        String page = page(SmallPages.builder());
        INDArray pictures = SmallPages.pictures();

        ByteBuffer numbers = array(page, "slot-examples");
        BufferedImage sheet =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(element(page, "data-pictures-0"))));
        int columns = meta(page).get("view").get("sprites").get("columns").asInt();
        int count = numbers.remaining() / 4;
        assertThat(count).isEqualTo(SmallPages.ALIVE);
        for (int slot = 0; slot < count; slot++) {
            int example = numbers.getInt(4 * slot);
            assertThat(example).isEqualTo(slot);
            for (int i = 0; i < 30; i++) {
                int expected = (int) Math.round(255 * Math.round(63 * pictures.getDouble(example, i)) / 63.0);
                int x = slot % columns * 5 + i % 5;
                int y = slot / columns * 6 + i / 5;
                assertThat(sheet.getRaster().getSample(x, y, 0)).isEqualTo(expected);
            }
        }
    }

    @Test
    void pictures_inColor_keepTheirChannels() throws IOException {
        INDArray colors = Nd4j.createFromArray(IntStream.range(0, SmallPages.EXAMPLES)
                .mapToObj(i -> new double[] {1, 1, 0, 0, i / 60.0, 0})
                .toArray(double[][]::new)); // red, green, blue of 1 × 2 pixels
        String page = page(SmallPages.builder()
                .examples(ExampleView.images(colors::getRow, 1, 2, 3).levels(256)));

        BufferedImage sheet =
                ImageIO.read(new ByteArrayInputStream(Base64.getDecoder().decode(element(page, "data-pictures-0"))));
        assertThat(sheet.getRGB(2 * 12, 0) & 0xffffff).isEqualTo(0xff0000 + Math.round(255 * 12 / 60f));
        assertThat(sheet.getRGB(2 * 12 + 1, 0) & 0xffffff).isEqualTo(0xff0000);
    }

    @Test
    void numbers_areThoseOfTheStatistics() throws IOException {
        String page = page(SmallPages.builder());
        FeatureStatistics statistics = SmallPages.statistics();

        ByteBuffer offsets = array(page, "example-offsets");
        ByteBuffer slots = array(page, "example-slots");
        for (int u = 0; u < SmallPages.UNITS; u++) {
            assertThat(array(page, "firing").getInt(4 * u)).isEqualTo((int) statistics.firing(u));
            assertThat(array(page, "maximum").getFloat(4 * u)).isEqualTo((float) statistics.maximum(u));
            assertThat(array(page, "effect-size").getFloat(4 * u))
                    .isEqualTo((float) SmallPages.effects().size(u));
            List<Integer> strongest = IntStream.range(offsets.getInt(16 * u), offsets.getInt(16 * u + 4))
                    .mapToObj(i -> slots.getInt(4 * i))
                    .toList();
            assertThat(strongest)
                    .isEqualTo(statistics.strongest(u).stream()
                            .map(FeatureExample::example)
                            .toList());
            List<Integer> weakest = IntStream.range(offsets.getInt(16 * u + 12), offsets.getInt(16 * u + 16))
                    .mapToObj(i -> slots.getInt(4 * i))
                    .toList();
            assertThat(weakest)
                    .isEqualTo(statistics.band(u, 0).stream()
                            .map(FeatureExample::example)
                            .toList());
        }
    }

    /** 4,096 features over 30,000 pictures of 28 × 28 pixels, smooth as photographs are. */
    @Test
    @Tag("slow")
    void page_of4096FeaturesWithPictures_isSmallerThan30Megabytes() throws IOException {
        int units = 4096;
        FeatureCollector collector = new FeatureCollector.Builder()
                .units(units)
                .classes(SmallPages.CLASSES)
                .build();
        Random random = new Random(1);
        for (int batch = 0; batch < 60; batch++) {
            double[][] codes = new double[500][units];
            for (double[] row : codes) {
                for (int k = 0; k < 32; k++) {
                    row[(int) (units * Math.pow(random.nextDouble(), 2))] = random.nextDouble();
                }
            }
            collector.add(
                    SparseCodes.of(Nd4j.createFromArray(codes)),
                    random.ints(500, 0, 3).toArray());
        }
        FeatureStatistics statistics = collector.statistics(Nd4j.randn(units, 784));

        Path file = new FeaturePage.Builder()
                .statistics(statistics)
                .examples(ExampleView.images(FeaturePageTest::smooth, 28, 28, 1))
                .directions(Nd4j.randn(units, 784), 28, 28, 1)
                .effects(FeatureEffects.of(Nd4j.randn(units, 3).mul(.01), new double[units]))
                .build()
                .write(directory.resolve("large.html"));

        assertThat(Files.size(file)).isBetween(10_000_000L, 30_000_000L);
    }

    /** Returns a gray object with a texture on a black ground. */
    private static INDArray smooth(int example) {
        Random random = new Random(example);
        double height = 5 + 9 * random.nextDouble();
        double width = 5 + 9 * random.nextDouble();
        double slope = random.nextDouble() - .5;
        double[] pixels = new double[784];
        for (int i = 0; i < pixels.length; i++) {
            double y = (Math.floorDiv(i, 28) - 13.5) / height;
            double x = (i % 28 - 13.5) / width;
            pixels[i] = y * y + x * x > 1 ? 0 : .5 + slope * y + .15 * random.nextGaussian();
        }
        return Nd4j.createFromArray(pixels);
    }

    static Stream<Arguments> mistakes() {
        return Stream.of(
                mistake("statistics must be given", builder -> new FeaturePage.Builder()),
                mistake("examples must be given", builder -> new FeaturePage.Builder()
                        .statistics(SmallPages.statistics())),
                mistake(
                        "directions must be given for the 40 features of the statistics, got 3",
                        builder -> builder.directions(Nd4j.ones(3, 30), 6, 5, 1)),
                mistake(
                        "directions must have shape [units, 30], got [40, 29]",
                        builder -> builder.directions(Nd4j.ones(40, 29), 6, 5, 1)),
                mistake(
                        "effects must be given for the 40 features of the statistics, got 2",
                        builder -> builder.effects(FeatureEffects.of(Nd4j.ones(2, 3), new double[2]))),
                mistake(
                        "there must be as many outputs as their 3 names, got 2",
                        builder -> builder.effects(FeatureEffects.of(Nd4j.ones(40, 2), new double[40]))),
                mistake("a note must be about a feature in [0, 40), got 40", builder -> builder.note(40, "text")));
    }

    private static Arguments mistake(String message, UnaryOperator<FeaturePage.Builder> change) {
        return Arguments.of(message, change);
    }

    @ParameterizedTest
    @MethodSource("mistakes")
    void page_ofPartsThatDoNotAgree_saysWhatIsWrong(String message, UnaryOperator<FeaturePage.Builder> change) {
        assertThatThrownBy(() -> change.apply(SmallPages.builder()).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("FeaturePage: ")
                .hasMessageContaining(message);
    }

    @Test
    void examples_ofAnotherSize_areRefusedAndLeaveTheOldFile() throws IOException {
        Path file = Files.writeString(directory.resolve("page.html"), "old");
        FeaturePage page = SmallPages.builder()
                .examples(ExampleView.images(i -> Nd4j.ones(7), 6, 5, 1))
                .build();

        assertThatThrownBy(() -> page.write(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("ExampleView: example 0 must have 30 values, got 7");
        assertThat(file).hasContent("old");
    }

    @Test
    void receptiveField_ofConvolutionsAndPooling_growsAndShifts() {
        ReceptiveField field =
                ReceptiveField.ofPixels(28).then(3, 1, 1, 28).then(2, 2, 0, 14).then(3, 1, 1, 14);

        assertThat(field).isEqualTo(new ReceptiveField(14, 8, 2, -3));
    }
}
