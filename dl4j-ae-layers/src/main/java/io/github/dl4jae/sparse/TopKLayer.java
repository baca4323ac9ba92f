package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.schedule.ScheduleValues;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A top-k layer with a k that can change during training: it keeps the k largest activations of each example and zeroes
 * the rest.
 *
 * <pre>
 * a_i = x_i if i ∈ top_k(t)(x), else 0        ∂a_i/∂x_i = 1 if kept, else 0
 * k(t) = round(schedule(iteration, epoch)); min(round(α·k(t)), n) at test time
 * </pre>
 *
 * <p>The layer has no parameters and can follow any layer with real-valued output. Annealing k from a large value to
 * its target keeps units alive. With a small k from the start, some units are never chosen and never learn.
 *
 * <pre>{@code
 * .layer(new DenseLayer.Builder().nIn(784).nOut(1000).activation(Activation.IDENTITY).build())
 * .layer(new TopKLayer.Builder().k(new LinearSchedule(ScheduleType.EPOCH, 100, 25, 5)).build())
 * }</pre>
 *
 * <p>Shapes: in and out {@code [batch, n]}, {@code [batch, n, time]} or {@code [batch, channels, height, width]}, also
 * in the NWC and NHWC formats. Each time step and each pixel keeps its own k of the n units. With another {@link
 * SparsityAxis} each unit keeps k of its positions, or each example k of all its values. Exactly k survive: among equal
 * values the lowest index wins.
 *
 * <p>With an axis other than UNITS, masked positions are set to 0 and do not take part. A unit or example with fewer
 * than k values keeps all.
 *
 * <p>The width n comes from the network's input type or from {@link Builder#nIn}. The layer checks k against it when
 * the network is initialized: the first value, and all values of a schedule that {@link ScheduleValues} can enumerate.
 * Other schedules are checked in every pass. With another axis the number of positions comes from the input type, and k
 * is checked where it is known.
 *
 * <p>The configuration stores the iteration and epoch that training has reached. Networks that are frozen, cloned,
 * converted or saved therefore keep the k that was reached, and training continues from there.
 *
 * <p>Errors: no k; α below 1 or not finite; a width that is unknown or differs from the input's; k outside of [1, n];
 * axis POSITIONS for {@code [batch, n]}.
 *
 * <p>When not to use it: for a constant k. The activation {@link ActivationTopK} saves a layer.
 *
 * @see <a href="https://arxiv.org/abs/1312.5663">Makhzani and Frey 2013, k-Sparse Autoencoders</a>
 */
public final class TopKLayer extends AbstractNoParamLayer {

    private final ScheduledK k;
    private final SparsityAxis axis;
    private long nIn;

    /** The time steps or pixels of the input; 0 if they are unknown or do not matter. */
    @JsonProperty
    private long positions;

    @JsonProperty
    private int unitAxis;

    /** The state of training. It is no option, so equality ignores it. */
    @JsonProperty
    private int reachedIteration;

    @JsonProperty
    private int reachedEpoch;

