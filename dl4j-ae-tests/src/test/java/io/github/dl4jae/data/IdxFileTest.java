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
import java.util.HexFormat;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

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
    void file_ofAnotherRank_isRefusedWithWhatItHolds() throws IOException {
        Path labels =
                file("labels", ByteBuffer.allocate(10).putInt(0x801).putInt(2).array());

        assertThatThrownBy(() -> IdxFile.read(labels, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("IdxFile: " + labels + " must have 3 dimensions (3 are images, 1 is labels), got 1 of"
                        + " unsigned bytes (type 0x08) at byte 3; exchange the files of images and labels, or give"
                        + " the rank 1");
        assertThatThrownBy(() -> IdxFile.read(labels, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rank must be in [1, 255], got 0");
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00000a01, 0x00000701, 0x00000f01, 0x00010801, 0x504b0304, 0x89504e47})
    void file_thatIsNotIdx_isRefusedWithItsBytes(int magic) throws IOException {
        Path other =
                file("other", ByteBuffer.allocate(10).putInt(magic).putInt(2).array());

        assertThatThrownBy(() -> IdxFile.read(other, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must begin with the bytes 00 00, a type from 08 to 0e other than 0a")
                .hasMessageContaining(", got "
                        + HexFormat.ofDelimiter(" ")
                                .formatHex(ByteBuffer.allocate(4).putInt(magic).array())
                        + " at byte 0; replace it by an intact copy");
    }

    @Test
    void gzippedFile_underAPlainName_isRefusedWithTheRemedy() throws IOException {
        Path unnamed = file("images", gzip(images()));

        assertThatThrownBy(() -> IdxFile.read(unnamed, 3))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 1f 8b 08 00 at byte 0; let the name of a gzipped file end in .gz");
    }

    private Path values(int type, byte... values) throws IOException {
        ByteBuffer file = ByteBuffer.allocate(12 + values.length);
        return file(
                "values",
                file.putInt(type << 8 | 2).putInt(2).putInt(1).put(values).array());
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }

    /** The bytes are written out: those of 1.5f and 1.5 are 3f c0 …, 3f f8 …. */
    static Stream<Arguments> types() {
        return Stream.of(
                Arguments.of(0x08, bytes(200, 7), DataType.INT32, new double[] {200, 7}),
                Arguments.of(0x09, bytes(200, 7), DataType.INT32, new double[] {-56, 7}),
                Arguments.of(0x0b, bytes(0xff, 0xfe, 0x01, 0x02), DataType.INT32, new double[] {-2, 258}),
                Arguments.of(0x0c, bytes(0x80, 0, 0, 0, 0x01, 0x02, 0x03, 0x04), DataType.INT32, new double[] {
                    -2147483648.0, 16909060
                }),
                Arguments.of(0x0d, bytes(0x3f, 0xc0, 0, 0, 0xc0, 0, 0, 0), DataType.FLOAT, new double[] {1.5, -2}),
                Arguments.of(
                        0x0e,
                        bytes(0x3f, 0xf8, 0, 0, 0, 0, 0, 0, 0xc0, 0, 0, 0, 0, 0, 0, 0),
                        DataType.DOUBLE,
                        new double[] {1.5, -2}));
    }

    @ParameterizedTest
    @MethodSource("types")
    void values_ofEachType_areRead(int type, byte[] values, DataType dataType, double[] expected) throws IOException {
        INDArray array = IdxFile.read(values(type, values), 2).toArray();

        assertThat(array.dataType()).isEqualTo(dataType);
        assertThat(array.shape()).containsExactly(2, 1);
        assertThat(array.castTo(DataType.DOUBLE).toDoubleVector()).containsExactly(expected);
    }

    @ParameterizedTest
    @MethodSource("types")
    void values_ofOtherTypes_areNotTakenForUnsignedBytes(int type, byte[] values) throws IOException {
        IdxFile file = IdxFile.read(values(type, values), 2);

        if (type == 0x08) {
            assertThat(file.values()).containsExactly(values);
        } else {
            assertThatThrownBy(file::values)
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("must hold unsigned bytes (type 0x08), got ")
                    .hasMessageContaining(String.format("(type 0x%02x); call toArray()", type));
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void values_ofEachType_cutShort_areRefused(int type, byte[] values) throws IOException {
        Path cut = values(type, Arrays.copyOf(values, values.length - 1));

        assertThatThrownBy(() -> IdxFile.read(cut, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be complete, got at most 1 of the 2 values that its header declares");
    }

    @Test
    void array_ofImages_hasTheirShape() throws IOException {
        INDArray array = IdxFile.read(file("images", images()), 3).toArray();

        assertThat(array.shape()).containsExactly(2, 2, 3);
        assertThat(array.getInt(1, 0, 2)).isEqualTo(9);
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
