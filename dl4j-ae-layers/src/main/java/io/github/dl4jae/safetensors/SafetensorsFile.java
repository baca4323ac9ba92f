package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A safetensors file: arrays by name, with metadata.
 *
 * <pre>{@code
 * SafetensorsFile.write(file, Map.of("W_enc", weights, "b_enc", biases), Map.of("made by", "me"));
 * Map<String, INDArray> all = SafetensorsFile.read(file);
 * try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
 *     INDArray weights = tensors.tensor("W_enc");
 *     INDArray first = tensors.rows("W_enc", 0, 100);
 * }
 * }</pre>
 *
 * <p>{@link #open} reads the header only, {@link #tensor} and {@link #rows} what is asked for, and {@link #map} gives
 * access to a tensor without a copy. Arrays have the type of the file: see {@link TensorType}.
 *
 * <p>A file is input from outside. Opening one needs memory in proportion to its header, which can have 100 MB, 131,072
 * tensors and texts, and 10,000,000 characters in one text. It checks everything but the values: the header is JSON in
 * UTF-8 without repeated names, each tensor has a known type and a size that agrees with its shape, and the tensors
 * fill the file without gaps. Numbers can be NaN or infinite.
 *
 * <p>Several threads can use an open file. It must not be changed while it is open; replacing it by another file is
 * fine. Interrupting a thread that reads closes the file.
 */
public final class SafetensorsFile implements AutoCloseable {

    private static final long MOST_MAPPED = Integer.MAX_VALUE;

    private final String subject;
    private final ChannelBytes bytes;
    private final HeaderReader.Header header;

    private SafetensorsFile(String subject, ChannelBytes bytes, HeaderReader.Header header) {
        this.subject = subject;
        this.bytes = bytes;
        this.header = header;
    }

    /**
     * Opens a file.
     *
     * @param file a safetensors file
     * @return the open file, to be closed by the caller
     * @throws IllegalArgumentException if it is no valid safetensors file, or has tensors of another type
     * @throws UncheckedIOException if it cannot be read
     */
    public static SafetensorsFile open(Path file) {
        String subject = subject(file);
        try {
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                ChannelBytes bytes = new ChannelBytes(channel, channel.size());
                return new SafetensorsFile(subject, bytes, HeaderReader.read(subject, bytes));
            } catch (Throwable e) {
                channel.close();
                throw e;
            }
        } catch (IOException e) {
            throw unreadable(subject, e);
        }
    }

    /**
     * Reads all tensors of a file.
     *
     * @param file a safetensors file
     * @return new arrays by name, in the order of the file
     * @throws IllegalArgumentException if it is no valid safetensors file, has tensors of another type, or does not fit
     *     the memory of arrays
     * @throws UncheckedIOException if it cannot be read
     */
    public static Map<String, INDArray> read(Path file) {
        try (SafetensorsFile tensors = open(file)) {
            return tensors.tensors();
        }
    }

    /**
     * Writes arrays to a file without metadata.
     *
     * @param file the file; missing directories are created
     * @param tensors arrays by name
     * @return the file
     * @throws IllegalArgumentException if an array has a type that is not in {@link TensorType}
     * @throws UncheckedIOException if the file cannot be written; an old one is then unchanged
     */
    public static Path write(Path file, Map<String, INDArray> tensors) {
        return write(file, tensors, Map.of());
    }

    /**
     * Writes arrays to a file. The same arrays and metadata give the same bytes. Writes a temporary file and renames it
     * once it is complete and on disk.
     *
     * @param file the file; missing directories are created
     * @param tensors arrays by name, of any order
     * @param metadata texts by name, such as a version
     * @return the file
     * @throws IllegalArgumentException if an array has a type that is not in {@link TensorType}, a tensor has the name
     *     {@code __metadata__}, or names and metadata have more than 100 MB
     * @throws UncheckedIOException if the file cannot be written; an old one is then unchanged
     */
    public static Path write(Path file, Map<String, INDArray> tensors, Map<String, String> metadata) {
        String subject = subject(file);
        Require.given(subject, "tensors", tensors, "");
        Require.given(subject, "metadata", metadata, "").forEach((name, text) -> {
            requireText(subject, "a name of metadata", name);
            requireText(subject, "metadata", text);
        });
        List<Named> sorted = sorted(subject, tensors);
        byte[] json = SafetensorsHeader.write(subject, entries(subject, sorted), metadata);
        return AtomicFile.write(file, part -> {
            try (FileChannel channel = FileChannel.open(
                    part, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING, StandardOpenOption.WRITE)) {
                ByteBuffer start = ByteBuffer.allocate(Long.BYTES + json.length).order(ByteOrder.LITTLE_ENDIAN);
                start.putLong(json.length).put(json).flip();
                while (start.hasRemaining()) {
                    channel.write(start);
                }
                for (Named each : sorted) {
                    TensorMemory.write(each.array(), channel);
                }
                // on disk before the old file is replaced
                channel.force(true);
            }
        });
    }

    private static String subject(Path file) {
        return "SafetensorsFile " + Require.given("SafetensorsFile", "file", file, "");
    }

    private static void requireText(String subject, String what, String text) {
        Require.given(subject, what, text, "");
        Require.that(HeaderReader.isUnicode(text), subject, what + " must be Unicode", "a lone surrogate", "");
    }

    /** An array, its type and its name. */
    private record Named(String name, TensorType type, INDArray array) {

        static Named of(String subject, String name, @Nullable INDArray array) {
            requireText(subject, "a name of tensors", name);
            boolean free = !name.equals(SafetensorsHeader.METADATA);
            Require.that(free, subject, "a name must not be that of the metadata", name, "");
            String ofTensor = SafetensorsFile.of(subject, name);
            INDArray given = Require.given(ofTensor, "its array", array, "");
            return new Named(name, find(ofTensor, given.dataType()), given);
        }

        private static TensorType find(String ofTensor, DataType dataType) {
            return TensorType.find(dataType)
                    .orElseThrow(() -> new IllegalArgumentException(ofTensor + ": type must be one of "
                            + Arrays.stream(TensorType.values())
                                    .map(TensorType::dataType)
                                    .toList()
                            + ", got " + dataType + "; castTo converts it"));
        }

        byte[] nameBytes() {
            return name.getBytes(StandardCharsets.UTF_8);
        }
    }

    /** Sorts tensors by type, then by the bytes of the name, as the reference implementation does. */
    private static List<Named> sorted(String subject, Map<String, INDArray> tensors) {
        List<Named> sorted = new ArrayList<>();
        tensors.forEach((name, array) -> sorted.add(Named.of(subject, name, array)));
        sorted.sort(Comparator.comparing(Named::type).thenComparing(Named::nameBytes, Arrays::compareUnsigned));
        return sorted;
    }

    private static List<TensorEntry> entries(String subject, List<Named> tensors) {
        List<TensorEntry> entries = new ArrayList<>();
        long from = 0;
        for (Named each : tensors) {
            long[] shape = each.array().shape();
            long to = from + TensorEntry.bytes(of(subject, each.name()), each.type(), shape);
            entries.add(new TensorEntry(each.name(), each.type(), shape, from, to));
            from = to;
        }
        return entries;
    }

    private static String of(String subject, String name) {
        return subject + ": tensor " + FoundText.quoted(name);
    }

    private static UncheckedIOException unreadable(String subject, IOException e) {
        return new UncheckedIOException(subject + " can't be read", e);
    }

    /**
     * Returns the names of the tensors.
     *
     * @return names, in the order of the data
     */
    public List<String> names() {
        return List.copyOf(header.entries().keySet());
    }

    /**
     * Returns the metadata.
     *
     * @return texts by name; empty if the file has none
     */
    public Map<String, String> metadata() {
        return Collections.unmodifiableMap(header.metadata());
    }

    /**
     * Returns whether the file has a tensor.
     *
     * @param name of a tensor
     * @return whether it exists
     */
    public boolean contains(String name) {
        return header.entries().containsKey(Require.given(subject, "name", name, ""));
    }

    private TensorEntry entry(String name) {
        TensorEntry entry = contains(name) ? header.entries().get(name) : null;
        if (entry == null) {
            throw new IllegalArgumentException(subject + ": must have the tensor that is asked for, got "
                    + FoundText.quoted(name) + "; names() lists those of the file");
        }
        return entry;
    }

    /**
     * Returns the type of a tensor.
     *
     * @param name of a tensor
     * @return its type
     * @throws IllegalArgumentException if the file has no such tensor
     */
    public TensorType type(String name) {
        return entry(name).type();
    }

    /**
     * Returns the shape of a tensor.
     *
     * @param name of a tensor
     * @return its dimensions; empty for a scalar
     * @throws IllegalArgumentException if the file has no such tensor
     */
    public long[] shape(String name) {
        return entry(name).shape().clone();
    }

    /**
     * Reads a tensor.
     *
     * @param name of a tensor
     * @return a new array in 'c' order
     * @throws IllegalArgumentException if the file has no such tensor, a boolean is neither 0 nor 1, or the tensor does
     *     not fit the memory of arrays
     * @throws UncheckedIOException if it cannot be read
     */
    public INDArray tensor(String name) {
        return array(entry(name));
    }

    /**
     * Reads a part of a tensor.
     *
     * @param name of a tensor that has at least one dimension
     * @param from the first index of the first dimension
     * @param to the index after the last, at least {@code from}
     * @return a new array {@code [to − from, …]} in 'c' order
     * @throws IllegalArgumentException if the file has no such tensor or rows, a boolean is neither 0 nor 1, or they do
     *     not fit the memory of arrays
     * @throws UncheckedIOException if it cannot be read
     */
    public INDArray rows(String name, long from, long to) {
        return array(entry(name).rows(of(subject, name), from, to));
    }

    private INDArray array(TensorEntry entry) {
        try {
            return TensorMemory.read(of(subject, entry.name()), bytes, header.dataStart(), entry);
        } catch (IOException e) {
            throw unreadable(subject, e);
        }
    }

    /**
     * Reads all tensors.
     *
     * @return new arrays by name, in the order of the data
     * @throws IllegalArgumentException if a boolean is neither 0 nor 1, or the tensors do not fit the memory of arrays
     * @throws UncheckedIOException if the file cannot be read
     */
    public Map<String, INDArray> tensors() {
        TensorMemory.requireRoom(subject, bytes.size() - header.dataStart());
        Map<String, INDArray> arrays = new LinkedHashMap<>();
        names().forEach(name -> arrays.put(name, tensor(name)));
        return arrays;
    }

    /**
     * Maps a tensor into memory. The operating system reads pages when they are used, and frees them when it needs
     * memory. The buffer stays valid when the file is closed, and must not be used after the file was shortened.
     *
     * @param name of a tensor of less than 2 GiB
     * @return the values, row by row, in a read-only buffer in little-endian order
     * @throws IllegalArgumentException if the file has no such tensor, or the tensor is larger
     * @throws UncheckedIOException if it cannot be mapped
     */
    public ByteBuffer map(String name) {
        return map(entry(name));
    }

    /**
     * Maps a part of a tensor into memory: see {@link #map(String)}.
     *
     * @param name of a tensor that has at least one dimension
     * @param from the first index of the first dimension
     * @param to the index after the last, at least {@code from}
     * @return the values of these rows in a read-only buffer in little-endian order
     * @throws IllegalArgumentException if the file has no such tensor or rows, or the rows have 2 GiB or more
     * @throws UncheckedIOException if they cannot be mapped
     */
    public ByteBuffer map(String name, long from, long to) {
        return map(entry(name).rows(of(subject, name), from, to));
    }

    private ByteBuffer map(TensorEntry entry) {
        Require.that(
                entry.bytes() <= MOST_MAPPED,
                of(subject, entry.name()),
                "must have less than 2 GiB to be mapped",
                entry.bytes() + " bytes",
                "map fewer rows");
        try {
            return bytes.channel()
                    .map(FileChannel.MapMode.READ_ONLY, header.dataStart() + entry.from(), entry.bytes())
                    .order(ByteOrder.LITTLE_ENDIAN);
        } catch (IOException e) {
            throw unreadable(subject, e);
        }
    }

    /**
     * Closes the file. Buffers of {@link #map} stay valid.
     *
     * @throws UncheckedIOException if closing fails
     */
    @Override
    public void close() {
        try {
            bytes.channel().close();
        } catch (IOException e) {
            throw unreadable(subject, e);
        }
    }
}
