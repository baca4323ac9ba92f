package io.github.dl4jae.tabular;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * The parts of a file that threads read at the same time: whole lines, about 16 MB each.
 *
 * <p>Without a quote in the file every line end is the end of a row; {@link #read} starts again with the whole file if
 * there is one. A compressed file, and one in a charset whose bytes are not those of ASCII, is a single part. The parts
 * depend on the file alone, so that statistics do not depend on the number of threads.
 */
final class FileParts {

    private static final int SIZE = 1 << 24;
    private static final int BUFFER = 1 << 16;

    private final Path file;
    /** The beginning of each part, and the end of the file. */
    private final long[] bounds;

    private FileParts(Path file, long[] bounds) {
        this.file = file;
        this.bounds = bounds;
    }

    static FileParts of(Path file, TableFormat format) {
        return of(file, format, SIZE);
    }

    /** Divides a file into parts of about {@code partSize} bytes. */
    static FileParts of(Path file, TableFormat format, int partSize) {
        try {
            long size = Files.size(file);
            boolean divisible = size >= 2L * partSize && isAscii(format.charset()) && !TextFile.isCompressed(file);
            return new FileParts(file, divisible ? bounds(file, size, partSize) : new long[] {0, size});
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + file + " cannot be read", e);
        }
    }

    /** Reads the parts of a file, or the whole if it has quotes, or a mistake, whose row is then known. */
    static <T> T read(Path file, TableFormat format, Function<FileParts, T> reading) {
        return read(of(file, format), reading);
    }

    static <T> T read(FileParts parts, Function<FileParts, T> reading) {
        try {
            return reading.apply(parts);
        } catch (UnquotedRecords.QuoteException e) {
            return reading.apply(whole(parts.file));
        } catch (IllegalArgumentException e) {
            if (parts.count() == 1 || e instanceof UndecodableTextException) {
                throw e;
            }
            return reading.apply(whole(parts.file));
        }
    }

    /** Returns the whole file as one part. */
    static FileParts whole(Path file) {
        return new FileParts(file, new long[] {0, Long.MAX_VALUE});
    }

    private static boolean isAscii(Charset charset) {
        return charset.equals(StandardCharsets.UTF_8)
                || charset.equals(StandardCharsets.US_ASCII)
                || charset.name().startsWith("ISO-8859-")
                || charset.name().startsWith("windows-125");
    }

    private static long[] bounds(Path file, long size, int partSize) throws IOException {
        List<Long> bounds = new ArrayList<>(List.of(0L));
        for (long at = partSize; at < size; at += partSize) {
            long next = afterLineEnd(file, at, size);
            if (next < size && next > bounds.get(bounds.size() - 1)) {
                bounds.add(next);
            }
        }
        bounds.add(size);
        return bounds.stream().mapToLong(bound -> bound).toArray();
    }

    private static long afterLineEnd(Path file, long from, long size) throws IOException {
        try (InputStream in = open(file, from, size)) {
            byte[] bytes = new byte[BUFFER];
            long at = from;
            for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
                for (int j = 0; j < count; j++) {
                    if (bytes[j] == '\n') {
                        return at + j + 1;
                    }
                }
                at += count;
            }
            return size;
        }
    }

    private static InputStream open(Path file, long from, long to) throws IOException {
        SeekableByteChannel channel = Files.newByteChannel(file);
        channel.position(from);
        return new Bounded(channel, to - from);
    }

    int count() {
        return bounds.length - 1;
    }

    /** Opens the rows of a part; the header belongs to the first. */
    TableRows open(int part, TableFormat format, int width, boolean[] asText) {
        if (count() == 1) {
            return new TableRows(file, format, width, asText);
        }
        TableFormat own = part == 0 ? format : format.furtherDown();
        try {
            return new TableRows(file, own, width, asText, open(file, bounds[part], bounds[part + 1]), false);
        } catch (IOException e) {
            throw new UncheckedIOException("TableReader: " + file + " cannot be read", e);
        }
    }

    /** Applies a function to all parts, in parallel, and returns the results in order. */
    <T> List<T> map(IntFunction<T> function) {
        return count() == 1
                ? List.of(function.apply(0))
                : IntStream.range(0, count()).parallel().mapToObj(function).toList();
    }

    /** A stream of a number of bytes of a channel. */
    private static final class Bounded extends InputStream {
        private final SeekableByteChannel channel;
        private long left;

        Bounded(SeekableByteChannel channel, long length) {
            this.channel = channel;
            this.left = length;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left <= 0) {
                return -1;
            }
            int count = channel.read(ByteBuffer.wrap(bytes, offset, (int) Math.min(length, left)));
            left -= Math.max(0, count);
            return count;
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
