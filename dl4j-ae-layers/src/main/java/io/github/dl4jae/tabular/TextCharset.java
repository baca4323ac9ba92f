package io.github.dl4jae.tabular;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The detection of a charset: by the byte order mark, by zero bytes of wide characters, or UTF-8 if it fits. */
final class TextCharset {

    private static final Charset UTF_32BE = Charset.forName("UTF-32BE");
    private static final Charset UTF_32LE = Charset.forName("UTF-32LE");
    /** The share of characters of the Latin alphabet, whose other bytes are zero, in a text of wide characters. */
    private static final double MOST = 0.8;

    private TextCharset() {}

    /** Returns the charset of the beginning of a text, or null if it is no text in one that can be detected. */
    static @Nullable Charset detect(byte[] bytes, Charset lastResort) {
        if (startsWith(bytes, 0, 0, 0xFE, 0xFF)) {
            return UTF_32BE;
        } else if (startsWith(bytes, 0xFF, 0xFE, 0, 0)) {
            return UTF_32LE;
        } else if (startsWith(bytes, 0xFE, 0xFF)) {
            return StandardCharsets.UTF_16BE;
        } else if (startsWith(bytes, 0xFF, 0xFE)) {
            return StandardCharsets.UTF_16LE;
        }
        return hasZero(bytes) ? wide(bytes) : narrow(bytes, lastResort);
    }

    private static boolean startsWith(byte[] bytes, int... expected) {
        for (int i = 0; i < expected.length; i++) {
            if (i >= bytes.length || (bytes[i] & 0xFF) != expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static boolean hasZero(byte[] bytes) {
        for (byte each : bytes) {
            if (each == 0) {
                return true;
            }
        }
        return false;
    }

    private static @Nullable Charset wide(byte[] bytes) {
        double[] zeros = new double[4];
        for (int i = 0; i < bytes.length; i++) {
            zeros[i % 4] += bytes[i] == 0 ? 4.0 / bytes.length : 0;
        }
        boolean[] zero = new boolean[4];
        for (int i = 0; i < 4; i++) {
            zero[i] = zeros[i] > MOST;
        }
        if (zero[0] && zero[1] && zero[2] && !zero[3]) {
            return UTF_32BE;
        } else if (!zero[0] && zero[1] && zero[2] && zero[3]) {
            return UTF_32LE;
        } else if (zero[0] && !zero[1] && zero[2] && !zero[3]) {
            return StandardCharsets.UTF_16BE;
        }
        return !zero[0] && zero[1] && !zero[2] && zero[3] ? StandardCharsets.UTF_16LE : null;
    }

    private static Charset narrow(byte[] bytes, Charset lastResort) {
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        // the last character can be cut off, which is no error here
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), CharBuffer.allocate(bytes.length), false);
        return result.isError() ? lastResort : StandardCharsets.UTF_8;
    }
}
