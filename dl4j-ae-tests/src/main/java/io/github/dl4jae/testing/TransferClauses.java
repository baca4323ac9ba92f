package io.github.dl4jae.testing;

import java.util.Map;
import java.util.function.DoubleSupplier;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Clauses on layers that another network uses: frozen, cloned or converted. */
final class TransferClauses {

    /** Enough steps to change the value of a schedule. */
    private static final int STEPS = 3;

    private TransferClauses() {}

    private static MultiLayerNetwork trained(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network(new Adam(0.01));
        for (int i = 0; i < STEPS; i++) {
            GradientClauses.reseed();
            network.fit(sandwich.data());
        }
        return network;
    }

    private static MultiLayerNetwork frozen(MultiLayerNetwork network, int lastFrozen) {
        return new TransferLearning.Builder(network)
                .setFeatureExtractor(lastFrozen)
                .build();
    }

    static void frozen(Sandwich sandwich) {
        requireLearnsBehindFrozen(sandwich);
        if (!sandwich.subjectIsOutput()) {
            requireKeepsWhatItLearned(sandwich);
            requireGradientBelow(sandwich);
        }
    }

    private static void requireLearnsBehindFrozen(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        MultiLayerNetwork frozenBelow = frozen(network, 0);
        GradientClauses.backpropagated(network, sandwich.data());
        GradientClauses.backpropagated(frozenBelow, sandwich.data());
        Map<String, INDArray> found = frozenBelow.gradient().gradientForVariable();
        network.gradient().gradientForVariable().forEach((variable, gradient) -> {
            if (!variable.startsWith("0_")) {
                GradientClauses.requireClose(
                        "the gradient of " + variable + ", with the layer below frozen,",
                        found.get(variable),
                        gradient);
            }
        });
    }

    private static void requireKeepsWhatItLearned(Sandwich sandwich) {
        DataSet data = sandwich.data();
        MultiLayerNetwork network = trained(sandwich);
        INDArray expected = activations(network, data);
        MultiLayerNetwork frozen = frozen(network, 1);
        GradientClauses.requireClose(
                "the activations of the trained layer, now frozen,", activations(frozen, data), expected);
        for (int i = 0; i < STEPS; i++) {
            GradientClauses.reseed();
            frozen.fit(data);
        }
        GradientClauses.requireClose(
                "the activations of the frozen layer, after more training,", activations(frozen, data), expected);
    }

    /** Computes the output at test time. */
    private static INDArray activations(MultiLayerNetwork network, DataSet data) {
        GradientClauses.reseed();
        return network.feedForward(data.getFeatures(), false).get(2).dup();
    }

    /** The forward pass is inference in training too, and the gradient must be the derivative of that. */
    private static void requireGradientBelow(Sandwich sandwich) {
        MultiLayerNetwork network =
                sandwich.networkWith(new FrozenLayerWithBackprop(sandwich.conf().clone()));
        DataSet data = sandwich.data();
        INDArray gradient = GradientClauses.backpropagated(network, data);
        Map<String, INDArray> below = network.getLayer(0).paramTable(); // the first of all parameters
        DoubleSupplier score = GradientClauses.score(network, data);
        sandwich.surrogates(network.getLayers()).compare(score, () -> {
            String difference = GradientClauses.compare(below, network.params(), gradient, score);
            return difference == null ? null : "below a FrozenLayerWithBackprop: " + difference;
        });
    }

    static void converted(Sandwich sandwich) {
        INDArray features = sandwich.data().getFeatures();
        MultiLayerNetwork network = trained(sandwich);
        INDArray expected = SerializationClauses.output(network, features);
        GradientClauses.requireClose(
                "the output of a clone of a trained network",
                SerializationClauses.output(network.clone(), features),
                expected);
        ComputationGraph graph = network.toComputationGraph();
        GradientClauses.requireClose(
                "the output of a trained network that was converted to a graph", output(graph, features), expected);
        GradientClauses.requireClose("the output of a clone of that graph", output(graph.clone(), features), expected);
        graph.fit(sandwich.data());
        INDArray after = output(graph, features);
        GradientClauses.requireClose(
                "the output of a clone of that graph, after more training,", output(graph.clone(), features), after);
    }

    private static INDArray output(ComputationGraph graph, INDArray features) {
        GradientClauses.reseed();
        return graph.outputSingle(features);
    }
}
