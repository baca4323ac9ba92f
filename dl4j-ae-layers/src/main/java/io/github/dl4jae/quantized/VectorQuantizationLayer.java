package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.CountsRows;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer that replaces each vector by the nearest one of a codebook (VQ-VAE), or by a sum of several (residual VQ).
 *
 * <pre>
 * z_1 = z        q_s = e_s[argmin_k ‖z_s − e_s,k‖]        z_{s+1} = z_s − q_s        output q = Σ_s q_s
 * score += β · 1/B Σ_positions Σ_s ‖z_s − q_s‖²
 * ∂/∂z = ε + 2β Σ_s (z_s − q_s)        ε from the layers above; straight-through: the surrogate is z + (q − z)
 * </pre>
 *
 * <p>{@link io.github.dl4jae.quantized} has the moving averages of the codebook. They follow each training step; no
 * updater, regularization or clipping reaches the codebook.
 *
 * <pre>{@code
 * .layer(new FastConvolutionLayer.Builder(1, 1).nOut(16).activation(Activation.IDENTITY).build())
 * .layer(new VectorQuantizationLayer.Builder().name("vq").codes(512).build())
 * .layer(new FastDeconvolutionLayer.Builder(4, 4)…)
 * }</pre>
 *
 * <p>Shapes: {@code [batch, n]}, {@code [batch, n, time]} and {@code [batch, n, height, width]}, also NWC and NHWC; the
 * output has the same shape. The layer quantizes each position on its own. Masked positions give 0, and neither the
 * score nor the codebook sees them. State: {@code codebook [S·K, n]}, {@code counts [S, K]}, {@code started [1, S]}; it
 * is stored with the parameters.
 *
 * <p>With {@code miniBatch(false)} the commitment is a sum over examples. Its weight suits losses that are summed over
 * features; a loss that is their mean needs a β divided by their number.
 *
 * <p>The first training pass sets the codebook by k-means. A mini-batch with fewer vectors than codes sets as many
 * codes as it has vectors, and the next ones set the rest. Codes and their order depend on the seed of the network.
 *
 * <p>Errors: no number of codes, or fewer than 2; no stage; a negative commitment; decay outside of [0, 1); expiry
 * outside of [0, 1); an activation or dropout; a width that is unknown or differs from the input's. In a {@code
 * ComputationGraph}, training needs input types or an {@code ExampleCountPreProcessor}.
 *
 * <p>When not to use it: with a handful of features per position, {@link FiniteScalarQuantizationLayer} needs no
 * codebook and has no dead codes.
 *
 * @see QuantizedModel
 * @see <a href="https://arxiv.org/abs/1711.00937">van den Oord et al. 2017, Neural discrete representation learning</a>
 * @see <a href="https://arxiv.org/abs/2107.03312">Zeghidour et al. 2021, SoundStream</a>
 */
public final class VectorQuantizationLayer extends AbstractFeedForwardLayer implements CountsRows {

    private static final String NAME = "VectorQuantizationLayer";

    private final int codes;
    private final int stages;
    private final double commitment;
    private final double decay;
    private final double expiry;
    private final boolean kMeansStart;

    @JsonProperty
    private int unitAxis;

