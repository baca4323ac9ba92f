package io.github.dl4jae.compression;

import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.HexFormat;

/** A program that prints a stream of a fixed network and picture, and a digest of its pixels. */
final class CompressedPicture {

    private CompressedPicture() {}

    public static void main(String[] arguments) {
        ImageCompressor compressor = ImageCompressor.of(SmallCompressors.network(3, 5));
        byte[] stream = compressor.compress(SmallCompressors.picture(200, 300, 3));
        BufferedImage image = compressor.decompress(stream);
        System.out.println("stream " + HexFormat.of().formatHex(stream));
        int[] pixels = image.getRaster().getPixels(0, 0, image.getWidth(), image.getHeight(), (int[]) null);
        System.out.println("pixels " + Arrays.hashCode(pixels));
        System.exit(0);
    }
}
