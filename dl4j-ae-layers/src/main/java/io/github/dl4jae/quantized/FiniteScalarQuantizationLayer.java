package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer that rounds each of a few features to one of a few levels (FSQ).
 *
 * <pre>
 * b_j(z) = tanh(z + artanh(o_j/h_j))·h_j − o_j        h_j = (L_j − 1)(1 + 10⁻³)/2        o_j = ½ for even L_j, else 0
 * q_j = round(b_j(z_j)) / ⌊L_j/2⌋        ∏_j L_j codes        levels 8, 6, 5: 240 codes
 * ∂/∂z_j = ε_j b_j′(z_j) / ⌊L_j/2⌋        straight-through: the surrogate is b_j(z)/⌊L_j/2⌋ + c
 * </pre>
 *
 * <p>There is no codebook to learn, no term in the score, and hardly a code stays unused.
 *
 * <pre>{@code
 * .layer(new FastConvolutionLayer.Builder(1, 1).nOut(3).activation(Activation.IDENTITY).build())
 * .layer(new FiniteScalarQuantizationLayer.Builder().name("fsq").levels(8, 6, 5).build())
 * .layer(new FastDeconvolutionLayer.Builder(4, 4)…)
 * }</pre>
 *
 * <p>Shapes: {@code [batch, n]}, {@code [batch, n, time]} and {@code [batch, n, height, width]}, also NWC and NHWC,
 * with n = the number of levels given; the output has the same shape. Masked positions give 0. The layer has no
 * parameters.
 *
 * <p>Errors: no levels, one below 2, or more than 2³¹ − 1 codes; dropout; an input of another width.
 *
 * <p>When not to use it: with more than some ten features per position. Use {@link VectorQuantizationLayer} there.
 *
 * @see QuantizedModel
 * @see <a href="https://arxiv.org/abs/2309.15505">Mentzer et al. 2023, Finite scalar quantization</a>
 */
public final class FiniteScalarQuantizationLayer extends AbstractNoParamLayer {

    private static final String NAME = "FiniteScalarQuantizationLayer";

    private final int[] levels;

    @JsonProperty
    private int unitAxis;

    private FiniteScalarQuantizationLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoDropout(NAME, builder);
        this.levels = requireLevels(builder.levels);
        this.unitAxis = UnitAxis.FIRST.number();
        initializeConstraints(builder);
    }

    // for JSON
    FiniteScalarQuantizationLayer(@JsonProperty("levels") int[] levels, @JsonProperty("unitAxis") int unitAxis) {
        this.levels = requireLevels(levels);
        this.unitAxis = UnitAxis.of(unitAxis).number();
    }

    private static int[] requireLevels(int[] levels) {
        Require.that(
                levels != null && levels.length > 0, NAME, "levels must be set", "none", "8, 6, 5 gives 240 codes");
        double codes = 1;
        for (int each : levels) {
            Require.atLeast(2, NAME, "each level count", each, "5 and more per feature train best");
            codes *= each;
        }
        Require.that(
                codes <= Integer.MAX_VALUE,
                NAME,
                "there must be at most " + Integer.MAX_VALUE + " codes",
                Arrays.toString(levels),
                "use fewer features, or fewer levels");
        return levels.clone();
    }

    /**
     * Returns the number of levels of each feature.
     *
     * @return L, a new array
     */
    public int[] getLevels() {
        return levels.clone();
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new FiniteScalarQuantizationLayerImpl(conf, dataType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        long units = UnitAxis.units(LayerSubject.of(this), inputType);
        Require.that(
                units == levels.length,
                LayerSubject.of(this),
                "the input must have " + levels.length + " features per position, one for each of the levels "
                        + Arrays.toString(levels),
                units,
                "set nOut of the layer below to " + levels.length);
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
                .inference(0, 2 * elements) // z and b
                .training(0, elements) // the gradient
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("levels", Arrays.stream(levels).asLongStream().toArray())
                .with("unitAxis", unitAxis);
    }

    /** Builds a {@link FiniteScalarQuantizationLayer}. The levels are required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private int[] levels = {};

        /** Creates a builder without levels. */
        public Builder() {}

        /**
         * Sets the number of levels of each feature. The layer below must have as many features.
         *
         * @param levels each at least 2; 8, 6, 5 for 240 codes, 8, 5, 5, 5 for 1,000
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder levels(int... levels) {
            this.levels = Require.given(NAME, "levels", levels, "8, 6, 5 gives 240 codes")
                    .clone();
            return this;
        }

        @Override
        public FiniteScalarQuantizationLayer build() {
            return new FiniteScalarQuantizationLayer(this);
        }
    }
}
