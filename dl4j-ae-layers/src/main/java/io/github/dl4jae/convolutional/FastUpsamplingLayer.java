package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Upsampling2D;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nearest-neighbor upsampling of images with the numbers and options of the stock {@code Upsampling2D}, several times
 * as fast on the CPU.
 *
 * <pre>
 * y_{i,j} = x_{⌊i/h⌋, ⌊j/w⌋}        ∂x_{i,j} = Σ_{k&lt;h, l&lt;w} ε_{i·h+k, j·w+l}
 * </pre>
 *
 * <p>Shapes: in {@code [batch, channels, height, width]}, out {@code [batch, channels, h·height, w·width]}; with {@code
 * CNN2DFormat.NHWC} the channels come last. No parameters.
 *
 * <p>The layer keeps images with channels last in memory, and returns a permuted view of them. Another fast layer reads
 * it without a copy. Types other than float32, and backends other than the CPU, take the stock layer's way.
 *
 * <pre>{@code
 * .layer(new FastUpsamplingLayer.Builder(2).build())
 * }</pre>
 *
 * <p>Errors: a size below 1, and an input that is not images.
 */
public final class FastUpsamplingLayer extends Upsampling2D {

    private FastUpsamplingLayer(Builder builder) {
        setSize(builder.size);
        setFormat(builder.format);
        setLayerName(builder.getLayerName());
        setIDropout(builder.getIDropout());
    }

    // for JSON
    FastUpsamplingLayer() {}

    @Override
    public FastUpsamplingLayer clone() {
        FastUpsamplingLayer clone = (FastUpsamplingLayer) super.clone();
        clone.setSize(getSize().clone());
        return clone;
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
                new FastUpsamplingLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastUpsamplingLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastUpsamplingLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastUpsamplingLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastUpsamplingLayer} with the options of the stock layer's builder. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private final int[] size;
        private CNN2DFormat format = CNN2DFormat.NCHW;

        /**
         * Creates a builder.
         *
         * @param size the number of copies of each row and of each column; one number for both, or two
         */
        public Builder(int... size) {
            Require.that(
                    (size.length == 1 || size.length == 2)
                            && Arrays.stream(size).allMatch(each -> each > 0),
                    "FastUpsamplingLayer",
                    "size must be one or two numbers above 0",
                    Arrays.toString(size),
                    "2 is usual");
            this.size = new int[] {size[0], size[size.length - 1]};
        }

        /**
         * Sets the order of dimensions. Default: NCHW, or that of the network's input type.
         *
         * @param format NCHW or NHWC
         * @return this
         */
        public Builder dataFormat(CNN2DFormat format) {
            this.format = format;
            return this;
        }

        @Override
        public FastUpsamplingLayer build() {
            return new FastUpsamplingLayer(this);
        }
    }
}
