package io.github.dl4jae.safetensors;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;

/**
 * The bytes of an open file. Several threads can read at the same time.
 *
 * @param channel an open file
 * @param size its size when it was opened
 */
record ChannelBytes(FileChannel channel, long size) {

    /** Reads until the buffer is full. */
    void read(ByteBuffer to, long position) throws IOException {
        long from = position - to.position();
        while (to.hasRemaining()) {
            if (channel.read(to, from + to.position()) < 0) {
                throw new EOFException("the file became shorter while it was read");
            }
        }
    }

    byte byteAt(long position) throws IOException {
        ByteBuffer one = ByteBuffer.allocate(1);
        read(one, position);
        return one.get(0);
    }

    /** Returns a little-endian integer of 8 bytes. */
    long longAt(long position) throws IOException {
        ByteBuffer eight = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        read(eight, position);
        return eight.getLong(0);
    }

    /** Returns a stream of a part of the file, which exists. */
    InputStream stream(long position, long length) {
        return new InputStream() {
            private long next = position;

            @Override
            public int read() throws IOException {
                return next == position + length ? -1 : byteAt(next++) & 0xff;
            }

            @Override
            public int read(byte[] to, int offset, int count) throws IOException {
                int n = (int) Math.min(count, position + length - next);
                if (n == 0 && count > 0) {
                    return -1;
                }
                ChannelBytes.this.read(ByteBuffer.wrap(to, offset, n), next);
                next += n;
                return n;
            }
        };
    }
}
