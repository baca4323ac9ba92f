package io.github.dl4jae.sparsecoding;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.nd4j.linalg.activations.impl.ActivationTanH;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Predictive sparse decomposition: a dictionary in which examples have sparse codes, and a fast encoder that predicts
 * them.
 *
 * <pre>
 * in a network     h = g ⊙ tanh(x·W + b)
 *
 * pretraining      E = 1/B · Σ min_z ‖x − z·D‖² + λ‖z‖₁ + α‖z − h‖²,   rows of D of length at most 1
 *   z* by FISTA;  then  ∂D = −2·z*ᵀ·(x − z*·D),  ∂h = −2α(z* − h) and on to W, b and g
 * </pre>
 *
 * <p>The gradient of a minimum is the gradient at the minimum, so z* is constant while the parameters change. With
 * exact inference, pretraining descends E, which is its score.
 *
 * <pre>{@code
 * .layer(new PredictiveSparseLayer.Builder().nIn(784).nOut(256).sparsity(0.5).build())
 * .layer(new PredictiveSparseLayer.Builder().nIn(256).nOut(64).sparsity(0.2).build())        // layers can be stacked
 * …
 * new GreedyLayerwisePretrainer.Builder(network).build().fit(iterator);
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameters {@code W [nIn, nOut]}, {@code b [nOut]},
 * {@code g [nOut]} and the dictionary {@code D [nOut, nIn]}, which is used in pretraining only. Center the data. An
 * activation on the builder is refused; the activation of the network is not used.
 *
 * <p>Errors: nIn or nOut not above 0, numbers out of range, an input that is not {@code [batch, nIn]}. Masks apply in a
 * network, not in pretraining.
 *
 * @see <a href="https://arxiv.org/abs/1010.3467">Kavukcuoglu, Ranzato and LeCun 2008, Fast inference in sparse coding
 *     algorithms</a>
 */
public final class PredictiveSparseLayer extends AbstractFeedForwardLayer {

    private final double sparsity;
    private final double coupling;
    private final int inferenceSteps;
    private final double inferenceTolerance;

    private PredictiveSparseLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation("PredictiveSparseLayer", builder, "the encoder is g ⊙ tanh(x·W + b)");
        this.sparsity = builder.sparsity;
        this.coupling = requireCoupling(builder.coupling);
        this.inferenceSteps = builder.inferenceSteps;
        this.inferenceTolerance = builder.inferenceTolerance;
        inference(); // checks the numbers
        setActivationFn(new ActivationTanH());
        initializeConstraints(builder);
    }

    // for JSON
    PredictiveSparseLayer(
            @JsonProperty("sparsity") double sparsity,
            @JsonProperty("coupling") double coupling,
            @JsonProperty("inferenceSteps") int inferenceSteps,
            @JsonProperty("inferenceTolerance") double inferenceTolerance) {
        this.sparsity = sparsity;
        this.coupling = requireCoupling(coupling);
        this.inferenceSteps = inferenceSteps;
        this.inferenceTolerance = inferenceTolerance;
        inference();
    }

    private static double requireCoupling(double coupling) {
        return Require.positive(
                "PredictiveSparseLayer",
                "coupling",
                coupling,
                "1 is usual; without coupling the encoder learns nothing");
    }

    SparseInference inference() {
        return new SparseInference(sparsity, coupling, inferenceSteps, inferenceTolerance);
    }

    /**
     * Returns the weight of ‖z‖₁.
     *
     * @return λ
     */
    public double getSparsity() {
        return sparsity;
    }

    /**
     * Returns the weight of ‖z − h‖².
     *
     * @return α
     */
    public double getCoupling() {
        return coupling;
    }

    /**
     * Returns the maximum number of FISTA steps.
     *
     * @return at least 1
     */
    public int getInferenceSteps() {
        return inferenceSteps;
    }

    /**
     * Returns the change of codes below which inference ends.
     *
     * @return at least 0
     */
    public double getInferenceTolerance() {
        return inferenceTolerance;
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new PredictiveSparseLayerImpl(conf, dataType);
    }

    @Override
    public ParamInitializer initializer() {
        return PredictiveSparseParamInitializer.INSTANCE;
    }

    @Override
    public boolean isPretrainParam(String name) {
        return PredictiveSparseParamInitializer.DICTIONARY.equals(name);
    }

    /** Returns the report of pretraining, which needs more memory than backprop. */
    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long outputs = getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .training(nOut * nOut, 2 * inputType.arrayElementsPerExample() + 6 * outputs)
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("sparsity", sparsity)
                .with("coupling", coupling)
                .with("inferenceSteps", inferenceSteps)
                .with("inferenceTolerance", inferenceTolerance);
    }

    /** Builds a {@link PredictiveSparseLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private double sparsity = 0.5;
        private double coupling = 1;
        private int inferenceSteps = 50;
        private double inferenceTolerance = 1e-3;

        /** Creates a builder with λ = 0.5 and α = 1. */
        public Builder() {}

        /**
         * Sets the weight of ‖z‖₁. Default: 0.5.
         *
         * @param lambda λ, at least 0
         * @return this
         */
        public Builder sparsity(double lambda) {
            this.sparsity = lambda;
            return this;
        }

        /**
         * Sets the weight of the distance between codes and their prediction. Default: 1.
         *
         * @param alpha α, above 0
         * @return this
         */
        public Builder coupling(double alpha) {
            this.coupling = alpha;
            return this;
        }

        /**
         * Sets when inference ends. It starts at the encoder's prediction, so a good encoder needs few steps. Default:
         * 50 steps, tolerance 0.001.
         *
         * @param steps the maximum number of steps, at least 1
         * @param tolerance inference ends when no code changes by more than this in a step
         * @return this
         */
        public Builder inference(int steps, double tolerance) {
            this.inferenceSteps = steps;
            this.inferenceTolerance = tolerance;
            return this;
        }

        @Override
        public PredictiveSparseLayer build() {
            return new PredictiveSparseLayer(this);
        }
    }
}
