package io.github.dl4jae.cli;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.plot.PngFile;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/** Fits models to gray images, and passes others through them. */
@Tag("slow")
class ImageCommandTest {

    private static final int COUNT = 40;
    private static final int NOISE = 17;

    @TempDir
    private static Path directory;

    private static Path training;
    private static Path model;
    private static CommandRun fitted;
    private static ImageSet images;
    private static Path idx;
    private static Path pngs;

    @TempDir
    private Path own;

    @BeforeAll
    static void fit() {
        training = DigitImages.idx(directory.resolve("train-images-idx3-ubyte"), DigitImages.gray(300, 1));
        model = directory.resolve("m.zip");
        fitted = fit(training, model);
        images = withNoise(DigitImages.gray(COUNT, 2));
        idx = DigitImages.idx(directory.resolve("new-idx3-ubyte.gz"), images);
        pngs = DigitImages.pngs(directory.resolve("new"), images);
    }

    private static CommandRun fit(Path source, Path out) {
        return CommandRun.of(
                "fit",
                "--images",
                source,
                "--kind",
                "undercomplete",
                "--hidden",
                32,
                "--code",
                8,
                "--epochs",
                30,
                "--learning-rate",
                0.003,
                "--out",
                out);
    }

    /** Returns images of which one is noise. */
    private static ImageSet withNoise(ImageSet digits) {
        INDArray values = digits.features();
        Nd4j.getRandom().setSeed(3);
        values.putRow(NOISE, Nd4j.rand(784));
        return ImageSet.of(values, 28, 28, 1);
    }

    private static List<String> lines(CommandRun run) {
        assertThat(run.status()).as(run.err()).isZero();
        return run.out().lines().toList();
    }

    private static List<String> scores(Object... arguments) {
        List<Object> all = new ArrayList<>(List.of("score", "--model", model, "--images"));
        all.addAll(List.of(arguments));
        return lines(CommandRun.of(all.toArray()));
    }

    private static INDArray reconstructed() {
        return TrainedModel.load(model).reconstruct(images.features());
    }

    @Test
    void fit_ends_withModelOfTheImages() {
        assertThat(fitted.status()).as(fitted.err()).isZero();
        assertThat(fitted.out()).contains("(784 features, hidden [32], code 8)", "training images", "threshold");
        assertThat(fitted.err()).isEmpty();
        ModelBundle bundle = ModelBundle.load(model);
        assertThat(bundle.imageShape()).isEqualTo(new ImageShape(28, 28, 1));
        assertThat(bundle.threshold().score()).isEqualTo("mean squared error per image");
        assertThat(bundle.metrics()).containsEntry("training images", 240.0).containsEntry("validation images", 60.0);
        assertThat(directory).isDirectoryNotContaining("glob:**.training");
    }

    @Test
    void fit_ofPngFiles_givesTheModelOfTheIdxFile() {
        Path folder = DigitImages.pngs(own.resolve("digits"), DigitImages.gray(300, 1));

        CommandRun run = fit(folder, own.resolve("m.zip"));

        assertThat(run.status()).as(run.err()).isZero();
        assertThat(own.resolve("m.zip")).hasSameBinaryContentAs(model);
    }

    @Test
    void score_ofIdxFile_isTheMeanOfSquaredErrors() {
        List<String> scores = scores(idx);

        assertThat(scores).hasSize(COUNT + 1).startsWith("row,score");
        INDArray errors = reconstructed().sub(images.features());
        for (int i = 0; i < COUNT; i++) {
            String[] cells = scores.get(i + 1).split(",", -1);
            assertThat(cells[0]).isEqualTo(String.valueOf(i + 1));
            double expected =
                    errors.getRow(i).mul(errors.getRow(i)).meanNumber().doubleValue();
            assertThat(Double.parseDouble(cells[1])).isCloseTo(expected, within(1e-5 * expected));
        }
    }

    @Test
    void score_ofPngFiles_isThatOfTheIdxFile_withTheirNames() {
        List<String> expected = new ArrayList<>(List.of("row,file,score"));
        List<String> ofIdx = scores(idx);
        for (int i = 0; i < COUNT; i++) {
            String[] cells = ofIdx.get(i + 1).split(",", -1);
            expected.add(cells[0] + "," + DigitImages.name(i) + "," + cells[1]);
        }

        assertThat(scores(pngs)).isEqualTo(expected);
        assertThat(scores(pngs, "--batch", 7)).isEqualTo(expected);
    }

