package io.github.dl4jae.variational;

import java.io.Serializable;
import org.nd4j.shade.jackson.annotation.JsonTypeInfo;

/**
 * A term that a {@link GaussianLatentLayer} adds to the score besides the KL divergence.
 *
 * <pre>{@code
 * public record MeanActivity(double weight) implements LatentRegularizer {   // weight · mean over examples of Σ_j μ_j²
 *     public double evaluate(LatentCodes codes) {
 *         double[] mean = codes.posterior().mean();
 *         double scale = weight / codes.posterior().rows();
 *         codes.addMeanGradient(Arrays.stream(mean).map(each -> 2 * scale * each).toArray());
 *         return scale * Arrays.stream(mean).map(each -> each * each).sum();
 *     }
 * }
 * }</pre>
 *
 * <p>Implementations are immutable values with {@code equals} and {@code hashCode}, so that configurations can be
 * compared and stored as JSON. Layers on different threads may share an implementation.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.CLASS, property = "@class")
public interface LatentRegularizer extends Serializable {

    /**
     * Evaluates the term and adds its gradient to the codes.
     *
     * @param codes codes of a mini-batch with at least one row
     * @return the value, a mean over examples
     * @throws IllegalArgumentException if the term is not defined for that number of examples
     */
    double evaluate(LatentCodes codes);
}
