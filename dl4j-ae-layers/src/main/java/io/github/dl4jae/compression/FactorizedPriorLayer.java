package io.github.dl4jae.compression;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.CountsRows;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Collection;
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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The bottleneck of a compressive autoencoder: it rounds codes to integers, and adds their length under a learned
 * factorized prior to the score.
 *
 * <pre>
 * y = x / Δ       training    ỹ = y + u,  u ~ U(−½, ½)       inference   ŷ = round(y)       out = Δ·ŷ
 * score += w · 1/B Σ_i −log₂ max(p_c(ỹ_i), 10⁻⁹)      p_c(ỹ) = σ(f_c(ỹ + ½)) − σ(f_c(ỹ − ½))
 * ∂/∂x = ε + w/(B·Δ) · ∂bits/∂ỹ
 * </pre>
 *
 * <p>{@linkplain io.github.dl4jae.compression The package} defines f_c, one monotone network of 58 parameters per
 * channel. The score is the rate–distortion objective: the loss of the output layer is the distortion, and w is the
 * price of a bit per example. With the sum of squared errors of an image in [0, 1], useful weights are 0.0005
 * (about 37 dB on images of clothes) to 0.1 (about 19 dB).
 *
 * <pre>{@code
 * .layer(new FastConvolutionLayer.Builder(5, 5).nOut(32).stride(2, 2)
 *         .convolutionMode(ConvolutionMode.Same).activation(Activation.ELU).build())
 * .layer(new FastConvolutionLayer.Builder(5, 5).nOut(16).stride(2, 2)
 *         .convolutionMode(ConvolutionMode.Same).activation(Activation.IDENTITY).build())
 * .layer(new FactorizedPriorLayer.Builder().name("code").rateWeight(0.02).build())
 * .layer(new FastDeconvolutionLayer.Builder(5, 5).nOut(32).stride(2, 2)
 *         .convolutionMode(ConvolutionMode.Same).activation(Activation.ELU).build())
 * …
 * }</pre>
 *
 * <p>Shapes: in and out {@code [batch, C]}, {@code [batch, C, time]} or {@code [batch, C, height, width]}, also with
 * channels last; parameters {@code H [C, 33]}, {@code b [C, 13]}, {@code a [C, 12]}. There is no activation. Masked
 * rows give 0 and cost nothing.
 *
 * <p>Gradient: exact with {@link Quantization#NOISE}, except where p lies below its floor. There the gradient is that
 * of p over the floor, by declaration. With {@link Quantization#STRAIGHT_THROUGH}, and in a {@code
 * FrozenLayerWithBackprop}, rounding passes the gradient on unchanged, by declaration.
 *
 * <p>Noise comes from {@link io.github.dl4jae.noise.NoiseStream}, keyed by the configuration's seed, the layer's name,
 * the iteration and the epoch. The layer must know the number of examples in a mini-batch: in a {@code
 * ComputationGraph}, training needs input types or an {@link ExampleCountPreProcessor}.
 *
 * <p>At inference the score is the distortion of rounded codes plus w times their length: the real objective.
 *
 * <p>Errors: no rate weight, or one that is not above 0; an input with another number of channels.
 *
 * <p>When not to use it: for codes that are compared or plotted and never stored. Rounding loses what an ordinary
 * bottleneck keeps.
 *
 * @see <a href="https://openreview.net/forum?id=rJxdQ3jeg">Ballé, Laparra and Simoncelli 2017, End-to-end optimized
 *     image compression</a>
 */
public final class FactorizedPriorLayer extends AbstractFeedForwardLayer implements CountsRows {

    private final double rateWeight;
    private final Quantization quantization;
    private final double initialScale;
    private final double step;

    @JsonProperty
    private int unitAxis = UnitAxis.FIRST.number();

    private FactorizedPriorLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation("FactorizedPriorLayer", builder, "it rounds codes");
        this.rateWeight = requireWeight(builder.rateWeight);
        this.quantization = builder.quantization;
        this.initialScale = builder.initialScale;
        this.step = builder.step;
        this.nOut = nIn;
        this.activationFn = new ActivationIdentity(); // keeps the network's default activation out
        initializeConstraints(builder);
    }

    // for JSON
    FactorizedPriorLayer(
            @JsonProperty("rateWeight") double rateWeight,
            @JsonProperty("quantization") @Nullable Quantization quantization,
            @JsonProperty("initialScale") double initialScale,
            @JsonProperty("step") double step,
            @JsonProperty("unitAxis") int unitAxis) {
        this.rateWeight = requireWeight(rateWeight);
        this.quantization = quantization == null ? Quantization.NOISE : quantization;
        this.initialScale = requireScale(initialScale);
        this.step = requireStep(step);
        this.unitAxis = UnitAxis.of(unitAxis).number();
    }

    private static double requireWeight(double rateWeight) {
        return Require.positive(
                "FactorizedPriorLayer", "rateWeight", rateWeight, "pass the distortion that a bit may cost");
    }

    private static double requireScale(double scale) {
        return Require.positive("FactorizedPriorLayer", "initialScale", scale, "10 suits codes of a fresh encoder");
    }

    private static double requireStep(double step) {
        return Require.positive("FactorizedPriorLayer", "step", step, "1 rounds the output of the encoder itself");
    }

    /**
     * Returns the weight of the rate.
     *
     * @return w, the price of a bit per example
     */
    public double getRateWeight() {
        return rateWeight;
    }

    /**
     * Returns the replacement of rounding in training.
     *
     * @return noise or straight-through rounding
     */
    public Quantization getQuantization() {
        return quantization;
    }

    /**
     * Returns the width of the first prior.
     *
     * @return the scale of its logistic distribution
     */
    public double getInitialScale() {
        return initialScale;
    }

    /**
     * Returns the width of a quantization interval.
     *
     * @return Δ
     */
    public double getStep() {
        return step;
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        if (nIn <= 0) {
            throw new DL4JInvalidConfigException(LayerSubject.of(this) + ": nIn must be above 0, got " + nIn
                    + "; set it on the builder, or set the network's input type");
        }
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new FactorizedPriorLayerImpl(conf, dataType);
    }

    @Override
    public ParamInitializer initializer() {
        return FactorizedPriorParamInitializer.INSTANCE;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        if (nIn <= 0 || override) {
            nIn = UnitAxis.units(LayerSubject.of(this), inputType);
        }
        nOut = nIn;
        unitAxis = UnitAxis.of(inputType).number();
    }

    /** Rows that are time steps become sequences again, so that the layer knows the number of examples. */
    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return inputType instanceof InputType.InputTypeFeedForward rows
                        && rows.getTimeDistributedFormat() instanceof RNNFormat format
                ? new ExampleCountPreProcessor(new FeedForwardToRnnPreProcessor(format))
                : new ExampleCountPreProcessor();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType instanceof InputType.InputTypeFeedForward
                ? getPreProcessorForInputType(inputType).getOutputType(inputType)
                : inputType;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long perExample = inputType.arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, perExample)
                .training(0, 2 * perExample) // the codes and the gradient of their rate
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("rateWeight", rateWeight)
                .with("quantization", quantization)
                .with("initialScale", initialScale)
                .with("step", step)
                .with("unitAxis", unitAxis);
    }

    /** A builder of {@link FactorizedPriorLayer}. The rate weight is required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private double rateWeight;
        private Quantization quantization = Quantization.NOISE;
        private double initialScale = 10;
        private double step = 1;

        /** Creates a builder with uniform noise in training. */
        public Builder() {}

        /**
         * Sets the weight of the rate in the score. The literature's λ, a factor of the distortion, is 1/w.
         *
         * @param w the price of a bit per example, in units of the loss; above 0
         * @return this
         */
        public Builder rateWeight(double w) {
            this.rateWeight = requireWeight(w);
            return this;
        }

        /**
         * Sets the replacement of rounding in training. Default: {@link Quantization#NOISE}.
         *
         * @param quantization noise, or rounding with a straight-through gradient
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder quantization(Quantization quantization) {
            this.quantization = Require.given(
                    "FactorizedPriorLayer", "quantization", quantization, "omit it for Quantization.NOISE");
            return this;
        }

        /**
         * Sets the width of the first prior in steps. It must cover the codes of the untrained encoder. Default: 10.
         *
         * @param scale the scale of a logistic distribution, above 0
         * @return this
         */
        public Builder initialScale(double scale) {
            this.initialScale = requireScale(scale);
            return this;
        }

        /**
         * Sets the width of a quantization interval. An encoder of the usual initialization has outputs of about 1; at
         * a step of 0.1 the first decoder receives more signal than noise. The encoder can learn any scale. Default: 1.
         *
         * @param delta Δ, above 0
         * @return this
         */
        public Builder step(double delta) {
            this.step = requireStep(delta);
            return this;
        }

        /**
         * Builds the layer.
         *
         * @return a new configuration
         * @throws IllegalArgumentException if the rate weight is missing, or an activation is set
         */
        @Override
        public FactorizedPriorLayer build() {
            return new FactorizedPriorLayer(this);
        }
    }
}