    @Test
    void score_ofNoise_isLargestAndAboveTheThreshold() throws IOException {
        Path out = own.resolve("scores.csv");

        CommandRun run = CommandRun.of("score", "--model", model, "--images", pngs, "--out", out, "--json");

        JsonNode json = new ObjectMapper().readTree(run.out());
        assertThat(json.get("images").asInt()).isEqualTo(COUNT);
        assertThat(json.get("in image").asText()).isEqualTo(DigitImages.name(NOISE));
        assertThat(json.get("largest score").asDouble())
                .isGreaterThan(json.get("threshold").asDouble());
        assertThat(json.get("images above").asInt()).isBetween(1, 5);
        assertThat(new ObjectMapper()
                        .readTree(CommandRun.of("score", "--model", model, "--images", idx, "--out", out, "--json")
                                .out())
                        .get("in image")
                        .isInt())
                .isTrue();
    }

    @Test
    void encode_writesCodes_withTheNamesOfFiles() {
        List<String> ofIdx = lines(CommandRun.of("encode", "--model", model, "--images", idx));
        List<String> ofPngs = lines(CommandRun.of("encode", "--model", model, "--images", pngs));

        assertThat(ofIdx).hasSize(COUNT + 1);
        assertThat(ofIdx.get(0)).isEqualTo("row,code1,code2,code3,code4,code5,code6,code7,code8");
        assertThat(ofPngs.get(0)).startsWith("row,file,code1");
        INDArray codes = ModelBundle.load(model).autoencoder().encode(images.features());
        assertThat(Double.parseDouble(ofIdx.get(2).split(",", -1)[3])).isCloseTo(codes.getDouble(1, 2), within(1e-5));
        assertThat(ofPngs.get(2)).isEqualTo(ofIdx.get(2).replaceFirst("^2,", "2," + DigitImages.name(1) + ","));
    }

    @Test
    void reconstruct_ofPngFiles_writesFilesOfTheirNames_andKeepsOthers() throws IOException {
        Path out = Files.createDirectory(own.resolve("out"));
        Path kept = Files.writeString(out.resolve("kept.png"), "kept");
        Path replaced = Files.writeString(out.resolve(DigitImages.name(0)), "old");

        CommandRun run = CommandRun.of("reconstruct", "--model", model, "--images", pngs, "--out", out);

        assertThat(lines(run)).containsExactly("images  " + COUNT);
        assertThat(kept).hasContent("kept");
        assertThat(replaced).content(StandardCharsets.ISO_8859_1).contains("PNG");
        Files.delete(kept);
        ImageSet written = ImageSet.read(out);
        assertThat(written.names())
                .isEqualTo(IntStream.range(0, COUNT).mapToObj(DigitImages::name).toList());
        assertThatArray(written.features())
                .isEqualTo(ImageSet.of(reconstructed(), 28, 28, 1).features());
    }

    @Test
    void reconstruct_ofFolders_keepsThem() {
        Path folder = own.resolve("in");
        PngFile.write(images.picture(0), folder.resolve("a/0.png"));
        PngFile.write(images.picture(1), folder.resolve("b/0.png"));

        lines(CommandRun.of("reconstruct", "--model", model, "--images", folder, "--out", own.resolve("out")));

        assertThat(ImageSet.read(own.resolve("out")).names()).containsExactly("a/0.png", "b/0.png");
    }

    @ParameterizedTest
    @ValueSource(strings = {"out-idx3-ubyte", "out-idx3-ubyte.gz", "out.idx", "out.IDX.GZ", "out"})
    void reconstruct_ofIdxFile_writesIdxFileOrNumberedPngs(String name) {
        Path out = own.resolve(name);

        CommandRun run = CommandRun.of("reconstruct", "--model", model, "--images", idx, "--out", out, "--json");

        assertThat(lines(run)).containsExactly("{\"images\":40}");
        assertThat(Files.isDirectory(out)).isEqualTo(name.equals("out"));
        ImageSet written = ImageSet.read(out);
        assertThatArray(written.features())
                .isEqualTo(ImageSet.of(reconstructed(), 28, 28, 1).features());
        assertThat(written.names().stream().limit(1))
                .isEqualTo(name.equals("out") ? List.of("image-000001.png") : List.of());
    }

    @Test
    void inspect_printsTheSize() throws IOException {
        assertThat(CommandRun.of("inspect", "--model", model).out()).contains("height: 28", "width: 28", "channels: 1");
        JsonNode json = new ObjectMapper()
                .readTree(CommandRun.of("inspect", "--model", model, "--json").out());
        assertThat(json.at("/images/width").asInt()).isEqualTo(28);
        assertThat(json.get("features").asInt()).isEqualTo(784);
    }

