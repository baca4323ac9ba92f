package io.github.dl4jae.examples.support;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Initializes an autoencoder of two layers with squared error from the mean image m: the code describes the difference
 * from m, and the decoder starts as the transposed encoder.
 *
 * <pre>
 * b_enc = −m·W_enc        W_dec = W_encᵀ        b_dec = m
 * </pre>
 *
 * <p>Fewer units of a sparse code die than with independent random weights.
 */
public final class MeanStart {

    private MeanStart() {}

    /**
     * Sets the parameters of an initialized network.
     *
     * @param network the network; its parameters are changed
     * @param encoder the index of the encoding layer
     * @param decoder the index of the decoding layer
     * @param images images whose mean is m, {@code [N, pixels]}
     */
    public static void set(MultiLayerNetwork network, int encoder, int decoder, INDArray images) {
        INDArray mean = images.mean(true, 0); // [1,pixels]
        INDArray weights = network.getParam(encoder + "_W"); // [pixels,units]
        network.setParam(encoder + "_b", mean.mmul(weights).negi());
        network.setParam(decoder + "_W", weights.transpose().dup());
        network.setParam(decoder + "_b", mean);
    }
}
