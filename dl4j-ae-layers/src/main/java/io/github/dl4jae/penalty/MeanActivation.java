package io.github.dl4jae.penalty;

import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean activation ρ̂_j of every unit over the unmasked positions, and its gradient.
 *
 * <pre>
 * ρ̂_j = 1/M · Σ_i m_i a_ij,  M = Σ_i m_i        ∂ρ̂_j/∂a_ij = m_i/M
 * </pre>
 *
 * <p>16-bit activations are averaged in float32. A mini-batch that is masked entirely has M = 0 and no mean; its
 * penalty and gradient are 0.
 *
 * @param perUnit ρ̂, {@code [1, n]}; null when M = 0
 * @param positions M
 */
record MeanActivation(@Nullable INDArray perUnit, double positions) {

    static MeanActivation of(INDArray activations, @Nullable INDArray mask) {
        INDArray wide = activations.dataType() == DataType.DOUBLE ? activations : activations.castTo(DataType.FLOAT);
        if (mask == null) {
            return new MeanActivation(wide.mean(true, 0), wide.size(0));
        }
        double positions = mask.sumNumber().doubleValue();
        return positions == 0
                ? new MeanActivation(null, 0)
                : new MeanActivation(
                        wide.mulColumnVector(mask.castTo(wide.dataType()))
                                .sum(true, 0)
                                .divi(positions),
                        positions);
    }

    /** P as a function of ρ̂. */
    double value(ToDoubleFunction<INDArray> penalty) {
        return positions == 0 ? 0 : penalty.applyAsDouble(perUnit);
    }

    /** ∂P/∂a, the same in every unmasked position, from ∂P/∂ρ̂ as a function that returns a new array. */
    INDArray backward(UnaryOperator<INDArray> gradientOfMean, INDArray activations, @Nullable INDArray mask) {
        INDArray gradient = activations.ulike(); // [N,n]
        if (positions == 0) {
            return gradient.assign(0);
        }
        INDArray perPosition = gradientOfMean.apply(perUnit).divi(positions).castTo(activations.dataType()); // [1,n]
        return Masked.rows(gradient.assign(perPosition.broadcast(activations.shape())), mask);
    }
}
