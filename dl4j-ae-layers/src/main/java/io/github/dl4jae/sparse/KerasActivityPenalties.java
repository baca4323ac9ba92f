package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.L1Penalty;
import io.github.dl4jae.penalty.L2Penalty;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The activity penalties of a Keras model, which Deeplearning4j's Keras import drops without a message.
 *
 * <p>Keras adds the {@code activity_regularizer} of a layer with output a to the loss of a mini-batch of B examples:
 *
 * <pre>
 * P = 1/B · (l1 · Σ|a| + l2 · Σa²) = L1Penalty(l1) + L2Penalty(l2)
 * </pre>
 *
 * <p>The methods {@code addTo} add an {@link ActivityRegularizationLayer} after each of these layers of the imported
 * network, so that training continues with the loss of Keras:
 *
 * <pre>{@code
 * MultiLayerNetwork imported = KerasModelImport.importKerasSequentialModelAndWeights("sae.h5");
 * MultiLayerNetwork network = KerasActivityPenalties.read(Path.of("sae.json")).addTo(imported);
 * }</pre>
 *
 * <p>The JSON is the text of {@code model.to_json()}, of the attribute {@code model_config} of an HDF5 file, or of
 * {@code config.json} in a {@code .keras} file, in the layouts of Keras 2 and 3. Regularizers {@code L1}, {@code L2}
 * and {@code L1L2}, and {@code ActivityRegularization} layers, are read, also in nested models.
 *
 * <p>Scale: Keras 2 and current releases of Keras 3 divide by B. Releases of Keras 3 before January 2026 do not. {@link
 * #summedOver} restores the penalties of a model that they trained.
 *
 * <p>Masks: the added layers leave out masked time steps, which Keras counts.
 *
 * <p>Errors: JSON that is not a Keras model; other regularizers; a regularizer on the inner layer of a wrapper, such as
 * {@code TimeDistributed}; a network without the layer, or with an output layer in its place.
 *
 * <p>Immutable.
 *
 * @see <a href="https://github.com/keras-team/keras/pull/22021">The correction of the scale in Keras 3</a>
 */
public final class KerasActivityPenalties {

    private final Map<String, List<ActivityPenalty>> byLayer;

    private KerasActivityPenalties(Map<String, List<ActivityPenalty>> byLayer) {
        this.byLayer = Collections.unmodifiableMap(byLayer);
    }

    /**
     * Returns the penalties in a configuration.
     *
     * @param json the configuration of a Keras model
     * @return its penalties
     * @throws IllegalArgumentException if the text is null or not such a configuration, or has a regularizer other than
     *     L1, L2 and L1L2
     */
    public static KerasActivityPenalties of(String json) {
        Require.given("KerasActivityPenalties", "json", json, "give the text of model.to_json()");
        return new KerasActivityPenalties(KerasModelJson.penalties(json));
    }

    /**
     * Reads the penalties from a configuration in a file.
     *
     * @param file a JSON file, in UTF-8
     * @return its penalties
     * @throws IllegalArgumentException if the file is null or not such a configuration, or has a regularizer other than
     *     L1, L2 and L1L2
     * @throws UncheckedIOException if the file cannot be read
     */
    public static KerasActivityPenalties read(Path file) {
        Require.given("KerasActivityPenalties", "file", file, "give a file with the text of model.to_json()");
        try {
            return of(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException("KerasActivityPenalties: " + file + " cannot be read as text", e);
        }
    }

    /**
     * Returns the penalties of each layer.
     *
     * @return the names of all layers with penalties, in the order of the model, with one or two penalties each: L1
     *     before L2; unmodifiable
     */
    public Map<String, List<ActivityPenalty>> byLayer() {
        return byLayer;
    }

    /**
     * Returns the penalties of a model that was trained by a release of Keras 3 before January 2026. They are sums over
     * the mini-batch: B times as large, for mini-batches of B examples.
     *
     * @param batchSize B, the size of the mini-batches in Keras
     * @return penalties with B times the weights
     * @throws IllegalArgumentException if the size is below 1
     */
    public KerasActivityPenalties summedOver(int batchSize) {
        Require.atLeast(1, "KerasActivityPenalties", "batchSize", batchSize, "give the batch_size of model.fit");
        Map<String, List<ActivityPenalty>> summed = new LinkedHashMap<>();
        byLayer.forEach((layer, penalties) -> summed.put(
                layer,
                penalties.stream().map(penalty -> scaled(penalty, batchSize)).toList()));
        return new KerasActivityPenalties(summed);
    }

    private static ActivityPenalty scaled(ActivityPenalty penalty, int factor) {
        return penalty instanceof L1Penalty l1
                ? new L1Penalty(factor * l1.weight())
                : new L2Penalty(factor * ((L2Penalty) penalty).weight());
    }

    /**
     * Adds the penalties to a configuration. The added layers have the names {@code NAME_activity_l1} and {@code
     * NAME_activity_l2}.
     *
     * @param configuration an imported configuration; not changed
     * @return a copy with a layer for each penalty
     * @throws IllegalArgumentException if it is null, lacks a layer, has an output layer in its place, or has the
     *     penalties already
     */
    public MultiLayerConfiguration addTo(MultiLayerConfiguration configuration) {
        return PenaltyInsertion.into(requireGiven("configuration", configuration), byLayer);
    }

    /**
     * Adds the penalties to a configuration. The added layers have the names {@code NAME_activity_l1} and {@code
     * NAME_activity_l2}. Where a layer with a penalty is an output of the graph, the added layer takes its place.
     *
     * @param configuration an imported configuration; not changed
     * @return a copy with a layer for each penalty
     * @throws IllegalArgumentException if it is null, lacks a layer, has an output layer in its place, or has the
     *     penalties already
     */
    public ComputationGraphConfiguration addTo(ComputationGraphConfiguration configuration) {
        return PenaltyInsertion.into(requireGiven("configuration", configuration), byLayer);
    }

    /**
     * Adds the penalties to a network. Parameters are copied, listeners and the state of the updater are not: imported
     * networks have none.
     *
     * @param network an imported network; not changed
     * @return a network with the same outputs and a layer for each penalty
     * @throws IllegalArgumentException if it is null or not initialized, lacks a layer, has an output layer in its
     *     place, or has the penalties already
     */
    public MultiLayerNetwork addTo(MultiLayerNetwork network) {
        requireGiven("network", network);
        requireInitialized(network.params());
        MultiLayerNetwork copy = new MultiLayerNetwork(addTo(network.getLayerWiseConfigurations()));
        copy.init(network.params().dup(), false);
        return copy;
    }

    /**
     * Adds the penalties to a graph. Parameters are copied, listeners and the state of the updater are not: imported
     * graphs have none.
     *
     * @param graph an imported graph; not changed
     * @return a graph with the same outputs and a layer for each penalty
     * @throws IllegalArgumentException if it is null or not initialized, lacks a layer, has an output layer in its
     *     place, or has the penalties already
     */
    public ComputationGraph addTo(ComputationGraph graph) {
        requireGiven("graph", graph);
        requireInitialized(graph.params());
        ComputationGraph copy = new ComputationGraph(addTo(graph.getConfiguration()));
        copy.init();
        // by name, since the topological order can differ
        graph.paramTable().forEach((name, values) -> copy.getParam(name).assign(values));
        return copy;
    }

    private static <V> V requireGiven(String name, V value) {
        return Require.given("KerasActivityPenalties", name, value, "");
    }

    private static void requireInitialized(INDArray parameters) {
        Require.that(
                parameters.length() > 0,
                "KerasActivityPenalties",
                "the network must be initialized",
                "one without parameters",
                "call init() first, or add the penalties to its configuration");
    }

    @Override
    public String toString() {
        return "KerasActivityPenalties" + byLayer;
    }
}
