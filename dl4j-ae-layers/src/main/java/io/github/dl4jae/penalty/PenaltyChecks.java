package io.github.dl4jae.penalty;

/** The checks on constructor arguments that several penalties share. */
final class PenaltyChecks {

    private PenaltyChecks() {}

    static void requireWeight(String penalty, double weight) {
        if (!(weight >= 0) || Double.isInfinite(weight)) {
            throw new IllegalArgumentException(
                    penalty + ": weight must be finite and at least 0, got " + weight + "; use 0 to switch it off");
        }
    }

    static void requireFinite(String penalty, double targetRate) {
        if (!Double.isFinite(targetRate)) {
            throw new IllegalArgumentException(penalty + ": targetRate must be finite, got " + targetRate
                    + "; give the mean activation that each unit should have");
        }
    }
}
