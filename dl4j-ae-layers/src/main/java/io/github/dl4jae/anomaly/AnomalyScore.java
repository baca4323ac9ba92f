package io.github.dl4jae.anomaly;

import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A measure of how unusual an example is, and the share that each of its values has in it.
 *
 * <pre>
 * score         x ↦ s(x)             larger for anomalies
 * attribution   x ↦ a(x), [N, …]     larger for the values that make x unusual
 * </pre>
 *
 * <p>Both depend on the example alone, not on the others of the array. A score compares examples of one model; its unit
 * is its own. A detector turns it into decisions.
 *
 * <p>Implementations are immutable. They can be called by several threads if their autoencoder can.
 */
public interface AnomalyScore {

    /**
     * Returns the name of the score.
     *
     * @return such as "mean squared error"
     */
    String name();

    /**
     * Scores examples.
     *
     * @param examples x, {@code [N, …]}, in the shape that the autoencoder accepts
     * @return N scores, larger for anomalies; infinite where the reconstruction is not finite
     * @throws IllegalArgumentException if the shape is another one
     */
    double[] score(INDArray examples);

    /**
     * Computes which values make examples unusual.
     *
     * @param examples x, {@code [N, …]}
     * @return a float32 array in the shape of the examples, a new array
     * @throws IllegalArgumentException if the shape is another one
     */
    INDArray attribution(INDArray examples);
}
