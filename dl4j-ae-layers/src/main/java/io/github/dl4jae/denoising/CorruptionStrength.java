package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.schedule.ScheduleValues;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** Checks of the strength of a corruption, constant or scheduled, and the array that receives the result. */
final class CorruptionStrength {

    private CorruptionStrength() {}

    /**
     * Returns the array that receives the corrupted values: {@code result}, or a new array if {@code result} is of an
     * integer type, or is the input itself. Deeplearning4j passes the input in graphs, where other layers may need it
     * in backprop.
     */
    static INDArray destination(INDArray input, INDArray result, LayerWorkspaceMgr workspaces) {
        boolean canBeUsed = result.dataType().isFPType() && result != input;
        return canBeUsed
                ? result
                : workspaces.createUninitialized(ArrayType.INPUT, FloatingPoint.typeFor(input), input.shape(), 'c');
    }

    /**
     * Requires a schedule whose values lie in [0, largest]. Values that can be enumerated are checked now, the others
     * in {@link #at}.
     */
    static ISchedule require(String subject, String name, ISchedule strength, double largest) {
        Require.given(subject, name, strength, "pass a number or a schedule");
        ScheduleValues.of(strength)
                .forEach((when, value) -> require(
                        subject,
                        name,
                        value,
                        largest,
                        strength instanceof FixedSchedule ? "" : " from " + strength + " " + when));
        return strength;
    }

    /** Returns the strength at an iteration and epoch, checked. */
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
        String range = "[0, " + (largest == Double.MAX_VALUE ? "∞)" : (int) largest + "]");
        Require.that(
                value >= 0 && value <= largest,
                subject,
                name + " must be in " + range,
                value + origin,
                "0 leaves examples unchanged");
        return value;
    }
}
