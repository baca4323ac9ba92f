package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A layer in which activations compete within a feature map and within the mini-batch, and only the winners are passed
 * on. It gives a winner-take-all autoencoder.
 *
 * <pre>
 * spatial sparsity     p_bj = argmax_p x_bjp                  the largest position of unit j in example b
 * lifetime sparsity    S_j  = the max(1, round(ρB)) examples with the largest winners x_bj,p_bj
 * training             a_bjp = x_bjp if p = p_bj and b ∈ S_j, else 0      ∂a/∂x = 1 for winners, else 0
 * test time            a = x
 * </pre>
 *
 * <p>Each unit has winners in every mini-batch and learns from them, so that units do not die. With top-k sparsity,
 * which compares the units of an example, they can.
 *
 * <pre>{@code
 * .layer(new FastDenseLayer.Builder().nIn(784).nOut(2000).activation(Activation.RELU).build())
 * .layer(new WinnerTakeAllLayer.Builder().lifetimeSparsity(0.05).build())
 * }</pre>
 *
 * <p>Shapes: in and out {@code [batch, n]}, {@code [batch, n, time]} or {@code [batch, channels, height, width]}, also
 * in the NWC and NHWC formats. In {@code [batch, n]} there is one position, and only lifetime sparsity acts: the fully
 * connected autoencoder of the paper. Masked positions are set to 0 and do not take part. B counts the examples that
 * have an unmasked position.
 *
 * <p>At test time the layer passes everything on, as in the paper: codes of a classifier are better without
 * competition, and do not depend on other examples. The paper pools the maps of a ReLU for classification. A decoder
 * has seen only winners in training, so reconstruct with {@link Builder#spatialSparsityAtTestTime}, or measure the
 * reconstruction by the training score.
 *
 * <p>Differences from the paper:
 * <ul>
 *   <li>The paper keeps k percent of a mini-batch. The layer rounds ρB to the nearest integer, and keeps at least one.
 *   <li>Among equal values the first example, and in it the first position, wins. There is exactly one winner, also in
 *       a map that a ReLU has set to 0.
 *   <li>Sequences, masks, lifetime sparsity without spatial sparsity, and spatial sparsity at test time are extensions.
 *       Without spatial sparsity, all positions of all examples compete for a unit's ρ·batch·positions places.
 * </ul>
 *
 * <p>Gradient: the set of winners is constant for it. A ReLU below can still switch a unit off: if all its values in a
 * mini-batch are 0, so are its winners. After a linear layer no unit dies.
 *
 * <p>Errors: ρ outside of (0, 1]; no kind of sparsity; {@code [batch, n]} without lifetime sparsity; dropout.
 *
 * <p>When not to use it: with small mini-batches, in which ρB is below 1 and one winner per unit is more than ρ. For an
 * exact number of active units per example use {@link TopKLayer}.
 *
 * @see <a href="https://arxiv.org/abs/1409.2752">Makhzani and Frey 2015, Winner-Take-All Autoencoders</a>
 */
public final class WinnerTakeAllLayer extends AbstractNoParamLayer {

    private final double lifetimeSparsity;
    private final boolean spatialSparsity;
    private final boolean spatialSparsityAtTestTime;

    @JsonProperty
    private int unitAxis;

    private WinnerTakeAllLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoDropout("WinnerTakeAllLayer", builder);
        this.lifetimeSparsity = builder.lifetimeSparsity;
        this.spatialSparsity = builder.spatialSparsity;
        this.spatialSparsityAtTestTime = builder.spatialSparsityAtTestTime;
        this.unitAxis = UnitAxis.FIRST.number();
        requireOptions();
        initializeConstraints(builder);
    }

    // for JSON
    WinnerTakeAllLayer(
            @JsonProperty("lifetimeSparsity") double lifetimeSparsity,
            @JsonProperty("spatialSparsity") boolean spatialSparsity,
            @JsonProperty("spatialSparsityAtTestTime") boolean spatialSparsityAtTestTime,
            @JsonProperty("unitAxis") int unitAxis) {
        this.lifetimeSparsity = lifetimeSparsity;
        this.spatialSparsity = spatialSparsity;
        this.spatialSparsityAtTestTime = spatialSparsityAtTestTime;
        this.unitAxis = UnitAxis.of(unitAxis).number();
        requireOptions();
    }

    private void requireOptions() {
        Require.that(
                lifetimeSparsity > 0 && lifetimeSparsity <= 1,
                "WinnerTakeAllLayer",
                "lifetimeSparsity must be in (0, 1]",
                lifetimeSparsity,
                "0.05 keeps 5 % of the mini-batch for each unit, 1 keeps all");
        Require.that(
                spatialSparsity || lifetimeSparsity < 1,
                "WinnerTakeAllLayer",
                "lifetimeSparsity must be set without spatial sparsity",
                lifetimeSparsity,
                "otherwise all activations win");
        Require.that(
                spatialSparsity || !spatialSparsityAtTestTime,
                "WinnerTakeAllLayer",
                "spatialSparsityAtTestTime requires spatial sparsity",
                "spatialSparsity(false)",
                "leave one of them out");
    }

    /**
     * Returns the fraction of a mini-batch for which a unit stays active in training.
     *
     * @return ρ, 1 if there is no lifetime sparsity
     */
    public double getLifetimeSparsity() {
        return lifetimeSparsity;
    }

    /**
     * Returns whether only the largest position of a feature map can win.
     *
     * @return true if time steps or pixels compete
     */
    public boolean isSpatialSparsity() {
        return spatialSparsity;
    }

    /**
     * Returns whether only the largest position of a feature map is kept at test time.
     *
     * @return false if all activations are
     */
    public boolean isSpatialSparsityAtTestTime() {
        return spatialSparsityAtTestTime;
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new WinnerTakeAllLayerImpl(conf, dataType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        UnitAxis.units(LayerSubject.of(this), inputType); // refuses other ranks
        Require.that(
                lifetimeSparsity < 1 || !(inputType instanceof InputType.InputTypeFeedForward),
                LayerSubject.of(this),
                "lifetimeSparsity must be set for features, which have one position",
                lifetimeSparsity,
                "0.05 is usual");
        unitAxis = UnitAxis.of(inputType).number();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    /** Turns rows that are time steps back into sequences, whose steps compete. */
    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return UnitRows.wholeSequences(inputType);
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
        return Settings.none()
                .with("lifetimeSparsity", lifetimeSparsity)
                .with("spatialSparsity", spatialSparsity)
                .with("spatialSparsityAtTestTime", spatialSparsityAtTestTime)
                .with("unitAxis", unitAxis);
    }

    /** Builds a {@link WinnerTakeAllLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private double lifetimeSparsity = 1;
        private boolean spatialSparsity = true;
        private boolean spatialSparsityAtTestTime;

        /** Creates a builder with spatial sparsity in training. */
        public Builder() {}

        /**
         * Sets the fraction of a mini-batch for which each unit stays active in training. Default: 1.
         *
         * @param fraction ρ, in (0, 1]; the paper takes 0.05 for fully connected layers
         * @return this
         */
        public Builder lifetimeSparsity(double fraction) {
            this.lifetimeSparsity = fraction;
            return this;
        }

        /**
         * Sets whether only the largest position of a feature map can win. Default: true.
         *
         * @param spatialSparsity whether time steps or pixels compete
         * @return this
         */
        public Builder spatialSparsity(boolean spatialSparsity) {
            this.spatialSparsity = spatialSparsity;
            return this;
        }

        /**
         * Sets whether only the largest position of a feature map is kept at test time, which gives reconstructions
         * like those of training. Default: false, as in the paper.
         *
         * @param spatialSparsityAtTestTime whether time steps or pixels compete at test time
         * @return this
         */
        public Builder spatialSparsityAtTestTime(boolean spatialSparsityAtTestTime) {
            this.spatialSparsityAtTestTime = spatialSparsityAtTestTime;
            return this;
        }

        @Override
        public WinnerTakeAllLayer build() {
            return new WinnerTakeAllLayer(this);
        }
    }
}
