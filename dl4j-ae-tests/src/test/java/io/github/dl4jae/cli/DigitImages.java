package io.github.dl4jae.cli;

import io.github.dl4jae.data.IdxFile;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.plot.PngFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Synthetic digits in files. */
final class DigitImages {

    private DigitImages() {}

    /** Returns gray digits of 28×28 pixels. */
    static ImageSet gray(int count, long seed) {
        return ImageSet.of(SyntheticDigits.generate(count, seed).features(), 28, 28, 1);
    }

    /** Returns digits of 12×16 pixels, the top left of which is red, and green below it. */
    static ImageSet rgb(int count, long seed) {
        INDArray digits = SyntheticDigits.generate(count, seed).features().reshape(count, 28, 28);
        INDArray values = Nd4j.zeros(count, 3, 12, 16);
        for (int row = 0; row < 12; row++) {
            for (int column = 0; column < 16; column++) {
                for (int image = 0; image < count; image++) {
                    float gray = digits.getFloat(image, 6 + row, 6 + column);
                    values.putScalar(new int[] {image, row < 6 ? 0 : 1, row, column}, gray);
                }
            }
        }
        return ImageSet.of(values.reshape(count, 3 * 12 * 16), 12, 16, 3);
    }

    static Path idx(Path file, ImageSet images) {
        return IdxFile.writeImages(file, images.size(), List.of(images).iterator());
    }

    /** Writes files whose names have the order of the images. */
    static Path pngs(Path folder, ImageSet images) {
        for (int i = 0; i < images.size(); i++) {
            PngFile.write(images.picture(i), folder.resolve(name(i)));
        }
        return folder;
    }

    static String name(int image) {
        return String.format(Locale.ROOT, "digit%04d.png", image);
    }
}
