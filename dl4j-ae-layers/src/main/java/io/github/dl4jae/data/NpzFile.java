package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Reads NumPy's NPZ files: named arrays in a ZIP file.
 *
 * <pre>{@code
 * Map<String, INDArray> table = NpzFile.read(Path.of("6_cardio.npz"));
 * INDArray X = table.get("X");
 * }</pre>
 *
 * <p>Accepts compressed files and both orders of elements, for which {@code Nd4j.createFromNpzFile} fails or returns
 * elements in the wrong places. Elements can be booleans, integers up to 64 bits or floats of 32 or 64 bits. Python
 * objects are refused, because reading them can run code.
 *
 * @see <a href="https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html">NumPy, NPY format</a>
 */
public final class NpzFile {

    private static final String NAME = "NpzFile";
    private static final String SUFFIX = ".npy";
    private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
    private static final Pattern TYPE = Pattern.compile("'descr':\\s*'([<>|=])([a-zA-Z])(\\d+)'");
    private static final Pattern ORDER = Pattern.compile("'fortran_order':\\s*(True|False)");
    private static final Pattern SHAPE = Pattern.compile("'shape':\\s*\\(([0-9, ]*)\\)");
    private static final Pattern COMMA = Pattern.compile(",\\s*");
    private static final long MOST_BYTES = Integer.MAX_VALUE - 64L;

    private final String subject;
    private final String header;
    private final ByteBuffer elements;

    private NpzFile(String subject, String header, ByteBuffer elements) {
        this.subject = subject;
        this.header = header;
        this.elements = elements;
    }

    /**
     * Reads all arrays of a file.
     *
     * @param file an NPZ file
     * @return float64 arrays by name, in the order of the file; a scalar has shape {@code [1]}
     * @throws IllegalArgumentException if it is no NPZ file, an array has elements of another type, or is larger than
     *     2 GiB
     * @throws UncheckedIOException if it cannot be read
     */
    public static Map<String, INDArray> read(Path file) {
        Require.given(NAME, "file", file, "");
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        try (ZipFile zip = new ZipFile(file.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().endsWith(SUFFIX)) {
                    String name = entry.getName().substring(0, entry.getName().length() - SUFFIX.length());
                    arrays.put(name, array(NAME + " " + file + ": '" + name + "'", zip, entry));
                }
            }
        } catch (ZipException e) {
            throw new IllegalArgumentException(
                    NAME + " " + file + ": must be a ZIP file, got another; numpy.savez writes one", e);
        } catch (IOException e) {
            throw new UncheckedIOException(NAME + " " + file + " cannot be read", e);
        }
        Require.that(!arrays.isEmpty(), NAME + " " + file, "must have arrays", "none", "numpy.savez writes them");
        return arrays;
    }

    private static INDArray array(String subject, ZipFile zip, ZipEntry entry) throws IOException {
        Require.that(entry.getSize() <= MOST_BYTES, subject, "must be smaller than 2 GiB", entry.getSize(), "");
        byte[] bytes;
        try (InputStream in = zip.getInputStream(entry)) {
            bytes = in.readNBytes((int) MOST_BYTES);
        }
        boolean begins = bytes.length >= 12;
        for (int i = 0; begins && i < MAGIC.length; i++) {
            begins = bytes[i] == MAGIC[i];
        }
        Require.that(begins, subject, "must begin with NumPy's header", "other bytes", "");
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        boolean first = bytes[6] == 1;
        int start = first ? 10 : 12;
        int length = first ? Short.toUnsignedInt(buffer.getShort(8)) : buffer.getInt(8);
        Require.that(
                length >= 0 && length <= bytes.length - start,
                subject,
                "must have a whole header",
                length + " bytes",
                "");
        String header = new String(bytes, start, length, StandardCharsets.ISO_8859_1);
        buffer.position(start + length);
        return new NpzFile(subject, header, buffer).array();
    }

    private INDArray array() {
        Matcher type = find(TYPE, "numbers of one type");
        elements.order(">".equals(type.group(1)) ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
        int width = Integer.parseInt(
                type.group(3).substring(0, Math.min(3, type.group(3).length())));
        char kind = type.group(2).charAt(0);
        long[] shape = shape(find(SHAPE, "a shape").group(1));
        long count = 1;
        for (long size : shape) {
            count = size == 0 ? 0 : count > MOST_BYTES / size ? MOST_BYTES : count * size;
        }
        Require.that(
                count > 0 && elements.remaining() == count * width,
                subject,
                "must have " + count + " elements of " + width + " bytes, at least one",
                elements.remaining() + " bytes",
                "");
        double[] values = new double[(int) count];
        for (int i = 0; i < values.length; i++) {
            values[i] = element(kind, width);
        }
        boolean columns = find(ORDER, "an order").group(1).equals("True");
        return Nd4j.createFromArray(values).reshape(columns ? 'f' : 'c', shape).dup('c');
    }

    private Matcher find(Pattern pattern, String what) {
        Matcher found = pattern.matcher(header);
        Require.that(
                found.find(),
                subject,
                "must have " + what,
                header.strip(),
                "save numbers with numpy.savez, without objects and records");
        return found;
    }

    private static long[] shape(String text) {
        return text.isBlank()
                ? new long[] {1}
                : COMMA.splitAsStream(text.strip())
                        .filter(size -> !size.isBlank())
                        .mapToLong(size -> Long.parseLong(size.strip()))
                        .toArray();
    }

    private double element(char kind, int width) {
        return switch ("" + kind + width) {
            case "f4" -> elements.getFloat();
            case "f8" -> elements.getDouble();
            case "b1", "i1" -> elements.get();
            case "u1" -> Byte.toUnsignedInt(elements.get());
            case "i2" -> elements.getShort();
            case "u2" -> Short.toUnsignedInt(elements.getShort());
            case "i4" -> elements.getInt();
            case "u4" -> Integer.toUnsignedLong(elements.getInt());
            case "i8", "u8" -> elements.getLong();
            default ->
                throw new IllegalArgumentException(subject + ": must have booleans, integers or floats of 4 or 8 bytes,"
                        + " got type " + kind + width + "; convert it with astype(float)");
        };
    }
}
