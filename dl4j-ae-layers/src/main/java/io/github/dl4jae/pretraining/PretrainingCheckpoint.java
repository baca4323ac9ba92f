package io.github.dl4jae.pretraining;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Iterator;
import java.util.stream.IntStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;
import org.nd4j.shade.jackson.databind.ObjectMapper;

/**
 * The state of layerwise training in a file: how far it is, the configuration that it belongs to, all parameters, and the updater's state
 * for the layer in training.
 */
final class PretrainingCheckpoint {

    /**
     * How far training is.
     *
     * @param layers that are finished
     * @param epochs of the next layer that are done
     * @param iterations of that layer that are done
     * @param updaterState of that layer, or null if there is none
     */
    record Progress(int layers, int epochs, int iterations, INDArray updaterState) {
        static final Progress NONE = new Progress(0, 0, 0, null);
    }

    private final Path file;
    private final MultiLayerNetwork network;

    PretrainingCheckpoint(Path file, MultiLayerNetwork network) {
        this.file = file;
        this.network = network;
    }

    /** Takes parameters and progress from the file, if there is one. */
    Progress restore(int[] epochsPerLayer) {
        if (!Files.exists(file)) {
            return Progress.NONE;
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            DataInputStream in = new DataInputStream(zip);
            zip.getNextEntry();
            JsonNode there = parsed(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            JsonNode here = parsed(configuration());
            if (!there.equals(here)) { // as trees: maps may be in any order
                throw new IllegalArgumentException("GreedyLayerwisePretrainer: the checkpoint must be of a network with"
                        + " the same configuration and seed, got another in " + file + " ("
                        + difference("", there, here)
                        + "); name another file, or build the network as before");
            }
            zip.getNextEntry();
            int layers = in.readInt();
            int epochs = in.readInt();
            int iterations = in.readInt();
            boolean hasState = in.readBoolean();
            for (int i = 0; i < epochsPerLayer.length; i++) {
                requireEpochs(i, in.readInt(), epochsPerLayer[i], layers, epochs);
            }
            zip.getNextEntry();
            network.setParams(Nd4j.read(in));
            INDArray state = null;
            if (hasState) {
                zip.getNextEntry();
                state = Nd4j.read(in);
            }
            return new Progress(layers, epochs, iterations, state);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint " + file + " can't be read", e);
        }
    }

    /** What is done must have been asked for; what is to come may be more or less than it was. */
    private void requireEpochs(int layer, int before, int now, int layersDone, int epochsDone) {
        boolean fits = layer < layersDone ? before == now : layer > layersDone || epochsDone <= now;
        if (!fits) {
            throw new IllegalArgumentException(
                    "GreedyLayerwisePretrainer: the epochs of layers that are trained must be"
                            + " those of the checkpoint, got " + now + " for pretrain layer " + layer + " in place of "
                            + before
                            + " in " + file + "; ask for as many, or name another file");
        }
    }

    void save(int[] epochsPerLayer, Progress progress) {
        Path absolute = file.toAbsolutePath();
        Path part = absolute.resolveSibling(absolute.getFileName() + ".part");
        try {
            Files.createDirectories(absolute.getParent());
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(part))) {
                DataOutputStream out = new DataOutputStream(zip);
                zip.putNextEntry(new ZipEntry("configuration.json"));
                zip.write(configuration().getBytes(StandardCharsets.UTF_8));
                zip.putNextEntry(new ZipEntry("progress.bin"));
                out.writeInt(progress.layers());
                out.writeInt(progress.epochs());
                out.writeInt(progress.iterations());
                out.writeBoolean(progress.updaterState() != null);
                for (int epochs : epochsPerLayer) {
                    out.writeInt(epochs);
                }
                zip.putNextEntry(new ZipEntry("parameters.bin"));
                Nd4j.write(network.params(), out);
                if (progress.updaterState() != null) {
                    zip.putNextEntry(new ZipEntry("updater.bin"));
                    Nd4j.write(progress.updaterState(), out);
                }
                out.flush();
            }
            Files.move(part, absolute, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UncheckedIOException("the checkpoint " + file + " can't be written", e);
        }
    }

    private static JsonNode parsed(String json) throws IOException {
        return new ObjectMapper().readTree(json);
    }

    /**
     * The first place where two different trees differ, and what stands there: {@code /confs/0/layer/nout 500 there,
     * 400 here}.
     */
    private static String difference(String path, JsonNode there, JsonNode here) {
        if (there.getNodeType() == here.getNodeType() && there.isContainerNode() && there.size() == here.size()) {
            Iterator<String> names = there.isObject()
                    ? there.fieldNames()
                    : IntStream.range(0, there.size()).mapToObj(String::valueOf).iterator();
            while (names.hasNext()) {
                String name = names.next();
                JsonNode partThere = there.isObject() ? there.get(name) : there.get(Integer.parseInt(name));
                JsonNode partHere = here.isObject() ? here.path(name) : here.get(Integer.parseInt(name));
                if (!partThere.equals(partHere)) {
                    return difference(path + "/" + name, partThere, partHere);
                }
            }
        }
        return path + " " + brief(there) + " there, " + brief(here) + " here";
    }

    private static String brief(JsonNode node) {
        return node.isContainerNode() ? node.size() + " entries" : node.toString();
    }

    /** Without what changes in training. */
    private String configuration() {
        return network.getLayerWiseConfigurations()
                .toJson()
                .replaceAll("\"(iterationCount|epochCount)\" : \\d+", "\"$1\" : 0")
                .replaceAll("\"reached\" : \\{[^}]*}", "\"reached\" : null");
    }
}
