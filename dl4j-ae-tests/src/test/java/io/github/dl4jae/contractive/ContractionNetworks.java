package io.github.dl4jae.contractive;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.sequenceOutput;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks around an {@link EncoderContraction}. */
final class ContractionNetworks {
    static final double LAMBDA = 0.7;

    static final int INPUTS = 5;

    static EncoderContraction contraction() {
        return new EncoderContraction("c", LAMBDA);
    }

    static NeuralNetConfiguration.Builder base(WorkspaceMode workspaces, boolean miniBatch) {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .activation(Activation.TANH)
                .miniBatch(miniBatch)
                .convolutionMode(ConvolutionMode.Truncate)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces);
    }

    static DenseLayer dense(int outputs) {
        return new DenseLayer.Builder().nOut(outputs).build();
    }

    static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(2)
                .activation(Activation.TANH)
                .build();
    }

    static MultiLayerNetwork network(
            NeuralNetConfiguration.Builder base, InputType type, Layer output, List<Layer> layers) {
        NeuralNetConfiguration.ListBuilder list = base.list();
        list.layer(dense(4));
        layers.forEach(list::layer);
        return initialized(list.layer(output).setInputType(type));
    }

    static MultiLayerNetwork deep(NeuralNetConfiguration.Builder base, EncoderContraction contraction) {
        return network(base, InputType.feedForward(INPUTS), output(), contraction.around(dense(4), dense(3)));
    }

    static ComputationGraph graph(NeuralNetConfiguration.Builder base, EncoderContraction contraction) {
        return initialized(base.graphBuilder()
                .addInputs("in")
                .addLayer("below", dense(4), "in")
                .addVertex("open", contraction.opening(), "below")
                .addLayer("left", dense(3), "open")
                .addLayer("right", dense(2), "open")
                .addVertex("both", new MergeVertex(), "left", "right")
                .addLayer("code", dense(3), "both")
                .addLayer("close", contraction.closing(), "code")
                .addLayer("out", output(), "close")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(INPUTS)));
    }

    /** Returns a recurrent network of sequences {@code [N, 3, 4]} with a contraction around these layers. */
    static MultiLayerNetwork recurrent(NeuralNetConfiguration.Builder base, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base.list();
        contraction().around(layers).forEach(list::layer);
        return initialized(
                list.layer(sequenceOutput(new LossMSE(), 2, Activation.TANH)).setInputType(InputType.recurrent(3, 4)));
    }

    /** Begins a graph with an opening end on its input. */
    static ComputationGraphConfiguration.GraphBuilder opened() {
        return base(WorkspaceMode.ENABLED, true)
                .graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(INPUTS))
                .addVertex("open", contraction().opening(), "in");
    }

    /** Ends a graph with a closing end on this vertex; the graph is not initialized. */
    static ComputationGraph closed(ComputationGraphConfiguration.GraphBuilder opened, String vertex) {
        return new ComputationGraph(opened.addLayer("close", contraction().closing(), vertex)
                .addLayer("out", output(), "close")
                .setOutputs("out")
                .build());
    }

    static DataSet data(long... shape) {
        Nd4j.getRandom().setSeed(7);
        return new DataSet(
                Nd4j.randn(DataType.DOUBLE, shape),
                shape.length == 3
                        ? Nd4j.rand(DataType.DOUBLE, shape[0], 2, shape[2])
                        : Nd4j.rand(DataType.DOUBLE, shape[0], 2));
    }

    private ContractionNetworks() {}
}
