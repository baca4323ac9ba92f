package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer that turns coefficients into series: a block of an interpretable decoder.
 *
 * <pre>
 * y[b, f, t] = Σ_k θ[b, f, k] · v_k(t)          ∂θ[b, f, k] = Σ_t ∂y[b, f, t] · v_k(t)
 * </pre>
 *
 * <p>The functions v_k of a {@link TimeBasis} are fixed: a constant, powers of time, or the values of a season. What
 * the block contributes to a series is therefore of that kind alone. An {@code ElementWiseVertex} adds several blocks:
 *
 * <pre>{@code
 * graph.addLayer("coefficients", new FastDenseLayer.Builder().nOut(features * 2).build(), "z")
 *      .addLayer("trend", new TimeBasisLayer.Builder().basis(new TimeBasis.Trend(2)).steps(24).build(), "coefficients")
 *      .addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), "trend", "level", "residual")
 * }</pre>
 *
 * <p>Shapes: in {@code [batch, features·K]}, the K coefficients of a feature side by side; out {@code [batch, features,
 * T]}. There are no parameters.
 *
 * <p>Errors: no basis or number of steps; an input whose width is not a multiple of K.
 *
 * <p>When not to use it: where no part of a series has to be read by people. A transposed convolution is more flexible.
 *
 * @see <a href="https://arxiv.org/abs/2111.08095">Desai et al. 2021, TimeVAE</a>
 * @see <a href="https://arxiv.org/abs/1905.10437">Oreshkin et al. 2020, N-BEATS, for blocks with a basis</a>
 */
public final class TimeBasisLayer extends AbstractNoParamLayer {

    private final TimeBasis basis;
    private final int steps;

    private TimeBasisLayer(Builder builder) {
        super(builder);
        this.basis = requireBasis(builder.basis);
        this.steps = requireSteps(builder.steps);
        initializeConstraints(builder);
    }

    // for JSON
    TimeBasisLayer(@JsonProperty("basis") @Nullable TimeBasis basis, @JsonProperty("steps") int steps) {
        this.basis = requireBasis(basis);
        this.steps = requireSteps(steps);
    }

    private static TimeBasis requireBasis(@Nullable TimeBasis basis) {
        return Require.given("TimeBasisLayer", "basis", basis, "new TimeBasis.Level() is a constant");
    }

    private static int requireSteps(int steps) {
        return Require.atLeast(1, "TimeBasisLayer", "steps", steps, "it is the length of the series");
    }

    /**
     * Returns the functions of time.
     *
     * @return the basis
     */
    public TimeBasis getBasis() {
        return basis;
    }

    /**
     * Returns the length of the series.
     *
     * @return T
     */
    public int getSteps() {
        return steps;
    }

    /** Returns the number of features of an input of some width. */
    long features(long width) {
        long functions = basis.functions();
        if (width < functions || width % functions != 0) {
            throw new DL4JInvalidConfigException(LayerSubject.of(this) + ": the input must have a multiple of "
                    + functions + " columns, one for each function of " + basis + ", got " + width
                    + "; set nOut of the layer before it to the number of features times " + functions);
        }
        return width / functions;
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new TimeBasisLayerImpl(conf, dataType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // a layer without parameters has no width
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return inputType instanceof InputType.InputTypeRecurrent sequences
                ? new RnnToFeedForwardPreProcessor(sequences.getFormat())
                : null;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return InputType.recurrent(features(inputType.arrayElementsPerExample()), steps);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType).report();
    }

    @Override
    protected Settings settings() {
        return Settings.none().with("basis", basis).with("steps", steps);
    }

    /** Builds a {@link TimeBasisLayer}. Basis and number of steps are required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private @Nullable TimeBasis basis;
        private int steps;

        /** Creates a builder. */
        public Builder() {}

        /**
         * Sets the functions of time.
         *
         * @param basis a level, a trend or a season
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder basis(TimeBasis basis) {
            this.basis = requireBasis(basis);
            return this;
        }

        /**
         * Sets the length of the series.
         *
         * @param steps T, at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder steps(int steps) {
            this.steps = requireSteps(steps);
            return this;
        }

        /**
         * Builds the layer.
         *
         * @return a new configuration
         * @throws IllegalArgumentException if the basis or the number of steps is missing
         */
        @Override
        public TimeBasisLayer build() {
            return new TimeBasisLayer(this);
        }
    }
}
