package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.Require;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Repeats a code at every step, as the input of a recurrent decoder: the stock {@code RepeatVector}, in the order in
 * which fast recurrent layers read.
 *
 * <pre>
 * y_t = x for t = 1 … T          ∂x = Σ_t ∂y_t
 * </pre>
 *
 * <p>Shapes: in {@code [batch, n]}, out {@code [batch, n, T]}; with {@code RNNFormat.NWC} {@code [batch, T, n]}. It has
 * no parameters. A {@link FastLstmLayer} or {@code FastGruLayer} that follows multiplies the repeated code once instead
 * of T times.
 *
 * <p>The stock layer's gradient ignores dropout; this one's does not.
 *
 * <pre>{@code
 * .layer(new LastTimeStep(new FastLstmLayer.Builder().nOut(64).build()))
 * .layer(new FastRepeatVectorLayer.Builder(50).build())
 * .layer(new FastLstmLayer.Builder().nOut(64).build())
 * }</pre>
 *
 * <p>Errors: a number of repetitions below 1, an input that is not a matrix.
 */
public final class FastRepeatVectorLayer extends RepeatVector {

    private FastRepeatVectorLayer(Builder builder) {
        super(builder);
        Require.atLeast(1, "FastRepeatVectorLayer", "repetitionFactor", getN(), "it is the decoder's number of steps");
    }

    // for JSON
    FastRepeatVectorLayer() {}

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        return LayerAssembly.assemble(
                new FastRepeatVectorLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType).report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastRepeatVectorLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastRepeatVectorLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastRepeatVectorLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastRepeatVectorLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends RepeatVector.Builder<Builder> {

        /**
         * Creates a builder.
         *
         * @param repetitionFactor the number of steps, T
         */
        public Builder(int repetitionFactor) {
            super(repetitionFactor);
        }

        @Override
        public FastRepeatVectorLayer build() {
            return new FastRepeatVectorLayer(this);
        }
    }
}
