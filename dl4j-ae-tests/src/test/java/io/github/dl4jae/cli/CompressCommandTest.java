package io.github.dl4jae.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.compression.ImageCompressor;
import io.github.dl4jae.data.ImageQuality;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.data.ImageStream;
import io.github.dl4jae.plot.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A compressor that is fitted to gray digits, and one for RGB images. */
@Tag("slow")
class CompressCommandTest {

    private static final int IMAGES = 6;

    @TempDir
    private static Path shared;

    @TempDir
    private Path directory;

    private static Path gray;
    private static Path rgb;

    @BeforeAll
    static void fit() {
        gray = shared.resolve("gray.zip");
        rgb = shared.resolve("rgb.zip");
        Path digits = DigitImages.idx(shared.resolve("digits.idx"), DigitImages.gray(200, 1));
        Path colors = DigitImages.pngs(shared.resolve("colors"), DigitImages.rgb(20, 1));
        CommandRun grayFit = run("fit-compressor --epochs 8 --rate-weight 0.002 --images", digits, "--out", gray);
        assertThat(grayFit.status()).as(grayFit.err()).isZero();
        assertThat(grayFit.out()).contains("images", "200");
        CommandRun rgbFit = run("fit-compressor --epochs 2 --rate-weight 0.002 --images", colors, "--out", rgb);
        assertThat(rgbFit.status()).as(rgbFit.err()).isZero();
    }

    private static CommandRun run(String words, Object... more) {
        return CommandRun.of(Stream.concat(Arrays.stream(words.split(" ")), Arrays.stream(more))
                .toArray());
    }

    private CommandRun compress(Path model, Path images) {
        return run("compress --model", model, "--images", images, "--out", directory.resolve("small"));
    }

    private CommandRun decompress(Path model, Path in) {
        return run("decompress --model", model, "--in", in, "--out", directory.resolve("back"));
    }

    private static double[] psnr(Path originals, Path images) {
        try (ImageStream a = ImageStream.of(originals, IMAGES);
                ImageStream b = ImageStream.of(images, IMAGES)) {
            return ImageQuality.psnr(a.next().features(), b.next().features());
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void folder_isCompressedAndDecompressed(boolean color) throws IOException {
        Path model = color ? rgb : gray;
        ImageSet images = color ? DigitImages.rgb(IMAGES, 2) : DigitImages.gray(IMAGES, 2);
        Path pngs = DigitImages.pngs(directory.resolve("pngs"), images);

        CommandRun compressed = compress(model, pngs);
        CommandRun decompressed = decompress(model, directory.resolve("small"));

        assertThat(compressed.status()).as(compressed.err()).isZero();
        assertThat(compressed.out()).contains("bits per pixel");
        assertThat(decompressed.status()).as(decompressed.err()).isZero();
        assertThat(directory.resolve("small").resolve(DigitImages.name(0) + ".dae"))
                .isNotEmptyFile();
        assertThat(Arrays.stream(psnr(pngs, directory.resolve("back"))).boxed())
                .hasSize(IMAGES)
                .allMatch(decibels -> decibels > 24);
    }

    @Test
    void jpegOfAnotherSize_isCompressed() throws IOException {
        BufferedImage picture = new BufferedImage(41, 30, BufferedImage.TYPE_BYTE_GRAY);
        Path jpeg = directory.resolve("photo.jpg");
        ImageIO.write(picture, "jpeg", jpeg.toFile());

        assertThat(compress(gray, jpeg).status()).isZero();
        assertThat(decompress(gray, directory.resolve("small/photo.jpg.dae")).status())
                .isZero();

        BufferedImage back =
                ImageIO.read(directory.resolve("back/photo.jpg.png").toFile());
        assertThat(back.getWidth()).isEqualTo(41);
        assertThat(back.getHeight()).isEqualTo(30);
    }

    @Test
    void existingResults_areKept_withoutOverwrite() throws IOException {
        Path pngs = DigitImages.pngs(directory.resolve("pngs"), DigitImages.gray(1, 2));
        compress(gray, pngs);
        Path result = directory.resolve("small").resolve(DigitImages.name(0) + ".dae");
        Files.writeString(result, "mine");

        CommandRun again = compress(gray, pngs);

        assertThat(again.status()).isEqualTo(1);
        assertThat(again.err()).contains("--out must not have the results yet", "--overwrite");
        assertThat(result).hasContent("mine");
        assertThat(run("compress --overwrite --model", gray, "--images", pngs, "--out", directory.resolve("small"))
                        .status())
                .isZero();
        assertThat(Files.size(result)).isGreaterThan(20);
    }

    @Test
    void damagedFile_isNamed() throws IOException {
        Path pngs = DigitImages.pngs(directory.resolve("pngs"), DigitImages.gray(1, 2));
        compress(gray, pngs);
        Path file = directory.resolve("small").resolve(DigitImages.name(0) + ".dae");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);

        CommandRun decompressed = decompress(gray, file);

        assertThat(decompressed.status()).isEqualTo(1);
        assertThat(decompressed.err()).contains(file + " must be an intact file of compress", "checksum");
        assertThat(directory.resolve("back").resolve(DigitImages.name(0))).doesNotExist();
    }

    @Test
    void colorImageForAGrayModel_isNamed() {
        Path pngs = DigitImages.pngs(directory.resolve("pngs"), DigitImages.rgb(1, 2));

        CommandRun run = compress(gray, pngs);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(DigitImages.name(0), "the image must be gray");
    }

    @Test
    void fileThatIsNoPicture_isNamed() throws IOException {
        Path file = Files.writeString(directory.resolve("text.png"), "no picture");

        CommandRun run = compress(gray, file);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains(file + " must be an intact PNG or JPEG file");
    }

    @Test
    void folderWithoutPictures_isRefused() {
        CommandRun run = compress(gray, directory);

        assertThat(run.status()).isEqualTo(1);
        assertThat(run.err()).contains("must be or have PNG or JPEG files, got none");
    }

    @ParameterizedTest
    @ValueSource(strings = {"--rate-weight 0", "--epochs -1", "--batch 0"})
    void numberOutOfRange_isInvalidUsage(String option) {
        CommandRun run = run("fit-compressor --images nowhere --out " + directory.resolve("m.zip") + " " + option);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains(option.substring(0, option.indexOf(' ')));
    }

    /** The pixels of a file are those of the compressor in Java. */
    @Test
    void decompressedFile_hasThePixelsOfTheCompressor() throws IOException {
        BufferedImage picture = DigitImages.gray(1, 3).picture(0);
        Path png = PngFile.write(picture, directory.resolve("one.png"));
        compress(gray, png);
        decompress(gray, directory.resolve("small"));
        ImageCompressor compressor = ImageCompressor.load(gray);

        BufferedImage expected = compressor.decompress(compressor.compress(picture));

        int[] pixels = ImageIO.read(directory.resolve("back/one.png").toFile())
                .getRaster()
                .getPixels(0, 0, 28, 28, (int[]) null);
        assertThat(pixels).isEqualTo(expected.getRaster().getPixels(0, 0, 28, 28, (int[]) null));
    }
}
