package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.schedule.ScheduleValues;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** The strength of a corruption, constant or scheduled: what may be asked of it. */
final class CorruptionStrength {

    private CorruptionStrength() {}

    /**
     * Where the corrupted values go. Integers cannot hold them; and in a graph Deeplearning4j offers the input itself,
     * which other layers may need in backprop: then they go to an array of their own.
     */
    static INDArray destination(INDArray input, INDArray result, LayerWorkspaceMgr workspaces) {
        boolean canBeUsed = result.dataType().isFPType() && result != input;
        return canBeUsed
                ? result
                : workspaces.createUninitialized(ArrayType.INPUT, FloatingPoint.typeFor(input), input.shape(), 'c');
    }

    /** Values that can be enumerated are checked at once, those of other schedules whenever there is one. */
    static ISchedule require(String subject, String name, ISchedule strength, double largest) {
        if (strength == null) {
            throw new IllegalArgumentException(
                    subject + ": " + name + " must be a number or a schedule, got null; give one");
        }
        ScheduleValues.of(strength)
                .forEach((when, value) -> require(
                        subject,
                        name,
                        value,
                        largest,
                        strength instanceof FixedSchedule ? "" : " from " + strength + " " + when));
        return strength;
    }

    static double at(String subject, String name, ISchedule strength, double largest, int iteration, int epoch) {
        return require(
                subject,
                name,
                strength.valueAt(iteration, epoch),
                largest,
                strength instanceof FixedSchedule
                        ? ""
                        : " from " + strength + " at iteration " + iteration + ", epoch " + epoch);
    }

    private static double require(String subject, String name, double value, double largest, String origin) {
        if (!(value >= 0 && value <= largest)) {
            throw new IllegalArgumentException(subject + ": " + name + " must be in [0, "
                    + (largest == Double.MAX_VALUE ? "∞)" : (int) largest + "]") + ", got " + value + origin
                    + "; 0 leaves examples as they are");
        }
        return value;
    }
}
