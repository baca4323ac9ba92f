package io.github.dl4jae.dense;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;

import io.github.dl4jae.testing.DefaultType;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Tied weights on a branch that does not lead through the layer they belong to. */
@DefaultType(DataType.DOUBLE)
@Tag("slow")
class TransposedDenseLayerCornersTest {

    /** As the decoder is nearer to its input than the encoder is, its turn in backprop comes after the encoder's. */
    static Stream<Arguments> orders() {
        return Stream.of(
                        List.of("below", "encoder", "second", "decoder"),
                        List.of("encoder", "decoder", "second", "below"),
                        List.of("second", "encoder", "below", "decoder"),
                        List.of("encoder", "below", "decoder", "second"))
                .flatMap(order ->
                        Stream.of(WorkspaceMode.ENABLED, WorkspaceMode.NONE).map(mode -> Arguments.of(order, mode)));
    }

    /**
     * Two inputs, two ways to the output.
     *
     * <pre>
     * x → below (5 → 4) → encoder (4 → 3) → second (3 → 3) ⟍
     *                                                        both → out
     * y → decoder (3 → 4)                                  ⟋
     * </pre>
     */
    private static ComputationGraph graph(List<String> order, WorkspaceMode workspaces) {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .activation(Activation.TANH)
                .updater(new NoOp())
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs("x", "y");
        for (String name : order) {
            switch (name) {
                case "encoder" -> builder.addLayer(name, dense(4, 3), "below");
                case "second" -> builder.addLayer(name, dense(3, 3), "encoder");
                case "below" -> builder.addLayer(name, dense(5, 4), "x");
                default ->
                    builder.addLayer(
                            name,
                            new TransposedDenseLayer.Builder("encoder")
                                    .nIn(3)
                                    .nOut(4)
                                    .build(),
                            "y");
            }
        }
        ComputationGraph graph = new ComputationGraph(builder.addVertex("both", new MergeVertex(), "second", "decoder")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(new LossMSE())
                                .nIn(7)
                                .nOut(2)
                                .activation(Activation.TANH)
                                .build(),
                        "both")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    private static FastDenseLayer dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out).build();
    }

    @ParameterizedTest
    @MethodSource("orders")
    void gradient_ofWeightsTiedAcrossBranches_isRight(List<String> order, WorkspaceMode workspaces) {
        Nd4j.getRandom().setSeed(9);
        requireGradient(
                graph(order, workspaces),
                new INDArray[] {Nd4j.rand(DataType.DOUBLE, 4, 5), Nd4j.rand(DataType.DOUBLE, 4, 3)},
                Nd4j.rand(DataType.DOUBLE, 4, 2),
                null);
    }
}
