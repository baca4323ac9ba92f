package io.github.dl4jae.safetensors;

import io.github.dl4jae.internal.io.FoundText;
import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.Require;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The parameters of a network in a safetensors file, for programs in other languages.
 *
 * <p>Names are Deeplearning4j's: {@code 0_W} and {@code 0_b} for the first layer of a {@code MultiLayerNetwork}, {@code
 * code_W} for the layer of that name in a {@code ComputationGraph}. So are shapes: weights of dense layers are {@code
 * [inputs, units]}, the transpose of PyTorch's, and biases are rows {@code [1, units]}.
 *
 * <p>A file has neither the configuration nor the state of the updater. A bundle or {@code ModelSerializer} stores a
 * whole network.
 */
public final class ModelTensors {

    private static final String SUBJECT = "ModelTensors";

    private ModelTensors() {}

    /**
     * Writes the parameters of a network. The file is complete, or stays as it was.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param file the file; missing directories are created
     * @return the file
     * @throws IllegalArgumentException if a parameter is NaN or infinite
     * @throws UncheckedIOException if the file cannot be written
     */
    public static Path write(Model network, Path file) {
        Map<String, INDArray> parameters = parameters(network);
        requireFinite(SUBJECT + ": the network", parameters);
        return SafetensorsFile.write(file, parameters, Map.of("format", "dl4j"));
    }

    /**
     * Reads the parameters of a network. Nothing changes unless all names, shapes and values are right.
     *
     * @param network an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}; its parameters are replaced
     * @param file with exactly the parameters of the network, as floating point numbers of any type
     * @throws IllegalArgumentException if the file is not valid, has other names or shapes, or has a parameter that is
     *     NaN or infinite
     * @throws UncheckedIOException if the file cannot be read
     */
    public static void readInto(Model network, Path file) {
        Map<String, INDArray> parameters = parameters(network);
        String subject = SUBJECT + " " + Require.given(SUBJECT, "file", file, "");
        Map<String, INDArray> read = new LinkedHashMap<>();
        try (SafetensorsFile tensors = SafetensorsFile.open(file)) {
            requireNames(subject, parameters.keySet(), tensors.names());
            parameters.forEach((name, parameter) -> requireFit(subject, name, parameter, tensors));
            // converted here, so that a value which overflows a smaller type is found
            parameters.forEach(
                    (name, parameter) -> read.put(name, tensors.tensor(name).castTo(parameter.dataType())));
        }
        requireFinite(subject, read);
        parameters.forEach((name, parameter) -> parameter.assign(read.get(name)));
    }

    private static Map<String, INDArray> parameters(Model network) {
        Require.given(SUBJECT, "network", network, "");
        boolean initialized = network instanceof MultiLayerNetwork layers
                ? layers.isInitCalled()
                : !(network instanceof ComputationGraph graph) || graph.getVertices() != null;
        Require.that(initialized, SUBJECT, "the network must be initialized", "another", "call init()");
        return network.paramTable();
    }

    private static void requireNames(String subject, Collection<String> needed, List<String> found) {
        TreeSet<String> missing = new TreeSet<>(needed);
        found.forEach(missing::remove);
        TreeSet<String> unknown = new TreeSet<>(found);
        unknown.removeAll(needed);
        List<String> wrong = Stream.concat(missing.stream(), unknown.stream()).toList();
        Require.that(
                wrong.isEmpty(),
                subject,
                "must have the names of the network's parameters",
                missing.size() + " missing and " + unknown.size() + " unknown names, such as "
                        + wrong.stream().findFirst().map(FoundText::quoted).orElse(""),
                "read single tensors by SafetensorsFile");
    }

    private static void requireFit(String subject, String name, INDArray parameter, SafetensorsFile tensors) {
        String ofTensor = subject + ": tensor " + FoundText.quoted(name);
        long[] shape = tensors.shape(name);
        Require.that(
                Arrays.equals(shape, parameter.shape()),
                ofTensor,
                "must have shape " + Arrays.toString(parameter.shape()),
                Arrays.toString(shape),
                "");
        TensorType type = tensors.type(name);
        Require.that(type.dataType().isFPType(), ofTensor, "must have floating point numbers", type, "");
    }

    private static void requireFinite(String subject, Map<String, INDArray> arrays) {
        arrays.forEach((name, array) -> Require.that(
                FiniteArrays.isFinite(array),
                subject + ": parameter " + FoundText.quoted(name),
                "must be finite",
                "NaN or infinity",
                "training diverged: use an earlier model"));
    }
}
