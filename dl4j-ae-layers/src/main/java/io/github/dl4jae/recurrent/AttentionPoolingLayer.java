package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
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
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * Pools the steps of a sequence to one vector: their mean, weighted by learned attention.
 *
 * <pre>
 * e_t = v·tanh(W·x_t + b)          a = softmax(e) over unmasked t          h = Σ_t a_t·x_t
 *
 * ∂a_t = ∂h·x_t                    ∂e_t = a_t·(∂a_t − Σ_s a_s·∂a_s)
 * ∂k_t = ∂e_t·v ⊙ (1 − tanh²)      ∂v = Σ_t ∂e_t·tanh(…)                   ∂x_t = a_t·∂h + Wᵀ·∂k_t
 * </pre>
 *
 * <p>Shapes: in {@code [batch, n, time]}, out {@code [batch, n]}. Parameters: {@code W [n, attention]}, {@code b [1,
 * attention]} and {@code v [attention, 1]}.
 *
 * <p>Masked steps have weight 0, and their values have no effect, not even NaN. A sequence without unmasked steps gives
 * a vector of zeros.
 *
 * <p>When not to use it: where the last state of a recurrent layer holds all that matters, {@code LastTimeStep} has no
 * parameters to learn.
 *
 * <pre>{@code
 * .layer(new FastGruLayer.Builder().nOut(64).build())
 * .layer(new AttentionPoolingLayer.Builder().attention(32).build())
 * }</pre>
 *
 * <p>Errors: a size below 1, the format NWC, an input of another shape.
 *
 * @see <a href="https://arxiv.org/abs/1409.0473">Bahdanau et al. 2015, for the form of the scores</a>
 * @see <a href="https://aclanthology.org/N16-1174">Yang et al. 2016, for pooling by attention</a>
 */
public final class AttentionPoolingLayer extends AbstractFeedForwardLayer {

    private final int attention;

    private AttentionPoolingLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation("AttentionPoolingLayer", builder, "the output is a weighted mean");
        this.attention = requireAttention(builder.attention);
        nOut = nIn;
        initializeConstraints(builder);
    }

    // for JSON
    AttentionPoolingLayer(@JsonProperty("attention") int attention) {
        this.attention = requireAttention(attention);
    }

    private static int requireAttention(int attention) {
        return Require.atLeast(1, "AttentionPoolingLayer", "attention", attention, "32 is usual");
    }

    /**
     * Returns the number of units that score a step.
     *
     * @return the length of v
     */
    public int getAttention() {
        return attention;
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new AttentionPoolingLayerImpl(conf, dataType);
    }

    @Override
    public ParamInitializer initializer() {
        return AttentionPoolingParamInitializer.INSTANCE;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        InputType.InputTypeRecurrent sequence = sequence(inputType);
        if (sequence.getFormat() == RNNFormat.NWC) {
            throw new DL4JInvalidConfigException(LayerSubject.of(this)
                    + ": sequences must have the format NCW, got NWC; set RNNFormat.NCW on the input type");
        }
        if (nIn <= 0 || override) {
            nIn = sequence.getSize();
        }
        nOut = nIn;
    }

    private InputType.InputTypeRecurrent sequence(InputType inputType) {
        InputPreProcessor rows = getPreProcessorForInputType(inputType);
        InputType type = rows == null ? inputType : rows.getOutputType(inputType);
        if (type instanceof InputType.InputTypeRecurrent sequence) {
            return sequence;
        }
        throw new DL4JInvalidConfigException(
                LayerSubject.of(this) + ": the input must be sequences, got " + inputType + "; pool recurrent layers");
    }

    /** Rows that are time steps become sequences again. */
    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return inputType instanceof InputType.InputTypeFeedForward rows
                        && rows.getTimeDistributedFormat() instanceof RNNFormat format
                ? new FeedForwardToRnnPreProcessor(format)
                : null;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.feedForward(sequence(inputType).getSize());
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        InputType.InputTypeRecurrent sequence = sequence(inputType);
        long steps = Math.max(1, sequence.getTimeSeriesLength());
        long perExample = 2 * steps * (sequence.getSize() + 2L * attention); // float64: rows, keys and their tanh
        return LayerMemory.of(this, inputType)
                .inference(0, perExample)
                .training(0, 2 * perExample)
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none().with("attention", attention);
    }

    /** Builds an {@link AttentionPoolingLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private int attention = 32;

        /** Creates a builder. */
        public Builder() {}

        /**
         * Sets the number of units that score a step. Default: 32.
         *
         * @param units at least 1
         * @return this
         */
        public Builder attention(int units) {
            this.attention = units;
            return this;
        }

        @Override
        public AttentionPoolingLayer build() {
            return new AttentionPoolingLayer(this);
        }
    }
}
