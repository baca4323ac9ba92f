package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.util.Objects;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The stored parts of a network: configuration, parameters, state of the updater. The configuration also stores the
 * counts of iterations and epochs, and what layers hold beside parameters.
 */
final class NetworkData {

    private static final int MOST_CAUSES = 20;

    private NetworkData() {}

    /** Supplies an array of the file once its length is known. */
    @FunctionalInterface
    interface ArraySource {

        /** Reads an array of this length. */
        INDArray read(long length) throws IOException;
    }

    static String configuration(Model network) {
        return network instanceof MultiLayerNetwork layers
                ? layers.getLayerWiseConfigurations().toJson()
                : ((ComputationGraph) network).getConfiguration().toJson();
    }

    /** Returns the parameters, or null for a network without. */
    static @Nullable INDArray parameters(Model network) {
        INDArray parameters = network.params();
        return parameters == null || parameters.isEmpty() ? null : parameters;
    }

    /** Returns the state of the updater, or null if there is none, or the network has not trained yet. */
    static @Nullable INDArray updaterState(Model network) {
        INDArray state = null;
        if (network instanceof MultiLayerNetwork layers && layers.getUpdater(false) != null) {
            state = layers.getUpdater(false).getStateViewArray();
        } else if (network instanceof ComputationGraph graph && graph.getUpdater(false) != null) {
            state = graph.getUpdater(false).getStateViewArray();
        }
        return state == null || state.isEmpty() ? null : state;
    }

    /** Refuses arrays with NaN or infinity. */
    static void requireFinite(String subject, String name, @Nullable INDArray array) {
        if (array != null && !FiniteArrays.isFinite(array)) {
            throw new IllegalArgumentException(subject + ": " + name + " must be finite, got NaN or infinity at "
                    + FiniteArrays.firstBad(array) + "; training diverged: use an earlier model");
        }
    }

    /**
     * Builds a network.
     *
     * @param subject the start of error messages
     * @param json a configuration whose classes were checked
     * @param parameters null if the file has none
     * @param updater null if the file has none
     * @return an initialized network
     * @throws IllegalArgumentException if the parts do not fit
     */
    static Model read(String subject, JsonText json, @Nullable ArraySource parameters, @Nullable ArraySource updater)
            throws IOException {
        boolean layers = json.root().has("confs");
        Require.that(
                layers != json.root().has("vertices"),
                subject,
                "configuration.json must have the confs of a MultiLayerNetwork or the vertices of a ComputationGraph",
                "neither or both",
                "");
        Object configuration = guarded(
                subject,
                () -> layers
                        ? MultiLayerConfiguration.fromJson(json.text())
                        : ComputationGraphConfiguration.fromJson(json.text()));
        long count = guarded(subject, () -> parameterCount(configuration));
        // ModelSerializer writes an empty array for a network without parameters
        INDArray array = count == 0 ? null : array(subject + ": entry 'coefficients.bin'", parameters, count);
        Model network = guarded(subject, () -> build(configuration, array));
        if (updater != null) {
            long length = guarded(subject, () -> stateLength(network));
            INDArray state = array(subject + ": entry 'updaterState.bin'", updater, length);
            guarded(subject, () -> restoreState(network, state));
        }
        return network;
    }

    /** Configurations of a damaged file fail in any way. */
    private static <T> T guarded(String subject, Supplier<T> step) {
        try {
            return step.get();
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            throw new IllegalArgumentException(
                    subject + ": configuration.json must describe a network that can be built, got "
                            + FoundText.quoted(cause(e))
                            + "; read the file with the version that wrote it",
                    e);
        }
    }

    /** Returns the message of the first cause: Deeplearning4j takes most errors for those of an old format. */
    private static String cause(Throwable error) {
        Throwable cause = error;
        for (int i = 0; i < MOST_CAUSES && cause.getCause() != null; i++) {
            cause = cause.getCause();
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static long parameterCount(Object configuration) {
        long count = 0;
        if (configuration instanceof MultiLayerConfiguration layers) {
            for (NeuralNetConfiguration layer : layers.getConfs()) {
                count = Math.addExact(count, layer.getLayer().initializer().numParams(layer));
            }
        } else {
            for (GraphVertex vertex : ((ComputationGraphConfiguration) configuration)
                    .getVertices()
                    .values()) {
                count = Math.addExact(count, vertex.numParams(true));
            }
        }
        return count;
    }

    private static INDArray array(String subject, @Nullable ArraySource source, long count) throws IOException {
        Require.that(count > 0, subject, "must be missing for an updater without state", "one", "");
        String requirement = "must have the " + count + " elements of the configuration's network";
        Require.that(source != null, subject, requirement, "no entry", "the file is damaged; write it again");
        return Objects.requireNonNull(source).read(count);
    }

    /** Returns a new network of the same configuration. */
    static Model copy(Model network, INDArray parameters) {
        return build(
                network instanceof MultiLayerNetwork layers
                        ? layers.getLayerWiseConfigurations().clone()
                        : ((ComputationGraph) network).getConfiguration().clone(),
                parameters);
    }

    private static Model build(Object configuration, @Nullable INDArray parameters) {
        if (configuration instanceof MultiLayerConfiguration layers) {
            MultiLayerNetwork network = new MultiLayerNetwork(layers);
            network.init(typed(parameters, layers.getDataType()), false);
            return network;
        }
        ComputationGraphConfiguration vertices = (ComputationGraphConfiguration) configuration;
        ComputationGraph graph = new ComputationGraph(vertices);
        graph.init(typed(parameters, vertices.getDataType()), false);
        return graph;
    }

    /** Half-precision parameters are stored as float32. Deeplearning4j refuses other differences. */
    private static @Nullable INDArray typed(@Nullable INDArray parameters, DataType type) {
        return parameters == null || type != DataType.FLOAT16 ? parameters : parameters.castTo(type);
    }

    private static long stateLength(Model network) {
        INDArray state = network instanceof MultiLayerNetwork layers
                ? layers.getUpdater().getStateViewArray()
                : ((ComputationGraph) network).getUpdater().getStateViewArray();
        return state == null ? 0 : state.length();
    }

    private static Model restoreState(Model network, INDArray state) {
        if (network instanceof MultiLayerNetwork layers) {
            layers.getUpdater().setStateViewArray(layers, state, false);
        } else {
            ((ComputationGraph) network).getUpdater().setStateViewArray(state);
        }
        return network;
    }
}
