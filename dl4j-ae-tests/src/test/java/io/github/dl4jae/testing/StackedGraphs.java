package io.github.dl4jae.testing;

import static io.github.dl4jae.testing.Networks.initialized;

import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.StackVertex;
import org.deeplearning4j.nn.conf.graph.UnstackVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Graphs in which a layer has twice as many rows as there are examples.
 *
 * <pre>
 * a, b → stacked → dense → subject → first − second → out
 * </pre>
 */
public final class StackedGraphs {

    private StackedGraphs() {}

    /** Returns a graph with input types, so that the layer can request its preprocessor. */
    public static ComputationGraph typed(
            NeuralNetConfiguration.Builder base, DenseLayer dense, String name, Layer subject, OutputLayer output) {
        InputType input = InputType.feedForward(dense.getNIn());
        return initialized(builder(base, dense, name, subject, null, output).setInputTypes(input, input));
    }

    /** Returns a graph without input types; the preprocessor may be null. */
    public static ComputationGraph untyped(
            NeuralNetConfiguration.Builder base,
            DenseLayer dense,
            String name,
            Layer subject,
            InputPreProcessor preProcessor,
            OutputLayer output) {
        return initialized(builder(base, dense, name, subject, preProcessor, output));
    }

    /** Requires the gradient of the score on {@link #x()}, an affine function of it, and {@link #y()}. */
    public static void requireGradient(ComputationGraph graph) {
        INDArray x = x();
        GradientCheck.requireGradient(graph, new INDArray[] {x, x.mul(-0.4).add(0.2)}, y(), null);
    }

    /** Returns features of four examples, {@code [4, 3]}. */
    public static INDArray x() {
        return Nd4j.createFromArray(new double[][] {{0.5, -1, 0.3}, {-0.2, 0.8, 1}, {1.5, 0.1, -0.7}, {0, 0.4, 0.9}});
    }

    /** Returns their labels, {@code [4, 2]}. */
    public static INDArray y() {
        return Nd4j.createFromArray(new double[][] {{1, 0}, {0.5, 0.5}, {-1, 1}, {0.2, 0.7}});
    }

    private static ComputationGraphConfiguration.GraphBuilder builder(
            NeuralNetConfiguration.Builder base,
            DenseLayer dense,
            String name,
            Layer subject,
            InputPreProcessor preProcessor,
            OutputLayer output) {
        return base.graphBuilder()
                .addInputs("a", "b")
                .addVertex("stacked", new StackVertex(), "a", "b")
                .addLayer("dense", dense, "stacked")
                .addLayer(name, subject, preProcessor, "dense")
                .addVertex("first", new UnstackVertex(0, 2), name)
                .addVertex("second", new UnstackVertex(1, 2), name)
                .addVertex("both", new ElementWiseVertex(ElementWiseVertex.Op.Subtract), "first", "second")
                .addLayer("out", output, "both")
                .setOutputs("out");
    }
}
