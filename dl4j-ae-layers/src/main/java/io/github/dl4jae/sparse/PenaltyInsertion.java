package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import io.github.dl4jae.penalty.L1Penalty;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseRecurrentLayer;
import org.deeplearning4j.nn.conf.layers.Convolution1DLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.recurrent.Bidirectional;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.layers.wrapper.BaseWrapperLayer;
import org.jspecify.annotations.Nullable;

/** Inserts an {@link ActivityRegularizationLayer} for each penalty after the layers of a configuration. */
final class PenaltyInsertion {

    private static final String SUBJECT = "KerasActivityPenalties";

    private PenaltyInsertion() {}

    static MultiLayerConfiguration into(
            MultiLayerConfiguration configuration, Map<String, List<ActivityPenalty>> byLayer) {
        MultiLayerConfiguration copy = configuration.clone();
        List<String> names =
                copy.getConfs().stream().map(each -> name(each.getLayer())).toList();
        requireLayers(names, byLayer);
        List<NeuralNetConfiguration> layers = new ArrayList<>();
        Map<Integer, InputPreProcessor> preProcessors = new HashMap<>();
        for (int i = 0; i < names.size(); i++) {
            if (copy.getInputPreProcess(i) != null) {
                preProcessors.put(layers.size(), copy.getInputPreProcess(i));
            }
            NeuralNetConfiguration layer = copy.getConf(i);
            layers.add(layer);
            for (ActivityPenalty penalty : byLayer.getOrDefault(names.get(i), List.of())) {
                layers.add(penaltyAfter(names.get(i), layer, penalty));
            }
        }
        copy.setConfs(layers);
        copy.setInputPreProcessors(preProcessors);
        return copy;
    }

    static ComputationGraphConfiguration into(
            ComputationGraphConfiguration configuration, Map<String, List<ActivityPenalty>> byLayer) {
        ComputationGraphConfiguration copy = configuration.clone();
        copy.setIterationCount(configuration.getIterationCount()); // clone() drops it
        copy.setEpochCount(configuration.getEpochCount());
        requireLayers(copy.getVertices().keySet(), byLayer);
        byLayer.forEach((name, penalties) -> insert(copy, name, penalties));
        copy.setTopologicalOrder(null); // computed when a graph is initialized
        copy.setTopologicalOrderStr(null);
        return copy;
    }

    private static void insert(ComputationGraphConfiguration graph, String name, List<ActivityPenalty> penalties) {
        if (!(graph.getVertices().get(name) instanceof LayerVertex vertex)) {
            throw new IllegalArgumentException(SUBJECT + ": vertex '" + name + "' must be a layer, got "
                    + graph.getVertices().get(name));
        }
        Map<String, List<String>> inputs = graph.getVertexInputs();
        List<NeuralNetConfiguration> added = penalties.stream()
                .map(penalty -> penaltyAfter(name, vertex.getLayerConf(), penalty))
                .toList();
        String last = added.get(added.size() - 1).getLayer().getLayerName();
        inputs.replaceAll((reader, read) -> replaced(read, name, last));
        graph.setNetworkOutputs(replaced(graph.getNetworkOutputs(), name, last));
        String before = name;
        for (NeuralNetConfiguration layer : added) {
            String after = layer.getLayer().getLayerName();
            graph.getVertices().put(after, new LayerVertex(layer, new ExampleCountPreProcessor()));
            inputs.put(after, new ArrayList<>(List.of(before)));
            before = after;
        }
    }

    private static List<String> replaced(List<String> names, String name, String by) {
        List<String> replaced = new ArrayList<>(names);
        replaced.replaceAll(each -> each.equals(name) ? by : each);
        return replaced;
    }

    private static NeuralNetConfiguration penaltyAfter(
            String name, NeuralNetConfiguration before, ActivityPenalty penalty) {
        Require.that(
                !(before.getLayer() instanceof BaseOutputLayer),
                SUBJECT,
                "layer '" + name + "' must not be an output layer, since a penalty cannot follow the loss",
                before.getLayer().getClass().getSimpleName(),
                "use a dense layer and a LossLayer after it, as the Keras import does");
        ActivityRegularizationLayer layer = new ActivityRegularizationLayer.Builder()
                .name(addedName(name, penalty))
                .penalty(penalty)
                .build();
        RNNFormat format = sequenceFormat(before.getLayer());
        if (format != null) {
            layer.setNIn(InputType.recurrent(1, 1, format), true); // masks need to know the axis of the units
        }
        NeuralNetConfiguration after = before.clone();
        after.clearVariables();
        after.setLayer(layer);
        return after;
    }

    private static String addedName(String name, ActivityPenalty penalty) {
        return name + (penalty instanceof L1Penalty ? "_activity_l1" : "_activity_l2");
    }

    private static void requireLayers(Collection<String> present, Map<String, List<ActivityPenalty>> byLayer) {
        byLayer.forEach((name, penalties) -> {
            Require.that(
                    present.contains(name),
                    SUBJECT,
                    "the network must have the layer '" + name + "' of the Keras model",
                    present,
                    "give the configuration from which the network was imported");
            for (ActivityPenalty penalty : penalties) {
                Require.that(
                        !present.contains(addedName(name, penalty)),
                        SUBJECT,
                        "the penalties must be added once",
                        "a network with a layer '" + addedName(name, penalty) + "'",
                        "give the imported network");
            }
        });
    }

    /** Returns the name of a layer, or of the layer that it wraps if it has none itself. */
    private static String name(Layer layer) {
        if (layer.getLayerName() == null && layer instanceof BaseWrapperLayer wrapper) {
            return name(wrapper.getUnderlying());
        }
        return String.valueOf(layer.getLayerName());
    }

    /** Returns the format of the sequences that a layer puts out, or null if it puts out none or does not tell. */
    private static @Nullable RNNFormat sequenceFormat(Layer layer) {
        if (layer instanceof Bidirectional both) {
            return sequenceFormat(both.getFwd());
        } else if (layer instanceof BaseWrapperLayer wrapper && !(layer instanceof LastTimeStep)) {
            return sequenceFormat(wrapper.getUnderlying());
        } else if (layer instanceof BaseRecurrentLayer recurrent) {
            return recurrent.getRnnDataFormat();
        }
        return layer instanceof Convolution1DLayer convolution ? convolution.getRnnDataFormat() : null;
    }
}
