package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.Optional;
import java.util.Set;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMAE;
import org.nd4j.linalg.lossfunctions.impl.LossMAPE;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossMSLE;

/**
 * Finds losses that are means over features. Beside a Kullback-Leibler term, which is a sum over latents, such a loss weighs the term as many
 * times too heavily as there are features: with 784 pixels, β is 784 and not 1. It is the most frequent mistake with variational autoencoders.
 */
public final class LossReduction {

    private static final Set<Class<?>> MEANS = Set.of(LossMSE.class, LossMAE.class, LossMAPE.class, LossMSLE.class);

    private LossReduction() {}

    /**
     * Looks at the outputs of a network.
     *
     * @param network a network or graph
     * @return the warning, or empty
     */
    public static Optional<String> warning(Model network) {
        return NetworkLayers.of(network)
                .map(LossReduction::lossOf)
                .flatMap(Optional::stream)
                .map(LossReduction::warning)
                .flatMap(Optional::stream)
                .findFirst();
    }

    /** The warning for a loss that is a mean over features. */
    static Optional<String> warning(ILossFunction loss) {
        return isMean(loss)
                ? Optional.of(loss.getClass().getSimpleName()
                        + " is a mean over features, while the Kullback-Leibler term is a sum over latents: beta is in effect"
                        + " as many times larger as there are features, and latents will collapse. Use a loss that is a sum,"
                        + " such as LossBernoulli or LossGaussian, or divide beta by the number of features")
                : Optional.empty();
    }

    private static boolean isMean(ILossFunction loss) {
        return MEANS.contains(loss.getClass());
    }

    /**
     * The loss of an output layer.
     *
     * @param outputLayer any layer
     * @return empty if it has none
     */
    public static Optional<ILossFunction> lossOf(Layer outputLayer) {
        org.deeplearning4j.nn.conf.layers.Layer layer = outputLayer.conf().getLayer();
        if (layer instanceof BaseOutputLayer output) {
            return Optional.ofNullable(output.getLossFn());
        } else if (layer instanceof LossLayer output) {
            return Optional.ofNullable(output.getLossFn());
        } else if (layer instanceof CnnLossLayer output) {
            return Optional.ofNullable(output.getLossFn());
        } else if (layer instanceof RnnLossLayer output) {
            return Optional.ofNullable(output.getLossFn());
        }
        return Optional.empty();
    }
}
