package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.CountsRows;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The latent layer of a variational autoencoder: a Gaussian posterior, a sample of it, and the KL divergence from the
 * prior, which the layer adds to the score.
 *
 * <pre>
 * [μ | ln σ²] = h·W + b        z = μ + σ ⊙ ε in training, ε ~ N(0, I)        z = μ at inference
 * score += β · 1/B Σ_i KL(N(μ_i, diag σ_i²)‖p)
 * ∂/∂μ = ε_z + β μ/B        ∂/∂ln σ² = ½ σ ⊙ ε ⊙ ε_z + ½ β (σ² − 1)/B        for p = N(0, I); ε_z: from the decoder
 * </pre>
 *
 * <p>{@link io.github.dl4jae.variational} has the objectives. The score is the negative evidence lower bound if the
 * loss is a negative log-likelihood summed over features ({@link io.github.dl4jae.likelihood}). With {@code
 * miniBatch(false)} loss and KL divergence are sums over examples. A loss that is a mean over features ({@code
 * LossMSE}) multiplies β by their number. With a {@code FastOutputLayer} the first {@code fit} warns of it, with
 * others {@link LatentListener} does.
 *
 * <pre>{@code
 * .layer(new FastDenseLayer.Builder().nIn(784).nOut(400).activation(Activation.RELU).build())
 * .layer(new GaussianLatentLayer.Builder().name("z").nIn(400).nOut(20).build())
 * .layer(new FastDenseLayer.Builder().nIn(20).nOut(400).activation(Activation.RELU).build())
 * .layer(new FastOutputLayer.Builder(new LossBernoulli()).nIn(400).nOut(784).activation(Activation.SIGMOID).build())
 * }</pre>
 *
 * <p>Shapes: {@code [batch, nIn]} to {@code [batch, nOut]}, or sequences {@code [batch, nIn, time]} to {@code [batch,
 * nOut, time]}, with a sum over unmasked time steps. A preprocessor flattens images. The first nOut columns of {@code
 * W [nIn, 2·nOut]} and {@code b [1, 2·nOut]} belong to the mean. A mixture prior adds the parameters {@code pw [1,
 * K]}, {@code pm [K, nOut]}, {@code pv [K, nOut]}: logits of the weights, means, log variances. There is no
 * activation. Log variances beyond ±10 are bent smoothly toward ±20, so that σ² is finite.
 *
 * <p>Noise depends on the configuration's seed, the layer's name, iteration and epoch ({@link
 * io.github.dl4jae.noise.NoiseStream}): resumed and parallel training is reproducible. A frozen, cloned or converted
 * layer keeps the β that training has reached. In a {@code ComputationGraph}, training needs input types or an {@link
 * ExampleCountPreProcessor}.
 *
 * <p>At inference the score is the loss of the mean code plus the KL divergence: not a bound. Use {@link
 * LikelihoodEstimate} for held-out figures and {@code ElboScoreCalculator} for early stopping. {@code scoreExamples}
 * adds the KL divergence of each example before a {@code FastOutputLayer}, and the mini-batch's mean before stock
 * output layers.
 *
 * <p>Errors: nIn or nOut not above 0; negative β or free bits; options that exclude each other; a KL divergence that is
 * not finite, as with NaN among the features.
 *
 * <p>When not to use it: for codes alone, without sampling or a likelihood, a deterministic autoencoder trains faster.
 *
 * @see <a href="https://arxiv.org/abs/1312.6114">Kingma and Welling 2014, Auto-encoding variational Bayes</a>
 * @see <a href="https://openreview.net/forum?id=Sy2fzU9gl">Higgins et al. 2017, β-VAE</a>
 * @see <a href="https://arxiv.org/abs/1606.04934">Kingma et al. 2016, for free bits</a>
 */
// longer than 300 lines because of six options, each with a documented getter and setter
public final class GaussianLatentLayer extends AbstractFeedForwardLayer implements CountsRows {

    private final LatentOptions options;

    @JsonProperty
    private int unitAxis;

    /** State, not a setting, and therefore not part of equality. */
    @JsonProperty
    private int reachedIteration;

    @JsonProperty
    private int reachedEpoch;

