package io.github.dl4jae.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class ImageJitterTest {

    private final INDArray images = Nd4j.rand(50, 49);

    @Test
    void jitter_withoutBounds_changesNothing() {
        INDArray same = new ImageJitter(7, 7, 0, 0, 0, 0, 0, 1).corrupt(images, 3);

        assertThat(same.equalsWithEps(images, 1e-6)).isTrue();
    }

    @Test
    void shift_movesTheMassByUpToItsBound() {
        INDArray point = Nd4j.zeros(200, 49);
        point.getColumn(24).assign(1); // the center

        double[][] moved =
                new ImageJitter(7, 7, 0, 0, 0, 2.0 / 7, 0, 1).corrupt(point, 0).toDoubleMatrix();

        double largest = 0;
        double total = 0;
        for (double[] image : moved) {
            double across = 0;
            for (int p = 0; p < 49; p++) {
                across += image[p] * (p % 7 - 3);
                total += image[p] / moved.length;
            }
            largest = Math.max(largest, Math.abs(across));
        }
        assertThat(largest).isBetween(0.9, 1.0 + 1e-6); // one pixel
        assertThat(total).isCloseTo(1, within(1e-6));
    }

    @Test
    void jitter_isAFunctionOfTheStep() {
        ImageJitter jitter = new ImageJitter(7, 7, 0.2, 0.2, 0.1, 0.1, 0.1, 1);

        assertThat(jitter.corrupt(images, 3)).isEqualTo(jitter.corrupt(images, 3));
        assertThat(jitter.corrupt(images, 3)).isNotEqualTo(jitter.corrupt(images, 4));
    }

    @Test
    void noise_hasItsDeviation() {
        INDArray noisy = new ImageJitter(7, 7, 0, 0, 0, 0, 0.3, 1).corrupt(images, 3);

        assertThat(noisy.sub(images).stdNumber().doubleValue()).isCloseTo(0.3, within(0.02));
    }

    @Test
    void images_ofAnotherSize_areRefused() {
        assertThatThrownBy(() -> new ImageJitter(8, 7, 0, 0, 0, 0, 0, 1).corrupt(images, 0))
                .hasMessageContaining("56 pixels");
    }
}
