package io.github.dl4jae.sequence;

import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.recurrent.AttentionDecoderVertex;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import io.github.dl4jae.recurrent.SequenceReversalVertex;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * The graph of a {@link SequenceToSequence}.
 *
 * @param sourceTokens the size of the source vocabulary
 * @param targetTokens the size of the target vocabulary
 * @param embedding the length of the vector of a token
 * @param encoder its layers
 * @param reversed whether the encoder reads the source from its end
 * @param attention whether the decoder has attention
 * @param conditioned whether the decoder reads the previous token
 * @param decoderHidden the units of its layers
 * @param updater of all parameters
 * @param base options of all layers
 */
record TranslationGraph(
        int sourceTokens,
        int targetTokens,
        int embedding,
        EncoderShape encoder,
        boolean reversed,
        boolean attention,
        boolean conditioned,
        List<Integer> decoderHidden,
        IUpdater updater,
        Consumer<NeuralNetConfiguration.Builder> base) {

    static final String SOURCE = "source";
    static final String PREVIOUS = SequenceCoder.PREVIOUS;
    static final String EMBEDDING = "target-embedding";

    /** With attention the states, without it the code. */
    static final String CODE = SequenceCoder.CODE;

    ComputationGraph create(NeuralNetConfiguration.Builder builder) {
        base.accept(builder.updater(updater));
        GraphBuilder graph = builder.graphBuilder();
        graph.addInputs(SOURCE, PREVIOUS)
                .setInputTypes(InputType.recurrent(sourceTokens), InputType.recurrent(targetTokens))
                .addLayer("source-embedding", embeddingLayer(), SOURCE);
        String source = "source-embedding";
        if (reversed) {
            source = "source-reversed";
            graph.addVertex(source, new SequenceReversalVertex(), "source-embedding");
        }
        encoder.add(graph, source, attention || encoder.pooling() != Pooling.LAST);
        if (conditioned) {
            graph.addLayer(EMBEDDING, embeddingLayer(), PREVIOUS);
        }
        if (attention) {
            addDecoderWithAttention(graph);
        } else {
            addDecoderOfCode(graph);
        }
        ComputationGraph created = new ComputationGraph(graph.build());
        created.init();
        return created;
    }

    /** A product with one-hot tokens, step by step. */
    private Layer embeddingLayer() {
        return new FastConvolution1DLayer.Builder(1)
                .nOut(embedding)
                .hasBias(false)
                .activation(Activation.IDENTITY)
                .build();
    }

    private void addDecoderWithAttention(GraphBuilder graph) {
        graph.addVertex(
                DecoderSteps.RECURRENT + 0,
                new AttentionDecoderVertex.Builder()
                        .cell(encoder.cell())
                        .inputs(embedding)
                        .encoderUnits(encoder.width())
                        .units(decoderHidden.get(0))
                        .attention(encoder.attention())
                        .updater(updater)
                        .build(),
                EMBEDDING,
                encoder.states());
        addLayers(graph, 1, DecoderSteps.RECURRENT + 0);
    }

    private void addDecoderOfCode(GraphBuilder graph) {
        encoder.addPooled(graph, SOURCE);
        graph.addLayer(
                        CODE,
                        new FastDenseLayer.Builder()
                                .nOut(decoderHidden.get(0))
                                .activation(Activation.TANH)
                                .build(),
                        EncoderShape.POOLED)
                .addVertex("repeated", new DuplicateToTimeSeriesVertex(PREVIOUS), CODE);
        if (conditioned) {
            graph.addVertex("decoder-input", new MergeVertex(), EMBEDDING, "repeated");
        }
        graph.allowDisconnected(!conditioned); // previous tokens then tell the number of steps alone
        addLayers(graph, 0, conditioned ? "decoder-input" : "repeated");
    }

    private void addLayers(GraphBuilder graph, int first, String below) {
        String source = below;
        for (int i = first; i < decoderHidden.size(); i++) {
            String name = DecoderSteps.RECURRENT + i;
            graph.addLayer(name, EncoderShape.recurrent(encoder.cell(), decoderHidden.get(i)), source);
            source = name;
        }
        graph.addLayer(
                        DecoderSteps.OUTPUT,
                        new FastRnnOutputLayer.Builder(new LossCategorical(targetTokens))
                                .nOut(targetTokens)
                                .activation(Activation.IDENTITY)
                                .build(),
                        source)
                .setOutputs(DecoderSteps.OUTPUT);
    }
}
