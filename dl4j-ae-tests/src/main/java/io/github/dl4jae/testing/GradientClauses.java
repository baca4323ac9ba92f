package io.github.dl4jae.testing;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.DoubleSupplier;
import java.util.stream.Stream;
import org.deeplearning4j.gradientcheck.GradientCheckUtil;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** Clauses on the gradients of networks, graphs and pretraining. */
final class GradientClauses {

    private static final int SEED = 777;

    private GradientClauses() {}

    /** Sets the same seed before every pass, so that the score of a noisy layer is deterministic. */
    static void reseed() {
        Nd4j.getRandom().setSeed(SEED);
    }

    /** Runs Deeplearning4j's own check of a graph, or the same by layer where there are running values. */
    static void gradient(Sandwich sandwich, ComputationGraph graph, INDArray[] features, INDArray... labels) {
        Surrogates surrogates = sandwich.surrogates(graph.getLayers());
        if (!surrogates.isEmpty()
                || Stream.of(graph.getLayers())
                        .anyMatch(layer -> !runningValues(layer).isEmpty())) {
            gradientByLayer(surrogates, graph, features, labels);
            return;
        }
        boolean passed = GradientCheckUtil.checkGradients(new GradientCheckUtil.GraphConfig()
                .net(graph)
                .inputs(features)
                .labels(labels)
                .epsilon(CentralDifferences.EPSILON)
                .maxRelError(CentralDifferences.MAX_RELATIVE)
                .minAbsoluteError(CentralDifferences.MIN_ABSOLUTE)
                .callEachIter(each -> reseed()));
        if (!passed) {
            throw new AssertionError("backpropagation in the graph does not give the gradient of its score");
        }
    }

    /** Runs Deeplearning4j's own check; on failure, a second comparison supplies the numbers for the message. */
    static void gradient(Sandwich sandwich, MultiLayerNetwork network, DataSet data) {
        Surrogates surrogates = sandwich.surrogates(network.getLayers());
        if (!surrogates.isEmpty()) {
            INDArray gradient = backpropagated(network, data);
            DoubleSupplier score = score(network, data);
            surrogates.compare(
                    score,
                    () -> compare(network.paramTable(), runningValues(network), network.params(), gradient, score));
            return;
        }
        boolean passed = GradientCheckUtil.checkGradients(new GradientCheckUtil.MLNConfig()
                .net(network)
                .input(data.getFeatures())
                .labels(data.getLabels())
                .inputMask(data.getFeaturesMaskArray())
                .labelMask(data.getLabelsMaskArray())
                .excludeParams(runningValues(network))
                .epsilon(CentralDifferences.EPSILON)
                .maxRelError(CentralDifferences.MAX_RELATIVE)
                .minAbsoluteError(CentralDifferences.MIN_ABSOLUTE)
                .callEachIter(each -> reseed()));
        if (!passed) {
            INDArray gradient = backpropagated(network, data);
            throw new AssertionError(compare(
                    network.paramTable(), runningValues(network), network.params(), gradient, score(network, data)));
        }
    }

    /** Returns the score in training, with the same noise each time. */
    static DoubleSupplier score(MultiLayerNetwork network, DataSet data) {
        return () -> {
            reseed();
            return network.score(data, true);
        };
    }

    /** Deeplearning4j's own check takes the names of a graph's parameters in another order than their values. */
    private static void gradientByLayer(
            Surrogates surrogates, ComputationGraph graph, INDArray[] features, INDArray... labels) {
        reseed();
        graph.setInputs(features);
        graph.setLabels(labels);
        graph.computeGradientAndScore();
        List<Layer> layers = Stream.of(graph.getLayers())
                .filter(layer -> layer.numParams() > 0)
                .toList();
        List<INDArray> gradients = layers.stream()
                .map(layer -> layer.getGradientsViewArray().div(graph.batchSize()))
                .toList();
        MultiDataSet data = new MultiDataSet(features, labels);
        DoubleSupplier score = () -> {
            reseed();
            return graph.score(data, true);
        };
        for (int i = 0; i < layers.size(); i++) {
            Layer layer = layers.get(i);
            INDArray gradient = gradients.get(i);
            surrogates.compare(score, () -> {
                String difference = compare(layer.paramTable(), runningValues(layer), layer.params(), gradient, score);
                return difference == null
                        ? null
                        : "layer " + layer.conf().getLayer().getLayerName() + " of the graph: " + difference;
            });
        }
    }

