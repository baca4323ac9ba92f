package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.Networks;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The reversal, and what it repairs: a bidirectional encoder that padding does not reach. */
class SequenceReversalVertexTest {

    private static final INDArray MASK = Nd4j.createFromArray(new float[][] {{1, 1, 1, 0}, {1, 1, 1, 1}, {0, 1, 1, 0}});

    private static Layer recurrent(RecurrentCell cell) {
        return cell == RecurrentCell.GRU
                ? new FastGruLayer.Builder().nOut(5).biasInit(0.5).build()
                : new FastLstmLayer.Builder().nOut(5).biasInit(0.5).build();
    }

    private static ComputationGraph graph(Layer encoder, boolean reversed, boolean mean) {
        var builder = new NeuralNetConfiguration.Builder()
                .seed(3)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.recurrent(2, 4));
        if (reversed) {
            builder.addVertex("reversed", new SequenceReversalVertex(), "in");
        }
        builder.addLayer("encoder", encoder, reversed ? "reversed" : "in");
        if (mean) {
            builder.addLayer("pooled", new GlobalPoolingLayer(PoolingType.AVG), "encoder");
        } else {
            builder.addVertex("pooled", new LastTimeStepVertex("in"), "encoder");
        }
        return Networks.initialized(
                builder.addLayer("out", new OutputLayer.Builder().nOut(2).build(), "pooled")
                        .setOutputs("out"));
    }

    private static INDArray run(ComputationGraph graph, String vertex, INDArray x, INDArray mask) {
        graph.setLayerMaskArrays(mask == null ? null : new INDArray[] {mask}, null);
        try {
            return graph.feedForward(x, false).get(vertex).dup('c');
        } finally {
            graph.clearLayerMaskArrays();
        }
    }

    private static INDArray sequences() {
        return Nd4j.arange(1, 25).reshape(3, 2, 4).castTo(DataType.FLOAT).divi(10);
    }

    @Test
    void unmaskedSteps_areReversed_andOthersZero() {
        ComputationGraph graph = graph(recurrent(RecurrentCell.GRU), true, false);

        assertThatArray(run(graph, "reversed", sequences(), MASK))
                .isCloseTo(
                        Nd4j.createFromArray(new float[][][] {
                            {{.3f, .2f, .1f, 0}, {.7f, .6f, .5f, 0}},
                            {{1.2f, 1.1f, 1, .9f}, {1.6f, 1.5f, 1.4f, 1.3f}},
                            {{0, 1.9f, 1.8f, 0}, {0, 2.3f, 2.2f, 0}}
                        }),
                        1e-6);
        assertThatArray(run(graph, "reversed", sequences(), null)
                        .get(NDArrayIndex.point(0), NDArrayIndex.point(1), NDArrayIndex.all())
                        .dup())
                .isCloseTo(Nd4j.createFromArray(.8f, .7f, .6f, .5f), 1e-6);
    }

    /** The last state and the mean of states, with longer padding and other values in it. */
    @ParameterizedTest
    @CsvSource({
        "GRU, false, false", "GRU, false, true", "GRU, true, false", "GRU, true, true",
        "LSTM, false, false", "LSTM, false, true", "LSTM, true, false", "LSTM, true, true"
    })
    void encoders_ignorePadding_toTheBit(RecurrentCell cell, boolean reversed, boolean mean) {
        ComputationGraph graph = graph(recurrent(cell), reversed, mean);
        INDArray x = sequences().get(NDArrayIndex.interval(0, 1)).dup();
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 0, 0}});
        INDArray other = x.dup();
        other.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(2, 4))
                .assign(-3);

        INDArray code = run(graph, "pooled", x, mask);

        assertThatArray(run(graph, "pooled", other, mask)).isEqualTo(code);
        assertThatArray(run(graph, "pooled", cutShort(x), null)).isEqualTo(code);
    }

    private static INDArray cutShort(INDArray x) {
        return x.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.interval(0, 2))
                .dup();
    }

    /** Why this vertex exists. */
    @Test
    void stockBidirectional_readsThePaddingFirst() {
        ComputationGraph graph = graph(new Bidirectional(recurrent(RecurrentCell.GRU)), false, true);
        INDArray x = sequences().get(NDArrayIndex.interval(0, 1)).dup();
        INDArray mask = Nd4j.createFromArray(new float[][] {{1, 1, 0, 0}});

        assertThat(run(graph, "pooled", x, mask)).isNotEqualTo(run(graph, "pooled", cutShort(x), null));
    }

    @Test
    void vertex_equalsItsCopy() {
        assertThat(new SequenceReversalVertex().clone())
                .isEqualTo(new SequenceReversalVertex())
                .hasSameHashCodeAs(new SequenceReversalVertex())
                .hasToString("SequenceReversalVertex()");
    }
}
