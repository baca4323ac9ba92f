package io.github.dl4jae.sequence;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.rnn.DuplicateToTimeSeriesVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The graph of a sequence autoencoder.
 *
 * @param features of a step
 * @param encoder its layers
 * @param code the size of the code
 * @param beta the weight of the KL divergence; null for a deterministic code
 * @param conditioned whether the decoder reads the previous step
 * @param decoderCell the cell of the decoder's layers
 * @param decoderHidden their units
 * @param likelihood of a step
 * @param base options of all layers
 */
record AutoencoderGraph(
        int features,
        EncoderShape encoder,
        int code,
        @Nullable ISchedule beta,
        boolean conditioned,
        RecurrentCell decoderCell,
        List<Integer> decoderHidden,
        StepLikelihood likelihood,
        Consumer<NeuralNetConfiguration.Builder> base) {

    ComputationGraph create(NeuralNetConfiguration.Builder builder) {
        base.accept(builder);
        GraphBuilder graph = builder.graphBuilder();
        InputType type = InputType.recurrent(features);
        if (conditioned) {
            graph.addInputs(SequenceCoder.SEQUENCE, SequenceCoder.PREVIOUS).setInputTypes(type, type);
        } else {
            graph.addInputs(SequenceCoder.SEQUENCE).setInputTypes(type);
        }
        encoder.add(graph, SequenceCoder.SEQUENCE, encoder.pooling() != Pooling.LAST);
        encoder.addPooled(graph, SequenceCoder.SEQUENCE);
        graph.addLayer(SequenceCoder.CODE, codeLayer(), EncoderShape.POOLED)
                .addVertex("repeated", new DuplicateToTimeSeriesVertex(SequenceCoder.SEQUENCE), SequenceCoder.CODE);
        String source = "repeated";
        if (conditioned) {
            source = "decoder-input";
            graph.addVertex(source, new MergeVertex(), SequenceCoder.PREVIOUS, "repeated");
        }
        for (int i = 0; i < decoderHidden.size(); i++) {
            String name = DecoderSteps.RECURRENT + i;
            graph.addLayer(name, EncoderShape.recurrent(decoderCell, decoderHidden.get(i)), source);
            source = name;
        }
        graph.addLayer(DecoderSteps.OUTPUT, likelihood.layer(features), source).setOutputs(DecoderSteps.OUTPUT);
        ComputationGraph created = new ComputationGraph(graph.build());
        created.init();
        return created;
    }

    private Layer codeLayer() {
        return beta == null
                ? new FastDenseLayer.Builder()
                        .nOut(code)
                        .activation(Activation.IDENTITY)
                        .build()
                : new GaussianLatentLayer.Builder().nOut(code).beta(beta).build();
    }
}
