package io.github.dl4jae.denoising;

import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/** The strength of a corruption, constant or scheduled: what may be asked of it. */
final class CorruptionStrength {

    private CorruptionStrength() {}

    /** A constant is checked at once, a schedule whenever it gives a value. */
    static ISchedule require(String subject, String name, ISchedule strength, double largest) {
        if (strength == null) {
            throw new IllegalArgumentException(
                    subject + ": " + name + " must be a number or a schedule, got null; give one");
        }
        if (strength instanceof FixedSchedule) {
            at(subject, name, strength, largest, 0, 0);
        }
        return strength;
    }

    static double at(String subject, String name, ISchedule strength, double largest, int iteration, int epoch) {
        double value = strength.valueAt(iteration, epoch);
        if (!(value >= 0 && value <= largest)) {
            throw new IllegalArgumentException(subject + ": " + name + " must be in [0, "
                    + (largest == Double.MAX_VALUE ? "∞)" : (int) largest + "]") + ", got " + value
                    + (strength instanceof FixedSchedule
                            ? ""
                            : " from " + strength + " at iteration " + iteration + ", epoch " + epoch)
                    + "; 0 leaves examples as they are");
        }
        return value;
    }
}
