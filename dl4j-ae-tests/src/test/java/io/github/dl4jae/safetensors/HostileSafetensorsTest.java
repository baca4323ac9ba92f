package io.github.dl4jae.safetensors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files with one thing wrong. */
class HostileSafetensorsTest {

    /** 24 bytes of data. */
    private static final String GOOD = "{'__metadata__':{'k':'v'},"
            + "'a':{'dtype':'F64','shape':[2],'data_offsets':[0,16]},"
            + "'b':{'dtype':'F32','shape':[1,2],'data_offsets':[16,24]}}";

    private static final int DATA = 24;

    @TempDir
    Path directory;

    private Path file(long length, byte[] header, int data) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(8 + header.length + data).order(ByteOrder.LITTLE_ENDIAN);
        bytes.putLong(length).put(header);
        return Files.write(directory.resolve("x.safetensors"), bytes.array());
    }

    private Path file(String header, int data) throws IOException {
        byte[] bytes = header.replace('\'', '"').getBytes(StandardCharsets.UTF_8);
        return file(bytes.length, bytes, data);
    }

    private void assertRefused(Path file, String reason) {
        assertThatThrownBy(() -> SafetensorsFile.open(file))
                .isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("SafetensorsFile " + file + ": ")
                .hasMessageContaining(reason);
    }

    @Test
    void file_isValid() throws IOException {
        try (SafetensorsFile file = SafetensorsFile.open(file(GOOD, DATA))) {
            assertThat(file.names()).containsExactly("a", "b");
            assertThat(file.tensors()).hasSize(2);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "F64 | F65 | dtype must be one of [I64, F64, F32, I32, BF16, F16, I16, I8, U8, BOOL]",
                "F64 | U64 | got 'U64'",
                "F64 | F8_E5M2 | got 'F8_E5M2'",
                "'F64' | 64 | dtype must be one of",
                "'F64' | null | dtype must be one of",
                "'dtype':'F64', | `` | tensor 'a': dtype must be given",
                "'shape':[2], | `` | tensor 'a': shape must be given",
                ",'data_offsets':[0,16] | `` | tensor 'a': data_offsets must be given",
                "'shape':[2] | 'shape':[2],'x':1 | must have dtype, shape and data_offsets only, got 'x'",
                "'shape':[2] | 'shape':2 | tensor 'a': shape: must be a list, got another value",
                "'shape':[2] | 'shape':{'x':2} | tensor 'a': shape: must be a list, got another value",
                "'shape':[2] | 'shape':[3] | data_offsets must be 24 bytes apart, for F64 of shape [3], got [0, 16]",
                "'shape':[2] | 'shape':[2,0] | data_offsets must be 0 bytes apart",
                "'shape':[2] | 'shape':[] | data_offsets must be 8 bytes apart",
                "'shape':[2] | 'shape':[-2,-1] | shape: must be integers in [0, 2^63), got '-2'",
                "'shape':[2] | 'shape':[-0] | shape: must be integers in [0, 2^63), got '-0'",
                "'shape':[2] | 'shape':[2.0] | shape: must be integers in [0, 2^63), got '2.0'",
                "'shape':[2] | 'shape':[2e0] | shape: must be integers in [0, 2^63), got '2e0'",
                "'shape':[2] | 'shape':['2'] | shape: must be integers in [0, 2^63), got '2'",
                "'shape':[2] | 'shape':[[2]] | shape: must be integers in [0, 2^63), got '['",
                "'shape':[2] | 'shape':[9223372036854775808] | must be integers in [0, 2^63), got '92233720",
                "'shape':[2] | 'shape':[18446744073709551618] | must be integers in [0, 2^63)",
                "'shape':[2] | 'shape':[2305843009213693953] | shape must have less than 2^63 bytes",
                "'shape':[2] | 'shape':[4294967296,4294967296,2] | shape must have less than 2^63 bytes",
                "'shape':[2] | 'shape':[0,4294967296,4294967296] | shape must have less than 2^63 bytes",
                "'shape':[2] | 'shape':[2],'shape':[2] | repeated names, got an error: 'Duplicate field 'shape''",
                "[0,16] | [0,15] | data_offsets must be 16 bytes apart",
                "[0,16] | [16,0] | data_offsets must be 16 bytes apart",
                "[0,16] | [0] | data_offsets must be two integers, got 1",
                "[0,16] | [0,16,16] | data_offsets: must have at most 2 integers, got more",
                "[0,16] | [-16,0] | data_offsets: must be integers in [0, 2^63), got '-16'",
                "[0,16] | [9223372036854775800,-9223372036854775800] | data_offsets: must be integers in [0, 2^63)",
                "[0,16] | 16 | data_offsets: must be a list",
                "[16,24] | [8,16] | must start at offset 16, where the tensor before ends, got 8, so they overlap",
                "[16,24] | [0,8] | so they overlap",
                "[16,24] | [17,25] | tensor 'b': must start at offset 16, where the tensor before ends, got 17",
                "[0,16] | [1,17] | where the tensor before ends, got 1, so there is a gap",
                "[16,24] | [9223372036854775799,9223372036854775807] | so there is a gap",
                "'b': | 'a': | repeated names, got an error: 'Duplicate field 'a''",
                "'b': | '\\u0061': | repeated names, got an error: 'Duplicate field 'a''",
                "'b': | '__metadata__': | repeated names, got an error: 'Duplicate field '__metadata__''",
                "{'k':'v'} | {'k':'v','k':'w'} | repeated names, got an error: 'Duplicate field 'k''",
                "{'k':'v'} | {'k':1} | metadata must be texts, got another value for 'k'",
                "{'k':'v'} | {'k':null} | metadata must be texts, got another value for 'k'",
                "{'k':'v'} | {'k':{'v':'v'}} | metadata must be texts, got another value for 'k'",
                "{'k':'v'} | null | the header must have an object for each name, got another value for '__metadata__'",
                "{'k':'v'} | {'k':'\\ud800'} | names and texts must be Unicode, got a lone surrogate",
                "'b': | '\\udfff': | names and texts must be Unicode, got a lone surrogate",
                "'b': | 'c':1,'b': | the header must have an object for each name, got another value for 'c'",
                "'b': | 'c':[],'b': | the header must have an object for each name, got another value for 'c'",
                "'b': | b: | the header must be JSON",
                "[16,24]}} | [16,24]} | the header must be JSON",
                "[16,24]}} | [16,24]}}} | the header must be JSON",
                "[16,24]}} | [16,24]}}{} | the header must be one JSON object, got more after it",
                "[16,24]}} | [16,24]}}null | the header must be one JSON object, got more after it",
                "[16,24]}} | [16,24],}} | the header must be JSON",
                "{'__m |  {'__m | the header must start with '{'",
            })
    void header_thatIsWrong_isRefused(String found, String replacement, String reason) throws IOException {
        assertThat(GOOD).contains(found);
        int at = GOOD.indexOf(found);
        String space = found.equals("{'__m") ? " " : "";

        assertRefused(
                file(space + GOOD.substring(0, at) + replacement + GOOD.substring(at + found.length()), DATA), reason);
    }

    @ParameterizedTest
    @CsvSource({
        "23, 'the tensors must end with the file, after 23 bytes of data, got 24; the file is truncated'",
        "0, 'after 0 bytes of data, got 24; the file is truncated'",
        "25, 'after 25 bytes of data, got 24; the file is damaged'"
    })
    void data_ofAnotherLength_isRefused(int data, String reason) throws IOException {
        assertRefused(file(GOOD, data), reason);
    }

    @ParameterizedTest
    @CsvSource({
        "0, the header must start with '{'",
        "1, the header must be JSON",
        "100000001, 'the header must have at most 100000000 bytes, got 100000001'",
        "-1, 'the header must have at most 100000000 bytes, got 18446744073709551615'",
        "-9223372036854775808, got 9223372036854775808",
        "100000000, 'the header must end before the file does, got 100000000 bytes of header in a file of '"
    })
    void length_thatIsWrong_isRefused(long length, String reason) throws IOException {
        assertRefused(
                file(length, GOOD.replace('\'', '"').getBytes(StandardCharsets.UTF_8), DATA),
                reason.replace('`', '\''));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 7})
    void fileWithoutALength_isRefused(int bytes) throws IOException {
        assertRefused(
                Files.write(directory.resolve("short"), new byte[bytes]),
                "must start with 8 bytes of length, got " + bytes + " bytes");
    }

    @Test
    void everyTruncation_isRefused() throws IOException {
        byte[] whole = Files.readAllBytes(file(GOOD, DATA));
        for (int length = 0; length < whole.length; length++) {
            assertRefused(Files.write(directory.resolve("short"), Arrays.copyOf(whole, length)), "");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"ff", "c0af", "eda080", "f4908080", "e282"})
    void bytesThatAreNotUtf8_areRefused(String hex) throws IOException {
        ByteArrayOutputStream header = new ByteArrayOutputStream();
        header.writeBytes("{\"".getBytes(StandardCharsets.UTF_8));
        header.writeBytes(HexFormat.of().parseHex(hex));
        header.writeBytes(
                "\":{\"dtype\":\"U8\",\"shape\":[0],\"data_offsets\":[0,0]}}".getBytes(StandardCharsets.UTF_8));

        assertRefused(file(header.size(), header.toByteArray(), 0), "the header must be UTF-8, got other bytes");
    }

    @Test
    void byteOrderMark_isRefused() throws IOException {
        assertRefused(file("\ufeff" + GOOD, DATA), "the header must start with '{'");
    }

    @Test
    void nesting_isRefused() throws IOException {
        assertRefused(
                file(GOOD.replace("[2]", "[".repeat(1_000_000) + "]".repeat(1_000_000)), DATA),
                "shape: must be integers in [0, 2^63), got '['");
        assertRefused(file("{'a':".repeat(1_000_000) + "}".repeat(1_000_000), DATA), "tensor 'a': must have dtype");
    }

    @Test
    void manyDimensions_areRefused() throws IOException {
        assertRefused(
                file(GOOD.replace("[2]", "[2" + ",1".repeat(32) + "]"), DATA),
                "tensor 'a': shape: must have at most 32 integers, got more");
    }

    /** As many as ND4J's arrays can have. */
    @Test
    void dimensionsOf32_areRead() throws IOException {
        try (SafetensorsFile file =
                SafetensorsFile.open(file(GOOD.replace("[2]", "[2" + ",1".repeat(31) + "]"), DATA))) {
            assertThat(file.tensor("a").rank()).isEqualTo(32);
        }
    }

    @Test
    void longNumber_isRefusedAtOnce() throws IOException {
        long start = System.nanoTime();

        assertRefused(file(GOOD.replace("[2]", "[" + "9".repeat(9_000_000) + "]"), DATA), "got '999");

        assertThat(System.nanoTime() - start).isLessThan(10_000_000_000L);
    }

    @Test
    void tooManyTensors_areRefused() throws IOException {
        StringBuilder header = new StringBuilder("{");
        for (int i = 0; i <= 1 << 17; i++) {
            header.append(i == 0 ? "" : ",")
                    .append("'")
                    .append(i)
                    .append("':{'dtype':'U8','shape':[0],'data_offsets':[0,0]}");
        }

        assertRefused(
                file(header.append("}").toString(), 0),
                "must have at most 131072 tensors and texts of metadata, got more");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'%s':{}}", "{'__metadata__':{'a':'%s'}}", "{'a':{'shape':[%s]}}"})
    void textOfMoreThan10MB_isRefused(String header) throws IOException {
        assertRefused(
                file(header.formatted("9".repeat(10_000_001)), 0),
                "names and texts of the header must have at most 10000000 characters, got more");
    }

    @Test
    void textWithManyQuotes_isRefused() throws IOException {
        assertRefused(
                file("{'__metadata__':{'a':'" + "\\'".repeat(5_000_001) + "'}}", 0),
                "names and texts of the header must have at most 10000000 characters, got more");
    }

    @Test
    void textOf10MB_isRead() throws IOException {
        try (SafetensorsFile file =
                SafetensorsFile.open(file("{'__metadata__':{'a':'" + "x".repeat(10_000_000) + "'}}", 0))) {
            assertThat(file.metadata().get("a")).hasSize(10_000_000);
        }
    }

    @Test
    void booleanOf2_isRefusedWhenItIsRead() throws IOException {
        Path file = file("{'a':{'dtype':'BOOL','shape':[3],'data_offsets':[0,3]}}", 3);
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length - 1] = 2;
        Files.write(file, bytes);

        assertThatThrownBy(() -> SafetensorsFile.read(file))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("SafetensorsFile " + file + ": tensor 'a': values of BOOL must be 0 or 1, got 2");
    }
}
