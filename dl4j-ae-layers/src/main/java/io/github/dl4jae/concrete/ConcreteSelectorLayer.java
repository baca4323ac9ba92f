package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Arrays;
import java.util.Collection;
import java.util.stream.IntStream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer that selects k of d features and learns the selection together with the network that follows: the encoder of
 * the concrete autoencoder.
 *
 * <pre>
 * training    y = x·S,  S_jm = softmax_j((ℓ_jm + g_jm) / T),  g = −ln(−ln u),  u ~ U(0, 1)   one sample per mini-batch
 * inference   y_m = x_j(m),  j(m) = argmax_j ℓ_jm
 *
 * ∂ℓ_jm = S_jm (G_jm − Σ_i S_im G_im) / T,  G = xᵀ·ε        ∂x = ε·Sᵀ
 * </pre>
 *
 * <p>ℓ are the logits and T is the temperature. At a high temperature a selector outputs an average of features, at a
 * low one nearly a single random feature. T falls during training while the logits learn which feature to select.
 * Inference does not depend on T: a validation score is that of the present selection at any time of the schedule. Any
 * decoder can follow:
 *
 * <pre>{@code
 * .layer(new ConcreteSelectorLayer.Builder().name("selector").nIn(784).nOut(50)
 *         .temperature(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, steps))
 *         .naturalGradient(true).updater(new AdamMini(20 * Math.log(784) / steps, 784))
 *         .inputGradient(false).build())
 * .layer(new FastDenseLayer.Builder().nIn(50).nOut(320).activation(Activation.LEAKYRELU).build())
 * .layer(new FastOutputLayer.Builder(new LossMSE()).nIn(320).nOut(784).activation(Activation.SIGMOID).build())
 * }</pre>
 *
 * <p>{@link SelectorState#of} returns the selection. A {@link SelectionListener} reports it during training and can end
 * the training when all selectors are decided. {@linkplain io.github.dl4jae.concrete The package} explains the natural
 * gradient, the learning rate and the penalty on duplicates.
 *
 * <p>Shapes: in {@code [batch, d]}, out {@code [batch, k]}; parameter {@code W [d, k]}, a column of logits per
 * selector. There is no bias and no activation. Masked rows give 0. Features should be on one scale.
 *
 * <p>Gradient: with {@link Builder#naturalGradient} or {@link Builder#straightThrough}, the gradient of the logits is
 * by declaration not the derivative of the score.
 *
 * <p>Noise comes from {@link io.github.dl4jae.noise.NoiseStream}, keyed by the configuration's seed, the layer's name,
 * the iteration and the epoch.
 *
 * <p>With a penalty on duplicates the layer must know the number of examples in a mini-batch. A {@code
 * MultiLayerNetwork} announces it. A {@code ComputationGraph} needs input types, or the layer added with an {@link
 * io.github.dl4jae.penalty.ExampleCountPreProcessor}. Otherwise the layer refuses to train.
 *
 * <p>Errors: no temperature, or one that is not above 0 and finite; k &lt; 1 or k &gt; d; initial columns that are not
 * k different ones; an input that is not {@code [batch, d]}.
 *
 * <p>When not to use it: for a linear decoder and squared error alone. Greedy column selection is as good there, exact,
 * and takes seconds. The layer suits decoders and losses that a greedy method cannot see: deep decoders, classifiers,
 * several heads.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 */
public final class ConcreteSelectorLayer extends AbstractFeedForwardLayer {

    // longer than 300 lines: eight options, each with a getter and a builder method that document it

    private final Temperature temperature;
    private final boolean straightThrough;
    private final boolean naturalGradient;
    private final DuplicatePenalty duplicatePenalty;
    private final InitialLogits initialLogits;
    private final boolean inputGradient;

    private ConcreteSelectorLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation(
                "ConcreteSelectorLayer", builder, "it passes selected features on unchanged");
        this.temperature = new Temperature(builder.temperature);
        this.straightThrough = builder.straightThrough;
        this.naturalGradient = builder.naturalGradient;
        this.duplicatePenalty = new DuplicatePenalty(builder.duplicatePenalty, builder.duplicateThreshold);
        this.initialLogits = new InitialLogits(builder.initialization, builder.initialColumns);
        this.inputGradient = builder.inputGradient;
        this.activationFn = new ActivationIdentity(); // keeps the network's default activation out
        initializeConstraints(builder);
    }

    // for JSON
    ConcreteSelectorLayer(
            @JsonProperty("temperature") ISchedule temperature,
            @JsonProperty("straightThrough") boolean straightThrough,
            @JsonProperty("naturalGradient") boolean naturalGradient,
            @JsonProperty("duplicatePenalty") double duplicatePenalty,
            @JsonProperty("duplicateThreshold") double duplicateThreshold,
            @JsonProperty("initialization") SelectorInitialization initialization,
            @JsonProperty("initialColumns") int[] initialColumns,
            @JsonProperty("inputGradient") Boolean inputGradient) {
        this.temperature = new Temperature(temperature);
        this.straightThrough = straightThrough;
        this.naturalGradient = naturalGradient;
        this.duplicatePenalty = new DuplicatePenalty(duplicatePenalty, duplicateThreshold);
        this.initialLogits = new InitialLogits(
                initialization == null ? SelectorInitialization.WEIGHT_INIT : initialization,
                initialColumns == null ? new int[0] : initialColumns);
        this.inputGradient = inputGradient == null || inputGradient;
    }

    /**
     * Returns the schedule of the temperature.
     *
     * @return T
     */
    public ISchedule getTemperature() {
        return temperature.schedule();
    }

    /**
     * Returns whether training passes on single features, with the gradient of the relaxed selection.
     *
     * @return whether it does
     */
    public boolean isStraightThrough() {
        return straightThrough;
    }

    /**
     * Returns whether the logits follow the natural gradient.
     *
     * @return whether they do
     */
    public boolean isNaturalGradient() {
        return naturalGradient;
    }

    /**
     * Returns the weight of the penalty on duplicates.
     *
     * @return λ
     */
    public double getDuplicatePenalty() {
        return duplicatePenalty.weight();
    }

    /**
     * Returns the total probability per column that costs nothing.
     *
     * @return τ
     */
    public double getDuplicateThreshold() {
        return duplicatePenalty.threshold();
    }

    /**
     * Returns the initialization of the logits.
     *
     * @return the initialization
     */
    public SelectorInitialization getInitialization() {
        return initialLogits.initialization();
    }

    /**
     * Returns the columns that selectors prefer at first.
     *
     * @return one column per selector, or none; a new array
     */
    public int[] getInitialColumns() {
        return initialLogits.columns();
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

    Temperature temperature() {
        return temperature;
    }

    DuplicatePenalty duplicatePenalty() {
        return duplicatePenalty;
    }

    InitialLogits initialLogits() {
        return initialLogits;
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        super.requireFits(listeners, layerIndex);
        String subject = LayerSubject.of(this);
        if (!inputGradient) {
            OmittedInputGradient.requireFirst(subject, listeners, layerIndex);
        }
        if (nOut > nIn) {
            throw new DL4JInvalidConfigException(subject + ": nOut must be in [1, " + nIn + "] (the input has " + nIn
                    + " features), got " + nOut + "; select fewer");
        }
        initialLogits.requireFits(subject, nIn, nOut);
        temperature.warnIfRising(subject);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new ConcreteSelectorLayerImpl(conf, dataType);
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return new ExampleCountPreProcessor(super.getPreProcessorForInputType(inputType));
    }

    @Override
    public ParamInitializer initializer() {
        return ConcreteSelectorParamInitializer.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType)
                .training(nIn * nOut, getOutputType(-1, inputType).arrayElementsPerExample()) // S and y
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("temperature", temperature)
                .with("straightThrough", straightThrough)
                .with("naturalGradient", naturalGradient)
                .with("duplicatePenalty", duplicatePenalty)
                .with("initialLogits", initialLogits)
                .with("inputGradient", inputGradient);
    }

    /** Builds a {@link ConcreteSelectorLayer}. The temperature and nOut, the number of features, are required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private ISchedule temperature;
        private boolean straightThrough;
        private boolean naturalGradient;
        private double duplicatePenalty;
        private double duplicateThreshold = 1;
        private SelectorInitialization initialization = SelectorInitialization.WEIGHT_INIT;
        private int[] initialColumns = {};
        private boolean inputGradient = true;

        /** Creates a builder with the options of the paper, except for the temperature. */
        @SuppressWarnings("NullAway.Init") // build() requires it
        public Builder() {}

        /**
         * Sets the schedule of the temperature. Usual is a {@link io.github.dl4jae.schedule.GeometricSchedule} from 10
         * to 0.1 or 0.01 over all steps or epochs.
         *
         * @param temperature T, above 0 throughout
         * @return this
         * @throws IllegalArgumentException if the schedule is null
         */
        public Builder temperature(ISchedule temperature) {
            this.temperature = Require.given(
                    "ConcreteSelectorLayer", "temperature", temperature, "a GeometricSchedule from 10 to 0.1 is usual");
            return this;
        }

        /**
         * Sets a constant temperature.
         *
         * @param temperature T, above 0
         * @return this
         */
        public Builder temperature(double temperature) {
            return temperature(new FixedSchedule(temperature));
        }

        /**
         * Sets whether training, too, passes on single features: y_m = x_j with j = argmax_j (ℓ_jm + g_jm). The
         * gradient of ℓ stays that of the relaxed S, so it is biased. Default: false.
         *
         * @param straightThrough whether to pass on single features
         * @return this
         */
        public Builder straightThrough(boolean straightThrough) {
            this.straightThrough = straightThrough;
            return this;
        }

        /**
         * Sets whether the logits follow the natural gradient. Train them with an {@link
         * io.github.dl4jae.updater.AdamMini} of block length d. Default: false.
         *
         * @param naturalGradient whether to use the natural gradient
         * @return this
         */
        public Builder naturalGradient(boolean naturalGradient) {
            this.naturalGradient = naturalGradient;
            return this;
        }

        /**
         * Sets the weight of the penalty on duplicates, with τ = 1. Default: 0.
         *
         * @param lambda λ, at least 0
         * @return this
         */
        public Builder duplicatePenalty(double lambda) {
            return duplicatePenalty(lambda, 1);
        }

        /**
         * Sets the penalty on duplicates. Default: λ = 0, τ = 1.
         *
         * @param lambda λ, at least 0
         * @param tau τ, the total probability per column that costs nothing, at least 1
         * @return this
         */
        public Builder duplicatePenalty(double lambda, double tau) {
            this.duplicatePenalty = lambda;
            this.duplicateThreshold = tau;
            return this;
        }

        /**
         * Sets the initialization of the logits. Default: {@code WEIGHT_INIT}.
         *
         * @param initialization the initialization
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder initialization(SelectorInitialization initialization) {
            this.initialization = Require.given(
                    "ConcreteSelectorLayer", "initialization", initialization, "WEIGHT_INIT is that of the paper");
            return this;
        }

        /**
         * Adds columns that selectors start with, one per selector, such as the result of a cheaper method. Each has a
         * probability of ½ at temperature 1. Let the temperature start at 1, because at 10 the preference is lost.
         * Default: none.
         *
         * @param columns different columns; nOut of them in all calls together
         * @return this
         * @throws IllegalArgumentException if the array is null
         */
        public Builder initialColumns(int... columns) {
            Require.given("ConcreteSelectorLayer", "initialColumns", columns, "leave them out for none");
            this.initialColumns = IntStream.concat(Arrays.stream(initialColumns), Arrays.stream(columns))
                    .toArray();
            return this;
        }

        /**
         * Sets whether backprop computes the gradient with respect to the input. {@code false} saves a product in the
         * first layer of a network, as in {@code FastDenseLayer}. Default: true.
         *
         * @param inputGradient whether to compute it
         * @return this
         */
        public Builder inputGradient(boolean inputGradient) {
            this.inputGradient = inputGradient;
            return this;
        }

        @Override
        public ConcreteSelectorLayer build() {
            return new ConcreteSelectorLayer(this);
        }
    }
}
