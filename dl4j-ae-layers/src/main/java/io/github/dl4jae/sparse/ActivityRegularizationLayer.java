package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.CountsRows;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer that adds a penalty on the activations of the layer below to the score of the network, and passes the
 * activations on unchanged.
 *
 * <pre>
 * a = x        score += P(x)        ∂score/∂x = ε + ∂P/∂x
 * </pre>
 *
 * <p>The layer has no parameters. It can follow any layer of a {@code MultiLayerNetwork} or a {@code ComputationGraph}:
 *
 * <pre>{@code
 * .layer(new DenseLayer.Builder().nIn(784).nOut(200).activation(Activation.SIGMOID).build())
 * .layer(new ActivityRegularizationLayer.Builder().penalty(new KLSparsityPenalty(0.05, 3)).build())
 * }</pre>
 *
 * <p>Shapes: in and out {@code [batch, n]}, {@code [batch, n, time]} or {@code [batch, channels, height, width]}, also
 * in the NWC and NHWC formats. Time steps and pixels are positions that share their units or channels. Masked positions
 * are left out. "Mean over examples" divides by the number of sequences or images, not of positions. The penalty is
 * part of every score, in training and at test time, without a factor.
 *
 * <p>The layer must know the number of examples in a mini-batch. A {@code MultiLayerNetwork} announces it. A {@code
 * ComputationGraph} needs input types, or the layer added with an {@link ExampleCountPreProcessor}. Otherwise the layer
 * refuses to train.
 *
 * <p>Errors: no penalty; activations that the penalty refuses; training with an unknown number of examples.
 *
 * <p>When not to use it: for an exact number of active units, use {@link TopKLayer}.
 *
 * @see ActivityPenalty
 */
public final class ActivityRegularizationLayer extends AbstractNoParamLayer implements CountsRows {

    private final ActivityPenalty penalty;

    @JsonProperty
    private int unitAxis;

    private ActivityRegularizationLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoDropout("ActivityRegularizationLayer", builder);
        this.penalty = requirePenalty(builder.penalty);
        this.unitAxis = UnitAxis.FIRST.number();
        initializeConstraints(builder);
    }

    // for JSON
    ActivityRegularizationLayer(
            @JsonProperty("penalty") ActivityPenalty penalty, @JsonProperty("unitAxis") int unitAxis) {
        this.penalty = requirePenalty(penalty);
        this.unitAxis = UnitAxis.of(unitAxis).number();
    }

    private static ActivityPenalty requirePenalty(ActivityPenalty penalty) {
        Require.that(
                penalty != null,
                "ActivityRegularizationLayer",
                "penalty must be set",
                "none",
                "call penalty(new L1Penalty(...)) or another penalty on the builder");
        return penalty;
    }

    /**
     * Returns the penalty that this layer adds to the score.
     *
     * @return the penalty
     */
    public ActivityPenalty getPenalty() {
        return penalty;
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new ActivityRegularizationLayerImpl(conf, dataType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        unitAxis = UnitAxis.of(inputType).number();
    }

    /** Turns rows that are time steps back into sequences, whose number is the number of examples. */
    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return new ExampleCountPreProcessor(
                inputType instanceof InputType.InputTypeFeedForward rows
                                && rows.getTimeDistributedFormat() instanceof RNNFormat format
                        ? new FeedForwardToRnnPreProcessor(format)
                        : null);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return getPreProcessorForInputType(inputType).getOutputType(inputType);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long elements = inputType.arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .inference(0, elements)
                .training(0, elements)
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none().with("penalty", penalty).with("unitAxis", unitAxis);
    }

    /** Builds an {@link ActivityRegularizationLayer}. The penalty is required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private ActivityPenalty penalty;

        /** Creates a builder without a penalty. */
        @SuppressWarnings("NullAway.Init") // build() requires it
        public Builder() {}

        /**
         * Sets the penalty.
         *
         * @param penalty the penalty that is added to the score
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder penalty(ActivityPenalty penalty) {
            this.penalty =
                    Require.given("ActivityRegularizationLayer", "penalty", penalty, "such as new L1Penalty(...)");
            return this;
        }

        @Override
        public ActivityRegularizationLayer build() {
            return new ActivityRegularizationLayer(this);
        }
    }
}
