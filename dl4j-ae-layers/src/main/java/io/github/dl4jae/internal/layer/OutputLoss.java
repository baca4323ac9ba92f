package io.github.dl4jae.internal.layer;

import java.util.Optional;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * The loss of an output layer. Deeplearning4j's configurations of such layers have no common type that names it.
 *
 * @param loss the loss
 * @param activation the activation function, which the loss gets
 */
public record OutputLoss(ILossFunction loss, IActivation activation) {

    /**
     * Returns the loss of a layer.
     *
     * @param layer any layer of a network
     * @return its loss; empty if it has none
     */
    public static Optional<OutputLoss> of(Layer layer) {
        return layer.conf().getLayer() instanceof BaseLayer configuration
                ? Optional.ofNullable(loss(configuration))
                        .map(loss -> new OutputLoss(loss, configuration.getActivationFn()))
                : Optional.empty();
    }

    private static @Nullable ILossFunction loss(BaseLayer layer) {
        if (layer instanceof BaseOutputLayer output) {
            return output.getLossFn();
        } else if (layer instanceof LossLayer output) {
            return output.getLossFn();
        } else if (layer instanceof CnnLossLayer output) {
            return output.getLossFn();
        } else if (layer instanceof RnnLossLayer output) {
            return output.getLossFn();
        }
        return null;
    }
}
