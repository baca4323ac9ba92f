package io.github.dl4jae.dense;

import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What dense layers refuse; the exceptions are those of the stock layers. */
final class DenseChecks {

    private DenseChecks() {}

    static void requireSizes(String type, FeedForwardLayer layer) {
        if (layer.getNIn() <= 0 || layer.getNOut() <= 0) {
            throw new DL4JInvalidConfigException(type + " " + name(layer) + ": nIn and nOut must be above 0, got nIn = "
                    + layer.getNIn() + ", nOut = " + layer.getNOut()
                    + "; set them on the builder, or nOut there and the input type on the network");
        }
    }

    static void requireInput(String type, FeedForwardLayer layer, INDArray input) {
        if (input.rank() != 2 || input.size(1) != layer.getNIn()) {
            throw new DL4JInvalidInputException(type + " " + name(layer) + ": the input must have the shape [batch, "
                    + layer.getNIn() + "], got " + Arrays.toString(input.shape())
                    + (input.rank() == 2
                            ? "; change nIn or the data"
                            : "; set the network's input type, so that a preprocessor makes rows of it"));
        }
    }

    private static String name(FeedForwardLayer layer) {
        return layer.getLayerName() == null ? "(unnamed)" : "'" + layer.getLayerName() + "'";
    }
}