    private GaussianLatentLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation(
                "GaussianLatentLayer", builder, "means and log variances are linear in its input");
        this.options = new LatentOptions(
                builder.beta,
                builder.freeBits,
                builder.importanceSamples,
                builder.sampleAtInference,
                builder.prior,
                builder.regularizers);
        this.unitAxis = UnitAxis.FIRST.number();
        betaAt(TrainingTime.START);
        initializeConstraints(builder);
    }

    // for JSON
    GaussianLatentLayer(
            @JsonProperty("beta") ISchedule beta,
            @JsonProperty("freeBits") double freeBits,
            @JsonProperty("importanceSamples") int importanceSamples,
            @JsonProperty("sampleAtInference") boolean sampleAtInference,
            @JsonProperty("prior") LatentPrior prior,
            @JsonProperty("regularizers") List<LatentRegularizer> regularizers,
            @JsonProperty("unitAxis") int unitAxis,
            @JsonProperty("reachedIteration") int reachedIteration,
            @JsonProperty("reachedEpoch") int reachedEpoch) {
        this.options = new LatentOptions(
                beta == null ? new FixedSchedule(1) : beta,
                freeBits,
                importanceSamples,
                sampleAtInference,
                prior == null ? new LatentPrior.StandardNormal() : prior,
                regularizers == null ? List.of() : regularizers);
        this.unitAxis = UnitAxis.of(unitAxis).number();
        this.reachedIteration = reachedIteration;
        this.reachedEpoch = reachedEpoch;
        betaAt(reached());
    }

    double betaAt(TrainingTime time) {
        return options.betaAt(time);
    }

    /**
     * Returns the weight of the KL divergence.
     *
     * @return β
     */
    public ISchedule getBeta() {
        return options.beta();
    }

    /**
     * Returns the free bits per latent.
     *
     * @return λ in nats
     */
    public double getFreeBits() {
        return options.freeBits();
    }

    /**
     * Returns the number of samples per example in training.
     *
     * @return K; 0 for the evidence lower bound
     */
    public int getImportanceSamples() {
        return options.importanceSamples();
    }

    /**
     * Returns whether the layer samples at inference too.
     *
     * @return false if the output at inference is the mean
     */
    public boolean isSampleAtInference() {
        return options.sampleAtInference();
    }

    /**
     * Returns the prior.
     *
     * @return p(z)
     */
    public LatentPrior getPrior() {
        return options.prior();
    }

    /**
     * Returns the regularizers.
     *
     * @return an immutable list
     */
    public List<LatentRegularizer> getRegularizers() {
        return options.regularizers();
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    TrainingTime reached() {
        return new TrainingTime(reachedIteration, reachedEpoch);
    }

    void reach(TrainingTime time) {
        reachedIteration = time.iteration();
        reachedEpoch = time.epoch();
    }

    /** Returns the width of the output, with one column for the log ratio after the code. */
    long outputs() {
        return nOut + (getImportanceSamples() > 0 ? 1 : 0);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new GaussianLatentLayerImpl(conf, dataType);
    }

    @Override
    public ParamInitializer initializer() {
        return GaussianLatentParamInitializer.INSTANCE;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        super.setNIn(inputType, override);
        unitAxis = UnitAxis.of(inputType).number();
    }

    /** Rows that are time steps become sequences again, so that the layer knows the number of examples. */
    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        if (inputType instanceof InputType.InputTypeRecurrent) {
            return new ExampleCountPreProcessor();
        }
        InputPreProcessor shape = inputType instanceof InputType.InputTypeFeedForward rows
                        && rows.getTimeDistributedFormat() instanceof RNNFormat format
                ? new FeedForwardToRnnPreProcessor(format)
                : super.getPreProcessorForInputType(inputType);
        return new ExampleCountPreProcessor(shape);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType type = inputType instanceof InputType.InputTypeFeedForward
                ? getPreProcessorForInputType(inputType).getOutputType(inputType)
                : inputType;
        return type instanceof InputType.InputTypeRecurrent sequence
                ? InputType.recurrent(outputs(), sequence.getTimeSeriesLength(), sequence.getFormat())
                : InputType.feedForward(outputs());
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long perExample = 2 * getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, perExample) // μ and ln σ²
                .training(0, perExample) // their gradients
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("beta", getBeta())
                .with("freeBits", getFreeBits())
                .with("importanceSamples", getImportanceSamples())
                .with("sampleAtInference", isSampleAtInference())
                .with("prior", getPrior())
                .with("regularizers", getRegularizers())
                .with("unitAxis", unitAxis);
    }

    /** A builder of {@link GaussianLatentLayer}. The number of latents, nOut, is required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private ISchedule beta = new FixedSchedule(1);
        private double freeBits;
        private int importanceSamples;
        private boolean sampleAtInference;
        private LatentPrior prior = new LatentPrior.StandardNormal();
        private final List<LatentRegularizer> regularizers = new ArrayList<>();

        /** Creates a builder for the evidence lower bound. */
        public Builder() {}

        /**
         * Sets a constant weight of the KL divergence. Values above 1 favor disentangled latents, values below 1 favor
         * the reconstruction. Default: 1.
         *
         * @param beta β, at least 0
         * @return this
         */
        public Builder beta(double beta) {
            return beta(new FixedSchedule(beta));
        }

        /**
         * Sets a schedule for the weight of the KL divergence. A warm-up from 0 prevents posterior collapse before the
         * decoder uses the code. Default: constant 1.
         *
         * @param beta such as a {@link io.github.dl4jae.schedule.LinearSchedule} or {@link
         *     io.github.dl4jae.schedule.CyclicalSchedule}
         * @return this
         * @throws IllegalArgumentException if the schedule is null
         */
        public Builder beta(ISchedule beta) {
            this.beta = Require.given("GaussianLatentLayer", "beta", beta, "1 gives the evidence lower bound");
            return this;
        }

        /**
         * Sets the free bits: the KL divergence becomes β Σ_j max(λ, KL_j), KL_j being a mean over the mini-batch,
         * with no gradient below λ. Default: 0.
         *
         * @param nats λ, at least 0
         * @return this
         */
        public Builder freeBits(double nats) {
            this.freeBits = nats;
            return this;
        }

        /**
         * Sets the number of samples per example in training for the importance-weighted bound of a {@link
         * MultiSampleLossLayer}. The output is then {@code [K·batch, nOut + 1]}: the first sample of all examples,
         * then the second …, with ln p(z) − ln q(z|x) in the last column. At inference it is {@code [batch, nOut +
         * 1]}: the mean and −KL. Default: one sample and no additional column, for the evidence lower bound.
         *
         * @param samples K, at least 1
         * @return this
         * @throws IllegalArgumentException if K is below 1
         */
        public Builder importanceSamples(int samples) {
            this.importanceSamples = Require.atLeast(
                    1, "GaussianLatentLayer", "importanceSamples", samples, "omit it for the evidence lower bound");
            return this;
        }

        /**
         * Sets whether the output at inference is a sample instead of the mean. The sample of an example changes only
         * with further training. Default: false.
         *
         * @param sampleAtInference true for samples
         * @return this
         */
        public Builder sampleAtInference(boolean sampleAtInference) {
            this.sampleAtInference = sampleAtInference;
            return this;
        }

        /**
         * Sets the prior. Default: standard normal.
         *
         * @param prior p(z)
         * @return this
         * @throws IllegalArgumentException if the prior is null
         */
        public Builder prior(LatentPrior prior) {
            this.prior = Require.given("GaussianLatentLayer", "prior", prior, "omit it for N(0, I)");
            return this;
        }

        /**
         * Adds a term to the score, with a weight of its own. Default: none.
         *
         * @param regularizer such as {@link TotalCorrelation}
         * @return this
         * @throws IllegalArgumentException if the regularizer is null
         */
        public Builder regularizer(LatentRegularizer regularizer) {
            this.regularizers.add(Require.given("GaussianLatentLayer", "regularizer", regularizer, ""));
            return this;
        }

        /**
         * Builds the layer.
         *
         * @return a new configuration
         * @throws IllegalArgumentException if an option is out of range, or options exclude each other
         */
        @Override
        public GaussianLatentLayer build() {
            return new GaussianLatentLayer(this);
        }
    }
}
