package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.nd4j.linalg.api.concurrency.AffinityManager;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Copies between files and the memory of arrays. Both have little-endian values: ND4J has no builds for other
 * processors.
 */
final class TensorMemory {

    private static final long CHUNK = 1 << 28;

    private TensorMemory() {}

    /** A use of a part of an array's memory. */
    @FunctionalInterface
    private interface Use {

        /** Reads or writes the memory. */
        void of(ByteBuffer memory, long offset) throws IOException;
    }

    /** Refuses arrays that can't fit the memory. */
    static void requireRoom(String subject, long bytes) {
        long most = Pointer.maxBytes();
        Require.that(
                most <= 0 || bytes <= most,
                subject,
                "must fit the memory of arrays, " + most + " bytes",
                bytes + " bytes",
                "raise -Dorg.bytedeco.javacpp.maxbytes, or read a part by SafetensorsFile.rows or map");
    }

    /**
     * Reads an array.
     *
     * @param subject the start of error messages
     * @param file with all bytes of the tensor
     * @param dataStart the position of offset 0
     * @param entry a tensor, or a part of one
     * @return a new array in 'c' order
     */
    static INDArray read(String subject, ChannelBytes file, long dataStart, TensorEntry entry) throws IOException {
        requireRoom(subject, entry.bytes());
        INDArray array = Nd4j.createUninitialized(entry.type().dataType(), entry.shape(), 'c');
        if (array.isEmpty()) {
            return array;
        }
        use(array, (memory, offset) -> {
            file.read(memory, dataStart + entry.from() + offset);
            if (entry.type() == TensorType.BOOL) {
                requireBooleans(subject, memory.flip());
            }
        });
        Nd4j.getAffinityManager().tagLocation(array, AffinityManager.Location.HOST);
        return array;
    }

    private static void requireBooleans(String subject, ByteBuffer values) {
        while (values.hasRemaining()) {
            byte value = values.get();
            Require.that((value & ~1) == 0, subject, "values of BOOL must be 0 or 1", value, "");
        }
    }

    /**
     * Writes the values of an array, row by row.
     *
     * @param array of any order
     * @param to the file
     */
    static void write(INDArray array, WritableByteChannel to) throws IOException {
        if (array.isEmpty()) {
            return;
        }
        INDArray rows = isRowMajor(array) ? array : array.dup('c');
        Nd4j.getAffinityManager().ensureLocation(rows, AffinityManager.Location.HOST);
        use(rows, (memory, offset) -> {
            while (memory.hasRemaining()) {
                to.write(memory);
            }
        });
    }

    private static boolean isRowMajor(INDArray array) {
        long stride = 1;
        for (int i = array.rank() - 1; i >= 0; i--) {
            if (array.size(i) != 1 && array.stride(i) != stride) {
                return false;
            }
            stride *= array.size(i);
        }
        return true;
    }

    @SuppressWarnings("ReachabilityFenceUsage") // a failed copy does not read further
    private static void use(INDArray array, Use use) throws IOException {
        // addressPointer() starts at a view's first element
        BytePointer start = new BytePointer(array.data().addressPointer());
        long bytes = array.length() * array.dataType().width();
        for (long offset = 0; offset < bytes; offset += CHUNK) {
            BytePointer part = start.getPointer(offset);
            use.of(part.capacity(Math.min(CHUNK, bytes - offset)).asByteBuffer(), offset);
        }
        Reference.reachabilityFence(array);
    }
}
