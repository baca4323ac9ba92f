package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.OmittedInputGradient;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.schedule.ScheduleValues;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Chooses k of d features while the network behind it trains: the encoder of the concrete autoencoder.
 *
 * <pre>
 * training    y = x·S,  S_jm = softmax_j((ℓ_jm + g_jm) / T),  g = −ln(−ln u),  u ~ U(0, 1)        one sample per minibatch
 * inference   y_m = x_j(m),  j(m) = argmax_j ℓ_jm
 *
 * ∂ℓ_jm = S_jm (G_jm − Σ_i S_im G_im) / T,  G = xᵀ·ε        ∂x = ε·Sᵀ
 * </pre>
 *
 * ℓ are the logits, T the temperature. At a high temperature a selector passes on an average of features, at a low one nearly a single feature, at random; over
 * the training T falls, and ℓ has learned by then which feature to pass on. Any decoder may follow:
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
 * <p>Afterwards {@link SelectorState#of} tells what was chosen. While it trains, a {@link SelectionListener} does, and can end the training when all selectors are sure.
 *
 * <p><b>Natural gradient</b> ({@link Builder#naturalGradient}): the derivative with respect to a logit is proportional to S_jm, so columns that a selector does not yet pass on cannot come up, and Adam, which scales
 * each logit by itself, makes a column that helps little rise as fast as one that helps much. Steepest descent in the space of distributions, as the Kullback–Leibler divergence measures it, has no such
 * factor, and one scale for all columns of a selector keeps what they are worth:
 *
 * <pre>
 * ∂̃ℓ_jm = G_jm − Σ_i S_im G_im
 * </pre>
 *
 * It is by declaration not the derivative of the score: the natural gradient for each sample of S, up to a factor; that of the penalty on duplicates is the one for p, so its λ wants another value. With {@link
 * io.github.dl4jae.updater.AdamMini} it finds far better columns where there are thousands, or hidden units in the decoder, and about as good ones otherwise. Selectors stay undecided where columns serve equally well: freeze them in the end, and train the
 * decoder a little longer.
 *
 * <p><b>Straight through</b> ({@link Builder#straightThrough}): training, too, passes on single features, y_m = x_j with j the argmax of (ℓ_jm + g_jm); the gradient with
 * respect to ℓ stays that of the relaxed S, which is biased and by declaration not the derivative of the score.
 *
 * <p><b>Duplicates.</b> Nothing keeps two selectors from picking the same feature. {@link Builder#duplicatePenalty} makes it expensive:
 * score += λ Σ_j max(0, Σ_m p_jm − τ), p = softmax(ℓ).
 *
 * <p>Shapes: in {@code [batch, d]}, out {@code [batch, k]}; parameter {@code W [d, k]}, a column of logits per selector. There is no bias and no activation.
 * Masked rows give 0. Features should be on one scale.
 *
 * <p><b>Learning rate.</b> To be sure of one of d features, a logit has to rise by ln d + 6 above the others. With Adam it moves at most by the learning rate per step: give the
 * selector an updater of its own, with a rate of 10 to 30 ln d / steps, some ten to fifty times that of the decoder; the same rates do for {@code AdamMini}. Weight decay pulls logits back towards no choice: set it on
 * the layers of the decoder, not on the network.
 *
 * <p>Noise comes from {@link io.github.dl4jae.noise.NoiseStream}, by the configuration's seed, this layer's name, iteration and epoch.
 *
 * <p>With a penalty on duplicates the layer must know how many examples a mini-batch has. A {@code MultiLayerNetwork}
 * announces it. A {@code ComputationGraph} needs input types, or the layer added with an
 * {@link io.github.dl4jae.penalty.ExampleCountPreProcessor}; otherwise training is refused.
 *
 * <p>Errors: no temperature, or one that is not above 0 and finite; k &lt; 1 or k &gt; d; initial columns that are not k different ones; an input that is not {@code [batch, d]}.
 *
 * <p>When not to use it: for a linear decoder and squared error alone. Greedy column selection is as good there, exact, and takes seconds. The layer's place is
 * with decoders and losses that a greedy method cannot see: deep ones, classifiers, several heads.
 *
 * @see <a href="https://proceedings.mlr.press/v97/balin19a.html">Balın, Abid and Zou 2019, Concrete autoencoders</a>
 * @see <a href="https://arxiv.org/abs/1611.00712">Maddison, Mnih and Teh 2017, The concrete distribution</a>
 * @see <a href="https://doi.org/10.1162/089976698300017746">Amari 1998, Natural gradient works efficiently in learning</a>
 * @see <a href="https://arxiv.org/abs/2102.09050">Strypsteen and Bertrand 2021, for the penalty</a>
 */
public final class ConcreteSelectorLayer extends FeedForwardLayer {

    private static final Logger log = LoggerFactory.getLogger(ConcreteSelectorLayer.class);

    /** What float32 takes for 0 in a quotient. */
    private static final double MIN_TEMPERATURE = 1e-30;

    private final ISchedule temperature;
    private final boolean straightThrough;
    private final boolean naturalGradient;
    private final DuplicatePenalty duplicatePenalty;
    private final SelectorInitialization initialization;
    private final int[] initialColumns;
    private final boolean inputGradient;

    private ConcreteSelectorLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation("ConcreteSelectorLayer", builder, "it passes features on as they are");
        this.temperature = builder.temperature;
        this.straightThrough = builder.straightThrough;
        this.naturalGradient = builder.naturalGradient;
        this.duplicatePenalty = new DuplicatePenalty(builder.duplicatePenalty, builder.duplicateThreshold);
        this.initialization = builder.initialization;
        this.initialColumns = builder.initialColumns.clone();
        this.inputGradient = builder.inputGradient;
        this.activationFn =
                new ActivationIdentity(); // what the network's default says is not meant for a layer without one
        requireOptions();
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
        this.temperature = temperature;
        this.straightThrough = straightThrough;
        this.naturalGradient = naturalGradient;
        this.duplicatePenalty = new DuplicatePenalty(duplicatePenalty, duplicateThreshold);
        this.initialization = initialization == null ? SelectorInitialization.WEIGHT_INIT : initialization;
        this.initialColumns = initialColumns == null ? new int[0] : initialColumns;
        this.inputGradient = inputGradient == null || inputGradient;
        requireOptions();
    }

    private void requireOptions() {
        if (temperature == null) {
            throw new IllegalArgumentException(
                    "ConcreteSelectorLayer: temperature must be set, got none; a usual one is"
                            + " new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, number of minibatches in all epochs)");
        }
        temperatureAt(0, 0);
        ScheduleValues.of(temperature).forEach((when, value) -> requireTemperature(value, when));
        if (!(duplicatePenalty.weight() >= 0 && duplicatePenalty.weight() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "ConcreteSelectorLayer: duplicatePenalty must be at least 0 and finite, got "
                            + duplicatePenalty.weight() + "; 0 leaves it out");
        }
        if (!(duplicatePenalty.threshold() >= 1 && duplicatePenalty.threshold() < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException(
                    "ConcreteSelectorLayer: the threshold of the duplicatePenalty must be at least 1 and finite, got "
                            + duplicatePenalty.threshold() + "; at 1 each column is free for one selector");
        }
    }

    double temperatureAt(int iteration, int epoch) {
        return requireTemperature(
                temperature.valueAt(iteration, epoch), "at iteration " + iteration + ", epoch " + epoch);
    }

    private static double requireTemperature(double value, String when) {
        if (!(value > MIN_TEMPERATURE && value < Double.POSITIVE_INFINITY)) {
            throw new IllegalArgumentException("ConcreteSelectorLayer: temperature must be above 0 and finite, got "
                    + value + " " + when + "; a GeometricSchedule never reaches 0");
        }
        return value;
    }

    /** Selectors settle while the temperature falls; one that rises undoes what they have learned. */
    private void warnIfTemperatureRises() {
        Double[] values = ScheduleValues.of(temperature).values().toArray(Double[]::new);
        if (values.length > 1 && values[values.length - 1] > values[0]) {
            log.warn(
                    "{}: the temperature rises from {} to {}, so selectors end undecided; exchange the two",
                    DenseChecks.subject("ConcreteSelectorLayer", this),
                    values[0],
                    values[values.length - 1]);
        }
    }

    /**
     * The temperature.
     *
     * @return T
     */
    public ISchedule getTemperature() {
        return temperature;
    }

    /**
     * Whether training passes on single features.
     *
     * @return false unless the builder says otherwise
     */
    public boolean isStraightThrough() {
        return straightThrough;
    }

    /**
     * Whether logits follow the natural gradient.
     *
     * @return false unless the builder says otherwise
     */
    public boolean isNaturalGradient() {
        return naturalGradient;
    }

    /**
     * The weight of the penalty on duplicates.
     *
     * @return λ, 0 unless the builder says otherwise
     */
    public double getDuplicatePenalty() {
        return duplicatePenalty.weight();
    }

    /**
     * The probability that a column may be given by all selectors together at no cost.
     *
     * @return τ, 1 unless the builder says otherwise
     */
    public double getDuplicateThreshold() {
        return duplicatePenalty.threshold();
    }

    DuplicatePenalty duplicatePenalty() {
        return duplicatePenalty;
    }

    /**
     * How logits begin.
     *
     * @return by the weight initialization unless the builder says otherwise
     */
    public SelectorInitialization getInitialization() {
        return initialization;
    }

    /**
     * The columns that selectors prefer at first.
     *
     * @return one per selector, or none; a new array
     */
    public int[] getInitialColumns() {
        return initialColumns.clone();
    }

    /**
     * Whether backprop computes the gradient with respect to the input.
     *
     * @return true unless the builder says otherwise
     */
    @JsonProperty("inputGradient")
    public boolean hasInputGradient() {
        return inputGradient;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        DenseChecks.requireSizes("ConcreteSelectorLayer", this);
        if (!inputGradient) {
            OmittedInputGradient.requireFirst(
                    DenseChecks.subject("ConcreteSelectorLayer", this), listeners, layerIndex);
        }
        if (nOut > nIn) {
            throw new DL4JInvalidConfigException(DenseChecks.subject("ConcreteSelectorLayer", this)
                    + ": nOut must be in [1, " + nIn + "] (the input has " + nIn + " features), got " + nOut
                    + "; select fewer");
        }
        requireInitialColumns();
        warnIfTemperatureRises();
        return LayerAssembly.assemble(
                new ConcreteSelectorLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    private void requireInitialColumns() {
        boolean fit = initialColumns.length == nOut
                && Arrays.stream(initialColumns).distinct().count() == nOut
                && Arrays.stream(initialColumns).allMatch(column -> column >= 0 && column < nIn);
        if (initialColumns.length > 0 && !fit) {
            throw new DL4JInvalidConfigException(DenseChecks.subject("ConcreteSelectorLayer", this)
                    + ": initialColumns must be " + nOut + " different columns in [0, " + (nIn - 1) + "], got "
                    + initialColumns.length + ": " + Arrays.toString(initialColumns)
                    + "; give one per selector, or none");
        }
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
    public ConcreteSelectorLayer clone() {
        return (ConcreteSelectorLayer) super.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ConcreteSelectorLayer that
                && super.equals(other)
                && temperature.equals(that.temperature)
                && straightThrough == that.straightThrough
                && naturalGradient == that.naturalGradient
                && duplicatePenalty.equals(that.duplicatePenalty)
                && initialization == that.initialization
                && Arrays.equals(initialColumns, that.initialColumns)
                && inputGradient == that.inputGradient;
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(),
                temperature,
                straightThrough,
                naturalGradient,
                duplicatePenalty,
                initialization,
                Arrays.hashCode(initialColumns),
                inputGradient);
    }

    @Override
    public String toString() {
        return "ConcreteSelectorLayer(" + super.toString() + ", temperature=" + temperature + ", straightThrough="
                + straightThrough + ", naturalGradient=" + naturalGradient + ", duplicatePenalty=" + duplicatePenalty
                + ", initialization=" + initialization
                + ", initialColumns=" + Arrays.toString(initialColumns) + ", inputGradient=" + inputGradient + ")";
    }

    /** Builds a {@link ConcreteSelectorLayer}; nOut, the number of features to select, and the temperature must be set. */
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

        /** A builder of the selector of the paper. */
        public Builder() {}

        /**
         * Sets the temperature.
         *
         * @param temperature T over the training, above 0 throughout; usual is a {@link
         *     io.github.dl4jae.schedule.GeometricSchedule} from 10 to 0.1 or 0.01 over all steps or epochs
         * @return this
         */
        public Builder temperature(ISchedule temperature) {
            this.temperature = temperature;
            return this;
        }

        /**
         * Sets a temperature that stays.
         *
         * @param temperature T, above 0
         * @return this
         */
        public Builder temperature(double temperature) {
            return temperature(new FixedSchedule(temperature));
        }

        /**
         * Makes training pass on single features too, with the gradient of the relaxed selection.
         *
         * @param straightThrough false by default
         * @return this
         */
        public Builder straightThrough(boolean straightThrough) {
            this.straightThrough = straightThrough;
            return this;
        }

        /**
         * Gives logits the natural gradient in the place of the gradient. Train them with an {@link io.github.dl4jae.updater.AdamMini} of block length d.
         *
         * @param naturalGradient false by default
         * @return this
         */
        public Builder naturalGradient(boolean naturalGradient) {
            this.naturalGradient = naturalGradient;
            return this;
        }

        /**
         * Makes selectors pay for wanting the same column, with τ = 1.
         *
         * @param lambda λ, at least 0; 0 by default
         * @return this
         */
        public Builder duplicatePenalty(double lambda) {
            return duplicatePenalty(lambda, 1);
        }

        /**
         * Makes selectors pay for wanting the same column.
         *
         * @param lambda λ, at least 0; 0 by default
         * @param tau τ, the probability per column that costs nothing, at least 1; 1 by default
         * @return this
         */
        public Builder duplicatePenalty(double lambda, double tau) {
            this.duplicatePenalty = lambda;
            this.duplicateThreshold = tau;
            return this;
        }

        /**
         * Sets how logits begin.
         *
         * @param initialization by the weight initialization by default
         * @return this
         */
        public Builder initialization(SelectorInitialization initialization) {
            this.initialization = Objects.requireNonNull(initialization);
            return this;
        }

        /**
         * Lets each selector begin with a column that has half of its probability: what a cheaper method found, to be improved upon. That is at temperature 1; let the temperature
         * begin there, at 10 nothing would be left of the preference.
         *
         * @param columns nOut different columns
         * @return this
         */
        public Builder initialColumns(int... columns) {
            this.initialColumns = columns.clone();
            return this;
        }

        /**
         * Sets whether backprop computes the gradient with respect to the input: as in {@code FastDenseLayer},
         * {@code false} saves a product in the first layer of a network.
         *
         * @param inputGradient default: true
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
