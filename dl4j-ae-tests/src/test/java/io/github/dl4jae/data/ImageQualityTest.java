package io.github.dl4jae.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

class ImageQualityTest {

    private static INDArray images(int count) {
        Nd4j.getRandom().setSeed(3);
        return Nd4j.rand(DataType.DOUBLE, count, 28 * 28);
    }

    @Test
    void psnr_ofAConstantError_isItsDecibels() {
        INDArray x = images(2);

        assertThat(ImageQuality.psnr(x, x.add(0.1))).containsExactly(new double[] {20, 20}, within(1e-9));
        assertThat(ImageQuality.psnr(x, x)).containsOnly(Double.POSITIVE_INFINITY);
    }

    @Test
    void ssim_ofEqualImages_isOneAndOfNegatives_isBelowZero() {
        INDArray x = images(2);

        assertThat(ImageQuality.ssim(x, x, 28, 28)).containsExactly(new double[] {1, 1}, within(1e-12));
        assertThat(ImageQuality.ssim(x, x.rsub(1), 28, 28)[1]).isLessThan(-0.8);
    }

    /** Of constant images a and b only the means are left: (2ab + C₁)/(a² + b² + C₁). */
    @Test
    void ssim_ofConstantImages_comparesTheirMeans() {
        INDArray a = Nd4j.valueArrayOf(new long[] {1, 144}, 0.5, DataType.DOUBLE);
        INDArray b = Nd4j.valueArrayOf(new long[] {1, 144}, 0.25, DataType.DOUBLE);

        assertThat(ImageQuality.ssim(a, b, 12, 12)[0])
                .isCloseTo((2 * 0.5 * 0.25 + 1e-4) / (0.25 + 0.0625 + 1e-4), within(1e-12));
    }

    /** One window, against the definition with its weights in two dimensions. */
    @Test
    void ssim_ofOneWindow_isTheFormula() {
        INDArray x =
                images(1).get(NDArrayIndex.all(), NDArrayIndex.interval(0, 121)).dup();
        INDArray y = x.mul(0.7)
                .addi(images(2)
                        .get(NDArrayIndex.interval(1, 2), NDArrayIndex.interval(0, 121))
                        .mul(0.2));
        double total = 0;
        double[] sums = new double[5];
        for (int i = 0; i < 121; i++) {
            int row = i / 11;
            double dy = row - 5;
            double dx = i % 11 - 5;
            double w = Math.exp(-(dx * dx + dy * dy) / (2 * 1.5 * 1.5));
            double u = x.getDouble(i);
            double v = y.getDouble(i);
            double[] values = {u, v, u * u, v * v, u * v};
            for (int k = 0; k < 5; k++) {
                sums[k] += w * values[k];
            }
            total += w;
        }
        double mx = sums[0] / total;
        double my = sums[1] / total;
        double vx = sums[2] / total - mx * mx;
        double vy = sums[3] / total - my * my;
        double cov = sums[4] / total - mx * my;
        double expected = (2 * mx * my + 1e-4) * (2 * cov + 9e-4) / ((mx * mx + my * my + 1e-4) * (vx + vy + 9e-4));

        assertThat(ImageQuality.ssim(x, y, 11, 11)[0]).isCloseTo(expected, within(1e-10));
    }

    @Test
    void shapes_thatCannotBe_areRefused() {
        INDArray x = images(1);
        assertThatThrownBy(() -> ImageQuality.psnr(x, images(2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("rows of the same shape");
        assertThatThrownBy(() -> ImageQuality.ssim(x, x, 28, 27))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 28×27 and 784 values");
        assertThatThrownBy(() -> ImageQuality.ssim(
                        x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 100)),
                        x.get(NDArrayIndex.all(), NDArrayIndex.interval(0, 100)),
                        10,
                        10))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 11×11");
    }

    private static INDArray waves(double error) {
        int height = 181;
        int width = 176;
        double[] x = new double[height * width];
        for (int at = 0; at < x.length; at++) {
            int i = at / width;
            int j = at % width;
            x[at] = 0.5
                    + 0.3 * Math.sin(0.13 * i) * Math.cos(0.07 * j)
                    + 0.2 * Math.sin(1.9 * i + 2.3 * j)
                    + error * Math.cos(1.1 * i - 0.7 * j);
        }
        return Nd4j.createFromArray(x).reshape(1, x.length);
    }

    /** Values of an independent implementation in NumPy; 181 is odd at two scales. */
    @ParameterizedTest
    @CsvSource({"0, 1", "0.05, 0.9737353293796245", "0.3, 0.6306758406606939"})
    void multiscaleSsim_isNumPys(double error, double expected) {
        assertThat(ImageQuality.multiscaleSsim(waves(0), waves(error), 181, 176)[0])
                .isCloseTo(expected, within(1e-12));
    }

    @Test
    void multiscaleSsim_ofSmallImages_isRefused() {
        INDArray x = images(1);

        assertThatThrownBy(() -> ImageQuality.multiscaleSsim(x, x, 28, 28))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 176×176 pixels");
    }
}
