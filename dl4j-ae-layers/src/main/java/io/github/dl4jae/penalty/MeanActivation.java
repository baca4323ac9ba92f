package io.github.dl4jae.penalty;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The mean activation ρ̂_j of every unit over the unmasked positions, and the way back.
 *
 * <pre>
 * ρ̂_j = 1/M · Σ_i m_i a_ij,  M = Σ_i m_i        ∂ρ̂_j/∂a_ij = m_i/M
 * </pre>
 *
 * The mean is taken in float32 at least, also of activations of 16 bits. A minibatch that is masked out entirely has M = 0: it has no mean, and its penalty and gradient are 0.
 *
 * @param perUnit ρ̂, {@code [1, n]}; null when M = 0
 * @param positions M
 */
record MeanActivation(INDArray perUnit, double positions) {

    static MeanActivation of(INDArray activations, INDArray mask) {
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

    /** ∂P/∂a, given ∂P/∂ρ̂ (which it may overwrite): the same for every unmasked position. */
    INDArray backward(INDArray gradientOfMean, INDArray activations, INDArray mask) {
        INDArray gradient = activations.ulike(); // [N,n]
        if (positions == 0) {
            return gradient.assign(0);
        }
        gradient.assign(
                gradientOfMean.divi(positions).castTo(activations.dataType()).broadcast(activations.shape()));
        return mask == null ? gradient : gradient.muliColumnVector(mask);
    }
}
