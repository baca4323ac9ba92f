package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A gated recurrent unit (GRU), whose reset gate acts after the recurrent product, as in cuDNN, PyTorch and Keras.
 *
 * <pre>
 * r = gate(x_t·W_r + h_{t−1}·R_r + b_r)          u = gate(x_t·W_u + h_{t−1}·R_u + b_u)
 * n = act(x_t·W_n + b_n + r ⊙ (h_{t−1}·R_n + b_p))
 * h_t = (1 − u) ⊙ n + u ⊙ h_{t−1}
 * </pre>
 *
 * <p>It has three quarters of the weights of an LSTM and one state instead of two. Neither is better in general; on
 * short or scarce sequences a GRU is often enough.
 *
 * <p>The gradient is exact, through all steps or the last ones of truncated backprop. Steps that a mask of the layer
 * excludes set the output, and with it the state, to 0. As with the stock LSTM, networks pass their masks on without
 * setting one here.
 *
 * <pre>
 * ∂z_n = ∂h ⊙ (1 − u) ⊙ act′(n)          ∂z_p = ∂z_n ⊙ r                     p = h_{t−1}·R_n + b_p
 * ∂z_r = ∂z_n ⊙ p ⊙ gate′(r)             ∂z_u = ∂h ⊙ (h_{t−1} − n) ⊙ gate′(u)
 * ∂h_{t−1} = ∂h ⊙ u + ∂z_r·R_rᵀ + ∂z_u·R_uᵀ + ∂z_p·R_nᵀ
 * </pre>
 *
 * <p>Shapes: in {@code [batch, nIn, time]}, out {@code [batch, nOut, time]}; with {@code RNNFormat.NWC} the features
 * come last. Parameters: {@code W [nIn, 3·nOut]} and {@code RW [nOut, 3·nOut]} with the blocks r, u, n, and {@code b
 * [1, 4·nOut]} with the blocks r, u, n, p. PyTorch's {@code weight_ih} and {@code weight_hh} are their transposes, in
 * the same order; its two biases of r and of u are added.
 *
 * <p>{@code rnnTimeStep}, truncated backprop, stored states, {@code Bidirectional}, {@code LastTimeStep} and masks work
 * as for the stock LSTM. Types other than float32, backends other than the CPU, and activations other than identity,
 * ReLU, sigmoid and tanh take ND4J's operations, step by step.
 *
 * <pre>{@code
 * .layer(new FastGruLayer.Builder().nIn(8).nOut(64).build())
 * }</pre>
 *
 * <p>Errors: nIn or nOut not above 0, an input of another shape.
 *
 * @see <a href="https://arxiv.org/abs/1406.1078">Cho et al. 2014, Learning phrase representations using RNN
 *     encoder–decoder</a>
 */
public final class FastGruLayer extends BaseRecurrentLayer {

    private IActivation gateActivationFn = new ActivationSigmoid();

    private FastGruLayer(Builder builder) {
        super(builder);
        gateActivationFn = builder.gateActivationFn;
        initializeConstraints(builder);
        if (builder.getRecurrentConstraints() != null) {
            addConstraints(builder.getRecurrentConstraints(), GruParamInitializer.R);
        }
        if (builder.getInputWeightConstraints() != null) {
            addConstraints(builder.getInputWeightConstraints(), GruParamInitializer.W);
        }
    }

    // for JSON
    FastGruLayer() {}

    private void addConstraints(List<LayerConstraint> added, String parameter) {
        constraints = constraints == null ? new ArrayList<>() : constraints;
        for (LayerConstraint constraint : added) {
            LayerConstraint copy = constraint.clone();
            copy.setParams(Set.of(parameter));
            constraints.add(copy);
        }
    }

    /**
     * Returns the activation of the gates.
     *
     * @return the sigmoid, if none was set
     */
    public IActivation getGateActivationFn() {
        return gateActivationFn;
    }

    /**
     * Sets the activation of the gates.
     *
     * @param gateActivationFn used by networks that are created later
     */
    public void setGateActivationFn(IActivation gateActivationFn) {
        this.gateActivationFn = gateActivationFn;
    }

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
                new FastGruLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public ParamInitializer initializer() {
        return GruParamInitializer.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // [x, h], the gates, and five values per unit and step
        long outputs = getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, inputType.arrayElementsPerExample())
                .training(0, inputType.arrayElementsPerExample() + 10 * outputs)
                .report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastGruLayer;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FastGruLayer that
                && super.equals(other)
                && gateActivationFn.equals(that.gateActivationFn);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + gateActivationFn.hashCode();
    }

    @Override
    public String toString() {
        return "FastGruLayer(" + super.toString() + ", gateActivationFn=" + gateActivationFn + ")";
    }

    /** Builds a {@link FastGruLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseRecurrentLayer.Builder<Builder> {

        private IActivation gateActivationFn = new ActivationSigmoid();

        /** Creates a builder with tanh for the candidate and the sigmoid for the gates. */
        public Builder() {
            activation(Activation.TANH);
        }

        /**
         * Sets the activation of the gates. Default: the sigmoid.
         *
         * @param gate with values from 0 to 1
         * @return this
         */
        public Builder gateActivationFunction(Activation gate) {
            return gateActivationFunction(gate.getActivationFunction());
        }

        /**
         * Sets the activation of the gates. Default: the sigmoid.
         *
         * @param gate with values from 0 to 1
         * @return this
         */
        public Builder gateActivationFunction(IActivation gate) {
            gateActivationFn = Require.given("FastGruLayer", "gateActivationFunction", gate, "the sigmoid is usual");
            return this;
        }

        @Override
        public FastGruLayer build() {
            return new FastGruLayer(this);
        }
    }
}
