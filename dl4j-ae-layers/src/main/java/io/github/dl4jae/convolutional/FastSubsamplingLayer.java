package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.deeplearning4j.util.ValidationUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling of images with the numbers and options of the stock {@code SubsamplingLayer}, several times as fast on the
 * CPU.
 *
 * <pre>
 * maximum   y = max_w x                   ∂x = ε at the first maximum of each window w
 * average   y = 1/|w| · Σ_w x             ∂x = Σ_w ε/|w|
 * sum       y = Σ_w x                     ∂x = Σ_w ε
 * p-norm    y = (Σ_w |x|ᵖ)^(1/p)          ∂x = sign(x)·|x|ᵖ⁻¹ · Σ_w ε·y¹⁻ᵖ, 0 where y = 0
 * </pre>
 *
 * <p>Shapes: in {@code [batch, channels, height, width]}, out {@code [batch, channels, height′, width′]}; with {@code
 * CNN2DFormat.NHWC} the channels come last. No parameters. An average divides by the number of pixels in the window;
 * with {@code avgPoolIncludePadInDivisor(true)}, by the size of the kernel.
 *
 * <p>Three defects of the stock layer are corrected: it throws for sums; the gradient of a p-norm is NaN where all
 * pixels of a window are 0, as after a ReLU; and a maximum ignores NaN.
 *
 * <p>The layer keeps images with channels last in memory, and returns a permuted view of them. Another fast layer reads
 * it without a copy. Types other than float32, and backends other than the CPU, take slow loops in float64.
 *
 * <pre>{@code
 * .layer(new FastSubsamplingLayer.Builder(2, 2).stride(2, 2).build())
 * }</pre>
 *
 * <p>Errors: dropout on the builder, p-norm without p, an input that is not images, and windows without a pixel, which
 * padding as large as the kernel gives.
 */
public final class FastSubsamplingLayer extends SubsamplingLayer {

    private FastSubsamplingLayer(Builder builder) {
        super(builder);
        this.dilation = builder.dilation;
    }

    // for JSON
    FastSubsamplingLayer() {}

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return LayerAssembly.assemble(
                new FastSubsamplingLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // the stock layer keeps a flag of the first call, which JSON drops
        setCnn2dDataFormat(((InputType.InputTypeConvolutional) inputType).getFormat());
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastSubsamplingLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastSubsamplingLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastSubsamplingLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastSubsamplingLayer} with the options of the stock layer's builder. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends SubsamplingLayer.BaseSubsamplingBuilder<Builder> {
        private int[] dilation = {1, 1};

        /** Creates a builder for a kernel of 1×1 with stride 2. */
        public Builder() {}

        /**
         * Creates a builder. Default: maximum, stride 2, no padding, the convolution mode of the network.
         *
         * @param kernelSize height and width of the windows
         */
        public Builder(int... kernelSize) {
            setKernelSize(kernelSize);
        }

        /**
         * Creates a builder. Default: stride 2, no padding, the convolution mode of the network.
         *
         * @param poolingType maximum, average, sum or p-norm
         * @param kernelSize height and width of the windows
         */
        public Builder(SubsamplingLayer.PoolingType poolingType, int... kernelSize) {
            poolingType(Require.given("FastSubsamplingLayer", "poolingType", poolingType, "MAX is usual"));
            setKernelSize(kernelSize);
        }

        @Override
        protected boolean allowCausal() {
            return false;
        }

        @Override
        public void setKernelSize(int[] kernelSize) {
            this.kernelSize = ValidationUtils.validate2NonNegative(kernelSize, false, "kernelSize");
        }

        @Override
        public void setStride(int[] stride) {
            this.stride = ValidationUtils.validate2NonNegative(stride, false, "stride");
        }

        @Override
        public void setPadding(int[] padding) {
            this.padding = ValidationUtils.validate2NonNegative(padding, false, "padding");
        }

        /**
         * Sets the size of the windows.
         *
         * @param kernelSize height and width
         * @return this
         */
        public Builder kernelSize(int... kernelSize) {
            setKernelSize(kernelSize);
            return this;
        }

        /**
         * Sets the distance of windows. Default: 2.
         *
         * @param stride vertical and horizontal distance
         * @return this
         */
        public Builder stride(int... stride) {
            setStride(stride);
            return this;
        }

        /**
         * Sets how far windows reach beyond the image. Default: 0.
         *
         * @param padding rows and columns
         * @return this
         */
        public Builder padding(int... padding) {
            setPadding(padding);
            return this;
        }

        /**
         * Sets the distance of the pixels of a window. Default: 1.
         *
         * @param dilation vertical and horizontal distance
         * @return this
         */
        public Builder dilation(int... dilation) {
            this.dilation = ValidationUtils.validate2NonNegative(dilation, false, "dilation");
            return this;
        }

        @Override
        public FastSubsamplingLayer build() {
            IgnoredOptions.requireNoDropout("FastSubsamplingLayer", this);
            Require.that(
                    poolingType != org.deeplearning4j.nn.conf.layers.PoolingType.PNORM || pnorm > 0,
                    "FastSubsamplingLayer",
                    "pnorm must be above 0 for p-norm pooling",
                    pnorm,
                    "2 is usual");
            ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
            ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
            return new FastSubsamplingLayer(this);
        }
    }
}
