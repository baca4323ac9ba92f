package io.github.dl4jae.testing;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CacheMode;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryType;
import org.deeplearning4j.nn.conf.memory.MemoryUseMode;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.learning.config.Adam;

/** Clauses on configurations and files, and on the memory report. */
final class SerializationClauses {

    private SerializationClauses() {}

    static void json(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        String json = network.getLayerWiseConfigurations().toJson();
        MultiLayerConfiguration restored = MultiLayerConfiguration.fromJson(json);
        requireRestored(sandwich, network, restored);
        if (!restored.toJson().equals(json)) {
            throw new AssertionError("the JSON of a restored configuration must be the JSON it came from, got another");
        }
    }

    static void yaml(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        requireRestored(
                sandwich,
                network,
                MultiLayerConfiguration.fromYaml(
                        network.getLayerWiseConfigurations().toYaml()));
    }

    private static void requireRestored(
            Sandwich sandwich, MultiLayerNetwork network, MultiLayerConfiguration restored) {
        Layer original = network.getLayerWiseConfigurations().getConf(1).getLayer();
        requireSameFields(original, restored.getConf(1).getLayer());
        MultiLayerNetwork again = new MultiLayerNetwork(restored);
        again.init(network.params().dup(), false);
        requireSameOutput("a restored configuration", sandwich, network, again);
    }

    /**
     * Requires equality by {@code equals}, hash code and each field, so that a field missing in {@code equals} is
     * found.
     */
    private static void requireSameFields(Layer original, Layer restored) {
        for (Class<?> type = original.getClass(); type != Object.class; type = type.getSuperclass()) {
            for (Field field : type.getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers()) && !Modifier.isTransient(field.getModifiers())) {
                    Object expected = valueOf(field, original);
                    Object found = valueOf(field, restored);
                    if (!Objects.deepEquals(found, expected)) {
                        throw new AssertionError(
                                "field " + field.getName() + " must come back as " + expected + ", got " + found);
                    }
                }
            }
        }
        if (!restored.equals(original) || restored.hashCode() != original.hashCode()) {
            throw new AssertionError(
                    "it must equal its original and have its hash code: " + restored + " and " + original);
        }
    }

    static void javaSerialization(Sandwich sandwich) throws IOException, ClassNotFoundException {
        MultiLayerNetwork network = sandwich.network();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(network.getLayerWiseConfigurations());
        }
        try (ObjectInputStream in = new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
            requireRestored(sandwich, network, (MultiLayerConfiguration) in.readObject());
        }
    }

    private static Object valueOf(Field field, Layer layer) {
        try {
            field.setAccessible(true);
            return field.get(layer);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException("setAccessible was just called", e);
        }
    }

    static void requireSameOutput(String what, Sandwich sandwich, MultiLayerNetwork expected, MultiLayerNetwork found) {
        DataSet data = sandwich.data();
        GradientClauses.requireClose(
                "the output of " + what, output(found, data.getFeatures()), output(expected, data.getFeatures()));
        GradientClauses.requireClose(
                "the gradient of " + what,
                GradientClauses.backpropagated(found, data),
                GradientClauses.backpropagated(expected, data));
    }

    static INDArray output(MultiLayerNetwork network, INDArray features) {
        GradientClauses.reseed();
        return network.output(features);
    }

    static void cloning(Sandwich sandwich) {
        requireSameFields(sandwich.conf(), sandwich.conf().clone());
        MultiLayerNetwork network = sandwich.network();
        MultiLayerNetwork clone = network.clone();
        requireSameOutput("a cloned network", sandwich, network, clone);
        INDArray before = output(network, sandwich.data().getFeatures());
        clone.params().muli(1.5);
        GradientClauses.requireClose(
                "the output of a network, after its clone's parameters changed,",
                output(network, sandwich.data().getFeatures()),
                before);
    }

    static void zip(Sandwich sandwich) throws IOException {
        MultiLayerNetwork network = sandwich.network(new Adam(0.01));
        DataSet data = sandwich.data();
        GradientClauses.reseed();
        network.fit(data);
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        ModelSerializer.writeModel(network, file, true);
        MultiLayerNetwork restored =
                ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(file.toByteArray()), true);
        GradientClauses.requireClose("the parameters of a restored network", restored.params(), network.params());
        requireSameOutput("a restored network", sandwich, network, restored);
        GradientClauses.reseed();
        network.fit(data);
        GradientClauses.reseed();
        restored.fit(data);
        GradientClauses.requireClose(
                "the parameters of a restored network, after one more training step,",
                restored.params(),
                network.params());
    }

    static void memoryReport(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.network();
        Layer subject = network.getLayerWiseConfigurations().getConf(1).getLayer();
        InputType type = inputOfSubject(sandwich, network, subject);
        MemoryReport report = subject.getMemoryReport(type);
        if (!(report instanceof LayerMemoryReport)) {
            throw new AssertionError("getMemoryReport must give a report, got " + report);
        }
        // one number per parameter; the report does not expose the count
        long reported =
                report.getMemoryBytes(MemoryType.PARAMETERS, 1, MemoryUseMode.TRAINING, CacheMode.NONE, DataType.DOUBLE)
                        / Double.BYTES;
        long actual = sandwich.subject(network).numParams();
        if (reported != actual) {
            throw new AssertionError("the memory report must count " + actual + " parameters, got " + reported);
        }
    }

    private static InputType inputOfSubject(Sandwich sandwich, MultiLayerNetwork network, Layer subject) {
        InputType type = network.getLayerWiseConfigurations()
                .getLayerActivationTypes(sandwich.input())
                .get(0);
        return subject.getPreProcessorForInputType(type) == null
                ? type
                : subject.getPreProcessorForInputType(type).getOutputType(type);
    }
}
