package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

/** On small files in the format of EMNIST. */
class EmnistDatasetTest {

    @TempDir
    Path folder;

    /** Images in which pixel (r, c) as stored is 8r + c mod 256, plus the index of the image. */
    private static byte[] images(int count, int side) {
        ByteBuffer file = ByteBuffer.allocate(16 + count * side * side);
        file.putInt(0x803).putInt(count).putInt(side).putInt(side);
        for (int i = 0; i < count * side * side; i++) {
            int pixel = i % (side * side);
            file.put((byte) (8 * (pixel / side) + pixel % side + i / (side * side)));
        }
        return file.array();
    }

    private static byte[] labels(int... labels) {
        ByteBuffer file = ByteBuffer.allocate(8 + labels.length);
        file.putInt(0x801).putInt(labels.length);
        for (int label : labels) {
            file.put((byte) label);
        }
        return file.array();
    }

    private void write(String place, String split, byte[] images, byte[] labels) throws IOException {
        Path target = Files.createDirectories(folder.resolve(place));
        Files.write(target.resolve("emnist-" + split + "-images-idx3-ubyte.gz"), IdxFileTest.gzip(images));
        Files.write(target.resolve("emnist-" + split + "-labels-idx1-ubyte.gz"), IdxFileTest.gzip(labels));
    }

    private DataDirectory directory() {
        return DataDirectory.of(folder);
    }

    @ParameterizedTest
    @ValueSource(strings = {"emnist", "emnist/gzip"})
    void letters_areUprightAndCountFromZero(String place) throws IOException {
        write(place, "letters-train", images(3, 28), labels(1, 26, 2));

        LabeledImages letters = EmnistDataset.LETTERS.train(directory());

        assertThat(letters).hasToString("emnist-letters (3 images of 28×28, 26 classes)");
        assertThat(letters.labels()).containsExactly(0, 25, 1);
        INDArray bytes = letters.features().mul(255);
        assertThat(Math.round(bytes.getFloat(0, 3 * 28 + 5))).isEqualTo(8 * 5 + 3); // row 3, column 5
        assertThat(Math.round(bytes.getFloat(2, 27))).isEqualTo((8 * 27 + 2) % 256);
    }

    @ParameterizedTest
    @CsvSource({
        "BALANCED, balanced, 46",
        "BY_CLASS, byclass, 61",
        "BY_MERGE, bymerge, 46",
        "DIGITS, digits, 9",
        "MNIST, mnist, 9"
    })
    void splits_countFromZero(EmnistDataset dataset, String name, int last) throws IOException {
        write("emnist", name + "-test", images(2, 28), labels(0, last));

        assertThat(dataset.test(directory()).labels()).containsExactly(0, last);
        assertThat(dataset.classes()).isEqualTo(last + 1);
        assertThat(dataset.name().toLowerCase(Locale.ROOT).replace("_", "")).isEqualTo(name);
    }

    @Test
    void labels_outOfRange_areRefused() throws IOException {
        write("emnist", "letters-test", images(2, 28), labels(1, 27));
        write("emnist", "digits-test", images(2, 28), labels(1, 10));

        assertThatThrownBy(() -> EmnistDataset.LETTERS.test(directory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("emnist-letters: label 1 must be in [1, 26], got 27");
        assertThatThrownBy(() -> EmnistDataset.DIGITS.test(directory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("emnist-digits: label 1 must be in [0, 9], got 10");
    }

    @Test
    void images_thatDoNotFitTheLabels_areRefused() throws IOException {
        write("emnist", "mnist-test", images(2, 28), labels(1, 2, 3));
        write("emnist", "digits-test", images(2, 8), labels(1, 2));

        assertThatThrownBy(() -> EmnistDataset.MNIST.test(directory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("emnist-mnist: images must be 3 of 28×28 pixels, as many as labels, got 2 of 28×28; take"
                        + " images and labels of one download");
        assertThatThrownBy(() -> EmnistDataset.DIGITS.test(directory()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 2 of 8×8");
    }

    @Test
    void missingFiles_areNamedWithWhatIsThere() throws IOException {
        Path emnist = Files.createDirectories(folder.resolve("emnist"));
        Files.write(emnist.resolve("emnist-letters-train-labels-idx1-ubyte"), labels(1));
        Files.write(emnist.resolve("gzip.zip"), new byte[1]);

        assertThatThrownBy(() -> EmnistDataset.LETTERS.train(directory()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageStartingWith("EMNIST: emnist-letters-train-images-idx3-ubyte.gz must be in " + emnist
                        + ", got emnist-letters-train-labels-idx1-ubyte, gzip.zip there; put the files there")
                .hasMessageContaining("emnist-letters-train-images.idx3-ubyte")
                .hasMessageContaining("-Ddl4jae.data=");
        Files.createDirectory(emnist.resolve("gzip"));
        assertThatThrownBy(() -> EmnistDataset.LETTERS.train(directory()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("must be in " + emnist);
        assertThatThrownBy(() -> EmnistDataset.LETTERS.train(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("directory must be given");
    }
}
