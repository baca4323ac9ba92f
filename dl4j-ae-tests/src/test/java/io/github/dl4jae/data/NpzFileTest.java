package io.github.dl4jae.data;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.factory.Nd4j;

class NpzFileTest {

    @TempDir
    private Path directory;

    /** Returns an array as NumPy writes it, version 1.0. */
    private static byte[] npy(String type, boolean columns, String shape, byte[] elements) {
        String header = "{'descr': '" + type + "', 'fortran_order': " + (columns ? "True" : "False") + ", 'shape': "
                + shape + ", }\n";
        return ByteBuffer.allocate(10 + header.length() + elements.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(new byte[] {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0})
                .putShort((short) header.length())
                .put(header.getBytes(StandardCharsets.ISO_8859_1))
                .put(elements)
                .array();
    }

    private Path file(byte[] npy) throws IOException {
        Path file = directory.resolve("arrays.npz");
        try (OutputStream out = Files.newOutputStream(file);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry("X.npy"));
            zip.write(npy);
        }
        return file;
    }

    private static byte[] floats(ByteOrder order, float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(order);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    @Test
    void read_rowsFirst() throws IOException {
        Path file = file(npy("<f4", false, "(2, 3)", floats(ByteOrder.LITTLE_ENDIAN, 1, 2, 3, 4, 5, 6)));
        assertThatArray(NpzFile.read(file).get("X"))
                .isEqualTo(Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}}));
    }

    @Test
    void read_columnsFirst() throws IOException {
        Path file = file(npy(">f4", true, "(2, 3)", floats(ByteOrder.BIG_ENDIAN, 1, 4, 2, 5, 3, 6)));
        assertThatArray(NpzFile.read(file).get("X"))
                .isEqualTo(Nd4j.createFromArray(new double[][] {{1, 2, 3}, {4, 5, 6}}));
    }

    @ParameterizedTest
    @CsvSource({
        "|u1, 200, 1",
        "|i1, -56, 1",
        "|b1, 1, 1",
        "<i2, -300, 2",
        "<u2, 60000, 2",
        "<i4, -70000, 4",
        "<i8, 9, 8"
    })
    void read_integers(String type, long value, int width) throws IOException {
        byte[] all = ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
        Path file = file(npy(type, false, "(1,)", Arrays.copyOf(all, width)));
        assertThat(NpzFile.read(file).get("X").toDoubleVector()).containsExactly(value);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "<f4|(3,)|must have 3 elements of 4 bytes",
                "<f2|(4,)|must have booleans, integers or floats",
                "O|(1,)|must have numbers of one type",
                "<f4|(0,)|must have 0 elements",
            })
    void read_otherArrays_areRefused(String type, String shape, String message) throws IOException {
        Path file = file(npy(type, false, shape, new byte[8]));
        assertThatThrownBy(() -> NpzFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    @Test
    void read_otherFiles_areRefused() throws IOException {
        Path text = Files.writeString(directory.resolve("table.csv"), "a,b\n1,2\n");
        assertThatThrownBy(() -> NpzFile.read(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must be a ZIP file");
    }
}
