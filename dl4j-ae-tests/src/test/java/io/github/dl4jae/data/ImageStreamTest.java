package io.github.dl4jae.data;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NoSuchElementException;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class ImageStreamTest {

    /** 1×2 pixels: red (255, 0, 10) and (1, 2, 3). */
    private static final byte[] RGB = {(byte) 255, 0, 10, 1, 2, 3};

    @TempDir
    private Path folder;

    private Path png(String name, int type, int height, int width, int... samples) throws IOException {
        BufferedImage picture = new BufferedImage(width, height, type);
        picture.getRaster().setPixels(0, 0, width, height, samples);
        return png(name, picture);
    }

    private Path png(String name, BufferedImage picture) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        assertThat(ImageIO.write(picture, "png", file.toFile())).isTrue();
        return file;
    }

    private Path idx(String name, int magic, int[] dimensions, byte... values) throws IOException {
        ByteBuffer file =
                ByteBuffer.allocate(4 + 4 * dimensions.length + values.length).putInt(magic);
        Arrays.stream(dimensions).forEach(file::putInt);
        byte[] bytes = file.put(values).array();
        return Files.write(folder.resolve(name), name.endsWith(".gz") ? IdxFileTest.gzip(bytes) : bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images-idx3-ubyte", "images-idx3-ubyte.gz"})
    void idxFile_isReadInMiniBatches(String name) throws IOException {
        Path file = idx(
                name, 0x803, new int[] {3, 1, 2}, (byte) 0, (byte) 51, (byte) 102, (byte) 153, (byte) 204, (byte) 255);

        try (ImageStream stream = ImageStream.of(file, 2)) {
            assertThat(stream.count()).isEqualTo(3);
            assertThat(List.of(stream.height(), stream.width(), stream.channels()))
                    .containsExactly(1, 2, 1);
            assertThat(stream.isNamed()).isFalse();
            assertThatArray(stream.next().features())
                    .isEqualTo(Nd4j.createFromArray(new float[][] {{0, .2f}, {.4f, .6f}}));
            ImageSet last = stream.next();
            assertThatArray(last.features()).isEqualTo(Nd4j.createFromArray(new float[][] {{.8f, 1}}));
            assertThat(last.names()).isEmpty();
            assertThat(stream.hasNext()).isFalse();
            assertThatThrownBy(stream::next).isInstanceOf(NoSuchElementException.class);
        }
    }

    @Test
    void idxFile_ofColors_isReadChannelByChannel() throws IOException {
        ImageSet images = ImageSet.read(idx("rgb", 0x804, new int[] {1, 1, 2, 3}, RGB));

        assertThat(images).hasToString("1 images of 1×2 pixels, RGB");
        assertThat(images.pixels(0)).containsExactly(255, 1, 0, 2, 10, 3);
    }

    @Test
    void idxFile_thatIsTruncated_isRefusedBeforeItsImagesAreRead() throws IOException {
        Path file = idx("cut", 0x803, new int[] {3, 1, 2}, (byte) 1, (byte) 2);

        assertThatThrownBy(() -> ImageStream.of(file, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut must be complete, got at most 2 of the 6 values");
    }

    @Test
    void idxFile_withMoreBytes_isRefusedAtItsLastImage() throws IOException {
        Path file = idx("longer", 0x803, new int[] {2, 1, 1}, (byte) 1, (byte) 2, (byte) 3);

        try (ImageStream stream = ImageStream.of(file, 1)) {
            stream.next();
            assertThatThrownBy(stream::next)
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("longer must end at byte 18");
        }
    }

    @Test
    void gzippedFile_thatIsCorrupt_isRefusedWhereItIs() throws IOException {
        Path file = idx("bad.gz", 0x803, new int[] {2, 1, 1}, (byte) 1, (byte) 2);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 6] ^= 0x55; // in the checksum
        Files.write(file, bytes);

        assertThatThrownBy(() -> ImageSet.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("bad.gz must be complete and intact");
    }

    @Test
    void idxFile_ofOtherContents_isRefused() throws IOException {
        Path labels = idx("labels", 0x801, new int[] {2}, (byte) 1, (byte) 2);
        Path floats = idx("floats", 0xd03, new int[] {1, 1, 1}, (byte) 1, (byte) 2, (byte) 3, (byte) 4);
        Path channels = idx("channels", 0x804, new int[] {1, 3, 1, 2}, RGB);

        assertThatThrownBy(() -> ImageStream.of(labels, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ImageStream: " + labels + " must have 3 dimensions (gray images) or 4 (RGB images), got 1"
                        + " (labels); give the file of the images");
        assertThatThrownBy(() -> ImageStream.of(floats, 1))
                .hasMessage("ImageStream: " + floats + " must hold unsigned bytes (type 0x08), got 32-bit floats (type"
                        + " 0x0d); scale the values to 0 … 255");
        assertThatThrownBy(() -> ImageStream.of(channels, 1))
                .hasMessage("ImageStream: " + channels + " must have 1 or 3 channels as the last of 4 dimensions, got"
                        + " 2; write the values of a pixel one after the other");
    }

    @Test
    void folder_isReadInTheOrderOfNames_withSubfolders() throws IOException {
        png("b.png", BufferedImage.TYPE_BYTE_GRAY, 1, 2, 30, 31);
        png("a/z.PNG", BufferedImage.TYPE_BYTE_GRAY, 1, 2, 10, 11);
        png("c.png", BufferedImage.TYPE_BYTE_GRAY, 1, 2, 40, 41);
        Files.writeString(folder.resolve("notes.txt"), "no image");

        List<String> names = new ArrayList<>();
        List<Integer> first = new ArrayList<>();
        try (ImageStream stream = ImageStream.of(folder, 2)) {
            assertThat(stream.count()).isEqualTo(3);
            assertThat(stream.isNamed()).isTrue();
            assertThat(stream.leftOut()).containsExactly("notes.txt");
            stream.forEachRemaining(images -> {
                names.addAll(images.names());
                for (int i = 0; i < images.size(); i++) {
                    first.add((int) images.pixels(i)[0]);
                }
            });
        }

        assertThat(names).containsExactly("a/z.PNG", "b.png", "c.png");
        assertThat(first).containsExactly(10, 30, 40);
    }

    /** The bytes are those of the file: Java's own conversion of gray would make 188 of 128. */
    @ParameterizedTest
    @CsvSource({
        BufferedImage.TYPE_BYTE_GRAY + ", 0 128 200 255, 0 128 200 255",
        BufferedImage.TYPE_USHORT_GRAY + ", 0 32896 257 65535, 0 128 1 255",
        BufferedImage.TYPE_BYTE_BINARY + ", 0 1 1 0, 0 255 255 0"
    })
    void grayPng_ofEachDepth_isRead(int type, String samples, String expected) throws IOException {
        png(
                "a.png",
                type,
                2,
                2,
                Arrays.stream(samples.split(" ")).mapToInt(Integer::parseInt).toArray());

        ImageSet images = ImageSet.read(folder);

        assertThat(images.channels()).isEqualTo(1);
        assertThat(images.pixels(0))
                .containsExactly(Arrays.stream(expected.split(" "))
                        .mapToInt(Integer::parseInt)
                        .toArray());
    }

    @ParameterizedTest
    @CsvSource({
        BufferedImage.TYPE_INT_RGB + ", 255 0 10 1 2 3",
        BufferedImage.TYPE_3BYTE_BGR + ", 255 0 10 1 2 3",
        BufferedImage.TYPE_INT_ARGB + ", 255 0 10 255 1 2 3 128"
    })
    void colorPng_isReadChannelByChannel_withoutTransparency(int type, String samples) throws IOException {
        png(
                "a.png",
                type,
                1,
                2,
                Arrays.stream(samples.split(" ")).mapToInt(Integer::parseInt).toArray());

        ImageSet images = ImageSet.read(folder);

        assertThat(images).hasToString("1 images of 1×2 pixels, RGB");
        assertThat(images.pixels(0)).containsExactly(255, 1, 0, 2, 10, 3);
    }

    @Test
    void palettePng_isReadAsColors() throws IOException {
        IndexColorModel palette =
                new IndexColorModel(2, 3, new byte[] {9, (byte) 255, 1}, new byte[] {9, 0, 2}, new byte[] {9, 10, 3});
        BufferedImage picture = new BufferedImage(2, 1, BufferedImage.TYPE_BYTE_BINARY, palette);
        picture.getRaster().setPixels(0, 0, 2, 1, new int[] {1, 2});
        png("a.png", picture);

        assertThat(ImageSet.read(folder).pixels(0)).containsExactly(255, 1, 0, 2, 10, 3);
    }

    @Test
    void imagesOfOtherSizesOrChannels_areRefusedWithBothNames() throws IOException {
        png("a.png", BufferedImage.TYPE_BYTE_GRAY, 1, 2, 1, 2);
        Path other = png("b.png", BufferedImage.TYPE_BYTE_GRAY, 2, 1, 1, 2);

        assertThatThrownBy(() -> ImageSet.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("ImageStream: " + folder + " must have images of one size, got a.png of 1×2 pixels, gray"
                        + " and b.png of 2×1 pixels, gray; scale or convert them, or leave one out");
        Files.delete(other);
        png("b.png", BufferedImage.TYPE_INT_RGB, 1, 2, 1, 2, 3, 4, 5, 6);
        assertThatThrownBy(() -> ImageSet.read(folder))
                .hasMessageContaining("got a.png of 1×2 pixels, gray and b.png of 1×2 pixels, RGB");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 20, 40, 45})
    void png_thatIsCut_isRefusedByItsName(int length) throws IOException {
        Path whole = png("a.png", BufferedImage.TYPE_BYTE_GRAY, 8, 8, new int[64]);
        Path cut = Files.write(folder.resolve("b.png"), Arrays.copyOf(Files.readAllBytes(whole), length));

        assertThatThrownBy(() -> ImageSet.read(folder))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(cut + " must be an intact PNG file");
    }

    @Test
    void sourceWithoutImages_isRefused() throws IOException {
        Path png = png("a.png", BufferedImage.TYPE_BYTE_GRAY, 1, 1, 1);
        Path none = Files.createDirectory(folder.resolve("none"));
        Path others = Files.createDirectory(folder.resolve("others"));
        Files.writeString(others.resolve("a.jpg"), "");

        assertThatThrownBy(() -> ImageStream.of(folder.resolve("nowhere"), 1))
                .hasMessageContaining("nowhere must be an IDX file or a folder of PNG files, got nothing there");
        assertThatThrownBy(() -> ImageStream.of(png, 1)).hasMessageContaining("got a PNG file; give its folder");
        assertThatThrownBy(() -> ImageStream.of(none, 1))
                .hasMessageContaining("none must have PNG files, whose names end in .png, got an empty folder");
        assertThatThrownBy(() -> ImageStream.of(others, 1)).hasMessageContaining("got 1 others, such as a.jpg");
        assertThatThrownBy(() -> ImageStream.of(folder, 0)).hasMessageContaining("batch must be at least 1, got 0");
    }

    @ParameterizedTest
    @CsvSource({"1, out-idx3-ubyte", "1, out-idx3-ubyte.gz", "3, out.idx"})
    void images_writtenAsIdx_areReadBack(int channels, String name) {
        ImageSet images = ImageSet.of(Nd4j.rand(5, 6 * channels), 2, 3, channels);
        Path file = folder.resolve(name);

        IdxFile.writeImages(
                file, 5, List.of(images.images(0, 1, 2), images.images(3, 4)).iterator());

        assertThatArray(ImageSet.read(file).features()).isEqualTo(images.features());
        assertThat(IdxFile.read(file, channels == 1 ? 3 : 4).dimensions()).startsWith(5, 2, 3);
    }

    @Test
    void images_writtenInOtherNumbers_areRefusedAndKeepTheFile() throws IOException {
        ImageSet images = ImageSet.of(Nd4j.rand(2, 6), 2, 3, 1);
        ImageSet turned = ImageSet.of(Nd4j.rand(2, 6), 3, 2, 1);
        Path file = Files.writeString(folder.resolve("out.idx"), "old");

        assertThatThrownBy(() -> IdxFile.writeImages(file, 3, List.of(images).iterator()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("IdxFile: images must be 3, got 2; give their number as count");
        assertThatThrownBy(() -> IdxFile.writeImages(file, 1, List.of(images).iterator()))
                .hasMessage("IdxFile: images must be 1, got more; give their number as count");
        assertThatThrownBy(() ->
                        IdxFile.writeImages(file, 4, List.of(images, turned).iterator()))
                .hasMessage("IdxFile: images must be of 2×3 pixels, gray, got 3×2 pixels, gray");
        assertThat(file).hasContent("old");
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3})
    void picture_writtenAsPng_isReadBack(int channels) throws IOException {
        ImageSet images = ImageSet.of(Nd4j.rand(1, 6 * channels), 2, 3, channels);
        png("a.png", images.picture(0));

        assertThatArray(ImageSet.read(folder).features()).isEqualTo(images.features());
    }

    @Test
    void values_becomeTheNearestBytes() {
        ImageSet images = ImageSet.of(Nd4j.createFromArray(new double[][] {{-1, 0.5, 0.501, 2}}), 2, 2, 1);

        assertThat(images.pixels(0)).containsExactly(0, 128, 128, 255);
        assertThatThrownBy(() -> ImageSet.of(Nd4j.ones(1, 3), 2, 2, 1))
                .hasMessage("ImageSet: values must be [N, 4] for 2×2 pixels, gray, got [1, 3]");
        assertThatThrownBy(() -> ImageSet.of(Nd4j.ones(1, 8), 2, 2, 2))
                .hasMessage("ImageSet: channels must be 1 for gray or 3 for RGB, got 2");
        assertThatThrownBy(() -> ImageSet.of(Nd4j.valueArrayOf(1, 4, Double.NaN), 2, 2, 1))
                .hasMessage("ImageSet: values must be numbers, got NaN");
    }
}
