package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.CountsRows;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.params.DefaultParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A dense layer with a penalty on the norm of its Jacobian: the encoder of the contractive autoencoder.
 *
 * <pre>
 * h = act(z),  z = x·W + b
 * score += λ · mean over examples of ‖∂h/∂x‖_F²  =  λ/B · Σ_ij act′(z_ij)² ‖W_:j‖²
 *
 * δ = ε ⊙ act′(z) + 2λ · act′(z) ⊙ act″(z) ⊙ c,  c_j = ‖W_:j‖²         (with the mini-batch average; otherwise λ/B)
 * ∂W = xᵀ·δ + 2λ · W·diag(Σ_i act′(z_ij)²)   ∂b = Σ_rows δ   ∂x = δ·Wᵀ
 * </pre>
 *
 * <p>The norm is exact and costs little compared with the matrix products. {@link Builder#higherOrder} gives CAE+H,
 * which also penalizes changes of the Jacobian around an example:
 *
 * <pre>
 * score += γ · mean over examples and K perturbations of ‖J(x) − J(x + ε)‖_F²,  ε ~ N(0, σ²I)        in training only
 * </pre>
 *
 * <p>The penalty is part of every score, in training and at test time. In a stack of such layers, each contracts its
 * own input. To contract the input of the network, or other layers, see {@link EncoderContraction}.
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameters {@code W [nIn, nOut]}, {@code b [nOut]}.
 * Masked rows are not counted. Products and penalty use the same weight noise.
 *
 * <p>Errors: an activation that is not elementwise (softmax, top-k), is random or has a wrong derivative, nIn or nOut
 * not above 0, when the network is initialized; an input that is not {@code [batch, nIn]}.
 *
 * <p>The layer must know the number of examples in a mini-batch. A {@code MultiLayerNetwork} announces it. A
 * {@code ComputationGraph} needs input types, or the layer added with an
 * {@link io.github.dl4jae.penalty.ExampleCountPreProcessor}; otherwise training is refused.
 *
 * <p>When not to use it: with ReLU and a decoder with weights of its own, which evades the penalty by small W and large
 * weights in the decoder. Tie the weights ({@code TiedAutoencoderLayer}), or use weight decay in the decoder. The
 * penalty is a good regularizer with few examples per unit. With plenty of data, a denoising autoencoder learns about
 * the same at a lower cost.
 *
 * @see <a href="https://icml.cc/2011/papers/455_icmlpaper.pdf">Rifai et al. 2011, Contractive auto-encoders</a>
 * @see <a href="https://doi.org/10.1007/978-3-642-23783-6_41">Rifai et al. 2011, Higher order contractive
 *     auto-encoder</a>
 */
public final class ContractiveLayer extends AbstractFeedForwardLayer implements CountsRows {

    private final double contraction;
    private final double higherOrder;
    private final double perturbation;
    private final int perturbations;
    private final boolean inputGradient;

    private ContractiveLayer(Builder builder) {
        super(builder);
        this.contraction = ContractionWeights.require("ContractiveLayer", "contraction", builder.contraction);
        this.higherOrder = ContractionWeights.require("ContractiveLayer", "higherOrder", builder.higherOrder);
        this.perturbation = ContractionWeights.requirePerturbation("ContractiveLayer", builder.perturbation);
        this.perturbations = ContractionWeights.requireDraws("ContractiveLayer", builder.perturbations);
        this.inputGradient = builder.inputGradient;
        initializeConstraints(builder);
    }

    // for JSON
    ContractiveLayer(
            @JsonProperty("contraction") double contraction,
            @JsonProperty("higherOrder") double higherOrder,
            @JsonProperty("perturbation") double perturbation,
            @JsonProperty("perturbations") int perturbations,
            @JsonProperty("inputGradient") Boolean inputGradient) {
        this.contraction = ContractionWeights.require("ContractiveLayer", "contraction", contraction);
        this.higherOrder = ContractionWeights.require("ContractiveLayer", "higherOrder", higherOrder);
        this.perturbation = ContractionWeights.requirePerturbation("ContractiveLayer", perturbation);
        this.perturbations = ContractionWeights.requireDraws("ContractiveLayer", perturbations);
        this.inputGradient = inputGradient == null || inputGradient;
    }

    /**
     * Returns the weight of ‖∂h/∂x‖².
     *
     * @return λ
     */
    public double getContraction() {
        return contraction;
    }

    /**
     * Returns the weight of ‖J(x) − J(x + ε)‖².
     *
     * @return γ
     */
    public double getHigherOrder() {
        return higherOrder;
    }

    /**
     * Returns the standard deviation of the perturbations ε.
     *
     * @return σ
     */
    public double getPerturbation() {
        return perturbation;
    }

    /**
     * Returns the number of perturbations per example.
     *
     * @return K
     */
    public int getPerturbations() {
        return perturbations;
    }

    /**
     * Returns whether backprop computes the gradient with respect to the input.
     *
     * @return whether it does
     */
    @JsonProperty("inputGradient")
    public boolean hasInputGradient() {
        return inputGradient;
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        super.requireFits(listeners, layerIndex);
        if (!inputGradient) {
            OmittedInputGradient.requireFirst(LayerSubject.of(this), listeners, layerIndex);
        }
        JacobianNorm.requireElementwise(LayerSubject.of(this), activationFn, nOut);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new ContractiveLayerImpl(conf, dataType);
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return new ExampleCountPreProcessor(super.getPreProcessorForInputType(inputType));
    }

    @Override
    public ParamInitializer initializer() {
        return DefaultParamInitializer.getInstance();
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // per copy: activations and two derivatives
        long perCopy = 3 * getOutputType(-1, inputType).arrayElementsPerExample();
        long copies = higherOrder > 0 ? perturbations * (perCopy + inputType.arrayElementsPerExample()) : 0;
        return LayerMemory.of(this, inputType).training(0, perCopy + copies).report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("contraction", contraction)
                .with("higherOrder", higherOrder)
                .with("perturbation", perturbation)
                .with("perturbations", perturbations)
                .with("inputGradient", inputGradient);
    }

    /** Builds a {@link ContractiveLayer}: the options of a dense layer, and the weights of the penalty. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private double contraction = 0.1;
        private double higherOrder;
        private double perturbation = 0.1;
        private int perturbations = 4;
        private boolean inputGradient = true;

        /** Creates a builder with λ = 0.1 and γ = 0. */
        public Builder() {}

        /**
         * Sets the weight of ‖∂h/∂x‖², a sum over inputs and units and a mean over examples. Default: 0.1.
         *
         * @param lambda λ, at least 0
         * @return this
         */
        public Builder contraction(double lambda) {
            this.contraction = lambda;
            return this;
        }

        /**
         * Adds the term of CAE+H. Default: γ = 0, σ = 0.1.
         *
         * @param gamma γ, the weight of ‖J(x) − J(x + ε)‖², at least 0
         * @param sigma σ, the standard deviation of ε, above 0
         * @return this
         */
        public Builder higherOrder(double gamma, double sigma) {
            this.higherOrder = gamma;
            this.perturbation = sigma;
            return this;
        }

        /**
         * Sets the number of perturbations of each example in CAE+H. Each costs a forward and a backward pass of the
         * layer. Default: 4.
         *
         * @param count K, at least 1
         * @return this
         */
        public Builder perturbations(int count) {
            this.perturbations = count;
            return this;
        }

        /**
         * Sets whether backprop computes the gradient with respect to the input. As in {@code FastDenseLayer},
         * {@code false} saves a matrix product in the first layer of a network. Default: true.
         *
         * @param inputGradient whether it does
         * @return this
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
        }

        @Override
        public ContractiveLayer build() {
            return new ContractiveLayer(this);
        }
    }
}