    @ParameterizedTest
    @CsvSource({"dense, out", "convolutional, out", "dense, out-idx3-ubyte"})
    void generate_fromVae_writesImagesThatDependOnTheSeedAlone(String network, String name) throws IOException {
        Path vae = own.resolve("vae.zip");
        CommandRun fit = CommandRun.of(
                "fit",
                "--images",
                training,
                "--kind",
                "vae",
                "--network",
                network,
                "--epochs",
                2,
                "--hidden",
                8,
                "--out",
                vae);
        assertThat(fit.status()).as(fit.err()).isZero();

        Path first = own.resolve("1").resolve(name);
        CommandRun run = CommandRun.of("generate", "--model", vae, "--rows", 5, "--out", first, "--json");

        assertThat(new ObjectMapper().readTree(run.out()).get("images").asInt()).isEqualTo(5);
        ImageSet generated = ImageSet.read(first);
        assertThat(generated).hasToString("5 images of 28×28 pixels, gray");
        Path second = own.resolve("2").resolve(name);
        lines(CommandRun.of("generate", "--model", vae, "--rows", 5, "--out", second));
        assertThatArray(ImageSet.read(second).features()).isEqualTo(generated.features());
        Path other = own.resolve("3").resolve(name);
        lines(CommandRun.of("generate", "--model", vae, "--rows", 5, "--out", other, "--seed", 7));
        assertThat(ImageSet.read(other).features()).isNotEqualTo(generated.features());
    }

    @Test
    void otherFiles_areLeftOutAndNamedOnce() throws IOException {
        Path folder = DigitImages.pngs(own.resolve("in"), images.images(0, 1, 2));
        Files.writeString(folder.resolve("notes.txt"), "no image");

        CommandRun run = CommandRun.of("score", "--model", model, "--images", folder, "--batch", 1);

        assertThat(lines(run)).hasSize(4);
        assertThat(run.err()).containsOnlyOnce("notes.txt").contains("Left out 1 file whose name does not end in .png");
        assertThat(fit(folder, own.resolve("m.zip")).err()).containsOnlyOnce("notes.txt");
    }

    @ParameterizedTest
    @ValueSource(strings = {"undercomplete", "denoising", "k-sparse", "kl-sparse", "vae"})
    void colors_areFittedByConvolutions_andReconstructed(String kind) {
        ImageSet colors = DigitImages.rgb(20, 4);
        Path folder = DigitImages.pngs(own.resolve("in"), colors);
        Path file = DigitImages.idx(own.resolve("in.idx"), colors);
        Path colored = own.resolve("colored.zip");

        CommandRun fit = CommandRun.of(
                "fit",
                "--images",
                folder,
                "--kind",
                kind,
                "--network",
                "convolutional",
                "--epochs",
                2,
                "--out",
                colored);

        assertThat(fit.status()).as(fit.err()).isZero();
        assertThat(fit.out()).contains("(images of 12 × 16 × 3");
        assertThat(ModelBundle.load(colored).imageShape()).isEqualTo(new ImageShape(12, 16, 3));
        List<String> ofFolder = lines(CommandRun.of("score", "--model", colored, "--images", folder));
        List<String> ofFile = lines(CommandRun.of("score", "--model", colored, "--images", file));
        assertThat(ofFolder.get(5).replace(DigitImages.name(4) + ",", "")).isEqualTo(ofFile.get(5));
        Path out = own.resolve("out");
        lines(CommandRun.of("reconstruct", "--model", colored, "--images", file, "--out", out));
        assertThatArray(ImageSet.read(out).features())
                .isEqualTo(ImageSet.of(TrainedModel.load(colored).reconstruct(colors.features()), 12, 16, 3)
                        .features());
    }

    private void assertRefused(CommandRun run, String message) {
        assertThat(run.err()).contains(message);
        assertThat(run.err().lines()).hasSize(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.status()).isEqualTo(1);
    }

    @Test
    void imagesOfAnotherSize_areRefusedWithBothSizes_andKeepTheOldFile() throws IOException {
        Path other = DigitImages.idx(own.resolve("other.idx"), DigitImages.rgb(3, 1));
        Path out = Files.writeString(own.resolve("scores.csv"), "old");

        assertRefused(
                CommandRun.of("score", "--model", model, "--images", other, "--out", out),
                other + " must have images of 28×28×1 (height × width × channels), as " + model
                        + " has, got 12×16×3; scale or convert them, or fit a model to images of their size");
        assertThat(out).hasContent("old");
    }

    @Test
    void imageOfAnotherSizeInTheMiddle_isRefused_andKeepsTheOldFile() throws IOException {
        Path folder = DigitImages.pngs(own.resolve("in"), images.images(0, 1, 2));
        PngFile.write(DigitImages.rgb(1, 1).picture(0), folder.resolve("wrong.png"));
        Path out = Files.writeString(own.resolve("scores.csv"), "old");

        assertRefused(
                CommandRun.of("score", "--model", model, "--images", folder, "--out", out, "--batch", 1),
                "got digit0000.png of 28×28 pixels, gray and wrong.png of 12×16 pixels, RGB");
        assertThat(out).hasContent("old");
        assertRefused(fit(folder, own.resolve("m.zip")), "got digit0000.png of 28×28 pixels, gray and wrong.png");
    }

