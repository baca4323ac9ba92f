package io.github.dl4jae.examples.support;

import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.training.CurvePoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The scores of a training, one entry per epoch.
 *
 * @param points the entries, in order
 */
public record LearningCurve(List<CurvePoint> points) {

    private static final String HEADER = "epoch,train,validation,seconds,data";

    /**
     * Creates a curve.
     *
     * @param points the entries; copied
     */
    public LearningCurve {
        points = List.copyOf(points);
    }

    /**
     * Returns the training scores.
     *
     * @return the mean score of the mini-batches of each epoch
     */
    public double[] train() {
        return points.stream().mapToDouble(CurvePoint::training).toArray();
    }

    /**
     * Returns the validation scores.
     *
     * @return the score after each epoch
     */
    public double[] validation() {
        return points.stream().mapToDouble(CurvePoint::validation).toArray();
    }

    /**
     * Returns the number of epochs.
     *
     * @return the number of entries
     */
    public int epochs() {
        return points.size();
    }

    /**
     * Returns the training time.
     *
     * @return seconds, over all epochs
     */
    public double seconds() {
        return points.stream().mapToDouble(CurvePoint::seconds).sum();
    }

    /** Writes the curve as CSV; the last column describes the training images. */
    void write(Path file, String data) {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        points.forEach(point -> lines.add(String.format(
                Locale.ROOT,
                "%d,%s,%s,%s,%s",
                point.epoch(),
                point.training(),
                point.validation(),
                point.seconds(),
                data)));
        AtomicFile.write(file, part -> Files.write(part, lines));
    }
}
