package io.github.dl4jae.internal.kernel;

/**
 * The input gradient of a convolution with stride 1, as the convolution of δ with the weights turned by 180°.
 *
 * <pre>
 * ∂x_{y,x,c} = Σ_{i,j,o} δ_{y + p − i·d, x + p − j·d, o} · W_{i,j,c,o}
 * </pre>
 *
 * <p>p: padding, d: dilation. {@link Convolution} uses it where {@link #isFaster} holds.
 */
final class TurnedConvolution {

    private final ConvolutionShape of;
    private final Convolution kernels;
    private final FloatRows weights;

    TurnedConvolution(ConvolutionShape of) {
        this.of = of;
        ConvolutionShape shape = new ConvolutionShape(
                /* channels= */ of.filters(),
                /* height= */ of.outputHeight(),
                /* width= */ of.outputWidth(),
                /* filters= */ of.channels(),
                /* outputHeight= */ of.height(),
                /* outputWidth= */ of.width(),
                of.kernelHeight(),
                of.kernelWidth(),
                1,
                1,
                (of.kernelHeight() - 1) * of.dilationHeight() - of.top(),
                (of.kernelWidth() - 1) * of.dilationWidth() - of.left(),
                of.dilationHeight(),
                of.dilationWidth());
        this.kernels = new Convolution(shape);
        this.weights = FloatRows.allocate(shape.patch(), shape.filters());
    }

    /** Returns whether the stride is 1. */
    static boolean isPossible(ConvolutionShape shape) {
        return shape.strideHeight() == 1 && shape.strideWidth() == 1;
    }

    /**
     * Returns whether it takes less time than adding patches to the input. Adding costs time for each of C channels.
     * This class copies patches of O channels instead, and its product is slow where the result has few columns. The
     * limit O ≤ ¾·C² was measured for kernels of 2 to 5 pixels and 1 to 128 channels. It is 6 filters with 3 channels,
     * and 48 with 8.
     */
    static boolean isFaster(ConvolutionShape shape) {
        return isPossible(shape) && 4L * shape.filters() <= 3L * shape.channels() * shape.channels();
    }

    /** Computes ∂x, with the arguments of {@link Convolution#inputGradient}. */
    void inputGradient(FloatRows delta, FloatRows W, FloatRows dx) {
        turn(W.toArray());
        kernels.forward(delta, weights, dx);
    }

    private void turn(float[] W) {
        float[] turned = new float[W.length];
        int pixels = of.kernelHeight() * of.kernelWidth();
        int channels = of.channels();
        int filters = of.filters();
        for (int p = 0; p < pixels; p++) {
            for (int c = 0; c < channels; c++) {
                for (int o = 0; o < filters; o++) {
                    turned[((pixels - 1 - p) * filters + o) * channels + c] = W[(p * channels + c) * filters + o];
                }
            }
        }
        weights.writeAll(turned);
    }
}
