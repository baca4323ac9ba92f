package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.updater.FastAdam;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A recurrent decoder that looks at the states of an encoder at every step: the attention of Bahdanau, Cho and Bengio.
 *
 * <pre>
 * s_0  = tanh(I·h̄ + b_0)                          h̄ = mean of the unmasked states h_j of the encoder
 * e_ij = v·tanh(Q·s_{i−1} + K·h_j + b_k)          α_i = softmax(e_i) over unmasked j          c_i = Σ_j α_ij·h_j
 * s_i  = cell([x_i, c_i], s_{i−1})                y_i = [s_i, c_i]
 * </pre>
 *
 * <p>The scores depend on the state before the step, so the context enters the cell itself. The gradient is exact,
 * through all steps. The cell is that of {@link FastGruLayer} or {@link FastLstmLayer}, with tanh and sigmoid gates.
 *
 * <p>Shapes: first input {@code [batch, n, steps]}, the decoder's; second input {@code [batch, m, time]}, the states of
 * the encoder; out {@code [batch, units + m, steps]}. A mask of the second input excludes states, whose values then
 * have no effect. The mask of the first goes on to the layers above.
 *
 * <pre>{@code
 * .addVertex("decoder",
 *         new AttentionDecoderVertex.Builder().inputs(32).encoderUnits(128).units(128).build(), "previous", "encoder")
 * }</pre>
 *
 * <p>Cost: besides the products, {@code batch · steps · time · attention} evaluations of tanh; training keeps as many
 * float64 values.
 *
 * <p>When not to use it: where one code of fixed size is wanted, as in an autoencoder. A graph's global updater does
 * not reach vertices, so set it here; L1, L2, dropout and gradient clipping are not available.
 *
 * <p>Errors: a size below 1, inputs of other shapes.
 *
 * @see <a href="https://arxiv.org/abs/1409.0473">Bahdanau, Cho and Bengio 2015, Neural machine translation by jointly
 *     learning to align and translate</a>
 */
public final class AttentionDecoderVertex extends GraphVertex {

    private final RecurrentCell cell;
    private final int inputs;
    private final int encoderUnits;
    private final int units;
    private final int attention;
    private final IUpdater updater;

    // also for JSON
    AttentionDecoderVertex(
            @JsonProperty("cell") RecurrentCell cell,
            @JsonProperty("inputs") int inputs,
            @JsonProperty("encoderUnits") int encoderUnits,
            @JsonProperty("units") int units,
            @JsonProperty("attention") int attention,
            @JsonProperty("updater") IUpdater updater) {
        this.cell = Require.given(Builder.SUBJECT, "cell", cell, "GRU is usual");
        this.inputs = Require.atLeast(1, Builder.SUBJECT, "inputs", inputs, "set the decoder's features per step");
        this.encoderUnits =
                Require.atLeast(1, Builder.SUBJECT, "encoderUnits", encoderUnits, "set the width of the encoder");
        this.units = Require.atLeast(1, Builder.SUBJECT, "units", units, "set the width of the decoder");
        this.attention = Require.atLeast(1, Builder.SUBJECT, "attention", attention, "64 is usual");
        this.updater = Require.given(Builder.SUBJECT, "updater", updater, "set that of the graph");
    }

    /**
     * Returns the cell.
     *
     * @return LSTM or GRU
     */
    public RecurrentCell getCell() {
        return cell;
    }

    /**
     * Returns the number of features that the decoder reads at each step.
     *
     * @return n
     */
    public int getInputs() {
        return inputs;
    }

    /**
     * Returns the width of the encoder's states.
     *
     * @return m
     */
    public int getEncoderUnits() {
        return encoderUnits;
    }

    /**
     * Returns the number of units of the cell.
     *
     * @return the length of s
     */
    public int getUnits() {
        return units;
    }

    /**
     * Returns the number of units that score a state.
     *
     * @return the length of v
     */
    public int getAttention() {
        return attention;
    }

    /**
     * Returns the updater of all parameters.
     *
     * @return the updater
     */
    public IUpdater getUpdater() {
        return updater;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return new AttentionDecoderVertexImpl(graph, name, index, dataType, this, parametersView, initializeParameters);
    }

