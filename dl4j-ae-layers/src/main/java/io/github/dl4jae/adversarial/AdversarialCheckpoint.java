package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.ConfigurationDifference;
import io.github.dl4jae.internal.layer.ScheduleClocks;
import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
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

/** A file with the state of a training: progress, and of each network parameters, updater state, counts and clocks. */
final class AdversarialCheckpoint {

    private static final String FORMAT = "1";

    private final Path file;
    private final TrainedNetworks networks;
    private final Map<String, String> options;
    /** The configurations before training. */
    private final Map<String, JsonNode> configurations = new LinkedHashMap<>();

    AdversarialCheckpoint(Path file, TrainedNetworks networks, Map<String, String> options) {
        this.file = file;
        this.networks = networks;
        this.options = options;
        networks.all().forEach(part -> configurations.put(part.name(), ConfigurationDifference.tree(part.json())));
    }

    Path file() {
        return file;
    }

    /** Writes the file; a crash leaves the old one. */
    void write(AdversarialState state) {
        AtomicFile.write(file, part -> {
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(part))) {
                zip.setLevel(Deflater.NO_COMPRESSION); // parameters hardly shrink
                zip.putNextEntry(new ZipEntry("training.json"));
                zip.write(progress(state).toString().getBytes(StandardCharsets.UTF_8));
                for (TrainedNetworks.Part network : networks.all()) {
                    put(zip, network.name() + ".bin", network.parameters());
                    put(zip, network.name() + "Updater.bin", network.pass().updaterState());
                }
            }
        });
    }

    private ObjectNode progress(AdversarialState state) {
        ObjectNode json = new ObjectMapper().createObjectNode();
        json.put("format", FORMAT);
        options.forEach(json.putObject("options")::put);
        json.set("state", state.toJson());
        for (TrainedNetworks.Part part : networks.all()) {
            ObjectNode network = json.putObject(part.name());
            network.set("configuration", configurations.get(part.name()));
            network.put("iterations", part.pass().iterations())
                    .put("epochs", part.pass().epochs());
            network.set("clocks", ScheduleClocks.toJson(part.model()));
        }
        return json;
    }

    private static void put(ZipOutputStream zip, String name, @Nullable INDArray array) throws IOException {
        if (array != null) {
            zip.putNextEntry(new ZipEntry(name));
            DataOutputStream out = new DataOutputStream(zip);
            Nd4j.write(array, out);
            out.flush();
        }
    }

    /** Restores all networks, or returns a new state if there is no file. Refuses a file of other options. */
    AdversarialState restore() {
        if (!Files.exists(file)) {
            return new AdversarialState();
        }
        try (ZipFile zip = new ZipFile(file.toFile())) {
            if (zip.getEntry("training.json") == null) {
                throw refusal("without an entry training.json");
            }
            JsonNode json = new ObjectMapper().readTree(bytes(zip, "training.json"));
            requireSame(json);
            for (TrainedNetworks.Part network : networks.all()) {
                JsonNode there = json.get(network.name());
                network.parameters().assign(array(zip, network.name() + ".bin"));
                INDArray updaterState = network.pass().updaterState();
                if (updaterState != null) {
                    updaterState.assign(array(zip, network.name() + "Updater.bin"));
                }
                network.pass()
                        .setCounts(
                                there.get("iterations").asInt(),
                                there.get("epochs").asInt());
                ScheduleClocks.restore(network.model(), there.get("clocks"));
            }
            return AdversarialState.of(json.get("state"));
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "AdversarialAutoencoder: the checkpoint " + file
                            + " cannot be read; delete it to start a new training",
                    e);
        }
    }

    private void requireSame(JsonNode json) {
        options.forEach((name, here) -> {
            String there = json.path("options").path(name).asText();
            if (!there.equals(here)) {
                throw refusal("with " + name + " " + there + " there, " + here + " here");
            }
        });
        configurations.forEach((name, here) -> {
            JsonNode there = json.path(name).path("configuration");
            if (!there.equals(here)) {
                throw refusal("with another " + name + " (" + ConfigurationDifference.describe(there, here) + ")");
            }
        });
    }

    private IllegalArgumentException refusal(String difference) {
        return new IllegalArgumentException("AdversarialAutoencoder: the checkpoint must be of the same networks and"
                + " options, got " + file + " " + difference + "; use those of the first run, or another file");
    }

    private static byte[] bytes(ZipFile zip, String name) throws IOException {
        return zip.getInputStream(zip.getEntry(name)).readAllBytes();
    }

    private static INDArray array(ZipFile zip, String name) throws IOException {
        return Nd4j.read(new DataInputStream(new ByteArrayInputStream(bytes(zip, name))));
    }
}
