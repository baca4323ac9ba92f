package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.BuilderSettings;
import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A long short-term memory with the numbers and parameters of the stock {@code LSTM}, many times as fast on the CPU.
 *
 * <pre>
 * [i f o g]_t = act(x_t·W + h_{t−1}·R + b)       i: act, the others: the activation of gates
 * c_t = f_t ⊙ c_{t−1} + g_t ⊙ i_t                h_t = o_t ⊙ act(c_t)
 * </pre>
 *
 * <p>The gradient is exact, through all steps or the last ones of truncated backprop. Steps that a mask of the layer
 * excludes set output and cell to 0. As with the stock layer, networks pass their masks on without setting one here.
 *
 * <pre>
 * ∂c_t += ∂h_t ⊙ o_t ⊙ act′(c_t)     ∂c_{t−1} = ∂c_t ⊙ f_t     ∂h_{t−1} += ∂z_t·Rᵀ     ∂x_t = ∂z_t·Wᵀ
 * ∂W = Σ_t x_tᵀ·∂z_t                 ∂R = Σ_t h_{t−1}ᵀ·∂z_t    ∂b = Σ_t ∂z_t           z: pre-activations
 * </pre>
 *
 * <p>Shapes: in {@code [batch, nIn, time]}, out {@code [batch, nOut, time]}; with {@code RNNFormat.NWC} the features
 * come last. Parameters as in the stock layer: {@code W [nIn, 4·nOut]}, {@code RW [nOut, 4·nOut]}, {@code b [4·nOut]},
 * with the gates in the order i, f, o, g.
 *
 * <p>{@code rnnTimeStep}, truncated backprop, stored states, {@code Bidirectional}, {@code LastTimeStep} and masks work
 * as in the stock layer. Types other than float32, backends other than the CPU, and activations other than identity,
 * ReLU, sigmoid and tanh take ND4J's operations, step by step.
 *
 * <p>The layer keeps sequences step by step in memory, and returns a permuted view of them. Another fast layer reads it
 * without a copy.
 *
 * <pre>{@code
 * .layer(new FastLstmLayer.Builder().nIn(8).nOut(64).build())
 * }</pre>
 *
 * <p>Errors: nIn or nOut not above 0, an input of another shape.
 *
 * @see <a href="https://arxiv.org/abs/1503.04069">Greff et al. 2015, LSTM: a search space odyssey</a>
 */
public final class FastLstmLayer extends LSTM {

    private FastLstmLayer(Builder builder) {
        BuilderSettings.copy(builder, this);
        weightInitFnRecurrent = builder.getWeightInitFnRecurrent();
        rnnDataFormat = builder.getRnnDataFormat();
        setForgetGateBiasInit(builder.getForgetGateBiasInit());
        setGateActivationFn(builder.getGateActivationFn());
        initializeConstraints(builder);
    }

    // for JSON
    FastLstmLayer() {}

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
                new FastLstmLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // the input by steps, Z, and six values per unit and step
        long outputs = getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, inputType.arrayElementsPerExample() + 4 * outputs)
                .training(0, inputType.arrayElementsPerExample() + 12 * outputs)
                .report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastLstmLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastLstmLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastLstmLayer(" + super.toString() + ")";
    }

    /**
     * Builds a {@link FastLstmLayer} with the options of the stock layer's builder, whose type the setters return. What
     * {@code build()} returns is a FastLstmLayer.
     */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends LSTM.Builder {

        /** Creates a builder with the stock layer's defaults. */
        public Builder() {}

        @Override
        public FastLstmLayer build() {
            return new FastLstmLayer(this);
        }
    }
}
