package io.github.dl4jae.testing;

import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.recurrent.SimpleRnn;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks with the layer under test between a stock layer and a stock output layer, and data for them. */
final class Sandwich {

    private static final int OUTPUTS = 3;
    private static final int STEPS = 3;
    private static final int SEED = 12345;

    private final Layer layer;
    private final InputType input;
    private final Activation before;
    private final boolean straightThrough;

    Sandwich(Layer layer, InputType input, Activation before, boolean straightThrough) {
        this.layer = layer;
        this.input = input;
        this.before = before;
        this.straightThrough = straightThrough;
    }

    /** Returns the surrogates among the layers of a network, if the contract declares them. */
    Surrogates surrogates(org.deeplearning4j.nn.api.Layer... layers) {
        return Surrogates.of(straightThrough, layers);
    }

    int examples() {
        return RandomData.EXAMPLES;
    }

    boolean subjectIsOutput() {
        return layer instanceof BaseOutputLayer
                || layer instanceof LossLayer
                || layer instanceof RnnLossLayer
                || layer instanceof CnnLossLayer;
    }

    /** Images have no time steps to mask. */
    boolean takesSequences() {
        return input.getType() == InputType.Type.RNN || (input.getType() == InputType.Type.FF && !subjectIsOutput());
    }

    InputType input() {
        return input;
    }

    /** The NWC format; Deeplearning4j's default is NCW. */
    boolean timeOnAxis1() {
        return input instanceof InputType.InputTypeRecurrent sequence && sequence.getFormat() == RNNFormat.NWC;
    }

    Layer conf() {
        return layer;
    }

    MultiLayerNetwork network() {
        return network(WorkspaceMode.ENABLED, true);
    }

    MultiLayerNetwork network(WorkspaceMode workspaces, boolean miniBatch) {
        return network(input, workspaces, miniBatch, new NoOp());
    }

    MultiLayerNetwork network(IUpdater updater) {
        return network(input, WorkspaceMode.ENABLED, true, updater);
    }

    /** Returns the network with another layer in place of the subject. */
    MultiLayerNetwork networkWith(Layer inItsPlace) {
        return network(input, List.of(bottom(input), inItsPlace), WorkspaceMode.ENABLED, true, new NoOp());
    }

    /** Returns a network that starts with the subject, which reads the features themselves. */
    MultiLayerNetwork networkFromTheBottom() {
        return network(input, List.of(layer.clone()), WorkspaceMode.ENABLED, true, new NoOp());
    }

    DataSet dataForTheBottom() {
        return RandomData.of(networkFromTheBottom(), input);
    }

    /**
     * Returns a graph that stacks two inputs before the subject and splits them again after it.
     *
     * <pre>
     * a, b → stacked → before → subject → first, second → both → top
     * </pre>
     */
    ComputationGraph stackedGraph() {
        return graph(graphBuilder("a", "b")
                .setInputTypes(input, input)
                .addVertex("stacked", new StackVertex(), "a", "b")
                .addLayer("before", bottom(input), "stacked")
                .addLayer("subject", layer.clone(), "before")
                .addVertex("first", new UnstackVertex(0, 2), "subject")
                .addVertex("second", new UnstackVertex(1, 2), "subject")
                .addVertex("both", new ElementWiseVertex(ElementWiseVertex.Op.Subtract), "first", "second")
                .addLayer("top", top(input, List.of(bottom(input), layer)), "both")
                .setOutputs("top"));
    }

    /**
     * Returns a graph declared from its output to its input. A second output reads the subject's input, and is
     * declared before or after the subject.
     */
    ComputationGraph graphInReverse(boolean otherFirst) {
        ComputationGraphConfiguration.GraphBuilder builder = graphBuilder("in").setInputTypes(input);
        if (otherFirst) {
            builder.addLayer("other", top(input, List.of(bottom(input))), "before");
        }
        builder.addLayer("top", top(input, List.of(bottom(input), layer)), "subject")
                .addLayer("subject", layer.clone(), "before");
        if (!otherFirst) {
            builder.addLayer("other", top(input, List.of(bottom(input))), "before");
        }
        return graph(builder.addLayer("before", bottom(input), "in").setOutputs("top", "other"));
    }

    private static ComputationGraphConfiguration.GraphBuilder graphBuilder(String... inputs) {
        return new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .convolutionMode(ConvolutionMode.Truncate)
                .graphBuilder()
                .addInputs(inputs);
    }

