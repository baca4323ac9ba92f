package io.github.dl4jae.coding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.zip.CRC32C;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CodedStreamTest {

    private static final byte[] BYTES = CodedStream.of(
                    "test", new byte[] {1, 2, 3}, new byte[0], CodedStream.bytes(new int[] {-1, 7}))
            .toBytes();

    private static byte[] withChecksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, bytes.length - 4);
        ByteBuffer.wrap(bytes).putInt(bytes.length - 4, (int) crc.getValue());
        return bytes;
    }

    @Test
    void header_goldenBytes() {
        assertThat(Arrays.copyOf(BYTES, 15))
                .containsExactly('D', 'L', 'A', 'E', 1, 4, 't', 'e', 's', 't', 3, 0, 0, 0, 3);
    }

    @Test
    void sections_comeBack() {
        CodedStream stream = CodedStream.parse(BYTES, "test");

        assertThat(stream.size()).isEqualTo(3);
        assertThat(stream.section(0).array()).containsExactly(1, 2, 3);
        assertThat(stream.section(1).array()).isEmpty();
        assertThat(stream.words(2)).containsExactly(-1, 7);
        assertThat(stream.toBytes()).isEqualTo(BYTES);
    }

    @Test
    void file_comesBack_andALargerOneIsRefused(@TempDir Path directory) {
        Path file = CodedStream.of("test", new byte[100]).write(directory.resolve("stream"));

        assertThat(CodedStream.read(file, "test", 200).section(0).remaining()).isEqualTo(100);
        assertThatThrownBy(() -> CodedStream.read(file, "test", 50))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("at most 50 bytes");
    }

    @Test
    void everyTruncation_isRefused() {
        assertThat(IntStream.range(0, BYTES.length))
                .allSatisfy(length -> assertThatThrownBy(() -> CodedStream.parse(Arrays.copyOf(BYTES, length), "test"))
                        .isInstanceOf(DL4JInvalidInputException.class));
    }

    private static byte[] mutated(Random random) {
        byte[] bytes = BYTES.clone();
        for (int i = random.nextInt(4); i >= 0; i--) {
            bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return bytes;
    }

    @Test
    void mutations_areRefusedOrTheSameStream() {
        Random random = new Random(7);
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> mutated(random))).allSatisfy(bytes -> {
            Throwable thrown = catchThrowable(() -> CodedStream.parse(bytes, "test"));
            if (thrown == null) {
                assertThat(bytes).isEqualTo(BYTES);
            } else {
                assertThat(thrown).isInstanceOf(DL4JInvalidInputException.class);
            }
        });
    }

    /** The checksum is right, so that the parser itself must notice. */
    @Test
    void mutationsWithAChecksum_areRefusedOrRead() {
        Random random = new Random(8);
        assertThat(IntStream.range(0, 10_000).mapToObj(i -> withChecksum(mutated(random))))
                .allSatisfy(bytes -> {
                    Throwable thrown = catchThrowable(() -> CodedStream.parse(bytes, "test"));
                    assertThat(thrown).isIn(null, thrown instanceof DL4JInvalidInputException ? thrown : null);
                });
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 1000})
    void forgedLength_isRefusedWithoutMemory(int length) {
        byte[] bytes = BYTES.clone();
        ByteBuffer.wrap(bytes).putInt(11, length);

        assertThatThrownBy(() -> CodedStream.parse(withChecksum(bytes), "test"))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("a length must fit");
    }

    @Test
    void otherVersionOrKindOrTail_isRefused() {
        byte[] version = BYTES.clone();
        version[4] = 2;
        assertThatThrownBy(() -> CodedStream.parse(withChecksum(version), "test"))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("CodedStream: the version must be 1, got 2");
        assertThatThrownBy(() -> CodedStream.parse(BYTES, "other"))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessage("CodedStream: the kind must be other, got test");
        assertThatThrownBy(() -> CodedStream.parse(withChecksum(Arrays.copyOf(BYTES, BYTES.length + 4)), "test"))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("a stream ends after its sections");
    }

    @Test
    void wrongArguments_areRefusedByName() {
        assertThatThrownBy(() -> CodedStream.of("with space")).hasMessageContaining("kind");
        assertThatThrownBy(() -> CodedStream.of("k", new byte[256][])).hasMessageContaining("at most 255 sections");
        assertThatThrownBy(() -> CodedStream.parse(BYTES, "test").section(3))
                .isInstanceOf(DL4JInvalidInputException.class);
        assertThatThrownBy(() -> CodedStream.parse(BYTES, "test").words(0))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("4 bytes per word");
    }
}
