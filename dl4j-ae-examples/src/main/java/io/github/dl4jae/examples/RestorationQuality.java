package io.github.dl4jae.examples;

import io.github.dl4jae.data.ImageQuality;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * How good restored images of 28×28 pixels are, on average.
 *
 * @param name of the method
 * @param psnr in decibels
 * @param ssim structural similarity
 */
record RestorationQuality(String name, double psnr, double ssim) {

    static RestorationQuality of(String name, INDArray originals, INDArray images) {
        return new RestorationQuality(
                name,
                Arrays.stream(ImageQuality.psnr(originals, images)).average().orElseThrow(),
                Arrays.stream(ImageQuality.ssim(originals, images, 28, 28))
                        .average()
                        .orElseThrow());
    }

    void addTo(Report report) {
        report.figure(name, String.format(Locale.ROOT, "PSNR %5.2f   SSIM %.3f", psnr, ssim));
    }
}
