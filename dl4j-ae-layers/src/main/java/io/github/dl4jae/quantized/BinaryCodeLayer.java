package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.CountsRows;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer whose output is bits: each input is the logit of one.
 *
 * <pre>
 * THRESHOLD   q = 1 where z &gt; 0, else 0                    ∂/∂z = ε σ(z)(1 − σ(z))        surrogate σ(z) + c
 * BERNOULLI   q = 1 with probability σ(z), else 0           the same
 * CONCRETE    q = σ((z + ln u − ln(1 − u))/τ), u ~ U(0, 1)   ∂/∂z = ε q(1 − q)/τ           exact
 *   hard      that q, rounded                               the same, of q before rounding; surrogate q + c
 * inference   q = 1 where z &gt; 0, else 0
 * </pre>
 *
 * <pre>{@code
 * .layer(new FastDenseLayer.Builder().nOut(64).activation(Activation.IDENTITY).build())
 * .layer(new BinaryCodeLayer.Builder().name("bits").build())
 * }</pre>
 *
 * <p>Samples of bits regularize: the decoder cannot rely on a bit that the encoder is unsure of. The concrete
 * distribution has the gradient of least bias, but its decoder sees other values in training than at inference, most of
 * all with a large τ. {@code hard(true)} closes that gap.
 *
 * <p>Shapes: {@code [batch, n]}, {@code [batch, n, time]} and {@code [batch, n, height, width]}, also NWC and NHWC; the
 * output has the same shape. Masked positions give 0. The layer has no parameters, and adds nothing to the score. Noise
 * depends on the configuration's seed, the layer's name, iteration and epoch ({@link
 * io.github.dl4jae.noise.NoiseStream}).
 *
 * <p>Errors: a temperature that is not above 0; a temperature or hard samples without CONCRETE; dropout; a width that
 * is unknown or differs from the input's.
 *
 * <p>When not to use it: where neighbors in a space of codes matter. Bits of a reconstruction have no order.
 *
 * @see QuantizedModel
 * @see <a href="https://arxiv.org/abs/1308.3432">Bengio et al. 2013, Estimating gradients through stochastic
 *     neurons</a>
 * @see <a href="https://arxiv.org/abs/1611.00712">Maddison et al. 2017, The concrete distribution</a>
 */
public final class BinaryCodeLayer extends AbstractNoParamLayer implements CountsRows {

    private static final String NAME = "BinaryCodeLayer";

    private final BinarySampling sampling;
    private final double temperature;
    private final boolean hard;
    private long nIn;

    @JsonProperty
    private int unitAxis;

    private BinaryCodeLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoDropout(NAME, builder);
        Require.that(
                builder.sampling == BinarySampling.CONCRETE || (builder.temperature == null && !builder.hard),
                NAME,
                "temperature and hard must be left out with sampling other than CONCRETE",
                builder.sampling,
                "call sampling(BinarySampling.CONCRETE)");
        this.sampling = builder.sampling;
        this.temperature = builder.temperature == null ? Builder.USUAL_TEMPERATURE : builder.temperature;
        this.hard = builder.hard;
        this.nIn = builder.nIn;
        this.unitAxis = UnitAxis.FIRST.number();
        requireTemperature();
        initializeConstraints(builder);
    }

    // for JSON
    BinaryCodeLayer(
            @JsonProperty("sampling") BinarySampling sampling,
            @JsonProperty("temperature") double temperature,
            @JsonProperty("hard") boolean hard,
            @JsonProperty("nIn") long nIn,
            @JsonProperty("unitAxis") int unitAxis) {
        this.sampling = sampling;
        this.temperature = temperature;
        this.hard = hard;
        this.nIn = nIn;
        this.unitAxis = UnitAxis.of(unitAxis).number();
        requireTemperature();
    }

    private void requireTemperature() {
        Require.positive(NAME, "temperature", temperature, "2/3 is usual");
    }

    /**
     * Returns how bits are made in training.
     *
     * @return the kind of sampling
     */
    public BinarySampling getSampling() {
        return sampling;
    }

    /**
     * Returns the temperature of the concrete distribution.
     *
     * @return τ
     */
    public double getTemperature() {
        return temperature;
    }

    /**
     * Returns whether samples of the concrete distribution are rounded.
     *
     * @return whether the decoder sees bits in training
     */
    public boolean isHard() {
        return hard;
    }

    /**
     * Returns the number of bits per position.
     *
     * @return n, or 0 if it is unknown so far
     */
    @JsonProperty("nIn")
    public long getNIn() {
        return nIn;
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        Require.that(
                nIn >= 1,
                LayerSubject.of(this),
                "the number of bits must be known",
                nIn,
                "call nIn(features of the layer below) on its builder, or setInputType(...) on the network"
                        + " (setInputTypes(...) on a graph)");
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new BinaryCodeLayerImpl(conf, dataType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        nIn = PositionRows.features(LayerSubject.of(this), inputType, nIn, override);
        unitAxis = UnitAxis.of(inputType).number();
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return PositionRows.preProcessor(inputType);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return getPreProcessorForInputType(inputType).getOutputType(inputType);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long elements = inputType.arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, 2 * elements) // z and σ(z)
                .training(0, 2 * elements) // noise and the gradient
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("sampling", sampling)
                .with("temperature", temperature)
                .with("hard", hard)
                .with("nIn", nIn)
                .with("unitAxis", unitAxis);
    }

    /** Builds a {@link BinaryCodeLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private static final double USUAL_TEMPERATURE = 2.0 / 3;

        private BinarySampling sampling = BinarySampling.BERNOULLI;
        private @Nullable Double temperature;
        private boolean hard;
        private long nIn;

        /** Creates a builder for Bernoulli samples. */
        public Builder() {}

        /**
         * Sets how bits are made in training. Default: BERNOULLI.
         *
         * @param sampling the kind
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder sampling(BinarySampling sampling) {
            this.sampling = Require.given(NAME, "sampling", sampling, "BERNOULLI is the default");
            return this;
        }

        /**
         * Sets the temperature of the concrete distribution. Default: 2/3.
         *
         * @param temperature τ, above 0
         * @return this
         */
        public Builder temperature(double temperature) {
            this.temperature = temperature;
            return this;
        }

        /**
         * Sets whether samples of the concrete distribution are rounded, with the gradient of those before rounding.
         * Default: false.
         *
         * @param hard whether they are
         * @return this
         */
        public Builder hard(boolean hard) {
            this.hard = hard;
            return this;
        }

        /**
         * Sets the number of features of the layer below, for networks without an input type. Default: the features of
         * the input type.
         *
         * @param nIn n
         * @return this
         */
        public Builder nIn(long nIn) {
            this.nIn = nIn;
            return this;
        }

        @Override
        public BinaryCodeLayer build() {
            return new BinaryCodeLayer(this);
        }
    }
}
