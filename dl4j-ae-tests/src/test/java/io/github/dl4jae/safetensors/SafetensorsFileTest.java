package io.github.dl4jae.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The resources are files of the reference implementation: see {@code types.py} beside them. */
class SafetensorsFileTest {

    private static final String ODD_NAME = "\u00fc.\ud83d\ude00 \"quoted\"\n";
    private static final Map<String, String> METADATA =
            Map.of("made by", "the \u201creference\u201d\t\\ implementation");

    @TempDir
    Path directory;

    private Path file() {
        return directory.resolve("a.safetensors");
    }

    private Path resource(String name) throws IOException {
        Path copy = directory.resolve(name);
        try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream("/safetensors/" + name))) {
            Files.copy(in, copy);
        }
        return copy;
    }

    /** The tensors of types.py. */
    private static Map<String, INDArray> ofAllTypes() {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("f64", Nd4j.createFromArray(new double[][] {{0.1, -2.5e300, Double.NEGATIVE_INFINITY}}));
        tensors.put(
                "f32",
                Nd4j.createFromArray(new float[][] {{1.5f, -0f}, {Float.NaN, Float.MIN_VALUE}, {Float.MAX_VALUE, 7}}));
        tensors.put(
                "f16", Nd4j.createFromArray(1.5f, 65504, Math.scalb(1f, -24)).castTo(DataType.FLOAT16));
        tensors.put(
                "bf16",
                Nd4j.createFromArray(1.5f, Math.scalb(1.9921875f, 127), -Math.scalb(1f, -133))
                        .castTo(DataType.BFLOAT16));
        tensors.put("i64", Nd4j.createFromArray(Long.MAX_VALUE, Long.MIN_VALUE));
        tensors.put(
                "i32",
                Nd4j.createFromArray(Integer.MAX_VALUE, Integer.MIN_VALUE).reshape(1, 2, 1));
        tensors.put("i16", Nd4j.createFromArray((short) 32767, (short) -32768, (short) 5));
        tensors.put("i8", Nd4j.createFromArray((byte) 127, (byte) -128, (byte) 5));
        tensors.put("u8", Nd4j.createFromArray(255, 128, 5).castTo(DataType.UINT8));
        tensors.put("bool", Nd4j.createFromArray(true, false, true));
        tensors.put("scalar", Nd4j.scalar(2.5f));
        tensors.put("empty", Nd4j.create(DataType.FLOAT, 0, 3));
        tensors.put(ODD_NAME, Nd4j.ones(DataType.FLOAT, 1));
        return tensors;
    }

    private static byte[] bits(INDArray array) throws IOException {
        Path one = Files.createTempFile("bits", ".safetensors");
        try (SafetensorsFile file = SafetensorsFile.open(SafetensorsFile.write(one, Map.of("x", array)))) {
            ByteBuffer mapped = file.map("x");
            byte[] bytes = new byte[mapped.remaining()];
            mapped.get(bytes);
            return bytes;
        } finally {
            Files.delete(one);
        }
    }

    @Test
    void fileOfTheReference_isRead() throws IOException {
        Map<String, INDArray> read = SafetensorsFile.read(resource("types.safetensors"));

        assertThat(read.keySet())
                .containsExactlyInAnyOrderElementsOf(ofAllTypes().keySet());
        assertThat(read.get("f64").toDoubleVector()).containsExactly(0.1, -2.5e300, Double.NEGATIVE_INFINITY);
        assertThat(read.get("f32").reshape(6).toFloatVector())
                .isEqualTo(new float[] {1.5f, -0f, Float.NaN, Float.MIN_VALUE, Float.MAX_VALUE, 7});
        assertThat(read.get("f16").castTo(DataType.FLOAT).toFloatVector())
                .containsExactly(1.5f, 65504, Math.scalb(1f, -24));
        assertThat(read.get("bf16").castTo(DataType.FLOAT).toFloatVector())
                .containsExactly(1.5f, Math.scalb(1.9921875f, 127), -Math.scalb(1f, -133));
        assertThat(read.get("i64").toLongVector()).containsExactly(Long.MAX_VALUE, Long.MIN_VALUE);
        assertThat(read.get("i32").reshape(2).toIntVector()).containsExactly(Integer.MAX_VALUE, Integer.MIN_VALUE);
        assertThat(read.get("i16").toIntVector()).containsExactly(32767, -32768, 5);
        assertThat(read.get("i8").toIntVector()).containsExactly(127, -128, 5);
        assertThat(read.get("u8").toIntVector()).containsExactly(255, 128, 5);
        assertThat(read.get("bool").toIntVector()).containsExactly(1, 0, 1);
        assertThat(read.get("scalar").getFloat(0)).isEqualTo(2.5f);
    }

    @Test
    void headerOfTheReference_isRead() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(resource("types.safetensors"))) {
            assertThat(file.names())
                    .containsExactly(
                            "i64", "f64", "empty", "f32", "scalar", ODD_NAME, "i32", "bf16", "f16", "i16", "i8", "u8",
                            "bool");
            assertThat(file.metadata()).isEqualTo(METADATA);
            assertThat(file.shape("i32")).containsExactly(1, 2, 1);
            assertThat(file.shape("scalar")).isEmpty();
            assertThat(file.shape("empty")).containsExactly(0, 3);
            assertThat(file.tensor("empty").shape()).containsExactly(0, 3);
            assertThat(file.tensor("scalar").rank()).isZero();
            assertThat(file.type("bf16")).isEqualTo(TensorType.BF16);
            assertThat(file.tensor("bf16").dataType()).isEqualTo(DataType.BFLOAT16);
            assertThat(file.contains("bf16")).isTrue();
            assertThat(file.contains("bf17")).isFalse();
        }
    }

    @Test
    void write_ofTheSameTensors_givesTheBytesOfTheReference() throws IOException {
        SafetensorsFile.write(file(), ofAllTypes(), METADATA);

        assertThat(file()).hasSameBinaryContentAs(resource("types.safetensors"));
    }

    @Test
    void fileInAnotherOrder_withoutPadding_isRead() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(resource("unpadded.safetensors"))) {
            assertThat(file.names()).containsExactly("early", "late");
            assertThat(file.tensor("late").toFloatVector()).containsExactly(1.25f, -3);
            assertThat(file.tensor("early").toIntMatrix()).isDeepEqualTo(new int[][] {{7}});
            assertThat(file.metadata()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource(TensorType.class)
    void arrayOfAnyType_survives(TensorType type) {
        INDArray array = Nd4j.arange(24).reshape(2, 3, 4).castTo(type.dataType());

        INDArray read = SafetensorsFile.read(SafetensorsFile.write(file(), Map.of("x", array)))
                .get("x");

        assertThat(read).isEqualTo(array);
        assertThat(read.dataType()).isEqualTo(type.dataType());
        assertThat(TensorType.of(read.dataType())).isEqualTo(type);
        assertThat(file().toFile().length() % type.bytes()).isZero();
    }

    @Test
    void arraysOfAnyOrder_areWrittenRowByRow() throws IOException {
        INDArray rows = Nd4j.arange(12).reshape(3, 4).castTo(DataType.FLOAT);
        byte[] expected = bits(rows.dup('c'));

        assertThat(bits(rows.dup('f'))).isEqualTo(expected);
        assertThat(bits(rows.transpose().dup('c').transpose())).isEqualTo(expected);
        INDArray wide = Nd4j.rand(DataType.FLOAT, 5, 6);
        INDArray view = wide.get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(2, 6));
        view.assign(rows);
        assertThat(bits(view)).isEqualTo(expected);
        assertThat(bits(wide.dup('f').get(NDArrayIndex.interval(1, 4), NDArrayIndex.interval(2, 6))))
                .isEqualTo(expected);
        assertThat(bits(wide.getRow(1).get(NDArrayIndex.interval(2, 6)))).isEqualTo(bits(rows.getRow(0)));
        assertThat(bits(rows.getColumn(1, true))).isEqualTo(bits(Nd4j.createFromArray(1f, 5f, 9f)));
    }

    @Test
    void rows_areAPartOfTheTensor() {
        INDArray array = Nd4j.arange(24).reshape(4, 3, 2).castTo(DataType.DOUBLE);
        SafetensorsFile.write(file(), Map.of("a", Nd4j.ones(DataType.FLOAT, 3), "x", array));

        try (SafetensorsFile file = SafetensorsFile.open(file())) {
            assertThat(file.rows("x", 1, 3))
                    .isEqualTo(array.get(NDArrayIndex.interval(1, 3), NDArrayIndex.all(), NDArrayIndex.all()));
            assertThat(file.rows("x", 0, 4)).isEqualTo(array);
            assertThat(file.rows("x", 4, 4).shape()).containsExactly(0, 3, 2);
        }
    }

    @ParameterizedTest
    @CsvSource({"x,-1,2", "x,2,1", "x,0,5", "s,0,1"})
    void rows_thatDoNotExist_areRefused(String name, long from, long to) {
        SafetensorsFile.write(file(), Map.of("s", Nd4j.scalar(1f), "x", Nd4j.ones(4, 2)));

        try (SafetensorsFile file = SafetensorsFile.open(file())) {
            assertThatThrownBy(() -> file.rows(name, from, to))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tensor '" + name + "': rows must be within shape ")
                    .hasMessageContaining(", got [" + from + ", " + to + ")");
            assertThatThrownBy(() -> file.map(name, from, to)).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void map_givesTheBytes_evenAfterClosing() {
        SafetensorsFile.write(file(), Map.of("x", Nd4j.createFromArray(new float[][] {{1, 2}, {3, 4}})));
        ByteBuffer all;
        ByteBuffer second;
        try (SafetensorsFile file = SafetensorsFile.open(file())) {
            all = file.map("x");
            second = file.map("x", 1, 2);
        }

        assertThat(all.order()).isEqualTo(ByteOrder.LITTLE_ENDIAN);
        assertThat(all.asFloatBuffer().get(2)).isEqualTo(3);
        assertThat(second.remaining()).isEqualTo(2 * Float.BYTES);
        assertThat(second.asFloatBuffer().get(1)).isEqualTo(4);
        assertThatThrownBy(() -> all.put(0, (byte) 1)).isInstanceOf(ReadOnlyBufferException.class);
    }

    /** 64 GiB that take no room on disk; only what is asked for is read. */
    @Test
    void largeFile_isReadInParts() throws IOException {
        long rows = 1L << 25;
        long bytes = rows * 512 * Float.BYTES;
        long last = rows - 1;
        byte[] header = ("{\"big\":{\"dtype\":\"F32\",\"shape\":[" + rows + ",512],\"data_offsets\":[0," + bytes + "]},"
                        + "\"small\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[" + bytes + "," + (bytes + 1)
                        + "]}}")
                .getBytes(StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(
                file(), StandardOpenOption.CREATE_NEW, StandardOpenOption.SPARSE, StandardOpenOption.WRITE)) {
            ByteBuffer start = ByteBuffer.allocate(8 + header.length).order(ByteOrder.LITTLE_ENDIAN);
            channel.write(start.putLong(header.length).put(header).flip());
            ByteBuffer end = ByteBuffer.allocate(512 * Float.BYTES + 1).order(ByteOrder.LITTLE_ENDIAN);
            end.putFloat(0, 1.5f).putFloat(511 * Float.BYTES, 2.5f).put(512 * Float.BYTES, (byte) 9);
            channel.write(end, 8 + header.length + last * 512 * Float.BYTES);
        }

        try (SafetensorsFile file = SafetensorsFile.open(file())) {
            assertThat(file.shape("big")).containsExactly(rows, 512);
            INDArray read = file.rows("big", last - 1, rows);
            assertThat(read.sumNumber().doubleValue()).isEqualTo(4);
            assertThat(read.getFloat(1, 511)).isEqualTo(2.5f);
            assertThat(file.map("big", last, rows).asFloatBuffer().get(0)).isEqualTo(1.5f);
            assertThat(file.tensor("small").getInt(0)).isEqualTo(9);
            assertThatThrownBy(() -> file.tensor("big"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("tensor 'big': must fit the memory of arrays")
                    .hasMessageContaining("got " + bytes + " bytes");
            assertThatThrownBy(() -> file.map("big"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("must have less than 2 GiB to be mapped, got " + bytes + " bytes");
        }
        assertThatThrownBy(() -> SafetensorsFile.read(file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must fit the memory of arrays");
    }

    @Test
    void sameTensors_giveTheSameBytes_inAnyOrderOfTheMaps() throws IOException {
        Map<String, INDArray> tensors = new LinkedHashMap<>();
        tensors.put("b", Nd4j.ones(DataType.FLOAT, 2));
        tensors.put("a", Nd4j.zeros(DataType.FLOAT, 2));
        Map<String, String> metadata = new LinkedHashMap<>(Map.of("y", "1"));
        metadata.put("x", "2");
        Path other = directory.resolve("b.safetensors");

        SafetensorsFile.write(file(), tensors, metadata);
        SafetensorsFile.write(
                other,
                Map.of("a", Nd4j.zeros(DataType.FLOAT, 2), "b", Nd4j.ones(DataType.FLOAT, 2)),
                Map.of("x", "2", "y", "1"));

        assertThat(file()).hasSameBinaryContentAs(other);
    }

    @Test
    void noTensors_areAFile() throws IOException {
        SafetensorsFile.write(file(), Map.of());

        assertThat(Files.readAllBytes(file()))
                .containsExactly(8, 0, 0, 0, 0, 0, 0, 0, '{', '}', 32, 32, 32, 32, 32, 32);
        assertThat(SafetensorsFile.read(file())).isEmpty();
    }

    @Test
    void unsupportedArray_isRefused_andLeavesTheOldFile() throws IOException {
        SafetensorsFile.write(file(), Map.of("a", Nd4j.ones(2)));
        byte[] old = Files.readAllBytes(file());

        assertThatThrownBy(() ->
                        SafetensorsFile.write(file(), Map.of("a", Nd4j.ones(2), "u", Nd4j.create(DataType.UINT16, 2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tensor 'u': type must be one of [LONG, DOUBLE")
                .hasMessageContaining("got UINT16; castTo converts it");

        assertThat(Files.readAllBytes(file())).isEqualTo(old);
        try (var files = Files.list(directory)) {
            assertThat(files).containsExactly(file());
        }
    }

    @Test
    void namesThatAFileCannotHave_areRefused() {
        INDArray one = Nd4j.ones(1);
        Map<String, INDArray> missing = new HashMap<>();
        missing.put("x", null);

        assertThatThrownBy(() -> SafetensorsFile.write(file(), Map.of("__metadata__", one)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a name must not be that of the metadata");
        assertThatThrownBy(() -> SafetensorsFile.write(file(), Map.of("\ud800", one)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a name of tensors must be Unicode, got a lone surrogate");
        assertThatThrownBy(() -> SafetensorsFile.write(file(), Map.of(), Map.of("x", "\udc00")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("metadata must be Unicode");
        assertThatThrownBy(() -> SafetensorsFile.write(file(), missing))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("tensor 'x': its array must be given");
        assertThatCode(() -> SafetensorsFile.write(file(), Map.of("", one))).doesNotThrowAnyException();
        assertThat(SafetensorsFile.read(file())).containsOnlyKeys("");
    }

    @Tag("slow")
    @Test
    void headerOfMoreThan100MB_isNotWritten() {
        String long1 = "x".repeat(50_000_000);

        assertThatThrownBy(() -> SafetensorsFile.write(file(), Map.of(), Map.of("a", long1, "b", long1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the header must have at most 100000000 bytes, got 1000000");
    }

    @Test
    void tensorThatDoesNotExist_isRefused() {
        SafetensorsFile.write(file(), Map.of("a", Nd4j.ones(2)));

        try (SafetensorsFile file = SafetensorsFile.open(file())) {
            assertThatThrownBy(() -> file.tensor("b"))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage(
                            "SafetensorsFile " + file() + ": must have the tensor that is asked for, got 'b'; names()"
                                    + " lists those of the file");
        }
    }

    @Test
    void missingOrClosedFile_isAnInputError() {
        assertThatThrownBy(() -> SafetensorsFile.open(file()))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("SafetensorsFile " + file() + " can't be read");
        SafetensorsFile.write(file(), Map.of("a", Nd4j.ones(2)));
        SafetensorsFile closed = SafetensorsFile.open(file());
        closed.close();
        closed.close();
        assertThatThrownBy(() -> closed.tensor("a")).isInstanceOf(UncheckedIOException.class);
        assertThat(closed.names()).isEqualTo(List.of("a"));
    }

    @Test
    void fileThatBecomesShorter_isAnInputError() throws IOException {
        SafetensorsFile.write(file(), Map.of("a", Nd4j.ones(1000)));

        try (SafetensorsFile file = SafetensorsFile.open(file());
                FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(500);
            assertThatThrownBy(() -> file.tensor("a"))
                    .isInstanceOf(UncheckedIOException.class)
                    .hasRootCauseMessage("the file became shorter while it was read");
            assertThatThrownBy(() -> file.map("a")).isInstanceOf(UncheckedIOException.class);
        }
    }

    @Test
    void typeThatFilesCannotHave_isRefused() {
        assertThatThrownBy(() -> TensorType.of(DataType.UTF8))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got UTF8");
    }
}