    private static Set<String> runningValues(MultiLayerNetwork network) {
        Set<String> names = new HashSet<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            for (String key : runningValues(network.getLayer(i))) {
                names.add(i + "_" + key);
            }
        }
        return names;
    }

    /**
     * Returns the names of parameters that no updater reaches, whatever the network's updater is. They are running
     * values, such as the mean of batch normalization. Their "gradient" is the step of the running value.
     */
    private static Set<String> runningValues(Layer layer) {
        Set<String> names = new HashSet<>();
        if (layer.conf().getLayer() instanceof BaseLayer trained) {
            BaseLayer withUpdater = trained.clone();
            withUpdater.setIUpdater(new Sgd(1));
            for (String key : layer.paramTable().keySet()) {
                if (withUpdater.getUpdaterByParam(key) instanceof NoOp) {
                    names.add(key);
                }
            }
        }
        return names;
    }

    /**
     * Returns the gradient of the score from backpropagation, averaged as an updater does it. In a network without
     * parameters it is that with respect to the features.
     */
    static INDArray backpropagated(MultiLayerNetwork network, DataSet data) {
        reseed();
        if (network.numParams() == 0) {
            return network.calculateGradients(data.getFeatures(), data.getLabels(), null, null)
                    .getSecond();
        }
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.setLayerMaskArrays(data.getFeaturesMaskArray(), data.getLabelsMaskArray());
        network.computeGradientAndScore();
        INDArray gradient = network.gradient().gradient().dup();
        network.clearLayerMaskArrays();
        return network.conf().isMiniBatch() ? gradient.divi(data.getFeatures().size(0)) : gradient;
    }

    static void graph(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        DataSet data = sandwich.data();
        INDArray expected = backpropagated(network, data);
        double expectedScore = network.score();

        ComputationGraph graph = sandwich.graph(network);
        reseed();
        graph.setInputs(data.getFeatures());
        graph.setLabels(data.getLabels());
        graph.computeGradientAndScore();
        requireClose("the score of a ComputationGraph", graph.score(), expectedScore);
        INDArray gradient = graph.gradient().gradient().div(data.getFeatures().size(0));
        requireClose("the gradient in a ComputationGraph", gradient.reshape(expected.shape()), expected);
    }

    static void pretraining(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        Layer layer = sandwich.subject(network);
        layer.setBackpropGradientsViewArray(Nd4j.create(layer.params().dataType(), 1, layer.numParams()));
        INDArray input =
                network.feedForward(sandwich.data().getFeatures()).get(1).dup();
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        DoubleSupplier score = () -> {
            reseed();
            layer.setInput(input.dup(), workspaces);
            layer.computeGradientAndScore(workspaces);
            return layer.score();
        };
        double initial = score.getAsDouble();
        if (!Double.isFinite(initial)) {
            throw new AssertionError("the pretraining score must be finite, got " + initial);
        }
        List<INDArray> parts = new ArrayList<>();
        for (String parameter : layer.paramTable().keySet()) {
            parts.add(layer.gradient().getGradientFor(parameter));
        }
        INDArray gradient = Nd4j.toFlattened('f', parts).div(input.size(0)); // 'f': the order of the parameters
        String difference = compare(layer.paramTable(), layer.params(), gradient, score);
        if (difference != null) {
            throw new AssertionError(difference);
        }
    }

    /**
     * Compares a gradient with central differences. Returns null if they agree, else a message with the largest
     * mismatch.
     */
    static String compare(Map<String, INDArray> table, INDArray parameters, INDArray gradient, DoubleSupplier score) {
        return compare(table, Set.of(), parameters, gradient, score);
    }

    private static String compare(
            Map<String, INDArray> table,
            Set<String> leftOut,
            INDArray parameters,
            INDArray gradient,
            DoubleSupplier score) {
        int wrong = 0;
        double worst = 0;
        String detail = null;
        long offset = 0;
        for (Map.Entry<String, INDArray> parameter : table.entrySet()) {
            for (long i = 0; i < parameter.getValue().length(); i++) {
                double original = parameters.getDouble(offset + i);
                parameters.putScalar(offset + i, original + CentralDifferences.EPSILON);
                double plus = score.getAsDouble();
                parameters.putScalar(offset + i, original - CentralDifferences.EPSILON);
                double minus = score.getAsDouble();
                parameters.putScalar(offset + i, original);
                double numeric = CentralDifferences.of(plus, minus);
                double found = gradient.getDouble(offset + i);
                if (!leftOut.contains(parameter.getKey()) && !CentralDifferences.agree(found, numeric)) {
                    wrong++;
                    if (detail == null || Math.abs(found - numeric) > worst) {
                        worst = Math.abs(found - numeric);
                        detail = CentralDifferences.disagreement(
                                "parameter " + parameter.getKey() + "[" + i + "]", found, numeric);
                    }
                }
            }
            offset += parameter.getValue().length();
        }
        return detail == null
                ? null
                : detail + "; " + wrong + " of " + parameters.length() + " parameters have a wrong gradient";
    }

    static void requireClose(String what, double found, double expected) {
        if (!(Math.abs(found - expected) <= 1e-10 * Math.max(1, Math.abs(expected)))) {
            throw new AssertionError(what + " must be " + expected + ", got " + found + " (difference "
                    + Math.abs(found - expected) + ", allowed 1e-10)");
        }
    }

    static void requireClose(String what, INDArray found, INDArray expected) {
        requireClose(what, found, expected, 1e-10);
    }

    /** Requires a difference of at most {@code allowed}, relative to the largest number if that is above 1. */
    static void requireClose(String what, INDArray found, INDArray expected, double allowed) {
        if (!Arrays.equals(found.shape(), expected.shape())) {
            throw new AssertionError(what + " must have shape " + Arrays.toString(expected.shape()) + ", got "
                    + Arrays.toString(found.shape()));
        }
        double difference = found.sub(expected).normmaxNumber().doubleValue();
        boolean finite = Double.isFinite(found.sumNumber().doubleValue());
        if (!finite
                || !(difference
                        <= allowed * Math.max(1, expected.normmaxNumber().doubleValue()))) {
            throw new AssertionError(what + " must be the same, but "
                    + (finite ? "differs by up to " + difference + " (allowed " + allowed + ")" : "is not finite"));
        }
    }
}
