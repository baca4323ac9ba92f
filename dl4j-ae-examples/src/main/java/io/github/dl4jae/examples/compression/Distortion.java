package io.github.dl4jae.examples.compression;

import io.github.dl4jae.data.ImageQuality;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Rate and distortion of gray pictures of one size.
 *
 * @param fileBits bits per pixel of whole files
 * @param payloadBits bits per pixel without headers
 * @param psnr in decibels, of the mean squared error of all pictures
 * @param msSsim mean over pictures; NaN for pictures that are too small for five scales
 */
record Distortion(double fileBits, double payloadBits, double psnr, double msSsim) {

    private static final int LEAST = 176;

    static Distortion measure(Codec codec, List<BufferedImage> pictures) {
        int height = pictures.get(0).getHeight();
        int width = pictures.get(0).getWidth();
        long bytes = 0;
        long payload = 0;
        double error = 0;
        double similarity = 0;
        for (BufferedImage picture : pictures) {
            byte[] stream = codec.compress(picture);
            bytes += stream.length;
            payload += codec.payload(stream);
            INDArray original = row(picture);
            INDArray result = row(codec.decompress(stream));
            error += original.squaredDistance(result);
            similarity += height < LEAST || width < LEAST
                    ? Double.NaN
                    : ImageQuality.multiscaleSsim(original, result, height, width)[0];
        }
        double pixels = (double) pictures.size() * height * width;
        return new Distortion(
                8 * bytes / pixels,
                8 * payload / pixels,
                -10 * Math.log10(error / pixels),
                similarity / pictures.size());
    }

    private static INDArray row(BufferedImage picture) {
        double[] values =
                picture.getRaster().getSamples(0, 0, picture.getWidth(), picture.getHeight(), 0, (double[]) null);
        Arrays.setAll(values, i -> values[i] / 255);
        return Nd4j.createFromArray(values).reshape(1, values.length);
    }
}
