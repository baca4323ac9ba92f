package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import java.util.Arrays;
import java.util.Collection;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A sparse dictionary as an output layer: it describes each input by a few of many directions, and reconstructs it, or
 * another layer's activations, as their sum.
 *
 * <pre>
 * z = (x − b_dec)·W_enc + b_enc        f = encoder(z)        x̂ = f·W_dec + b_dec (+ x·W_skip)
 * L = ‖y − x̂‖² + the terms of the encoder        y = labels: the input itself, or another layer's activations
 * Matryoshka with widths m_1 &lt; … &lt; m_M:  ‖y − x̂‖² becomes Σ_i ‖y − Σ_{j &lt; m_i} f_j d_j − b_dec (− x·W_skip)‖²
 * </pre>
 *
 * <pre>{@code
 * .layer(new DictionaryLayer.Builder().nIn(512).units(8192).encoder(new TopKEncoder(32)).build())
 * …
 * network.fit(activations, activations);
 * SparseDictionary dictionary = SparseDictionary.of(network);
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, nIn]}, out and labels {@code [batch, nOut]}; parameters {@code Wenc [nIn, units]},
 * {@code benc [1, units]}, {@code Wdec [units, nOut]}, {@code bdec [1, nOut]}, those of the encoder, and {@code idle
 * [1, units]}, the number of training examples since each unit fired. A mask {@code [batch, 1]} excludes examples. The
 * loss is a sum over features and a mean over examples.
 *
 * <p>Codes are (unit, value) pairs. Apart from the product x·W_enc, the time of a training step and its memory are
 * proportional to the number of active units: the reconstruction, the gradients of both matrices, and the step of
 * {@code Adam} or {@code FastAdam}. Other updaters pass over all parameters, and so does Deeplearning4j where it
 * subtracts the step.
 *
 * <p>Learning rate: 3e-4 with mini-batches of 4096, and Deeplearning4j's gradient clipping at norm 1, are usual.
 *
 * <p>Errors: no encoder; units, nIn or nOut not above 0; k above the number of units; Matryoshka widths that do not
 * ascend to the number of units; an activation, a loss function or no bias; a skip connection or other widths of
 * input and labels with matching pursuit; L1, L2 or weight decay; labels of another shape than the output.
 *
 * <p>When not to use it: for a code that other layers of the same network read. Use {@code FastDenseLayer} with {@code
 * ActivationTopK} there.
 *
 * @see SparseDictionary
 */
public final class DictionaryLayer extends BaseOutputLayer {

    private final int units;
    private final DictionaryEncoder encoder;
    private final @Nullable Revival revival;
    private final long[] matryoshka;
    private final boolean skip;
    private final @Nullable Boolean unitNorm;
    private final @Nullable Boolean centeredInput;

    /** The state of training. It is no option, so equality ignores it. */
    @JsonProperty
    private int reachedIteration;

    @JsonProperty
    private int reachedEpoch;

