package io.github.dl4jae.compression;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import java.util.List;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The sizes of a compressive autoencoder of images, found from the output types of its layers.
 *
 * @param code the index of the prior
 * @param channels of an image, 1 or 3
 * @param multiple the height and the width of the pixels that share a position of the code
 */
record CompressorShape(int code, int channels, int multiple) {

    private static final String SUBJECT = "ImageCompressor";
    /** A height and width that the strides of an encoder divide, and larger than its kernels. */
    private static final int PROBE = 1 << 8;

    static CompressorShape of(MultiLayerNetwork network) {
        List<Layer> layers =
                NetworkLayers.of(network).map(layer -> layer.conf().getLayer()).toList();
        Require.that(
                layers.get(0) instanceof ConvolutionLayer,
                SUBJECT,
                "the network must begin with a convolution",
                layers.get(0).getClass().getSimpleName(),
                "use image layers alone");
        int channels = (int) ((ConvolutionLayer) layers.get(0)).getNIn();
        Require.that(channels == 1 || channels == 3, SUBJECT, "images must have 1 or 3 channels", channels, "");
        InputType.InputTypeConvolutional input =
                (InputType.InputTypeConvolutional) InputType.convolutional(PROBE, PROBE, channels);
        InputType type = input;
        InputType codeType = input;
        int code = -1;
        for (int i = 0; i < layers.size(); i++) {
            InputPreProcessor before = network.getLayerWiseConfigurations().getInputPreProcess(i);
            type = layers.get(i).getOutputType(i, before == null ? type : before.getOutputType(type));
            if (layers.get(i) instanceof FactorizedPriorLayer) {
                code = i;
                codeType = type;
            }
        }
        Require.that(input.equals(type), SUBJECT, "the output must have the shape of the input, " + input, type, "");
        Require.that(
                codeType instanceof InputType.InputTypeConvolutional found
                        && found.getHeight() == found.getWidth()
                        && PROBE % found.getHeight() == 0,
                SUBJECT,
                "the code must be images whose size divides " + PROBE,
                codeType,
                "use strides that are powers of two, and ConvolutionMode.Same");
        return new CompressorShape(
                code, channels, (int) (PROBE / ((InputType.InputTypeConvolutional) codeType).getHeight()));
    }
}
