package io.github.dl4jae.dictionary;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows of float32 values in slots, which grows as slots are used: in memory up to a limit, then in a memory-mapped
 * temporary file.
 *
 * <p>The file has no name from the moment it is open on systems that allow it, such as Linux and macOS, so nothing can
 * leave it behind. Elsewhere closing deletes it. The system frees the disk space when the mapping is garbage.
 */
final class RowStore implements AutoCloseable {

    private static final long CHUNK_BYTES = 1 << 22;

    private final int width;
    private final int rowsPerChunk;
    private final long memory;
    private final Path directory;

    private List<FloatBuffer> chunks = new ArrayList<>();
    private @Nullable FileChannel file;
    private long fileBytes;

    /**
     * Creates an empty store.
     *
     * @param width the length of a row
     * @param most the largest number of rows, from which the unit of growth follows
     * @param memory the largest number of bytes in memory
     * @param directory of the temporary file
     */
    RowStore(int width, long most, long memory, Path directory) {
        this.width = width;
        this.rowsPerChunk = (int) Math.max(1, Math.min(most, CHUNK_BYTES / rowBytes(width)));
        this.memory = memory;
        this.directory = directory;
    }

    private static long rowBytes(int width) {
        return (long) Float.BYTES * width;
    }

    int width() {
        return width;
    }

    /** Returns the number of bytes in the temporary file. */
    long fileBytes() {
        return fileBytes;
    }

    /** Returns whether a number of rows stays in memory. */
    boolean hasMemoryFor(long rows) {
        long rounded = (rows + rowsPerChunk - 1) / rowsPerChunk * rowsPerChunk;
        return rounded * rowBytes(width) <= memory;
    }

    /** Forgets all rows. */
    void clear() {
        chunks = new ArrayList<>();
    }

    void put(long slot, float[] values, int offset) {
        int chunk = (int) (slot / rowsPerChunk);
        while (chunks.size() <= chunk) {
            grow();
        }
        chunks.get(chunk).put(index(slot), values, offset, width);
    }

    void get(long slot, float[] values, int offset) {
        chunks.get((int) (slot / rowsPerChunk)).get(index(slot), values, offset, width);
    }

    private int index(long slot) {
        return (int) (slot % rowsPerChunk) * width;
    }

    private void grow() {
        long bytes = rowsPerChunk * rowBytes(width);
        if ((chunks.size() + 1) * bytes <= memory) {
            chunks.add(FloatBuffer.allocate(rowsPerChunk * width));
            return;
        }
        try {
            long free = Files.getFileStore(directory).getUsableSpace();
            if (free < bytes) {
                throw new IllegalStateException("SparseDictionary: the buffer of activations must fit on the disk, got "
                        + (fileBytes >> 20) + " MiB written and no space left in " + directory
                        + "; set another directory, or a smaller buffer");
            }
            FileChannel channel = file == null ? open() : file;
            file = channel;
            ByteBuffer mapped = channel.map(FileChannel.MapMode.READ_WRITE, fileBytes, bytes);
            chunks.add(mapped.order(ByteOrder.nativeOrder()).asFloatBuffer());
            fileBytes += bytes;
        } catch (IOException e) {
            throw new UncheckedIOException("the buffer of activations can't be written in " + directory, e);
        }
    }

    private FileChannel open() throws IOException {
        Path path = Files.createTempFile(directory, "activations", ".part");
        return FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
    }

    @Override
    public void close() {
        chunks = List.of();
        if (file != null) {
            try {
                file.close();
            } catch (IOException e) {
                throw new UncheckedIOException("the buffer of activations can't be removed", e);
            }
        }
    }
}