    private DictionaryLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation("DictionaryLayer", builder, "its encoder is the activation");
        Require.that(
                builder.getLossFn() == null,
                "DictionaryLayer",
                "lossFunction must not be set",
                builder.getLossFn(),
                "the layer has a loss of its own, the squared error and the terms of its encoder");
        Require.that(
                builder.isHasBias(),
                "DictionaryLayer",
                "hasBias must be true",
                false,
                "b_dec is the center of the inputs, and encoders need their thresholds");
        this.units = builder.units;
        this.encoder = builder.encoder;
        this.revival = builder.revival;
        this.matryoshka = builder.matryoshka.clone();
        this.skip = builder.skip;
        this.unitNorm = builder.unitNorm;
        this.centeredInput = builder.centeredInput;
        requireOptions();
        setLossFn(new LossL2());
        setActivationFn(new ActivationIdentity());
        initializeConstraints(builder);
    }

    // for JSON
    DictionaryLayer(
            @JsonProperty("units") int units,
            @JsonProperty("encoder") DictionaryEncoder encoder,
            @JsonProperty("revival") @Nullable Revival revival,
            @JsonProperty("matryoshka") long[] matryoshka,
            @JsonProperty("skip") boolean skip,
            @JsonProperty("unitNorm") @Nullable Boolean unitNorm,
            @JsonProperty("centeredInput") @Nullable Boolean centeredInput,
            @JsonProperty("reachedIteration") int reachedIteration,
            @JsonProperty("reachedEpoch") int reachedEpoch) {
        this.units = units;
        this.encoder = encoder;
        this.revival = revival;
        this.matryoshka = matryoshka;
        this.skip = skip;
        this.unitNorm = unitNorm;
        this.centeredInput = centeredInput;
        this.reachedIteration = reachedIteration;
        this.reachedEpoch = reachedEpoch;
        requireOptions();
    }

    private void requireOptions() {
        Require.given("DictionaryLayer", "encoder", encoder, "new TopKEncoder(32) is a good start");
        Require.that(units >= 1, "DictionaryLayer", "units must be at least 1", units, "8 to 32 times nIn is usual");
        long before = 0;
        for (long width : matryoshka) {
            Require.that(
                    width > before && width <= units,
                    "DictionaryLayer",
                    "matryoshka widths must ascend within [1, " + units + "]",
                    Arrays.toString(matryoshka),
                    "the full width is added where it is missing");
            before = width;
        }
        if (encoder instanceof MatchingPursuitEncoder) {
            Require.that(
                    !skip && matryoshka.length == 0 && !(revival instanceof AuxiliaryLoss),
                    "DictionaryLayer",
                    "matching pursuit must be without skip connection, Matryoshka widths and auxiliary loss",
                    "one of them",
                    "choose another encoder; Resampling revives units of matching pursuit");
        }
    }

    /**
     * Returns the number of directions.
     *
     * @return d_sae
     */
    public int getUnits() {
        return units;
    }

    /**
     * Returns the encoder.
     *
     * @return an immutable value
     */
    public DictionaryEncoder getEncoder() {
        return encoder;
    }

    /**
     * Returns how dead units are revived.
     *
     * @return null if they are not
     */
    public @Nullable Revival getRevival() {
        return revival;
    }

    /**
     * Returns the widths of nested dictionaries.
     *
     * @return ascending; empty if the dictionary is not a Matryoshka
     */
    public long[] getMatryoshka() {
        return matryoshka.clone();
    }

    /**
     * Returns whether the input reaches the output by a matrix of its own.
     *
     * @return whether there is a W_skip
     */
    @JsonProperty("skip")
    public boolean hasSkip() {
        return skip;
    }

    /**
     * Returns whether decoder rows have length 1.
     *
     * @return as set, or as the encoder prefers it
     */
    public boolean hasUnitNorm() {
        return unitNorm == null ? encoder.prefersUnitNorm() : unitNorm;
    }

    /**
     * Returns whether the encoder sees x − b_dec.
     *
     * @return as set, or whether input and output have the same width and there is no skip connection
     */
    public boolean hasCenteredInput() {
        return centeredInput == null ? nIn == nOut && !skip : centeredInput;
    }

    @JsonProperty("unitNorm")
    @Nullable
    Boolean unitNormOption() {
        return unitNorm;
    }

    @JsonProperty("centeredInput")
    @Nullable
    Boolean centeredInputOption() {
        return centeredInput;
    }

    /** Returns the widths of all reconstructions; the last is the number of units. */
    int[] widths() {
        int[] widths = Arrays.stream(matryoshka).mapToInt(Math::toIntExact).toArray();
        if (widths.length > 0 && widths[widths.length - 1] == units) {
            return widths;
        }
        int[] all = Arrays.copyOf(widths, widths.length + 1);
        all[widths.length] = Math.toIntExact(units);
        return all;
    }

    TrainingTime reached() {
        return new TrainingTime(reachedIteration, reachedEpoch);
    }

    void reach(TrainingTime time) {
        reachedIteration = time.iteration();
        reachedEpoch = time.epoch();
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        super.setNIn(inputType, override);
        if (nOut <= 0) {
            nOut = nIn;
        }
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        requireFits();
        return LayerAssembly.assemble(
                new DictionaryLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    /** Checks sizes against options. */
    void requireFits() {
        DenseChecks.requireSizes(this);
        String subject = LayerSubject.of(this);
        encoder.requireFits(subject, reached(), units);
        if ((encoder instanceof MatchingPursuitEncoder || hasCenteredInput()) && nIn != nOut) {
            throw new DL4JInvalidConfigException(subject
                    + ": nIn and nOut must be equal where the encoder subtracts b_dec, got nIn = " + nIn + ", nOut = "
                    + nOut + "; set centeredInput(false) and another encoder than matching pursuit");
        }
        if (revival instanceof Resampling && nIn != nOut) {
            throw new DL4JInvalidConfigException(subject + ": nIn and nOut must be equal with Resampling, got nIn = "
                    + nIn + ", nOut = " + nOut + "; use AuxiliaryLoss, which needs no example as a direction");
        }
        for (String parameter : DictionaryParamInitializer.INSTANCE.paramKeys(this)) {
            if (getRegularizationByParam(parameter) != null
                    && !getRegularizationByParam(parameter).isEmpty()) {
                throw new DL4JInvalidConfigException(subject + ": regularization must not be set, got "
                        + getRegularizationByParam(parameter) + "; the encoder keeps codes sparse, and decoder rows of"
                        + " length 1 bound the weights");
            }
        }
    }

    @Override
    public ParamInitializer initializer() {
        return DictionaryParamInitializer.INSTANCE;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long outputs = getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, units + outputs)
                .training(0, units + 2 * inputType.arrayElementsPerExample() + widths().length * outputs)
                .report();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof DictionaryLayer that
                && super.equals(other)
                && units == that.units
                && encoder.equals(that.encoder)
                && Objects.equals(revival, that.revival)
                && Arrays.equals(matryoshka, that.matryoshka)
                && skip == that.skip
                && Objects.equals(unitNorm, that.unitNorm)
                && Objects.equals(centeredInput, that.centeredInput);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                super.hashCode(), units, encoder, revival, Arrays.hashCode(matryoshka), skip, unitNorm, centeredInput);
    }

    @Override
    public String toString() {
        return "DictionaryLayer(" + super.toString() + ", units=" + units + ", encoder=" + encoder + ", revival="
                + revival + ", matryoshka=" + Arrays.toString(matryoshka) + ", skip=" + skip + ", unitNorm=" + unitNorm
                + ", centeredInput=" + centeredInput + ")";
    }

    /** Builds a {@link DictionaryLayer}. An encoder and the number of units are required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends BaseOutputLayer.Builder<Builder> {
        private int units;
        private DictionaryEncoder encoder;
        private @Nullable Revival revival;
        private long[] matryoshka = {};
        private boolean skip;
        private @Nullable Boolean unitNorm;
        private @Nullable Boolean centeredInput;

        /** Creates a builder. nIn comes from the network's input type where it is not set. Default for nOut: nIn. */
        @SuppressWarnings("NullAway.Init") // build() requires the encoder
        public Builder() {
            setLossFn(null); // to see whether it is set
        }

        /**
         * Sets the number of directions. The width of the output is {@code nOut}.
         *
         * @param units d_sae; 8 to 32 times nIn is usual
         * @return this
         */
        @Override
        public Builder units(int units) {
            this.units = units;
            return this;
        }

        /**
         * Sets the encoder.
         *
         * @param encoder such as {@code new TopKEncoder(32)}
         * @return this
         */
        public Builder encoder(DictionaryEncoder encoder) {
            this.encoder = encoder;
            return this;
        }

        /**
         * Sets how dead units are revived. Default: they are not.
         *
         * @param revival such as {@code new AuxiliaryLoss(2 * examplesPerEpoch)}
         * @return this
         */
        public Builder revival(@Nullable Revival revival) {
            this.revival = revival;
            return this;
        }

        /**
         * Sets the widths of nested dictionaries, each of which must reconstruct on its own (Matryoshka). Coarse
         * features then come first. Default: none.
         *
         * @param widths ascending; the full width is added where it is missing
         * @return this
         */
        public Builder matryoshka(long... widths) {
            this.matryoshka = widths.clone();
            return this;
        }

        /**
         * Adds x·W_skip to the output, for transcoders: the dictionary then describes only what is not linear. Default:
         * false.
         *
         * @param skip whether to add it
         * @return this
         */
        public Builder skip(boolean skip) {
            this.skip = skip;
            return this;
        }

        /**
         * Sets whether decoder rows are kept at length 1. Their gradients are then projected on the sphere. Default:
         * false for {@code L1Encoder} and the tanh objective of {@code JumpReLUEncoder}, whose penalties contain the
         * length; else true.
         *
         * @param unitNorm whether they are
         * @return this
         */
        public Builder unitNorm(boolean unitNorm) {
            this.unitNorm = unitNorm;
            return this;
        }

        /**
         * Sets whether the encoder sees x − b_dec instead of x. Default: true where nIn = nOut and there is no skip
         * connection. Set it to false for a transcoder between layers of equal widths.
         *
         * @param centeredInput whether it does
         * @return this
         */
        public Builder centeredInput(boolean centeredInput) {
            this.centeredInput = centeredInput;
            return this;
        }

        @Override
        public DictionaryLayer build() {
            if (getNOut() == 0) {
                nOut(getNIn());
            }
            return new DictionaryLayer(this);
        }
    }
}
