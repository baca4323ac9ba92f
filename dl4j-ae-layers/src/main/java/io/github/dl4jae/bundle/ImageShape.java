package io.github.dl4jae.bundle;

import io.github.dl4jae.internal.layer.Require;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * The shape of the images that a network was trained on. A row of its input is an image, channel by channel, with
 * values in [0, 1].
 *
 * @param height the number of rows of pixels
 * @param width the number of columns of pixels
 * @param channels 1 for gray, 3 for RGB
 */
public record ImageShape(int height, int width, int channels) {

    private static final String SUBJECT = "ImageShape";

    /**
     * Checks the numbers.
     *
     * @param height the number of rows of pixels
     * @param width the number of columns of pixels
     * @param channels 1 for gray, 3 for RGB
     * @throws IllegalArgumentException if a number is below 1, or their product exceeds an {@code int}
     */
    public ImageShape {
        Require.atLeast(1, SUBJECT, "height", height, "");
        Require.atLeast(1, SUBJECT, "width", width, "");
        Require.atLeast(1, SUBJECT, "channels", channels, "");
        Require.that(
                (double) height * width * channels <= Integer.MAX_VALUE,
                SUBJECT,
                "an image must have at most " + Integer.MAX_VALUE + " values",
                height + " × " + width + " × " + channels,
                "");
    }

    /**
     * Returns the number of values of an image.
     *
     * @return height · width · channels
     */
    public int size() {
        return height * width * channels;
    }

    /**
     * Returns the shape as in {@code 28×28×1}.
     *
     * @return height, width and channels
     */
    @Override
    public String toString() {
        return height + "×" + width + "×" + channels;
    }

    /** Requires that a network can take images of this shape, where its first layer tells. */
    void requireInputOf(String subject, MultiLayerNetwork network) {
        if (network.getLayerWiseConfigurations().getInputPreProcess(0) instanceof FeedForwardToCnnPreProcessor images) {
            ImageShape expected = new ImageShape(
                    (int) images.getInputHeight(), (int) images.getInputWidth(), (int) images.getNumChannels());
            Require.that(equals(expected), subject, "imageShape must be that of the network, " + expected, this, "");
        } else if (network.getLayer(0).conf().getLayer() instanceof FeedForwardLayer layer
                && !(layer instanceof ConvolutionLayer)) {
            Require.that(
                    size() == layer.getNIn(),
                    subject,
                    "imageShape must have the " + layer.getNIn() + " values of the network's input",
                    this + ", which has " + size(),
                    "");
        }
    }
}
