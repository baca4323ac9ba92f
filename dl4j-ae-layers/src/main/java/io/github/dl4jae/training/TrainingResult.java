package io.github.dl4jae.training;

import java.util.List;
import java.util.Optional;

/**
 * The course of a training.
 *
 * @param epochs the number of completed epochs, those before a resumption included
 * @param steps the number of completed steps, likewise
 * @param curve the learning curve, in order
 * @param reason why the training ended
 */
public record TrainingResult(int epochs, long steps, List<CurvePoint> curve, StopReason reason) {

    /**
     * Creates a result.
     *
     * @param epochs the number of completed epochs
     * @param steps the number of completed steps
     * @param curve the learning curve; copied
     * @param reason why the training ended
     */
    public TrainingResult {
        curve = List.copyOf(curve);
    }

    /**
     * Returns the point with the best validation score, whose parameters the network has if the trainer restored them.
     *
     * @return the point; empty without validation
     */
    public Optional<CurvePoint> best() {
        return curve.stream().filter(CurvePoint::best).reduce((before, last) -> last);
    }

    /**
     * Returns the duration.
     *
     * @return seconds, over all points of the curve
     */
    public double seconds() {
        return curve.stream().mapToDouble(CurvePoint::seconds).sum();
    }
}
