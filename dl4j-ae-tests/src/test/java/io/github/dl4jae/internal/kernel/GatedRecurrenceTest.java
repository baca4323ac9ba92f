package io.github.dl4jae.internal.kernel;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * Masks and truncated backprop of the kernels. Tests of networks do not reach the masks, because networks pass them on
 * without setting them on recurrent layers.
 */
class GatedRecurrenceTest {

    private static final int IN = 3;
    private static final int UNITS = 4;
    /** Two tasks, and a rest. */
    private static final int EXAMPLES = 37;

    private static final int STEPS = 7;
    private static final int GAP = 3;
    private static final double TOLERANCE = 1e-5;

    /** Outputs and gradients of a pass in both directions. */
    private record Pass(INDArray y, INDArray dx, INDArray dW, INDArray dR, INDArray db) {}

    private final INDArray x = Nd4j.randn(DataType.FLOAT, STEPS * EXAMPLES, IN);
    private final INDArray epsilon = Nd4j.randn(DataType.FLOAT, STEPS * EXAMPLES, UNITS);

    private static INDArray steps(INDArray rows, int from, int to) {
        return rows.get(NDArrayIndex.interval((long) from * EXAMPLES, (long) to * EXAMPLES), NDArrayIndex.all())
                .dup('c');
    }

    private Pass pass(boolean gru, int from, int to, float @Nullable [][] mask, int firstStep) {
        Nd4j.getRandom().setSeed(11);
        long blocks = gru ? 3 : 4;
        INDArray W = Nd4j.randn(DataType.FLOAT, IN, blocks * UNITS).dup('f');
        INDArray R = Nd4j.randn(DataType.FLOAT, UNITS, blocks * UNITS).dup('f');
        INDArray b = Nd4j.randn(DataType.FLOAT, 1, 4 * UNITS);
        GatedCell.Kind kind = gru
                ? GruCell.kind(UNITS, ElementwiseActivation.TANH, ElementwiseActivation.SIGMOID)
                : LstmCell.kind(UNITS, ElementwiseActivation.TANH, ElementwiseActivation.SIGMOID);
        GatedRecurrence kernels =
                new GatedRecurrence(kind, gru ? GateWeights.ofGru(IN, UNITS) : GateWeights.ofLstm(IN, UNITS));
        GatedRecurrence.Memory memory = kernels.memory(to - from, EXAMPLES, true, null);
        kernels.setParameters(W, R, b, memory);
        Pass pass = new Pass(
                unset((long) (to - from) * EXAMPLES, UNITS),
                unset((long) (to - from) * EXAMPLES, IN),
                unset(IN, blocks * UNITS).dup('f'),
                unset(UNITS, blocks * UNITS).dup('f'),
                unset(1, 4 * UNITS));

        kernels.forward(FloatRows.of(steps(x, from, to)), null, null, mask, FloatRows.of(pass.y), memory);
        kernels.backprop(
                FloatRows.of(steps(epsilon, from, to)),
                mask,
                firstStep,
                memory,
                FloatRows.of(pass.dx),
                pass.dW,
                pass.dR,
                pass.db);
        return pass;
    }

    private static INDArray unset(long rows, long columns) {
        return Nd4j.create(DataType.FLOAT, rows, columns).assign(Double.NaN);
    }

    /** A masked step sets the state to 0, so the steps before and after it are two sequences. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gapInTheMask_separatesTwoSequences(boolean gru) {
        float[][] mask = new float[EXAMPLES][STEPS];
        Arrays.stream(mask).forEach(each -> {
            Arrays.fill(each, 1f);
            each[GAP] = 0f;
        });

        Pass whole = pass(gru, 0, STEPS, mask, 0);

        Pass before = pass(gru, 0, GAP, null, 0);
        Pass after = pass(gru, GAP + 1, STEPS, null, 0);
        assertThatArray(whole.y)
                .isCloseTo(Nd4j.vstack(before.y, Nd4j.zeros(DataType.FLOAT, EXAMPLES, UNITS), after.y), TOLERANCE);
        assertThatArray(whole.dx)
                .isCloseTo(Nd4j.vstack(before.dx, Nd4j.zeros(DataType.FLOAT, EXAMPLES, IN), after.dx), TOLERANCE);
        assertThatArray(whole.dW).isCloseTo(before.dW.add(after.dW), 10 * TOLERANCE);
        assertThatArray(whole.dR).isCloseTo(before.dR.add(after.dR), 10 * TOLERANCE);
        assertThatArray(whole.db).isCloseTo(before.db.add(after.db), 10 * TOLERANCE);
    }

    /** The examples of a task have rows of the mask that start at the first of them. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void gapsOfSomeExamples_leaveTheOthersAsTheyAre(boolean gru) {
        float[][] mask = new float[EXAMPLES][STEPS];
        Arrays.stream(mask).forEach(each -> Arrays.fill(each, 1f));
        mask[EXAMPLES - 1][GAP] = 0f;

        Pass masked = pass(gru, 0, STEPS, mask, 0);

        Pass all = pass(gru, 0, STEPS, null, 0);
        INDArray others = Nd4j.ones(DataType.FLOAT, STEPS * EXAMPLES, 1);
        others.get(NDArrayIndex.interval(EXAMPLES - 1, EXAMPLES, STEPS * EXAMPLES), NDArrayIndex.all())
                .assign(0);
        assertThatArray(masked.y.mulColumnVector(others)).isCloseTo(all.y.mulColumnVector(others), TOLERANCE);
        assertThatArray(masked.y.getRow(GAP * EXAMPLES + EXAMPLES - 1L))
                .isCloseTo(Nd4j.zeros(DataType.FLOAT, UNITS), 0);
        assertThatArray(masked.dx.mulColumnVector(others)).isCloseTo(all.dx.mulColumnVector(others), TOLERANCE);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void stepsBeforeTheTruncation_haveNoGradient(boolean gru) {
        Pass truncated = pass(gru, 0, STEPS, null, GAP);

        Pass all = pass(gru, 0, STEPS, null, 0);
        assertThatArray(steps(truncated.dx, 0, GAP)).isCloseTo(Nd4j.zeros(DataType.FLOAT, GAP * EXAMPLES, IN), 0);
        assertThatArray(steps(truncated.dx, GAP, STEPS)).isCloseTo(steps(all.dx, GAP, STEPS), TOLERANCE);
    }
}