    @Override
    public GraphVertex clone() {
        return new AttentionDecoderVertex(cell, inputs, encoderUnits, units, attention, updater.clone());
    }

    @Override
    public long numParams(boolean backprop) {
        return AttentionDecoderParameters.shapes(this).values().stream()
                .mapToLong(shape -> shape[0] * shape[1])
                .sum();
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... vertexInputs) {
        requireSize("the decoder's inputs", inputs, vertexInputs[0]);
        requireSize("the states of the encoder", encoderUnits, vertexInputs[1]);
        long steps = ((InputType.InputTypeRecurrent) vertexInputs[0]).getTimeSeriesLength();
        return InputType.recurrent((long) units + encoderUnits, steps);
    }

    private static void requireSize(String what, int size, InputType found) {
        if (!(found instanceof InputType.InputTypeRecurrent sequence) || sequence.getSize() != size) {
            throw new DL4JInvalidConfigException(Builder.SUBJECT + ": " + what + " must be sequences with " + size
                    + " features, got " + found + "; change the size on the builder");
        }
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputTypes) {
        InputType output = getOutputType(-1, inputTypes);
        long states = inputTypes[1].arrayElementsPerExample() / encoderUnits;
        long steps = output.arrayElementsPerExample() / (units + encoderUnits);
        long tanh = 2 * states * attention; // float64
        return new LayerMemoryReport.Builder(null, AttentionDecoderVertex.class, inputTypes[0], output)
                .standardMemory(numParams(true), updater.stateSize(numParams(true)))
                .workingMemory(0, tanh, 0, steps * (tanh + 10L * units + inputs + encoderUnits))
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof AttentionDecoderVertex that
                && cell == that.cell
                && inputs == that.inputs
                && encoderUnits == that.encoderUnits
                && units == that.units
                && attention == that.attention
                && updater.equals(that.updater);
    }

    @Override
    public int hashCode() {
        return Objects.hash(cell, inputs, encoderUnits, units, attention, updater);
    }

    @Override
    public String toString() {
        return Builder.SUBJECT + "(cell=" + cell + ", inputs=" + inputs + ", encoderUnits=" + encoderUnits + ", units="
                + units + ", attention=" + attention + ", updater=" + updater + ")";
    }

    /** Builds an {@link AttentionDecoderVertex}. */
    public static final class Builder {
        private static final String SUBJECT = "AttentionDecoderVertex";

        private RecurrentCell cell = RecurrentCell.GRU;
        private int inputs;
        private int encoderUnits;
        private int units;
        private int attention = 64;
        private IUpdater updater = new FastAdam(1e-3);

        /** Creates a builder. */
        public Builder() {}

        /**
         * Sets the cell. Default: GRU.
         *
         * @param kind LSTM or GRU
         * @return this
         */
        public Builder cell(RecurrentCell kind) {
            this.cell = kind;
            return this;
        }

        /**
         * Sets the number of features that the decoder reads at each step. Required.
         *
         * @param features at least 1
         * @return this
         */
        public Builder inputs(int features) {
            this.inputs = features;
            return this;
        }

        /**
         * Sets the width of the encoder's states. Required.
         *
         * @param width at least 1
         * @return this
         */
        public Builder encoderUnits(int width) {
            this.encoderUnits = width;
            return this;
        }

        /**
         * Sets the number of units of the cell. Required.
         *
         * @param width at least 1
         * @return this
         */
        public Builder units(int width) {
            this.units = width;
            return this;
        }

        /**
         * Sets the number of units that score a state. Default: 64.
         *
         * @param width at least 1
         * @return this
         */
        public Builder attention(int width) {
            this.attention = width;
            return this;
        }

        /**
         * Sets the updater of the vertex's parameters. Default: FastAdam with a learning rate of 0.001.
         *
         * @param rule usually that of the graph
         * @return this
         */
        public Builder updater(IUpdater rule) {
            this.updater = rule;
            return this;
        }

        /**
         * Builds the vertex.
         *
         * @return a new configuration
         * @throws IllegalArgumentException if a size is missing or below 1
         */
        public AttentionDecoderVertex build() {
            return new AttentionDecoderVertex(cell, inputs, encoderUnits, units, attention, updater);
        }
    }
}