    private TopKLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoDropout("TopKLayer", builder);
        this.k = new ScheduledK(builder.k, builder.alpha);
        this.axis = builder.axis;
        this.nIn = builder.nIn;
        this.unitAxis = UnitAxis.FIRST.number();
        initializeConstraints(builder);
    }

    // for JSON
    TopKLayer(
            @JsonProperty("k") ISchedule k,
            @JsonProperty("alpha") double alpha,
            @JsonProperty("axis") @Nullable SparsityAxis axis,
            @JsonProperty("nIn") long nIn,
            @JsonProperty("positions") long positions,
            @JsonProperty("unitAxis") int unitAxis,
            @JsonProperty("reachedIteration") int reachedIteration,
            @JsonProperty("reachedEpoch") int reachedEpoch) {
        this.k = new ScheduledK(k, alpha);
        this.axis = axis == null ? SparsityAxis.UNITS : axis; // files of version 0.1.0 have none
        this.nIn = nIn;
        this.positions = positions;
        this.unitAxis = UnitAxis.of(unitAxis).number();
        this.reachedIteration = reachedIteration;
        this.reachedEpoch = reachedEpoch;
    }

    /**
     * Returns the schedule of k.
     *
     * @return the schedule, a fixed one for a constant k
     */
    public ISchedule getK() {
        return k.schedule();
    }

    /**
     * Returns the factor on k at test time.
     *
     * @return α
     */
    public double getAlpha() {
        return k.alpha();
    }

    /**
     * Returns the values among which the layer chooses.
     *
     * @return the axis
     */
    public SparsityAxis getAxis() {
        return axis;
    }

    /**
     * Returns the number of units of the layer below.
     *
     * @return n, or 0 if it is unknown so far
     */
    @JsonProperty("nIn")
    public long getNIn() {
        return nIn;
    }

    int unitsKept(TrainingTime time, boolean training) {
        return k.at(time, training, LayerSubject.of(this), choices());
    }

    private ScheduledK.Choices choices() {
        long n =
                switch (axis) {
                    case UNITS -> nIn;
                    case POSITIONS -> positions;
                    case EXAMPLE -> nIn * positions;
                };
        return new ScheduledK.Choices(n, axis.noun());
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    TrainingTime reached() {
        return new TrainingTime(reachedIteration, reachedEpoch);
    }

    void reach(TrainingTime time) {
        reachedIteration = time.iteration();
        reachedEpoch = time.epoch();
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        Require.that(
                nIn >= 1 || axis != SparsityAxis.UNITS,
                LayerSubject.of(this),
                "the number of units to choose from must be known",
                nIn,
                "call nIn(units of the layer below) on its builder, or setInputType(...) on the network"
                        + " (setInputTypes(...) on a graph)");
        k.requireFits(reached(), LayerSubject.of(this), choices());
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new TopKLayerImpl(conf, dataType);
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        long units = UnitAxis.units(LayerSubject.of(this), inputType);
        Require.that(
                nIn <= 0 || override || nIn == units,
                LayerSubject.of(this),
                "nIn must be " + units + ", the units of its input",
                nIn,
                "leave nIn out, it comes from the input type");
        Require.that(
                axis != SparsityAxis.POSITIONS || !(inputType instanceof InputType.InputTypeFeedForward),
                LayerSubject.of(this),
                "the input must be sequences or images with axis POSITIONS",
                inputType,
                "choose another axis, or put the layer before the one that flattens its input");
        nIn = units;
        positions = axis == SparsityAxis.UNITS ? 0 : UnitRows.positions(inputType);
        unitAxis = UnitAxis.of(inputType).number();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return axis == SparsityAxis.UNITS ? null : UnitRows.wholeSequences(inputType);
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
                .with("k", k.schedule())
                .with("alpha", k.alpha())
                .with("axis", axis)
                .with("nIn", nIn)
                .with("positions", positions)
                .with("unitAxis", unitAxis);
    }

    /** Builds a {@link TopKLayer}. Only k is required. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends org.deeplearning4j.nn.conf.layers.Layer.Builder<Builder> {
        private ISchedule k;
        private double alpha = 1;
        private SparsityAxis axis = SparsityAxis.UNITS;
        private long nIn;

        /** Creates a builder with α = 1. */
        @SuppressWarnings("NullAway.Init") // build() requires it
        public Builder() {}

        /**
         * Keeps a constant number of units.
         *
         * @param k the number of units kept, at least 1
         * @return this
         */
        public Builder k(int k) {
            return k(new FixedSchedule(k));
        }

        /**
         * Keeps round(schedule) units, by iteration or epoch.
         *
         * @param k the schedule; every value must round into [1, n]
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder k(ISchedule k) {
            this.k = Require.given("TopKLayer", "k", k, "use k(int) for a constant");
            return this;
        }

        /**
         * Keeps round(α·k) units at test time, at most n. Default: 1.
         *
         * @param alpha α, at least 1
         * @return this
         */
        public Builder alpha(double alpha) {
            this.alpha = alpha;
            return this;
        }

        /**
         * Sets the values among which the layer chooses. Default: UNITS.
         *
         * @param axis the axis
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder axis(SparsityAxis axis) {
            this.axis = Require.given("TopKLayer", "axis", axis, "UNITS is the default");
            return this;
        }

        /**
         * Sets the number of units of the layer below, for networks without an input type. Default: the units of the
         * input type.
         *
         * @param nIn n, the width of the layer below
         * @return this
         */
        public Builder nIn(long nIn) {
            this.nIn = nIn;
            return this;
        }

        @Override
        public TopKLayer build() {
            return new TopKLayer(this);
        }
    }
}
