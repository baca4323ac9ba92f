package io.github.dl4jae.examples.adversarial;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** A kind of encoders and decoders, dense or convolutional. */
public sealed interface EncodersAndDecoders permits AdversarialNetworks, ConvolutionalNetworks {

    /**
     * Creates an encoder whose outputs have a fixed mean and variance over the mini-batch. The discriminator then only
     * has to correct their shape.
     *
     * @param codes the number of outputs
     * @param deviation of each output
     * @return the encoder
     */
    MultiLayerNetwork encoder(int codes, double deviation);

    /**
     * Creates an encoder whose outputs have a trained mean and variance over the mini-batch.
     *
     * @param codes the number of outputs
     * @return the encoder
     */
    MultiLayerNetwork encoder(int codes);

    /**
     * Creates a decoder with sigmoid outputs.
     *
     * @param codes the number of inputs
     * @param loss of the reconstruction
     * @return the decoder
     */
    MultiLayerNetwork decoder(int codes, ILossFunction loss);
}
