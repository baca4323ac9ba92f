package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.ProgressListener;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.util.ModelSerializer;

/**
 * The files of a training: {@code checkpoint.zip}, which the trainer writes, {@code best.zip} at the best validation
 * score so far, and {@code curve.csv} with a line per epoch.
 */
final class TrainingFiles implements ProgressListener {

    private final Path directory;
    private final String data;
    private final Model network;
    private final List<CurvePoint> points = new ArrayList<>();

    TrainingFiles(Path directory, String data, Model network) {
        this.directory = directory;
        this.data = data;
        this.network = network;
    }

    boolean hasCheckpoint() {
        return Files.exists(checkpoint());
    }

    Path checkpoint() {
        return directory.resolve("checkpoint.zip");
    }

    @Override
    public void trainingBegun(int epochs, long steps, List<CurvePoint> curve) {
        points.addAll(curve);
    }

    @Override
    public void evaluated(CurvePoint point) {
        points.add(point);
        new LearningCurve(points).write(directory.resolve("curve.csv"), data);
        if (point.best()) {
            AtomicFile.write(
                    directory.resolve("best.zip"), part -> ModelSerializer.writeModel(network, part.toFile(), true));
        }
    }
}
