package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.OutputLoss;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;

/**
 * A check for losses that are means over features. The KL divergence is a sum over latents, so such a loss multiplies
 * β by the number of features: with 784 pixels, β is 784 instead of 1. This is a frequent mistake with variational
 * autoencoders.
 */
final class LossReduction {

    private static final Set<Class<?>> MEANS = Set.of(LossMSE.class, LossMAE.class, LossMAPE.class, LossMSLE.class);

    private LossReduction() {}

    /** Returns the warning for the first output of a network that needs one, or empty. */
    static Optional<String> warning(Model network) {
        return NetworkLayers.of(network)
                .map(LossReduction::lossOf)
                .flatMap(Optional::stream)
                .map(LossReduction::warning)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** Returns the warning for a loss that is a mean over features, or empty. */
    static Optional<String> warning(ILossFunction loss) {
        return MEANS.contains(loss.getClass())
                ? Optional.of(loss.getClass().getSimpleName()
                        + " is a mean over features, but the KL divergence is a sum over latents: this multiplies beta"
                        + " by the number of features, and latents will collapse. Use a loss that is a sum over"
                        + " features, such as LossBernoulli or LossGaussian, or divide beta by the number of features")
                : Optional.empty();
    }

    /** Returns the loss of a layer, or empty if it has none. */
    static Optional<ILossFunction> lossOf(Layer outputLayer) {
        return OutputLoss.of(outputLayer).map(OutputLoss::loss);
    }
}