    private static ComputationGraph graph(ComputationGraphConfiguration.GraphBuilder builder) {
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    /**
     * Returns a network over sequences with the subject between stock layers, or first, where it reads the values at
     * masked time steps.
     */
    MultiLayerNetwork sequenceNetwork(boolean miniBatch, boolean atTheBottom) {
        return atTheBottom
                ? network(sequences(), List.of(layer.clone()), WorkspaceMode.ENABLED, miniBatch, new NoOp())
                : network(sequences(), WorkspaceMode.ENABLED, miniBatch, new NoOp());
    }

    private InputType sequences() {
        return input instanceof InputType.InputTypeFeedForward features
                ? InputType.recurrent(features.getSize(), STEPS)
                : input;
    }

    private MultiLayerNetwork network(InputType type, WorkspaceMode workspaces, boolean miniBatch, IUpdater updater) {
        return network(type, List.of(bottom(type), layer.clone()), workspaces, miniBatch, updater);
    }

    private MultiLayerNetwork network(
            InputType type, List<Layer> layers, WorkspaceMode workspaces, boolean miniBatch, IUpdater updater) {
        NeuralNetConfiguration.ListBuilder builder = builder(workspaces, miniBatch, updater);
        layers.forEach(builder::layer);
        if (!subjectIsOutput()) {
            builder.layer(top(type, layers));
        }
        MultiLayerNetwork network =
                new MultiLayerNetwork(builder.setInputType(type).build());
        network.init();
        return network;
    }

    private static RNNFormat formatOf(InputType type) {
        return type instanceof InputType.InputTypeRecurrent sequence ? sequence.getFormat() : RNNFormat.NCW;
    }

    private static NeuralNetConfiguration.ListBuilder builder(
            WorkspaceMode workspaces, boolean miniBatch, IUpdater updater) {
        return new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(DataType.DOUBLE)
                .updater(updater)
                .miniBatch(miniBatch)
                .convolutionMode(ConvolutionMode.Truncate)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .list();
    }

    private Layer bottom(InputType type) {
        if (type instanceof InputType.InputTypeRecurrent sequence) {
            return new SimpleRnn.Builder()
                    .nOut(sequence.getSize())
                    .dataFormat(sequence.getFormat())
                    .activation(before)
                    .build();
        } else if (type instanceof InputType.InputTypeConvolutional images) {
            return new ConvolutionLayer.Builder(1, 1)
                    .nOut(images.getChannels())
                    .activation(before)
                    .dataFormat(images.getFormat())
                    .build();
        }
        return new DenseLayer.Builder()
                .nOut(type.arrayElementsPerExample())
                .activation(before)
                .build();
    }

    /** Returns an output layer for the subject's output type. */
    private static Layer top(InputType type, List<Layer> layers) {
        NeuralNetConfiguration.ListBuilder builder = builder(WorkspaceMode.NONE, true, new NoOp());
        layers.forEach(each -> builder.layer(each.clone()));
        InputType below =
                builder.setInputType(type).build().getLayerActivationTypes(type).get(layers.size() - 1);
        boolean sequence = below.getType() == InputType.Type.RNN
                || (below instanceof InputType.InputTypeFeedForward rows && rows.getTimeDistributedFormat() != null);
        return sequence
                ? new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(OUTPUTS)
                        .dataFormat(formatOf(type))
                        .activation(Activation.TANH)
                        .build()
                : new OutputLayer.Builder(new LossMSE())
                        .nOut(OUTPUTS)
                        .activation(Activation.TANH)
                        .build();
    }

    /**
     * Returns a graph of the same layers with the same seed, names and parameters. The network's own conversion loses
     * some of them.
     */
    ComputationGraph graph(MultiLayerNetwork network) {
        MultiLayerConfiguration layers = network.getLayerWiseConfigurations().clone();
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(SEED)
                .dataType(DataType.DOUBLE)
                .graphBuilder()
                .addInputs("in");
        String before = "in";
        for (int i = 0; i < layers.getConfs().size(); i++) {
            Layer each = layers.getConf(i).getLayer();
            builder.addLayer(each.getLayerName(), each, layers.getInputPreProcess(i), before);
            before = each.getLayerName();
        }
        ComputationGraph graph = graph(builder.setOutputs(before));
        graph.setParams(network.params());
        return graph;
    }

    org.deeplearning4j.nn.api.Layer subject(MultiLayerNetwork network) {
        return network.getLayer(1);
    }

    /** Returns features and targets in (0, 1), the same in every call. */
    DataSet data() {
        return RandomData.of(network(), input);
    }

    /** Returns sequences of different lengths, with masks for features and targets. */
    DataSet raggedData() {
        return RandomData.ragged(sequenceNetwork(true, false), (InputType.InputTypeRecurrent) sequences());
    }
}
