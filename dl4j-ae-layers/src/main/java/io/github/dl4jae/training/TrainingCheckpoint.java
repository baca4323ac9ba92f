package io.github.dl4jae.training;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.ConfigurationDifference;
import io.github.dl4jae.internal.layer.ScheduleClocks;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;
import org.nd4j.shade.jackson.databind.node.ObjectNode;

/**
 * A file with the state of a training. It is also a model file, which {@code ModelSerializer} reads: it has the entries
 * of one, and {@code training.json}, {@code best.bin}, {@code bestUpdater.bin}.
 */
final class TrainingCheckpoint {

    private static final String FORMAT = "1";

    /**
     * The contents of a file, apart from the network, which has them already.
     *
     * @param best null if there is none, or if the network itself is the best
     * @param networkIsBest whether the network is the best
     */
    record Restored(TrainingState state, @Nullable Snapshot best, boolean networkIsBest) {}

    private final Path file;
    private final NetworkAdapter network;
    /** The configuration before training, in which the learning rates are still those of the builder. */
    private final JsonNode configuration;

    private final Map<String, String> options;

    TrainingCheckpoint(Path file, NetworkAdapter network, Map<String, String> options) {
        this.file = file;
        this.network = network;
        this.configuration = ConfigurationDifference.tree(network.json());
        this.options = options;
    }

    Path file() {
        return file;
    }

    boolean exists() {
        return Files.exists(file);
    }

    /** Refuses a file that cannot be written, before training. */
    void requireWritable() {
        Path part = file.resolveSibling(file.getFileName() + ".part");
        String problem = "";
        if (Files.isDirectory(file)) {
            problem = "a directory";
        } else {
            try {
                Files.createDirectories(Objects.requireNonNull(file.getParent()));
                Files.deleteIfExists(part);
                Files.createFile(part);
                Files.delete(part);
            } catch (IOException e) {
                problem = e.toString();
            }
        }
        if (!problem.isEmpty()) {
            throw new IllegalArgumentException("Trainer: the checkpoint must be a file that can be written, got " + file
                    + " (" + problem + "); name another file");
        }
    }

    /** Writes the file; a crash leaves the old one. */
    void write(TrainingState state, @Nullable Snapshot best, boolean networkIsBest) {
        AtomicFile.write(file, part -> {
            try (ZipOutputStream zip = new ZipOutputStream(new FileOutputStream(part.toFile()))) {
                zip.setLevel(Deflater.NO_COMPRESSION); // parameters hardly shrink
                text(zip, "configuration.json", network.json());
                array(zip, "coefficients.bin", network.params());
                array(zip, "updaterState.bin", network.updaterState());
                text(zip, "training.json", progress(state, best, networkIsBest).toString());
                if (best != null && !networkIsBest) {
                    array(zip, "best.bin", best.parameters());
                    array(zip, "bestUpdater.bin", best.updaterState());
                }
            }
        });
    }

    private JsonNode progress(TrainingState state, @Nullable Snapshot best, boolean networkIsBest) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("format", FORMAT);
        options.forEach(json.putObject("options")::put);
        json.set("configuration", configuration);
        json.put("iterations", network.iterations()).put("epochs", network.epochs());
        json.set("clocks", ScheduleClocks.toJson(network.model()));
        json.set("state", state.toJson());
        json.put("networkIsBest", networkIsBest);
        if (best != null) {
            json.put("bestIterations", best.iterations()).put("bestEpochs", best.epochs());
        }
        return json;
    }

    private static void text(ZipOutputStream zip, String name, String text) throws IOException {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(text.getBytes(StandardCharsets.UTF_8));
    }

    private static void array(ZipOutputStream zip, String name, @Nullable INDArray array) throws IOException {
        if (array != null) {
            zip.putNextEntry(new ZipEntry(name));
            DataOutputStream out = new DataOutputStream(zip);
            Nd4j.write(array, out);
            out.flush();
        }
    }

    /** Restores the network; refuses a file of another configuration before it changes anything. */
    Restored restore(LearningRates rates) {
        try (ZipFile zip = new ZipFile(file.toFile())) {
            ZipEntry entry = zip.getEntry("training.json");
            if (entry == null) {
                throw new IllegalArgumentException("Trainer: the checkpoint must be written by a Trainer, got " + file
                        + " without an entry training.json; use another file");
            }
            JsonNode json =
                    new ObjectMapper().readTree(new String(bytes(zip, "training.json"), StandardCharsets.UTF_8));
            requireSame(json);
            Snapshot current = new Snapshot(
                    Objects.requireNonNull(array(zip, "coefficients.bin")),
                    array(zip, "updaterState.bin"),
                    json.get("iterations").asInt(),
                    json.get("epochs").asInt());
            INDArray best = array(zip, "best.bin");
            Snapshot bestSnapshot = best == null
                    ? null
                    : new Snapshot(
                            best,
                            array(zip, "bestUpdater.bin"),
                            json.get("bestIterations").asInt(),
                            json.get("bestEpochs").asInt());
            TrainingState state = TrainingState.of(json.get("state"));
            if (state.rateFactor != 1) {
                rates.multiply(state.rateFactor); // replaces the updater, so before its state
            }
            current.restore(network);
            ScheduleClocks.restore(network.model(), json.get("clocks"));
            return new Restored(state, bestSnapshot, json.get("networkIsBest").asBoolean());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Trainer: the checkpoint " + file + " cannot be read; delete it to start a new training", e);
        }
    }

    private void requireSame(JsonNode json) {
        JsonNode there = json.get("options");
        String differences = options.entrySet().stream()
                .filter(option -> !there.path(option.getKey()).asText().equals(option.getValue()))
                .map(option -> option.getKey() + " "
                        + there.path(option.getKey()).asText() + " there, " + option.getValue() + " here")
                .collect(Collectors.joining("; "));
        if (differences.isEmpty() && !json.get("configuration").equals(configuration)) {
            differences = ConfigurationDifference.describe(json.get("configuration"), configuration);
        }
        if (!differences.isEmpty()) {
            throw new CheckpointMismatchException(
                    "Trainer: the checkpoint must be of the same configuration, got another"
                            + " in " + file + " (" + differences
                            + "); use the configuration of the first run, or another file");
        }
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }

    private static @Nullable INDArray array(ZipFile zip, String name) throws IOException {
        return zip.getEntry(name) == null
                ? null
                : Nd4j.read(new DataInputStream(new ByteArrayInputStream(bytes(zip, name))));
    }
}
