package io.github.dl4jae.testing;

import io.github.dl4jae.penalty.ActivityPenalty;
import java.util.Arrays;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Checks a penalty on activations. Its gradient must match central differences, with and without a mask, for examples
 * of one and of several positions. Masked rows must have no effect, the value must be a mean over examples, and the
 * penalty must not change its arguments.
 */
public final class PenaltyContract {

    private static final int POSITIONS = 6;
    private static final int UNITS = 4;

    private PenaltyContract() {}

    /**
     * Checks a penalty on activations in (0, 1).
     *
     * @param penalty differentiable at random points there
     * @throws AssertionError if it fails; the message gives the difference
     */
    @SuppressWarnings("try") // only close() of the state is used
    public static void verify(ActivityPenalty penalty) {
        try (GlobalState ignored = GlobalState.float64()) {
            INDArray mask =
                    Nd4j.createFromArray(new double[] {1, 0, 1, 1, 0, 1}).reshape(POSITIONS, 1);
            for (long examples : new long[] {POSITIONS, 2}) {
                verify(penalty, null, examples);
                verify(penalty, mask, examples);
            }
            requireMeanOverExamples(penalty);
            INDArray allMasked = Nd4j.zeros(DataType.DOUBLE, POSITIONS, 1);
            requireZero(
                    penalty + ": the value of a mini-batch without an unmasked position",
                    penalty.value(activations(), allMasked, 2));
            requireZero(
                    penalty + ": the gradient of a mini-batch without an unmasked position",
                    penalty.gradient(activations(), allMasked, 2)
                            .normmaxNumber()
                            .doubleValue());
        }
    }

    /** Returns a mini-batch that contains every example twice. */
    private static void requireMeanOverExamples(ActivityPenalty penalty) {
        INDArray once = activations();
        double expected = penalty.value(once, null, POSITIONS / 2);
        double found = penalty.value(Nd4j.concat(0, once, once), null, POSITIONS);
        if (!(Math.abs(found - expected) <= 1e-10 * Math.max(1, Math.abs(expected)))) {
            throw new AssertionError(penalty + ": the value must be a mean over examples, but is " + expected
                    + " for a mini-batch, and " + found + " when every example appears twice");
        }
    }

    private static void verify(ActivityPenalty penalty, INDArray mask, long examples) {
        INDArray a = activations();
        INDArray before = a.dup();
        INDArray gradient = penalty.gradient(a, mask, examples);
        double value = penalty.value(a, mask, examples);
        if (!a.equals(before)) {
            throw new AssertionError(penalty + ": the activations must not be modified, but were changed");
        }
        if (!Arrays.equals(gradient.shape(), a.shape())) {
            throw new AssertionError(penalty + ": the gradient must have shape " + Arrays.toString(a.shape()) + ", got "
                    + Arrays.toString(gradient.shape()));
        }
        for (int i = 0; i < POSITIONS; i++) {
            for (int j = 0; j < UNITS; j++) {
                CentralDifferences.requireAgreement(
                        penalty + ": gradient [" + i + ", " + j + "] (" + examples + " examples, "
                                + (mask == null ? "no mask" : "masked") + ")",
                        gradient.getDouble(i, j),
                        CentralDifferences.of(
                                moved(penalty, a, mask, examples, i, j, CentralDifferences.EPSILON),
                                moved(penalty, a, mask, examples, i, j, -CentralDifferences.EPSILON)));
            }
            if (mask != null && mask.getDouble(i) == 0) {
                double disturbed = moved(penalty, a, mask, examples, i, 0, 0.2);
                requireZero(penalty + ": the change of the value by a masked activation", disturbed - value);
            }
        }
    }

    private static double moved(
            ActivityPenalty penalty, INDArray a, INDArray mask, long examples, int row, int column, double step) {
        INDArray other = a.dup();
        other.putScalar(row, column, a.getDouble(row, column) + step);
        return penalty.value(other, mask, examples);
    }

    private static INDArray activations() {
        Random random = new Random(97531);
        INDArray array = Nd4j.create(DataType.DOUBLE, POSITIONS, UNITS);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, 0.05 + 0.7 * random.nextDouble());
        }
        return array;
    }

    private static void requireZero(String what, double value) {
        if (value != 0) {
            throw new AssertionError(what + " must be 0, got " + value);
        }
    }
}
