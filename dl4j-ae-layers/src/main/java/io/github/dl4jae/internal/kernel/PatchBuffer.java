package io.github.dl4jae.internal.kernel;

import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import org.bytedeco.javacpp.FloatPointer;

/**
 * The memory in which a thread prepares patches: a Java array, which loops fill, and native memory of the same size,
 * from which BLAS multiplies. A thread keeps it as long as it lives.
 */
final class PatchBuffer {

    private static final ThreadLocal<PatchBuffer> OF_THREAD = new ThreadLocal<>();

    /** The patches, for loops. */
    final float[] values;
    /** One image with its padding. */
    final float[] image;
    /** The same image without it. */
    final float[] unpadded;
    /** The patches, for BLAS. */
    final FloatPointer patches;

    private final FloatBuffer memory;

    private PatchBuffer(int values, int image, int unpadded) {
        this.values = new float[values];
        this.image = new float[image];
        this.unpadded = new float[unpadded];
        this.patches = new FloatPointer(values);
        this.memory = patches.asByteBuffer().order(ByteOrder.nativeOrder()).asFloatBuffer();
    }

    /** Returns the buffer of the calling thread, with at least these sizes. */
    static PatchBuffer ofThread(int values, int image, int unpadded) {
        PatchBuffer old = OF_THREAD.get();
        if (old == null) {
            old = new PatchBuffer(values, image, unpadded);
            OF_THREAD.set(old);
        } else if (old.values.length < values || old.image.length < image || old.unpadded.length < unpadded) {
            old = new PatchBuffer(
                    Math.max(values, old.values.length),
                    Math.max(image, old.image.length),
                    Math.max(unpadded, old.unpadded.length));
            OF_THREAD.set(old);
        }
        return old;
    }

    /** Copies the first values to native memory. */
    void write(int count) {
        memory.put(0, values, 0, count);
    }

    /** Copies the first values from native memory. */
    void read(int count) {
        memory.get(0, values, 0, count);
    }
}