    @Test
    void otherKindOfData_isRefused() throws IOException {
        Path table = Sensors.write(own.resolve("sensors.csv"), Sensors.rows(50, 1), 0, 1, 2);
        Path ofTable = own.resolve("table.zip");
        assertThat(CommandRun.of("fit", "--csv", table, "--kind", "undercomplete", "--epochs", 1, "--out", ofTable)
                        .status())
                .isZero();

        assertRefused(
                CommandRun.of("score", "--model", model, "--csv", table),
                model + " must be a model of a table for --csv, got one of images of 28×28×1; give --images");
        assertRefused(
                CommandRun.of("encode", "--model", ofTable, "--images", idx),
                ofTable + " must be a model of images for --images, got one of a table; give --csv");
        Path plain = new ModelBundle.Builder(ModelBundle.load(model).multiLayerNetwork())
                .codeLayer("code")
                .build()
                .save(own.resolve("plain.zip"));
        assertRefused(
                CommandRun.of("encode", "--model", plain, "--images", idx),
                plain + " must have the schema of a table or the shape of images, got neither");
    }

    @Test
    void out_thatIsNoPlaceForImages_isRefused() throws IOException {
        Path file = Files.writeString(own.resolve("out.txt"), "old");

        assertRefused(
                CommandRun.of("reconstruct", "--model", model, "--images", idx, "--out", file),
                "--out must be a directory for PNG files, or an IDX file whose name ends in ubyte or .idx, also with"
                        + " .gz after it, got " + file);
        assertRefused(CommandRun.of("reconstruct", "--model", model, "--images", idx), ", got -; name one with --out");
        assertRefused(
                CommandRun.of("reconstruct", "--model", model, "--images", idx, "--out", file.resolve("pngs")),
                "--out must be a directory that can be written");
        assertThat(file).hasContent("old");
    }

    @Test
    void out_thatWouldReplaceTheImages_isRefused() throws IOException {
        byte[] before = Files.readAllBytes(idx);

        assertRefused(
                CommandRun.of("reconstruct", "--model", model, "--images", pngs, "--out", pngs),
                "--out must be outside of --images");
        assertRefused(
                CommandRun.of("reconstruct", "--model", model, "--images", pngs, "--out", pngs.resolve("x/../y")),
                "--out must be outside of --images");
        assertRefused(
                CommandRun.of("reconstruct", "--model", model, "--images", idx, "--out", idx),
                "--out must be outside of --images");
        assertThat(idx).hasBinaryContent(before);
    }

    @Test
    void imagesThatConvolutionsCannotTake_areRefusedBeforeTraining() {
        Path odd = DigitImages.idx(own.resolve("odd.idx"), ImageSet.of(Nd4j.rand(4, 9 * 8), 9, 8, 1));
        Path out = own.resolve("m.zip");

        assertRefused(
                CommandRun.of("fit", "--images", odd, "--kind", "vae", "--network", "convolutional", "--out", out),
                odd + " must have images that --network convolutional can take, got 9×8×1; scale or pad them, or use"
                        + " --network dense: DataShape: height must be even and at least 8, got 9");
        assertRefused(
                CommandRun.of(
                        "fit",
                        "--images",
                        training,
                        "--kind",
                        "vae",
                        "--network",
                        "convolutional",
                        "--hidden",
                        "2,2,2",
                        "--out",
                        out),
                "the sides of images must be multiples of 8");
        assertThat(own).isDirectoryNotContaining("glob:**.training");
    }

    @Test
    void imagesThatNeedTooLargeANetwork_areRefusedBeforeItIsAllocated() {
        Path large = DigitImages.idx(own.resolve("large.idx"), ImageSet.of(Nd4j.zeros(2, 4_000_000), 2000, 2000, 1));

        assertRefused(
                CommandRun.of("fit", "--images", large, "--kind", "undercomplete", "--out", own.resolve("m.zip")),
                "UndercompleteAutoencoder(4000000 features, hidden [1024], code 2000) must fit into ");
    }

    @Test
    void sourcesWithoutImages_areRefused() throws IOException {
        Path labels = Files.write(own.resolve("labels-idx1-ubyte"), new byte[] {0, 0, 8, 1, 0, 0, 0, 1, 5});
        Path one = DigitImages.idx(own.resolve("one.idx"), DigitImages.gray(1, 1));

        assertRefused(
                fit(labels, own.resolve("m.zip")),
                "must have 3 dimensions (gray images) or 4 (RGB images), got 1 (labels); give the file of the images");
        assertRefused(CommandRun.of("score", "--model", model, "--images", labels), "got 1 (labels)");
        assertRefused(fit(own.resolve("none"), own.resolve("m.zip")), "got nothing there");
        assertRefused(fit(one, own.resolve("m.zip")), "one.idx must have at least 2 images");
    }
}
