package io.github.dl4jae.savedmodels;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A network with data for it. On disk it is Deeplearning4j's own ZIP file with four more entries: the input, the
 * labels,
 * the output and the score.
 */
record SavedModel(Model model, INDArray x, INDArray labels) {

    private static final int SEED = 17;

    /**
     * A file that was read.
     *
     * @param saved the restored network and its data
     * @param output the output when it was saved
     * @param score the score at test time when it was saved
     * @param configuration the stored JSON
     */
    record Restored(SavedModel saved, INDArray output, double score, String configuration) {}

    INDArray output() {
        Nd4j.getRandom().setSeed(SEED);
        return model instanceof MultiLayerNetwork network
                ? network.output(x)
                : ((ComputationGraph) model).outputSingle(x);
    }

    double score() {
        Nd4j.getRandom().setSeed(SEED);
        DataSet data = new DataSet(x, labels);
        return model instanceof MultiLayerNetwork network
                ? network.score(data, false)
                : ((ComputationGraph) model).score(data, false);
    }

    /** Returns the configuration, a value with {@code equals}. */
    Object configuration() {
        return model instanceof MultiLayerNetwork network
                ? network.getLayerWiseConfigurations()
                : ((ComputationGraph) model).getConfiguration();
    }

    /** Returns the updater's state, or null for none. */
    INDArray updaterState() {
        return model instanceof MultiLayerNetwork network
                ? network.getUpdater().getStateViewArray()
                : ((ComputationGraph) model).getUpdater().getStateViewArray();
    }

    void write(Path file) throws IOException {
        ByteArrayOutputStream network = new ByteArrayOutputStream();
        ModelSerializer.writeModel(model, network, true);
        Map<String, byte[]> entries = entries(network.toByteArray());
        entries.put("x.bin", bytes(x));
        entries.put("labels.bin", bytes(labels));
        entries.put("output.bin", bytes(output()));
        entries.put("score.bin", bytes(Nd4j.scalar(score())));
        Files.createDirectories(file.getParent());
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(file))) {
            for (Map.Entry<String, byte[]> each : entries.entrySet()) {
                ZipEntry entry = new ZipEntry(each.getKey());
                entry.setTime(0); // the same bytes for the same model
                zip.putNextEntry(entry);
                zip.write(each.getValue());
            }
        }
    }

    static Restored read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        Map<String, byte[]> entries = entries(bytes);
        String configuration = new String(entries.get("configuration.json"), StandardCharsets.UTF_8);
        Model model = configuration.contains("\"vertexInputs\"")
                ? ModelSerializer.restoreComputationGraph(new ByteArrayInputStream(bytes), true)
                : ModelSerializer.restoreMultiLayerNetwork(new ByteArrayInputStream(bytes), true);
        return new Restored(
                new SavedModel(model, array(entries.get("x.bin")), array(entries.get("labels.bin"))),
                array(entries.get("output.bin")),
                array(entries.get("score.bin")).getDouble(0),
                configuration);
    }

    private static Map<String, byte[]> entries(byte[] zip) throws IOException {
        Map<String, byte[]> entries = new TreeMap<>();
        try (ZipInputStream in = new ZipInputStream(new ByteArrayInputStream(zip))) {
            for (ZipEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
                entries.put(entry.getName(), in.readAllBytes());
            }
        }
        return entries;
    }

    private static byte[] bytes(INDArray array) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Nd4j.write(array, new DataOutputStream(bytes));
        return bytes.toByteArray();
    }

    private static INDArray array(byte[] bytes) {
        return Nd4j.read(new ByteArrayInputStream(bytes));
    }
}
