package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.Require;
import java.io.Serializable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A penalty on selectors that share a column.
 *
 * <pre>
 * P = λ Σ_j max(0, u_j − τ)        u_j = Σ_m p_jm,  p_:m = softmax(ℓ_:m)
 * ∂P/∂ℓ_jm = λ p_jm (a_j − Σ_i p_im a_i),  a_j = 1 if u_j > τ, else 0        natural: without p_jm
 * </pre>
 *
 * @param weight λ, at least 0; 0 switches the penalty off
 * @param threshold τ, at least 1
 * @see <a href="https://arxiv.org/abs/2102.09050">Strypsteen and Bertrand 2021</a>
 */
record DuplicatePenalty(double weight, double threshold) implements Serializable {

    /**
     * Checks the options.
     *
     * @throws IllegalArgumentException if the weight is negative or the threshold below 1, or if one is not finite
     */
    DuplicatePenalty {
        Require.nonNegative("ConcreteSelectorLayer", "duplicatePenalty", weight, "use 0 to switch it off");
        Require.that(
                threshold >= 1 && threshold < Double.POSITIVE_INFINITY,
                "ConcreteSelectorLayer",
                "the threshold of the duplicatePenalty must be at least 1 and finite",
                threshold,
                "at 1 one selector per column costs nothing");
    }

    /** Returns whether the penalty has an effect. */
    boolean isOn() {
        return weight > 0;
    }

    /** Returns P of logits {@code [n, m]}. */
    double value(INDArray logits) {
        INDArray excess = probabilities(logits).sum(1).subi(threshold);
        return weight
                * excess.muli(excess.gt(0).castTo(excess.dataType()))
                        .sumNumber()
                        .doubleValue();
    }

    /** Adds scale·∂P/∂ℓ, or the natural gradient, to a gradient {@code [n, m]}. */
    void addGradient(INDArray logits, boolean natural, double scale, INDArray gradient) {
        INDArray p = probabilities(logits);
        INDArray a = p.sum(true, 1).gt(threshold).castTo(p.dataType()); // [n,1]
        INDArray G = p.ulike();
        G.assign(0).addiColumnVector(a);
        ColumnSoftmax.backprop(p, G, natural, scale * weight);
        gradient.addi(G);
    }

    private static INDArray probabilities(INDArray logits) {
        INDArray p = Nd4j.createUninitialized(logits.dataType(), logits.shape(), 'f');
        ColumnSoftmax.softmax(logits, p);
        return p;
    }
}