    private VectorQuantizationLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation(NAME, builder, "the output is a vector of the codebook");
        IgnoredOptions.requireNoDropout(NAME, builder);
        this.codes = builder.codes;
        this.stages = builder.stages;
        this.commitment = builder.commitment;
        this.decay = builder.decay;
        this.expiry = builder.expiry;
        this.kMeansStart = builder.kMeansStart;
        this.unitAxis = UnitAxis.FIRST.number();
        nOut = nIn;
        requireOptions();
        initializeConstraints(builder);
    }

    // for JSON
    VectorQuantizationLayer(
            @JsonProperty("codes") int codes,
            @JsonProperty("stages") int stages,
            @JsonProperty("commitment") double commitment,
            @JsonProperty("decay") double decay,
            @JsonProperty("expiry") double expiry,
            @JsonProperty("kMeansStart") boolean kMeansStart,
            @JsonProperty("unitAxis") int unitAxis) {
        this.codes = codes;
        this.stages = stages;
        this.commitment = commitment;
        this.decay = decay;
        this.expiry = expiry;
        this.kMeansStart = kMeansStart;
        this.unitAxis = UnitAxis.of(unitAxis).number();
        requireOptions();
    }

    private void requireOptions() {
        Require.atLeast(2, NAME, "codes", codes, "512 is usual for images");
        Require.atLeast(1, NAME, "stages", stages, "1 gives vector quantization, more give residual quantization");
        Require.nonNegative(NAME, "commitment", commitment, "0.25 is usual");
        Require.that(decay >= 0 && decay < 1, NAME, "decay must be at least 0 and below 1", decay, "0.99 is usual");
        Require.that(
                expiry >= 0 && expiry < 1, NAME, "expiry must be at least 0 and below 1", expiry, "0 turns it off");
    }

    /**
     * Returns the number of codes of each stage.
     *
     * @return K
     */
    public int getCodes() {
        return codes;
    }

    /**
     * Returns the number of stages.
     *
     * @return S, 1 for vector quantization
     */
    public int getStages() {
        return stages;
    }

    /**
     * Returns the weight of the commitment.
     *
     * @return β
     */
    public double getCommitment() {
        return commitment;
    }

    /**
     * Returns the share that a moving average keeps in a step.
     *
     * @return γ
     */
    public double getDecay() {
        return decay;
    }

    /**
     * Returns the share of the mean count below which a code is replaced.
     *
     * @return 0 if codes are never replaced
     */
    public double getExpiry() {
        return expiry;
    }

    /**
     * Returns whether the codebook starts at the k-means of the first mini-batch.
     *
     * @return false for small random vectors
     */
    @JsonProperty("kMeansStart")
    public boolean isKMeansStart() {
        return kMeansStart;
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new VectorQuantizationLayerImpl(conf, dataType);
    }

    @Override
    public ParamInitializer initializer() {
        return CodebookParamInitializer.INSTANCE;
    }

    /** The codebook has moving averages instead of an updater. */
    @Override
    public IUpdater getUpdaterByParam(String parameter) {
        return new NoOp();
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        nIn = PositionRows.features(LayerSubject.of(this), inputType, nIn, override);
        nOut = nIn;
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
                .withoutUpdater()
                .inference(0, (2L + stages) * elements) // z, q and the residuals
                .training(0, elements) // the gradient
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("codes", codes)
                .with("stages", stages)
                .with("commitment", commitment)
                .with("decay", decay)
                .with("expiry", expiry)
                .with("kMeansStart", kMeansStart)
                .with("unitAxis", unitAxis);
    }

    /** Builds a {@link VectorQuantizationLayer}. The number of codes is required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private int codes;
        private int stages = 1;
        private double commitment = 0.25;
        private double decay = 0.99;
        private double expiry = 0.1;
        private boolean kMeansStart = true;

        /** Creates a builder. The width comes from the network's input type where {@code nIn} is not set. */
        public Builder() {}

        /**
         * Sets the number of codes of each stage.
         *
         * @param codes K, at least 2
         * @return this
         */
        public Builder codes(int codes) {
            this.codes = codes;
            return this;
        }

        /**
         * Sets the number of stages. Each quantizes what the stages before it leave. Default: 1.
         *
         * @param stages S, at least 1; 4 to 8 are usual for residual quantization
         * @return this
         */
        public Builder stages(int stages) {
            this.stages = stages;
            return this;
        }

        /**
         * Sets the weight of the commitment. Default: 0.25.
         *
         * @param commitment β, at least 0
         * @return this
         */
        public Builder commitment(double commitment) {
            this.commitment = commitment;
            return this;
        }

        /**
         * Sets the share that a moving average keeps in a step. Default: 0.99.
         *
         * @param decay γ, from 0 to below 1
         * @return this
         */
        public Builder decay(double decay) {
            this.decay = decay;
            return this;
        }

        /**
         * Sets when a code is replaced by a random vector of the mini-batch: when its running count is below this share
         * of the mean count. Default: 0.1.
         *
         * @param share from 0, which turns the replacement off, to below 1
         * @return this
         */
        public Builder expiry(double share) {
            this.expiry = share;
            return this;
        }

        /**
         * Sets whether the codebook starts at the k-means of the first mini-batch instead of small random vectors.
         * Default: true.
         *
         * @param kMeansStart whether it does
         * @return this
         */
        public Builder kMeansStart(boolean kMeansStart) {
            this.kMeansStart = kMeansStart;
            return this;
        }

        @Override
        public VectorQuantizationLayer build() {
            return new VectorQuantizationLayer(this);
        }
    }
}
