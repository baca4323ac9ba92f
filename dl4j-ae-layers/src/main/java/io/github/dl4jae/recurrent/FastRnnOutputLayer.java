package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.BuilderSettings;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * An output layer for sequences: the stock {@code RnnOutputLayer}, with product, loss and gradient computed once per
 * training step.
 *
 * <pre>
 * y_t = act(x_t·W + b)          L = 1/B · Σ_examples Σ_steps loss(label_t, y_t)
 * δ_t = ∂loss/∂z_t              ∂W = Σ_t x_tᵀ·δ_t       ∂b = Σ_t δ_t       ∂x_t = δ_t·Wᵀ
 * </pre>
 *
 * <p>Shapes: in {@code [batch, nIn, time]}, out {@code [batch, nOut, time]}; with {@code RNNFormat.NWC} the features
 * come last. Parameters as in the stock layer: {@code W [nIn, nOut]}, {@code b [nOut]}. Masks {@code [batch, time]} or
 * {@code [batch, nOut, time]} exclude steps or values from the loss.
 *
 * <pre>{@code
 * .layer(new FastRnnOutputLayer.Builder(new LossGaussian(1)).nOut(8).activation(Activation.IDENTITY).build())
 * }</pre>
 *
 * <p>Errors: nIn or nOut not above 0, no labels, an input or labels of another shape.
 */
public final class FastRnnOutputLayer extends RnnOutputLayer {

    private FastRnnOutputLayer(Builder builder) {
        BuilderSettings.copy(builder, this);
        lossFn = builder.getLossFn();
        hasBias = builder.isHasBias();
        setRnnDataFormat(builder.format);
        initializeConstraints(builder);
    }

    // for JSON
    FastRnnOutputLayer() {}

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        DenseChecks.requireSizes(this);
        return LayerAssembly.assemble(
                new FastRnnOutputLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType)
                .training(0, 2 * getOutputType(-1, inputType).arrayElementsPerExample()) // z and δ
                .report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastRnnOutputLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastRnnOutputLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastRnnOutputLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastRnnOutputLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private RNNFormat format = RNNFormat.NCW;

        /**
         * Creates a builder.
         *
         * @param lossFunction the loss
         * @throws IllegalArgumentException if it is null
         */
        public Builder(ILossFunction lossFunction) {
            setLossFn(Require.given("FastRnnOutputLayer", "lossFunction", lossFunction, "LossGaussian is usual"));
        }

        /**
         * Sets the order of dimensions. Default: NCW, or that of the network's input type.
         *
         * @param format NCW or NWC
         * @return this
         */
        public Builder dataFormat(RNNFormat format) {
            this.format = format;
            return this;
        }

        @Override
        public FastRnnOutputLayer build() {
            return new FastRnnOutputLayer(this);
        }
    }
}
