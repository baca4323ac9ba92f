package io.github.dl4jae.compression;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.FuzzRun;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.CRC32C;
import org.deeplearning4j.exception.DL4JInvalidInputException;

/** Decompresses damaged streams: half of them with a right checksum, as an attacker would write them. */
final class ImageStreamFuzz {

    private static final ImageCompressor COMPRESSOR = ImageCompressor.of(SmallCompressors.network(1, 5));
    private static final byte[] STREAM = COMPRESSOR.compress(SmallCompressors.picture(28, 28, 1));
    private static final int[] PIXELS = pixels(COMPRESSOR.decompress(STREAM));

    private static int refused;
    private static int equal;

    private ImageStreamFuzz() {}

    public static void main(String[] arguments) throws IOException {
        int failed = FuzzRun.checkAll(arguments, ImageStreamFuzz::check);
        System.out.println("refused " + refused + ", equal " + equal + ", failed " + failed);
        System.exit(failed == 0 ? 0 : 1);
    }

    private static int[] pixels(BufferedImage image) {
        return image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
    }

    private static void check(long seed) {
        byte[] damaged = mutated(new Random(seed));
        try {
            assertThat(pixels(COMPRESSOR.decompress(damaged)))
                    .as("seed %s", seed)
                    .isEqualTo(PIXELS);
            equal++;
        } catch (DL4JInvalidInputException e) {
            refused++;
        } catch (RuntimeException | Error e) {
            throw new AssertionError("seed " + seed, e);
        }
    }

    private static byte[] mutated(Random random) {
        byte[] bytes = STREAM.clone();
        switch (random.nextInt(5)) {
            case 0 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            case 2 -> bytes = Arrays.copyOf(bytes, random.nextInt(2 * bytes.length));
            case 3 -> {
                int from = random.nextInt(bytes.length);
                int length = Math.min(random.nextInt(16), bytes.length - from);
                System.arraycopy(bytes, random.nextInt(bytes.length - length), bytes, from, length);
            }
            default -> ByteBuffer.wrap(bytes).putInt(random.nextInt(bytes.length - 3), random.nextInt());
        }
        return random.nextBoolean() ? withChecksum(bytes) : bytes;
    }

    private static byte[] withChecksum(byte[] bytes) {
        if (bytes.length >= Integer.BYTES) {
            CRC32C crc = new CRC32C();
            crc.update(bytes, 0, bytes.length - Integer.BYTES);
            ByteBuffer.wrap(bytes).putInt(bytes.length - Integer.BYTES, (int) crc.getValue());
        }
        return bytes;
    }
}
