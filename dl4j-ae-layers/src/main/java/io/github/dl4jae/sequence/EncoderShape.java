package io.github.dl4jae.sequence;

import io.github.dl4jae.recurrent.AttentionPoolingLayer;
import io.github.dl4jae.recurrent.FastGruLayer;
import io.github.dl4jae.recurrent.FastLstmLayer;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.recurrent.SequenceReversalVertex;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.LastTimeStepVertex;
import org.deeplearning4j.nn.conf.layers.GlobalPoolingLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.PoolingType;

/**
 * The recurrent encoder of a graph.
 *
 * @param cell of all layers
 * @param hidden the numbers of units, from the lowest layer to the highest
 * @param bidirectional whether each layer has a second direction with as many units
 * @param pooling from states to a vector
 * @param attention the number of units that score a state for pooling
 */
record EncoderShape(RecurrentCell cell, List<Integer> hidden, boolean bidirectional, Pooling pooling, int attention) {

    static final String POOLED = "pooled";
    static final String STATES = "states";

    /** Returns a recurrent layer. */
    static Layer recurrent(RecurrentCell cell, int units) {
        return cell == RecurrentCell.GRU
                ? new FastGruLayer.Builder().nOut(units).build()
                : new FastLstmLayer.Builder().nOut(units).build();
    }

    /** Returns the width of the highest states. */
    int width() {
        return hidden.get(hidden.size() - 1) * (bidirectional ? 2 : 1);
    }

    /**
     * Adds the recurrent layers and, for a pooled vector or a decoder with attention, the vertex of their states.
     *
     * @param graph to which vertices are added
     * @param below the vertex that is encoded
     * @param withStates whether the states of both directions are needed together
     */
    void add(GraphBuilder graph, String below, boolean withStates) {
        String source = below;
        for (int i = 0; i < hidden.size(); i++) {
            String name = "encoder" + i;
            graph.addLayer(name, recurrent(cell, hidden.get(i)), source);
            if (bidirectional) {
                graph.addVertex(name + "-reversed", new SequenceReversalVertex(), source)
                        .addLayer(name + "-backward", recurrent(cell, hidden.get(i)), name + "-reversed");
            }
            boolean last = i == hidden.size() - 1;
            source = name;
            if (bidirectional && (!last || withStates)) {
                source = last ? STATES : name + "-both";
                graph.addVertex(name + "-turned", new SequenceReversalVertex(), name + "-backward")
                        .addVertex(source, new MergeVertex(), name, name + "-turned");
            }
        }
    }

    /** Returns the name of the vertex of all states, added by {@link #add}. */
    String states() {
        return bidirectional ? STATES : "encoder" + (hidden.size() - 1);
    }

    /** Adds the vertex of the pooled states. */
    void addPooled(GraphBuilder graph, String input) {
        switch (pooling) {
            case MEAN -> graph.addLayer(POOLED, new GlobalPoolingLayer(PoolingType.AVG), states());
            case ATTENTION ->
                graph.addLayer(
                        POOLED,
                        new AttentionPoolingLayer.Builder().attention(attention).build(),
                        states());
            case LAST -> addLast(graph, input);
        }
    }

    private void addLast(GraphBuilder graph, String input) {
        String top = "encoder" + (hidden.size() - 1);
        if (bidirectional) {
            graph.addVertex("last", new LastTimeStepVertex(input), top)
                    .addVertex("last-backward", new LastTimeStepVertex(input), top + "-backward")
                    .addVertex(POOLED, new MergeVertex(), "last", "last-backward");
        } else {
            graph.addVertex(POOLED, new LastTimeStepVertex(input), top);
        }
    }
}
