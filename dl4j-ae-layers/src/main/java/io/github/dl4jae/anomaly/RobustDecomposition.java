package io.github.dl4jae.anomaly;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Examples that a {@link RobustAutoencoder} has split into a part that an autoencoder reconstructs and outliers.
 *
 * <pre>
 * X = L + S + remainder        where the remainder is what the penalty has shrunk away
 * </pre>
 *
 * <p>Immutable, but for the network.
 */
public final class RobustDecomposition {

    private final MultiLayerNetwork network;
    private final INDArray L;
    private final INDArray S;
    private final int rounds;
    private final double remainder;
    private final double change;
    private final boolean converged;

    RobustDecomposition(
            MultiLayerNetwork network,
            INDArray L,
            INDArray S,
            int rounds,
            double remainder,
            double change,
            boolean converged) {
        this.network = network;
        this.L = L;
        this.S = S;
        this.rounds = rounds;
        this.remainder = remainder;
        this.change = change;
        this.converged = converged;
    }

    /**
     * Returns the trained network, an autoencoder for new examples: {@code Autoencoders.of(network, "code")}.
     *
     * @return the network that was given to the builder
     */
    public MultiLayerNetwork network() {
        return network;
    }

    /**
     * Returns the examples as the autoencoder reconstructs them.
     *
     * @return L, float32 {@code [N, d]}, a copy
     */
    public INDArray reconstructed() {
        return L.dup();
    }

    /**
     * Returns the outliers.
     *
     * @return S, float32 {@code [N, d]}, 0 for values that are none; a copy
     */
    public INDArray outliers() {
        return S.dup();
    }

    /**
     * Returns how unusual each example is.
     *
     * @return N scores ‖S_i‖₂, larger for anomalies, 0 for examples without outliers
     */
    public double[] rowScores() {
        return S.castTo(DataType.DOUBLE).norm2(1).toDoubleVector();
    }

    /**
     * Returns how unusual each feature is.
     *
     * @return d scores, the norms of the columns of S; larger for defective features
     */
    public double[] columnScores() {
        return S.castTo(DataType.DOUBLE).norm2(0).toDoubleVector();
    }

    /**
     * Returns the number of rounds.
     *
     * @return at least 1
     */
    public int rounds() {
        return rounds;
    }

    /**
     * Returns the first stopping rule's value.
     *
     * @return c₁ = ‖X − L − S‖ / ‖X‖ after the last round
     */
    public double remainder() {
        return remainder;
    }

    /**
     * Returns the second stopping rule's value.
     *
     * @return c₂, the change of L + S in the last round divided by ‖X‖
     */
    public double change() {
        return change;
    }

    /**
     * Returns whether both stopping rules were met.
     *
     * @return false if training ended with the last round
     */
    public boolean converged() {
        return converged;
    }
}
