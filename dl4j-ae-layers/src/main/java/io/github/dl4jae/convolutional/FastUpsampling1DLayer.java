package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.InputTypeUtil;
import org.deeplearning4j.nn.conf.layers.Upsampling1D;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Nearest-neighbor upsampling of sequences with the numbers and options of the stock {@code Upsampling1D}, several
 * times as fast on the CPU.
 *
 * <pre>
 * y_t = x_{⌊t/s⌋}        ∂x_t = Σ_{k&lt;s} ε_{t·s+k}
 * </pre>
 *
 * <p>Shapes: in {@code [batch, channels, time]}, out {@code [batch, channels, s·time]}. No parameters. As in the stock
 * layer, the channels cannot come last (NWC).
 *
 * <p>Masks: each step of a mask is repeated like the step that it belongs to. The stock layer hands on a mask that is
 * too short for its output, and leaves dropout out of its gradient. Both are corrected here.
 *
 * <p>The layer keeps sequences with channels last in memory, and returns a permuted view of them. Another fast layer
 * reads it without a copy. Types other than float32, and backends other than the CPU, take ND4J's operations.
 *
 * <pre>{@code
 * .layer(new FastUpsampling1DLayer.Builder(2).build())
 * }</pre>
 *
 * <p>Errors: a size below 1, and an input that is no sequences with the channels first.
 */
public final class FastUpsampling1DLayer extends Upsampling1D {

    private FastUpsampling1DLayer(Builder builder) {
        setSize(new int[] {builder.size, builder.size});
        setLayerName(builder.getLayerName());
        setIDropout(builder.getIDropout());
    }

    // for JSON
    FastUpsampling1DLayer() {}

    @Override
    public FastUpsampling1DLayer clone() {
        FastUpsampling1DLayer clone = (FastUpsampling1DLayer) super.clone();
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
                new FastUpsampling1DLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent sequences && sequences.getFormat() == RNNFormat.NWC) {
            throw new DL4JInvalidConfigException(LayerSubject.of(this)
                    + ": the input must be sequences with the channels first (NCW), got " + inputType
                    + "; use RNNFormat.NCW in the network");
        }
        return super.getOutputType(layerIndex, inputType);
    }

    /** The stock layer asks for the preprocessor of an image. */
    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return InputTypeUtil.getPreprocessorForInputTypeRnnLayers(inputType, RNNFormat.NCW, getLayerName());
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastUpsampling1DLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastUpsampling1DLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastUpsampling1DLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastUpsampling1DLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private final int size;

        /**
         * Creates a builder.
         *
         * @param size how often a step is repeated
         */
        public Builder(int size) {
            Require.atLeast(1, "FastUpsampling1DLayer", "size", size, "2 is usual");
            this.size = size;
        }

        @Override
        public FastUpsampling1DLayer build() {
            return new FastUpsampling1DLayer(this);
        }
    }
}
