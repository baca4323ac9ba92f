package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.internal.layer.ConfigurationDifference;
import io.github.dl4jae.internal.layer.Require;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.shade.jackson.databind.JsonNode;

/**
 * A file with the state of layerwise pretraining: its progress, the configuration of the network, all parameters, and
 * the updater state of the layer in training.
 */
final class PretrainingCheckpoint {

    /**
     * The progress of pretraining.
     *
     * @param layers the number of finished layers
     * @param epochs the number of finished epochs of the next layer
     * @param iterations the number of finished iterations of that layer
     * @param updaterState the updater state of that layer, or null if there is none
     */
    record Progress(
            int layers,
            int epochs,
            int iterations,
            @Nullable INDArray updaterState) {
        static final Progress NONE = new Progress(0, 0, 0, null);
    }

    private final Path file;
    private final MultiLayerNetwork network;

    PretrainingCheckpoint(Path file, MultiLayerNetwork network) {
        this.file = file;
        this.network = network;
    }

    /** Restores the parameters from the file and returns the progress, or {@code NONE} if there is no file. */
    Progress restore(int[] epochsPerLayer) {
        if (!Files.exists(file)) {
            return Progress.NONE;
        }
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(file))) {
            DataInputStream in = new DataInputStream(zip);
            zip.getNextEntry();
            JsonNode there = ConfigurationDifference.tree(new String(zip.readAllBytes(), StandardCharsets.UTF_8));
            JsonNode here = ConfigurationDifference.tree(configuration());
            if (!there.equals(here)) { // compared as trees, because maps have no order
                throw new IllegalArgumentException("GreedyLayerwisePretrainer: the checkpoint must be of a network with"
                        + " the same configuration and seed, got a different one in " + file + " ("
                        + ConfigurationDifference.describe(there, here)
                        + "); use another file, or build the network as before");
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

    /** Requires the same epochs for finished layers, and at least the finished epochs for the layer in training. */
    private void requireEpochs(int layer, int before, int now, int layersDone, int epochsDone) {
        boolean fits = layer < layersDone ? before == now : layer > layersDone || epochsDone <= now;
        Require.that(
                fits,
                "GreedyLayerwisePretrainer",
                "the epochs of layers that are trained must be those of the checkpoint",
                now + " for pretrain layer " + layer + " in place of " + before + " in " + file,
                "use the same epochs, or another file");
    }

    /** Writes the file; a crash leaves the old one. */
    void save(int[] epochsPerLayer, Progress progress) {
        AtomicFile.write(file, part -> {
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
        });
    }

    private String configuration() {
        return network.getLayerWiseConfigurations().toJson();
    }
}
