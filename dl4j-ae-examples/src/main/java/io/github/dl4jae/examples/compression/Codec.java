package io.github.dl4jae.examples.compression;

import io.github.dl4jae.coding.CodedStream;
import io.github.dl4jae.compression.ImageCompressor;
import java.awt.image.BufferedImage;

/** A way to compress pictures. */
interface Codec {

    byte[] compress(BufferedImage image);

    BufferedImage decompress(byte[] stream);

    /** Returns the number of bytes of a stream that a collection of images could not share. */
    int payload(byte[] stream);

    /** Adapts a trained compressor. */
    static Codec of(ImageCompressor compressor) {
        return new Codec() {
            @Override
            public byte[] compress(BufferedImage image) {
                return compressor.compress(image);
            }

            @Override
            public BufferedImage decompress(byte[] stream) {
                return compressor.decompress(stream);
            }

            @Override
            public int payload(byte[] stream) {
                return CodedStream.parse(stream, "image").section(1).remaining();
            }
        };
    }
}
