package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;

/**
 * The files of a training: {@code checkpoint.zip} after every epoch, {@code best.zip} at the best validation score so
 * far, and {@code curve.csv} with a line per epoch.
 */
final class TrainingFiles {

    private final Path checkpoint;
    private final Path best;
    private final Path curve;

    TrainingFiles(Path directory) {
        checkpoint = directory.resolve("checkpoint.zip");
        best = directory.resolve("best.zip");
        curve = directory.resolve("curve.csv");
    }

    boolean hasCheckpoint() {
        return Files.exists(checkpoint);
    }

    Path checkpoint() {
        return checkpoint;
    }

    <N extends Model> Trainable<N> readCheckpoint(Trainable<N> like) {
        return read(like, checkpoint);
    }

    <N extends Model> Trainable<N> readBest(Trainable<N> like) {
        return read(like, best);
    }

    private static <N extends Model> Trainable<N> read(Trainable<N> like, Path file) {
        try {
            return like.load(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " cannot be read", e);
        }
    }

    /** Reads the curve up to an epoch; returns null if it is empty or of other data. */
    LearningCurve readCurve(int epochs, String data) {
        try {
            return LearningCurve.ofCsv(Files.readAllLines(curve), epochs, data);
        } catch (IOException e) {
            throw new UncheckedIOException(curve + " cannot be read", e);
        }
    }

    /** Writes the checkpoint last: a run killed before that repeats the epoch, and ignores the curve's last line. */
    void save(Trainable<?> network, LearningCurve scores, String data) {
        AtomicFile.write(curve, part -> Files.write(part, scores.toCsv(data)));
        AtomicFile.write(checkpoint, part -> {
            ModelSerializer.writeModel(network.network(), part.toFile(), true);
            if (scores.endsAtBest()) {
                AtomicFile.write(best, copy -> Files.copy(part, copy, StandardCopyOption.REPLACE_EXISTING));
            }
        });
    }
}
