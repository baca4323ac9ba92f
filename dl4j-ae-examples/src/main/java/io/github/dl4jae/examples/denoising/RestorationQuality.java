package io.github.dl4jae.examples.denoising;

import io.github.dl4jae.data.ImageQuality;
import io.github.dl4jae.examples.support.Report;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean quality of restored images of 28×28 pixels.
 *
 * @param name name of the method
 * @param psnr peak signal-to-noise ratio in decibels
 * @param ssim structural similarity, at most 1
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

    static void addHeadings(Report report) {
        report.table("images", "PSNR in dB", "SSIM");
    }

    void addTo(Report report) {
        report.row(name, Report.decimals(2, psnr), Report.decimals(3, ssim));
    }
}
