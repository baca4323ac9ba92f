package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Subsampling1DLayer;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ConvolutionUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Pooling of sequences with the numbers and options of the stock {@code Subsampling1DLayer}, about twice as fast on
 * the CPU.
 *
 * <pre>
 * window    w_t = {x_{t·s + i·d − p} : i &lt; k}, without steps before the first and after the last
 *
 * maximum   y_t = max_w x                 ∂x = ε at the first maximum of each window w
 * average   y_t = 1/|w| · Σ_w x           ∂x = Σ_w ε/|w|
 * sum       y_t = Σ_w x                   ∂x = Σ_w ε
 * p-norm    y_t = (Σ_w |x|ᵖ)^(1/p)        ∂x = sign(x)·|x|ᵖ⁻¹ · Σ_w ε·y¹⁻ᵖ, 0 where y = 0
 * </pre>
 *
 * <p>Shapes: in {@code [batch, channels, time]}, out {@code [batch, channels, time′]}; with {@code RNNFormat.NWC} the
 * channels come last. No parameters. An average divides by the number of steps in the window; with {@code
 * avgPoolIncludePadInDivisor(true)}, by the size of the kernel. In the mode Causal, p is (k − 1)·d, and no step sees
 * later ones.
 *
 * <p>Masks: the layer passes on the mask of its output steps, reduced as in the stock layer. It does not set masked
 * steps to zero: a loss leaves them out, and a {@code MaskLayer} in front keeps their values from active steps.
 *
 * <p>The stock layer fails with sums, with padding, with masks of another type than the data, and in training with NWC.
 * Its mode Causal sees later steps. The gradient of a p-norm is NaN where all steps of a window are 0, and a maximum
 * ignores NaN. All of these are corrected here.
 *
 * <p>The layer keeps sequences with channels last in memory, and returns a permuted view of them. Another fast layer
 * reads it without a copy. Types other than float32, and backends other than the CPU, take slow loops in float64.
 *
 * <pre>{@code
 * .layer(new FastSubsampling1DLayer.Builder(2).stride(2).build())
 * }</pre>
 *
 * <p>Errors: dropout on the builder, p-norm without p, an input that is no sequences, and windows without a step, which
 * padding as large as the kernel gives.
 */
public final class FastSubsampling1DLayer extends Subsampling1DLayer {

    private FastSubsampling1DLayer(Builder builder) {
        setLayerName(builder.getLayerName());
        this.poolingType = builder.getPoolingType();
        this.kernelSize = builder.getKernelSize();
        this.stride = builder.getStride();
        this.padding = builder.getPadding();
        this.dilation = builder.dilation;
        this.convolutionMode = builder.getConvolutionMode();
        this.pnorm = builder.getPnorm();
        this.eps = builder.getEps();
        this.cudnnAllowFallback = builder.isCudnnAllowFallback();
        this.cnn2dDataFormat = builder.getCnn2DFormat();
        this.avgPoolIncludePadInDivisor = builder.isAvgPoolIncludePadInDivisor();
    }

    // for JSON
    FastSubsampling1DLayer() {}

    /** Returns the order of dimensions, which the stock layer keeps as that of images. */
    RNNFormat rnnDataFormat() {
        return cnn2dDataFormat == CNN2DFormat.NHWC ? RNNFormat.NWC : RNNFormat.NCW;
    }

    private static CNN2DFormat imageFormat(RNNFormat format) {
        return format == RNNFormat.NWC ? CNN2DFormat.NHWC : CNN2DFormat.NCHW;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return LayerAssembly.assemble(
                new FastSubsampling1DLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (inputType instanceof InputType.InputTypeRecurrent sequences) {
            this.cnn2dDataFormat = imageFormat(sequences.getFormat());
        }
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastSubsampling1DLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastSubsampling1DLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastSubsampling1DLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastSubsampling1DLayer} with the options of the stock layer's builder. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends SubsamplingLayer.BaseSubsamplingBuilder<Builder> {
        private int[] dilation = {1, 1};

        /** Creates a builder for windows of two steps. */
        public Builder() {
            this(2);
        }

        /**
         * Creates a builder. Default: maximum, stride 1, no padding, the convolution mode of the network.
         *
         * @param kernelSize the number of steps in a window
         */
        public Builder(int kernelSize) {
            setKernelSize(new int[] {kernelSize});
            setStride(new int[] {1});
            setPadding(new int[] {0});
        }

        /**
         * Creates a builder. Default: stride 1, no padding, the convolution mode of the network.
         *
         * @param poolingType maximum, average, sum or p-norm
         * @param kernelSize the number of steps in a window
         */
        public Builder(SubsamplingLayer.PoolingType poolingType, int kernelSize) {
            this(kernelSize);
            poolingType(Require.given("FastSubsampling1DLayer", "poolingType", poolingType, "MAX is usual"));
        }

        @Override
        protected boolean allowCausal() {
            return true;
        }

        // the second numbers are those of the stock layer, which pools images of width 1

        @Override
        public void setKernelSize(int[] kernelSize) {
            this.kernelSize = new int[] {one("kernelSize", kernelSize), 1};
        }

        @Override
        public void setStride(int[] stride) {
            this.stride = new int[] {one("stride", stride), stride[0]};
        }

        @Override
        public void setPadding(int[] padding) {
            this.padding = new int[] {one("padding", padding), padding[0]};
        }

        private static int one(String name, int[] values) {
            Require.that(
                    values.length == 1,
                    "FastSubsampling1DLayer",
                    name + " must be one number",
                    Arrays.toString(values),
                    "sequences have one dimension");
            return values[0];
        }

        /**
         * Sets the size of the windows. Default: 2.
         *
         * @param kernelSize the number of steps
         * @return this
         */
        public Builder kernelSize(int kernelSize) {
            setKernelSize(new int[] {kernelSize});
            return this;
        }

        /**
         * Sets the distance of windows. Default: 1.
         *
         * @param stride the number of steps
         * @return this
         */
        public Builder stride(int stride) {
            setStride(new int[] {stride});
            return this;
        }

        /**
         * Sets how far windows reach beyond the sequence, at both ends. Default: 0.
         *
         * @param padding the number of steps
         * @return this
         */
        public Builder padding(int padding) {
            setPadding(new int[] {padding});
            return this;
        }

        /**
         * Sets the distance of the steps of a window. Default: 1.
         *
         * @param dilation the number of steps
         * @return this
         */
        public Builder dilation(int dilation) {
            Require.atLeast(1, "FastSubsampling1DLayer", "dilation", dilation, "1 leaves no gaps in the window");
            this.dilation = new int[] {dilation, 1};
            return this;
        }

        /**
         * Sets the order of dimensions. Default: NCW, or that of the network's input type.
         *
         * @param format NCW ({@code [batch, channels, time]}) or NWC ({@code [batch, time, channels]})
         * @return this
         */
        public Builder rnnDataFormat(RNNFormat format) {
            return dataFormat(imageFormat(format));
        }

        @Override
        public FastSubsampling1DLayer build() {
            IgnoredOptions.requireNoDropout("FastSubsampling1DLayer", this);
            Require.that(
                    poolingType != org.deeplearning4j.nn.conf.layers.PoolingType.PNORM || pnorm > 0,
                    "FastSubsampling1DLayer",
                    "pnorm must be above 0 for p-norm pooling",
                    pnorm,
                    "2 is usual");
            ConvolutionUtils.validateConvolutionModePadding(convolutionMode, padding);
            ConvolutionUtils.validateCnnKernelStridePadding(kernelSize, stride, padding);
            return new FastSubsampling1DLayer(this);
        }
    }
}
