package io.github.dl4jae.testing;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.penalty.ActivityPenalty;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

class PenaltyContractTest {

    /**
     * Σ a² over unmasked rows, a mean over examples or not.
     *
     * @param mean whether to divide by the number of examples
     */
    private record Squares(boolean mean) implements ActivityPenalty {
        @Override
        public double value(INDArray activations, INDArray mask, long examples) {
            INDArray squares = activations.mul(activations);
            INDArray counted = mask == null ? squares : squares.muliColumnVector(mask);
            return counted.sumNumber().doubleValue() / (mean ? examples : 1);
        }

        @Override
        public INDArray gradient(INDArray activations, INDArray mask, long examples) {
            INDArray gradient = activations.mul(2.0 / (mean ? examples : 1));
            return mask == null ? gradient : gradient.muliColumnVector(mask);
        }
    }

    @Test
    void penalty_thatIsAMean_passes() {
        PenaltyContract.verify(new Squares(true));
    }

    @Test
    void penalty_thatIgnoresTheNumberOfExamples_isCaught() {
        assertThatThrownBy(() -> PenaltyContract.verify(new Squares(false)))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("the value must be a mean over examples, but is")
                .hasMessageContaining("when every example appears twice");
    }
}
