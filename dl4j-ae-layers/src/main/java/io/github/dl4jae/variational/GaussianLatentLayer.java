package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.penalty.CountsRows;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.schedule.ScheduleValues;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The code of a variational autoencoder: from features to a Gaussian posterior, a sample of it, and the Kullback-Leibler term of the
 * score.
 *
 * <pre>
 * [μ | ln σ²] = h·W + b        z = μ + σ ⊙ ε in training, ε ~ N(0, I)        z = μ at inference
 * score += β · 1/B Σ_i KL(N(μ_i, diag σ_i²)‖p)        KL = ½ Σ_j (μ_j² + σ_j² − 1 − ln σ_j²) for p = N(0, I), in nats
 * ∂/∂μ = ε_z + β μ/B        ∂/∂ln σ² = ½ σ ⊙ ε ⊙ ε_z + ½ β (σ² − 1)/B        ε_z: what comes back from the decoder
 * </pre>
 *
 * With a negative log-likelihood that is summed over features ({@link io.github.dl4jae.likelihood}) as the loss, the score is the negative
 * evidence lower bound; with {@code miniBatch(false)} both are sums over examples. A loss that is a mean over features
 * ({@code LossMSE}) multiplies β by their number: a {@code FastOutputLayer} warns of it at the first {@code fit}, and
 * {@link LatentListener} behind other output layers.
 *
 * <pre>{@code
 * .layer(new FastDenseLayer.Builder().nIn(784).nOut(400).activation(Activation.RELU).build())
 * .layer(new GaussianLatentLayer.Builder().name("z").nIn(400).nOut(20).build())
 * .layer(new FastDenseLayer.Builder().nIn(20).nOut(400).activation(Activation.RELU).build())
 * .layer(new FastOutputLayer.Builder(new LossBernoulli()).nIn(400).nOut(784).activation(Activation.SIGMOID).build())
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; or sequences {@code [batch, nIn, time]} to {@code [batch, nOut, time]}, whose terms
 * are summed over unmasked time steps; images come as rows, by a preprocessor. Parameters {@code W [nIn, 2·nOut]} and {@code b [1, 2·nOut]}: the first nOut
 * columns are for the mean, the rest for the log variance. With a mixture prior also {@code pw [1, K]}, {@code pm [K, nOut]}, {@code pv [K, nOut]}: logits of the weights, means
 * and log variances. There is no activation.
 *
 * <p>The log variance is left as it is between −10 and 10 and bent smoothly towards −20 and 20 beyond, so that its exponential is finite.
 *
 * <p>Noise comes from {@link io.github.dl4jae.noise.NoiseStream}, by the configuration's seed, this layer's name, iteration and epoch: training is
 * reproducible, also when it is resumed and in workers, and ND4J's generator is not touched.
 *
 * <p>At inference the score is the loss of the mean code plus the Kullback-Leibler term at the current β: not a bound.
 * For held-out figures see {@code LikelihoodEstimate}, for early stopping {@code ElboScoreCalculator}. {@code scoreExamples} adds
 * each example's own term if the output is a {@code FastOutputLayer}; Deeplearning4j's output layers are passed one
 * number and add the mini-batch's mean to each example.
 *
 * <p>β follows its schedule where it stands still, too: a frozen, cloned or converted layer keeps the value that
 * training has reached. In a {@code ComputationGraph}, training needs input types or an
 * {@link io.github.dl4jae.penalty.ExampleCountPreProcessor}.
 *
 * <p>With {@link Builder#importanceSamples} the layer draws K codes per example in training, and hands their log ratios on to a {@link
 * MultiSampleLossLayer}.
 *
 * <p>Errors: nIn or nOut not above 0; β or free bits negative; options that do not go together; a term that is not finite (NaN among the features).
 *
 * @see <a href="https://arxiv.org/abs/1312.6114">Kingma and Welling 2014, Auto-encoding variational Bayes</a>
 * @see <a href="https://openreview.net/forum?id=Sy2fzU9gl">Higgins et al. 2017, β-VAE</a>
 * @see <a href="https://arxiv.org/abs/1606.04934">Kingma et al. 2016, for free bits</a>
 */
public final class GaussianLatentLayer extends FeedForwardLayer implements CountsRows {

    private final ISchedule beta;
    private final double freeBits;
    private final int importanceSamples;
    private final boolean sampleAtInference;
    private final LatentPrior prior;
    private final List<LatentRegularizer> regularizers;

    @JsonProperty
    private int unitAxis;

    /** State, not a setting: it takes no part in equality. */
    @JsonProperty
    private int reachedIteration;

    @JsonProperty
    private int reachedEpoch;

    private GaussianLatentLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation(
                "GaussianLatentLayer", builder, "means and log variances are linear in its input");
        this.beta = builder.beta;
        this.freeBits = builder.freeBits;
        this.importanceSamples = builder.importanceSamples;
        this.sampleAtInference = builder.sampleAtInference;
        this.prior = builder.prior;
        this.regularizers = List.copyOf(builder.regularizers);
        this.unitAxis = UnitAxis.FIRST.number();
        requireOptions();
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
        this.beta = beta == null ? new FixedSchedule(1) : beta;
        this.freeBits = freeBits;
        this.importanceSamples = importanceSamples;
        this.sampleAtInference = sampleAtInference;
        this.prior = prior == null ? new LatentPrior.StandardNormal() : prior;
        this.regularizers = regularizers == null ? List.of() : List.copyOf(regularizers);
        this.unitAxis = UnitAxis.of(unitAxis).number();
        this.reachedIteration = reachedIteration;
        this.reachedEpoch = reachedEpoch;
        requireOptions();
    }

    private void requireOptions() {
        requireBeta(beta.valueAt(reachedIteration, reachedEpoch), "at the start");
        ScheduleValues.of(beta).forEach((when, value) -> requireBeta(value, when));
        if (!(freeBits >= 0) || Double.isInfinite(freeBits)) {
            throw new IllegalArgumentException("GaussianLatentLayer: freeBits must be at least 0 and finite, got "
                    + freeBits + "; a usual value is 0.1 nats per latent");
        }
        if (importanceSamples < 0) {
            throw new IllegalArgumentException("GaussianLatentLayer: importanceSamples must be at least 1, got "
                    + importanceSamples + "; leave it out for the evidence lower bound");
        }
        if (freeBits > 0 && !(prior instanceof LatentPrior.StandardNormal)) {
            throw new IllegalArgumentException("GaussianLatentLayer: freeBits must be 0 unless the prior is standard"
                    + " normal, got " + freeBits + " with " + prior
                    + "; the term of such a prior is no sum over latents");
        }
        boolean weighted = !(beta instanceof FixedSchedule) || betaAt(TrainingTime.START) != 1;
        if (importanceSamples > 0 && (weighted || freeBits > 0 || !regularizers.isEmpty())) {
            throw new IllegalArgumentException("GaussianLatentLayer: importanceSamples must come with beta = 1, no free"
                    + " bits and no regularizers, got beta " + beta + ", freeBits " + freeBits + ", regularizers "
                    + regularizers + "; anything else is no bound on the likelihood");
        }
    }

    double betaAt(TrainingTime time) {
        return requireBeta(
                beta.valueAt(time.iteration(), time.epoch()),
                "at iteration " + time.iteration() + ", epoch " + time.epoch());
    }

    private static double requireBeta(double value, String when) {
        if (!(value >= 0) || Double.isInfinite(value)) {
            throw new IllegalArgumentException("GaussianLatentLayer: beta must be at least 0 and finite, got " + value
                    + " " + when + "; 1 gives the evidence lower bound");
        }
        return value;
    }

    /**
     * The weight of the Kullback-Leibler term.
     *
     * @return β, 1 unless the builder says otherwise
     */
    public ISchedule getBeta() {
        return beta;
    }

    /**
     * What each latent may carry at no cost.
     *
     * @return λ in nats, 0 unless the builder says otherwise
     */
    public double getFreeBits() {
        return freeBits;
    }

    /**
     * How many codes are drawn per example in training for an importance-weighted bound.
     *
     * @return K; 0 for the evidence lower bound
     */
    public int getImportanceSamples() {
        return importanceSamples;
    }

    /**
     * Whether codes are drawn at inference too.
     *
     * @return false unless the builder says otherwise
     */
    public boolean isSampleAtInference() {
        return sampleAtInference;
    }

    /**
     * The prior.
     *
     * @return standard normal unless the builder says otherwise
     */
    public LatentPrior getPrior() {
        return prior;
    }

    /**
     * What else is added to the score.
     *
     * @return none unless the builder says otherwise
     */
    public List<LatentRegularizer> getRegularizers() {
        return regularizers;
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

    /** The columns of the output: the log ratio stands behind the code. */
    long outputs() {
        return nOut + (importanceSamples > 0 ? 1 : 0);
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        if (nIn <= 0 || nOut <= 0) {
            throw new DL4JInvalidConfigException("GaussianLatentLayer '" + getLayerName()
                    + "': nIn and nOut must be above 0, got nIn = " + nIn + ", nOut = " + nOut
                    + "; set them on the builder, or nOut there and the input type on the network");
        }
        return LayerAssembly.assemble(
                new GaussianLatentLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
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

    /** Sequences come as they are, and rows that are time steps as sequences: so the layer sees how many examples there are. */
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
    public GaussianLatentLayer clone() {
        return (GaussianLatentLayer) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof GaussianLatentLayer that
                && super.equals(other)
                && beta.equals(that.beta)
                && freeBits == that.freeBits
                && importanceSamples == that.importanceSamples
                && sampleAtInference == that.sampleAtInference
                && prior.equals(that.prior)
                && regularizers.equals(that.regularizers)
                && unitAxis == that.unitAxis;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(), beta, freeBits, importanceSamples, sampleAtInference, prior, regularizers, unitAxis);
    }

    @Override
    public String toString() {
        return "GaussianLatentLayer(" + super.toString() + ", beta=" + beta + ", freeBits=" + freeBits
                + ", importanceSamples=" + importanceSamples + ", sampleAtInference=" + sampleAtInference + ", prior="
                + prior + ", regularizers=" + regularizers + ", unitAxis=" + unitAxis + ")";
    }

    /** Builds a {@link GaussianLatentLayer}; nOut, the number of latents, must be set. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private ISchedule beta = new FixedSchedule(1);
        private double freeBits;
        private int importanceSamples;
        private boolean sampleAtInference;
        private LatentPrior prior = new LatentPrior.StandardNormal();
        private final List<LatentRegularizer> regularizers = new ArrayList<>();

        /** A builder of the evidence lower bound: β = 1, standard normal prior, one sample. */
        public Builder() {}

        /**
         * Sets the weight of the Kullback-Leibler term: above 1 latents are told apart at the cost of the reconstruction, below 1
         * the other way round.
         *
         * @param beta β, at least 0; 1 unless set
         * @return this
         */
        public Builder beta(double beta) {
            return beta(new FixedSchedule(beta));
        }

        /**
         * Lets the weight of the Kullback-Leibler term change: a warm-up keeps latents from collapsing before the decoder can use them.
         *
         * @param beta such as a {@link io.github.dl4jae.schedule.LinearSchedule} or {@link
         *     io.github.dl4jae.schedule.CyclicalSchedule}
         * @return this
         */
        public Builder beta(ISchedule beta) {
            this.beta = Objects.requireNonNull(beta, "GaussianLatentLayer: beta must be a schedule, got null");
            return this;
        }

        /**
         * Lets each latent carry some information at no cost, on the mean of a minibatch: the term is β Σ_j max(λ, KL_j), with no gradient below λ.
         *
         * @param nats λ, at least 0; 0 unless set
         * @return this
         */
        public Builder freeBits(double nats) {
            this.freeBits = nats;
            return this;
        }

        /**
         * Draws several codes per example in training, for the importance-weighted bound of a {@link MultiSampleLossLayer}: the output is then {@code
         * [K·batch, nOut + 1]}, the first sample of all examples, then the second …, and in the last column ln p(z) − ln q(z|x). At inference it
         * is {@code [batch, nOut + 1]}, the mean and −KL.
         *
         * @param samples K, at least 1
         * @return this
         */
        public Builder importanceSamples(int samples) {
            if (samples < 1) {
                throw new IllegalArgumentException("GaussianLatentLayer: importanceSamples must be at least 1, got "
                        + samples + "; leave it out for the evidence lower bound");
            }
            this.importanceSamples = samples;
            return this;
        }

        /**
         * Whether codes are drawn at inference too, instead of the mean. The same examples get the same codes as long as the network is not
         * trained on.
         *
         * @param sampleAtInference false unless set
         * @return this
         */
        public Builder sampleAtInference(boolean sampleAtInference) {
            this.sampleAtInference = sampleAtInference;
            return this;
        }

        /**
         * Sets the prior.
         *
         * @param prior standard normal unless set
         * @return this
         */
        public Builder prior(LatentPrior prior) {
            this.prior = Objects.requireNonNull(prior, "GaussianLatentLayer: prior must be set, got null");
            return this;
        }

        /**
         * Adds a term to the score, with a weight of its own.
         *
         * @param regularizer such as {@link TotalCorrelation}
         * @return this
         */
        public Builder regularizer(LatentRegularizer regularizer) {
            this.regularizers.add(
                    Objects.requireNonNull(regularizer, "GaussianLatentLayer: regularizer must be set, got null"));
            return this;
        }

        @Override
        public GaussianLatentLayer build() {
            return new GaussianLatentLayer(this);
        }
    }
}
