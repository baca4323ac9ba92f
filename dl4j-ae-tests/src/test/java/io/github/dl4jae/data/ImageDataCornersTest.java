package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Labels that are not 0, 1, 2, …, and files under other names. */
class ImageDataCornersTest {

    /** Two images of 2×1 pixels. */
    private static final byte[] IDX = {0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 2, 0, 0, 0, 1, 5, 6, 7, (byte) 250};

    @TempDir
    private Path folder;

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    @Test
    void labels_areUnsignedBytes() {
        LabeledImages images = LabeledImages.of("many", bytes(1, 2, 3), bytes(200, 0, 255), 1, 1, 256);

        assertThat(images.label(0)).isEqualTo(200);
        assertThat(images.labels()).containsExactly(200, 0, 255);
        assertThat(images.range(2, 3).labels()).containsExactly(255);
        assertThat(images.iterator(3)
                        .withLabels()
                        .build()
                        .next()
                        .getLabels()
                        .argMax(1)
                        .toIntVector())
                .containsExactly(200, 0, 255);
        assertThatThrownBy(() -> LabeledImages.of("many", bytes(1, 2, 3), bytes(3, 0, 200), 1, 1, 100))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("many: label 2 must be in [0, 99], got 200; the labels run from 0 to 200, so give classes ="
                        + " 201");
    }

    @Test
    void transposedImages_haveRowsAndColumnsExchanged() {
        byte[] pixels = {1, 2, 3, 4, 5, 6, 11, 12, 13, 14, 15, 16};
        LabeledImages images = LabeledImages.of("letters", pixels, new byte[] {0, 1}, 2, 3, 2);

        LabeledImages turned = images.transposed();

        assertThat(turned.rows()).isEqualTo(3);
        assertThat(turned.columns()).isEqualTo(2);
        assertThat(turned.labels()).containsExactly(0, 1);
        assertThat(turned.features().mul(255).getRow(1).toFloatVector()).containsExactly(11, 14, 12, 15, 13, 16);
        assertThat(turned.transposed().features()).isEqualTo(images.features());
        assertThat(images.range(1, 2).transposed().features())
                .isEqualTo(turned.range(1, 2).features());
    }

    @Test
    void letters_areCountedFromOne() {
        byte[] labels = new byte[26];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (26 - i);
        }
        byte[] before = labels.clone();

        assertThatThrownBy(() -> LabeledImages.of("letters", new byte[26], labels, 1, 1, 26))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("letters: label 0 must be in [0, 25], got 26; the labels run from 1 to 26, so give"
                        + " firstLabel = 1");
        LabeledImages letters = LabeledImages.of("letters", new byte[26], labels, 1, 1, 26, 1);
        assertThat(letters.classes()).isEqualTo(26);
        assertThat(letters.label(0)).isEqualTo(25);
        assertThat(letters.labels()).startsWith(25, 24).endsWith(1, 0);
        assertThat(letters.iterator(26).withLabels().build().next().getLabels().getDouble(25, 0))
                .isEqualTo(1);
        assertThat(labels).isEqualTo(before);
        assertThatThrownBy(() -> LabeledImages.of("letters", bytes(0, 0), bytes(1, 0), 1, 1, 26, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("letters: label 1 must be in [1, 26], got 0");
    }

    /** Tools and archives give what is published as train-images-idx3-ubyte.gz other names. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "train-images-idx3-ubyte",
                "train-images-idx3-ubyte.gz",
                "train-images.idx3-ubyte",
                "train-images.idx3-ubyte.gz",
                "train-images-idx3-ubyte/train-images-idx3-ubyte",
                "train-images.idx3-ubyte/train-images-idx3-ubyte.gz"
            })
    void publishedFile_underEachOfItsNames_isFoundAndRead(String name) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        try (OutputStream out = name.endsWith(".gz")
                ? new GZIPOutputStream(Files.newOutputStream(file))
                : Files.newOutputStream(file)) {
            out.write(IDX);
        }
        PublishedFile published = new PublishedFile(
                "train-images-idx3-ubyte",
                new int[] {2, 2, 1},
                IdxFile.read(file, 3).md5());

        assertThat(published.find(folder)).isEqualTo(file);
        assertThat(published.read(folder).values()).containsExactly(bytes(5, 6, 7, 250));
    }

    @Test
    void missingFiles_areReportedWithWhatLiesThere() throws IOException {
        Path mnist = Files.createDirectories(folder.resolve("mnist"));
        PublishedFile wanted = new PublishedFile("train-images-idx3-ubyte", new int[] {2, 2, 1}, "");
        assertThatThrownBy(() -> download(wanted, folder.resolve("elsewhere")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must be in " + folder.resolve("elsewhere")
                        + ", got no such directory, but mnist/ in " + folder + ", and ");
        Files.createDirectory(mnist.resolve("raw"));
        for (String name : List.of("train.csv", "mnist.zip")) {
            Files.write(mnist.resolve(name), new byte[1]);
        }

        assertThatThrownBy(() -> download(wanted, mnist))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("digits: train-images-idx3-ubyte.gz must be in " + mnist
                        + ", got mnist.zip, raw/, train.csv there, and downloading is switched off")
                .hasMessageContaining("(the names train-images-idx3-ubyte, train-images.idx3-ubyte,"
                        + " train-images.idx3-ubyte.gz, and folders of these names, are found too)");
        for (int i = 0; i < 10; i++) {
            Files.write(mnist.resolve("a" + i), new byte[1]);
        }
        assertThatThrownBy(() -> download(wanted, mnist))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("got a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, … there");
    }

    private static void download(PublishedFile file, Path folder) {
        new IdxDownloader("digits", List.of(), (name, received, total) -> {}).download(List.of(file), folder);
    }

    @ParameterizedTest
    @ValueSource(ints = {-1, 0})
    void syntheticDigits_fewerThanOne_areRefused_withoutTalkOfParts(int count) {
        assertThatThrownBy(() -> SyntheticDigits.generate(count, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith(", got " + count)
                .hasMessageNotContaining("parts");
    }

    @Test
    void remedy_forTooManyClasses_countsThem() {
        byte[] labels = new byte[30];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = (byte) (i + 1);
        }
        assertThatThrownBy(() -> LabeledImages.of("letters", new byte[30], labels, 1, 1, 26, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the labels run from 1 to 30, so give classes = 30");
        assertThatThrownBy(() -> LabeledImages.of("letters", new byte[30], labels, 1, 1, 30, -1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("firstLabel must be at least 0, got -1");
    }
}
