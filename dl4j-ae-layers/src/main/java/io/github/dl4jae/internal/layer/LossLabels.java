package io.github.dl4jae.internal.layer;

import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMixtureDensity;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

/** The labels that loss functions take. */
public final class LossLabels {

    private LossLabels() {}

    /**
     * Returns whether output layers must check the width of labels for a loss function: that of a stock one, whose
     * message speaks of a pre-output. This library's losses check theirs.
     *
     * @param loss of an output layer
     * @return true if it is a stock loss with one label per output
     */
    public static boolean areOnePerOutput(ILossFunction loss) {
        return loss.getClass().getName().startsWith("org.nd4j.")
                && !(loss instanceof LossSparseMCXENT || loss instanceof LossMixtureDensity);
    }
}
