package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.layer.Require;
import java.io.BufferedOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Numbers and JSON documents that belong to a model, such as what an anomaly detector measured.
 *
 * @param arrays finite numbers by name
 * @param texts JSON objects by name
 */
record Attachments(Map<String, double[]> arrays, Map<String, String> texts) {

    static final Attachments NONE = new Attachments(Map.of(), Map.of());

    private static final String PREFIX = "attachment-";
    private static final String TEXT = ".json";
    private static final String FLOATS = ".float32";
    private static final String DOUBLES = ".float64";
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");
    private static final Pattern ENTRY = Pattern.compile(PREFIX + NAME + "\\.(json|float32|float64)");

    /** Sorts them by name. */
    Attachments {
        arrays = Collections.unmodifiableMap(new TreeMap<>(arrays));
        texts = Collections.unmodifiableMap(new TreeMap<>(texts));
    }

    static String requireName(String name) {
        Require.given("ModelBundle", "the attachment's name", name, "");
        Require.that(
                NAME.matcher(name).matches(),
                "ModelBundle",
                "an attachment's name must have 1 to 64 lower-case letters, digits and hyphens",
                FoundText.quoted(name),
                "");
        return name;
    }

    static boolean isEntry(String entry) {
        return ENTRY.matcher(entry).matches();
    }

    static boolean isText(String entry) {
        return entry.endsWith(TEXT);
    }

    /** Returns the name of the attachment of an entry. */
    static String name(String entry) {
        return entry.substring(PREFIX.length(), entry.lastIndexOf('.'));
    }

    static String textEntry(String name) {
        return PREFIX + name + TEXT;
    }

    /** Returns the entry of numbers, which are float32 if that loses nothing. */
    static String arrayEntry(String name, double[] values) {
        return PREFIX + name + (areFloats(values) ? FLOATS : DOUBLES);
    }

    private static boolean areFloats(double[] values) {
        for (double value : values) {
            if ((float) value != value) {
                return false;
            }
        }
        return true;
    }

    /** Writes numbers, the most significant byte first. */
    static void write(double[] values, OutputStream out) throws IOException {
        boolean floats = areFloats(values);
        DataOutputStream data = new DataOutputStream(new BufferedOutputStream(out, 1 << 16));
        for (double value : values) {
            if (floats) {
                data.writeFloat((float) value);
            } else {
                data.writeDouble(value);
            }
        }
        data.flush();
    }

    /** Reads the numbers of an entry. */
    static double[] read(String subject, String entry, InputStream in, long size) throws IOException {
        int width = entry.endsWith(FLOATS) ? Float.BYTES : Double.BYTES;
        Require.that(
                size % width == 0 && size / width <= Integer.MAX_VALUE / Double.BYTES,
                subject,
                "must have numbers of " + width + " bytes",
                size + " bytes",
                "the file is damaged; write it again");
        double[] values = new double[(int) (size / width)];
        byte[] bytes = new byte[width << 12];
        for (int i = 0; i < values.length; ) {
            int count = Math.min(bytes.length / width, values.length - i);
            in.readNBytes(bytes, 0, count * width);
            ByteBuffer chunk = ByteBuffer.wrap(bytes);
            for (int j = 0; j < count; j++, i++) {
                values[i] = Require.finite(
                        subject, "number " + i, width == Float.BYTES ? chunk.getFloat() : chunk.getDouble(), "");
            }
        }
        return values;
    }
}
