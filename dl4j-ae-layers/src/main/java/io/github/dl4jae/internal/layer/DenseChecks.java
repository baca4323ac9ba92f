package io.github.dl4jae.internal.layer;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks of sizes and inputs for layers with a weight matrix. The exceptions are those of the stock layers. */
public final class DenseChecks {

    private DenseChecks() {}

    /**
     * Requires positive nIn and nOut.
     *
     * @param layer a configuration
     * @throws DL4JInvalidConfigException if one is not above 0
     */
    public static void requireSizes(FeedForwardLayer layer) {
        if (layer.getNIn() <= 0 || layer.getNOut() <= 0) {
            throw new DL4JInvalidConfigException(LayerSubject.of(layer) + ": nIn and nOut must be above 0, got nIn = "
                    + layer.getNIn() + ", nOut = " + layer.getNOut()
                    + "; set them on the builder, or nOut there and the input type on the network");
        }
    }

    /**
     * Refuses an input of the wrong shape.
     *
     * @param layer a configuration
     * @param input must be {@code [batch, nIn]}
     * @param index of the layer in its network
     * @throws DL4JInvalidInputException if it is not
     */
    public static void requireInput(FeedForwardLayer layer, INDArray input, int index) {
        if (input.rank() == 2 && input.size(1) == layer.getNIn() && !input.isEmpty()) {
            return;
        }
        String found = LayerSubject.of(layer) + ": the input must have the shape [batch, " + layer.getNIn() + "], got "
                + Arrays.toString(input.shape());
        if (input.isEmpty()) {
            throw new DL4JInvalidInputException(found + "; leave out empty mini-batches");
        } else if (input.rank() != 2) {
            throw new DL4JInvalidInputException(
                    found + "; set the network's input type, so that it adds a preprocessor");
        }
        throw new DL4JInvalidInputException(found + "; "
                + (index == 0 ? "the features have " : "the layer below (number " + (index - 1) + ") outputs ")
                + input.size(1) + " values, so set nIn to " + input.size(1) + " or change "
                + (index == 0 ? "the features" : "that layer's nOut to " + layer.getNIn()));
    }
}
