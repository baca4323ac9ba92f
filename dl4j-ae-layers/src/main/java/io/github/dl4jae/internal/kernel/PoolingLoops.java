package io.github.dl4jae.internal.kernel;

import java.util.Arrays;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * Pooling of images in float64, with channels last: {@link Pooling} by plain loops over windows. It serves the types
 * and backends that the fast kernel does not support.
 */
public final class PoolingLoops {

    private final PoolingShape windows;
    private final ConvolutionShape shape;
    private final int p;

    /**
     * Prepares pooling for images of one size.
     *
     * @param windows the windows; every one must contain a pixel
     */
    public PoolingLoops(PoolingShape windows) {
        this.windows = windows;
        this.shape = windows.images();
        this.p = windows.p();
    }

    /** Receives the pixels of windows: first row by row, then column by column. */
    @FunctionalInterface
    private interface Pixels {
        void accept(int input, int output, int divisor);
    }

    private void forEachPixel(int images, Pixels pixels) {
        int channels = shape.channels();
        for (int n = 0; n < images; n++) {
            for (int y = 0; y < shape.outputHeight(); y++) {
                for (int x = 0; x < shape.outputWidth(); x++) {
                    int divisor = windows.divisor(y, x);
                    for (int k = 0; k < shape.kernelHeight() * shape.kernelWidth(); k++) {
                        int row = windows.row(y, k / shape.kernelWidth());
                        int column = windows.column(x, k % shape.kernelWidth());
                        if (windows.isRowInside(row) && windows.isColumnInside(column)) {
                            int input = ((n * shape.height() + row) * shape.width() + column) * channels;
                            int output = ((n * shape.outputHeight() + y) * shape.outputWidth() + x) * channels;
                            for (int c = 0; c < channels; c++) {
                                pixels.accept(input + c, output + c, divisor);
                            }
                        }
                    }
                }
            }
        }
    }

    /**
     * Computes the output.
     *
     * @param images x, {@code [N, H, W, C]}
     * @return {@code [N, H′, W′, C]}
     */
    public double[] forward(double[] images) {
        int count = images.length / shape.input();
        double[] pooled = new double[count * shape.output()];
        if (windows.type() == PoolingType.MAX) {
            Arrays.fill(pooled, Double.NEGATIVE_INFINITY);
        }
        forEachPixel(count, (input, output, divisor) -> {
            double x = images[input];
            switch (windows.type()) {
                case MAX -> pooled[output] = Math.max(pooled[output], x);
                case PNORM -> pooled[output] += Pooling.power(Math.abs(x), p);
                default -> pooled[output] += x / divisor;
            }
        });
        if (windows.type() == PoolingType.PNORM) {
            for (int i = 0; i < pooled.length; i++) {
                pooled[i] = Math.pow(pooled[i], 1.0 / p);
            }
        }
        return pooled;
    }

    /**
     * Computes the gradient with respect to the input.
     *
     * @param images x, {@code [N, H, W, C]}
     * @param epsilon ε, {@code [N, H′, W′, C]}
     * @return {@code [N, H, W, C]}
     */
    public double[] backprop(double[] images, double[] epsilon) {
        double[] pooled = forward(images);
        boolean[] found = new boolean[pooled.length];
        double[] gradient = new double[images.length];
        forEachPixel(images.length / shape.input(), (input, output, divisor) -> {
            double x = images[input];
            double y = pooled[output];
            switch (windows.type()) {
                case MAX -> {
                    if (!found[output] && !(x < y)) {
                        found[output] = true;
                        gradient[input] += epsilon[output];
                    }
                }
                case PNORM -> gradient[input] += y == 0 ? 0 : epsilon[output] * Pooling.normDerivative(x, y, p);
                default -> gradient[input] += epsilon[output] / divisor;
            }
        });
        return gradient;
    }
}
