package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IdxFileTest {

    @TempDir
    Path folder;

    /** Two images of 2×3 pixels, 1 to 12. */
    static byte[] images() {
        ByteBuffer file =
                ByteBuffer.allocate(16 + 12).putInt(0x803).putInt(2).putInt(2).putInt(3);
        for (int pixel = 1; pixel <= 12; pixel++) {
            file.put((byte) pixel);
        }
        return file.array();
    }

    static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"images", "images.gz"})
    void file_plainOrGzipped_isRead(String name) throws IOException {
        IdxFile contents = IdxFile.read(file(name, name.endsWith(".gz") ? gzip(images()) : images()), 3);

        assertThat(contents.dimensions()).containsExactly(2, 2, 3);
        assertThat(contents.values()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12);
        assertThat(contents.md5()).isEqualTo("084f1ec1cdc3176a6ccbc0ebc216260f"); // of the 28 bytes, by md5sum
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 3, 9, 16, 20, 27})
    void file_truncated_isRefusedWithTheByte_plainAndGzipped(int length) throws IOException {
        byte[] cut = Arrays.copyOf(images(), length);
        Path plain = file("cut", cut);
        Path gzipped = file("cut.gz", gzip(cut));

        assertThatThrownBy(() -> IdxFile.read(plain, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut must be complete")
                .hasMessageContaining("byte");
        assertThatThrownBy(() -> IdxFile.read(gzipped, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("end at byte " + length);
        assertThat(plain).hasBinaryContent(cut);
    }

    @Test
    void gzip_truncated_isRefused() throws IOException {
        byte[] whole = gzip(images());
        Path cut = file("cut.gz", Arrays.copyOf(whole, whole.length - 12));

        assertThatThrownBy(() -> IdxFile.read(cut, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("cut.gz must be complete");
    }

    @Test
    void gzip_corrupt_isRefused() throws IOException {
        byte[] bytes = gzip(images());
        bytes[bytes.length - 6] ^= 0x55; // in the checksum
        Path corrupt = file("corrupt.gz", bytes);
        Path notGzip = file("plain.gz", images());

        assertThatThrownBy(() -> IdxFile.read(corrupt, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be complete and intact, got an error at byte 28");
        assertThatThrownBy(() -> IdxFile.read(notGzip, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be complete and intact, got an error at byte 0");
    }

    @Test
    void file_tooLong_isRefusedWithTheByte() throws IOException {
        Path longer = file("longer", Arrays.copyOf(images(), 29));

        assertThatThrownBy(() -> IdxFile.read(longer, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("longer must end at byte 28");
    }

    @Test
    void file_ofAnotherKind_isRefusedWithItsBytes() throws IOException {
        Path labels =
                file("labels", ByteBuffer.allocate(10).putInt(0x801).putInt(2).array());

        assertThatThrownBy(() -> IdxFile.read(labels, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must begin with the bytes 00 00 08 03")
                .hasMessageContaining("got 00 00 08 01 at byte 0");
    }

    @Test
    void header_thatClaimsMoreThanTheFileCanHold_isRefusedWithoutTakingTheMemory() throws IOException {
        byte[] huge = ByteBuffer.allocate(28)
                .putInt(0x803)
                .putInt(2_000_000)
                .putInt(30)
                .putInt(30)
                .array();
        byte[] overflowing = ByteBuffer.allocate(28)
                .putInt(0x803)
                .putInt(1 << 30)
                .putInt(1 << 20)
                .putInt(1 << 10)
                .array();

        assertThatThrownBy(() -> IdxFile.read(file("huge.gz", gzip(huge)), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(" of the 1800000000 values that its header declares");
        assertThatThrownBy(() -> IdxFile.read(file("overflowing", overflowing), 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("values that its header declares");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -5})
    void dimension_belowOne_isRefusedWithTheByte(int size) throws IOException {
        Path file = file(
                "empty",
                ByteBuffer.allocate(16)
                        .putInt(0x803)
                        .putInt(2)
                        .putInt(size)
                        .putInt(3)
                        .array());

        assertThatThrownBy(() -> IdxFile.read(file, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at byte 8");
    }

    @Test
    void file_thatIsNotThere_saysSo() {
        assertThatThrownBy(() -> IdxFile.read(folder.resolve("none"), 3))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("none cannot be read");
    }
}
