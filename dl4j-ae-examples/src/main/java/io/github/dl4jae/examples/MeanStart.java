package io.github.dl4jae.examples;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A good start for an autoencoder of two layers with squared error: the code describes how an image differs from the mean
 * image, and the decoder draws what the encoder looks for.
 *
 * <pre>
 * b_enc = −m·W_enc        W_dec = W_encᵀ        b_dec = m
 * </pre>
 *
 * Fewer units of a sparse code die than from independent random weights.
 */
final class MeanStart {

    private MeanStart() {}

    /**
     * Sets the parameters of an initialized network.
     *
     * @param encoder the index of the encoding layer
     * @param decoder the index of the decoding layer
     * @param images m is their mean, {@code [N, pixels]}
     */
    static void set(MultiLayerNetwork network, int encoder, int decoder, INDArray images) {
        INDArray mean = images.mean(true, 0); // [1,pixels]
        INDArray weights = network.getParam(encoder + "_W"); // [pixels,units]
        network.setParam(encoder + "_b", mean.mmul(weights).negi());
        network.setParam(decoder + "_W", weights.transpose().dup());
        network.setParam(decoder + "_b", mean);
    }
}
