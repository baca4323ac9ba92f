package io.github.dl4jae.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;

/** Deeplearning4j's gradient check in float64, with the tolerances of all tests. */
@SuppressWarnings("try") // only close() of the state is used
public final class GradientCheck {

    private static final double EPSILON = 1e-6;
    private static final double MAX_RELATIVE_ERROR = 1e-5;
    private static final double MIN_ABSOLUTE_ERROR = 1e-8;

    private GradientCheck() {}

    /** Requires the gradient of the score, except for the excluded parameters. */
    public static void requireGradient(MultiLayerNetwork network, INDArray x, INDArray labels, String... excluded) {
        requireGradient(network, new DataSet(x, labels), excluded);
    }

    /** Requires the gradient of the score on data with or without masks, except for the excluded parameters. */
    public static void requireGradient(MultiLayerNetwork network, DataSet data, String... excluded) {
        try (GlobalState ignored = GlobalState.float64()) {
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                            .net(network)
                            .input(data.getFeatures())
                            .labels(data.getLabels())
                            .inputMask(data.getFeaturesMaskArray())
                            .labelMask(data.getLabelsMaskArray())
                            .excludeParams(excluded.length == 0 ? null : Set.of(excluded))
                            .epsilon(EPSILON)
                            .maxRelError(MAX_RELATIVE_ERROR)
                            .minAbsoluteError(MIN_ABSOLUTE_ERROR)))
                    .as("backpropagation must give the gradient of the score; the log shows the parameters")
                    .isTrue();
        }
    }

    /** Requires the gradient of the score of a graph with one input and one output. */
    public static void requireGradient(ComputationGraph graph, DataSet data) {
        INDArray mask = data.getFeaturesMaskArray();
        requireGradient(
                graph,
                new INDArray[] {data.getFeatures()},
                data.getLabels(),
                mask == null ? null : new INDArray[] {mask},
                data.getLabelsMaskArray());
    }

    /** Requires the gradient of the score of a graph with one output, whose mask may be null. */
    public static void requireGradient(ComputationGraph graph, INDArray[] inputs, INDArray labels, INDArray mask) {
        requireGradient(graph, inputs, labels, null, mask);
    }

    /** Requires the gradient of the score of a graph with one output, whose masks may be null. */
    public static void requireGradient(
            ComputationGraph graph, INDArray[] inputs, INDArray labels, INDArray[] inputMasks, INDArray labelMask) {
        try (GlobalState ignored = GlobalState.float64()) {
            assertThat(GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                            .net(graph)
                            .inputs(inputs)
                            .labels(new INDArray[] {labels})
                            .inputMask(inputMasks)
                            .labelMask(labelMask == null ? null : new INDArray[] {labelMask})
                            .epsilon(EPSILON)
                            .maxRelError(MAX_RELATIVE_ERROR)
                            .minAbsoluteError(MIN_ABSOLUTE_ERROR)))
                    .as("backpropagation must give the gradient of the score; the log shows the parameters")
                    .isTrue();
        }
    }
}
