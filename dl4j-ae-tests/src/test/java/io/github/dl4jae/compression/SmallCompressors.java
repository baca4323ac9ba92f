package io.github.dl4jae.compression;

import static io.github.dl4jae.testing.Networks.initialized;

import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import java.awt.image.BufferedImage;
import java.awt.image.WritableRaster;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;

/** Untrained compressors, and pictures. */
public final class SmallCompressors {

    /** The number of channels of the code. */
    public static final int CODES = 3;

    private SmallCompressors() {}

    /** Two strides of 2 and back, for images of this many channels. */
    public static MultiLayerNetwork network(int channels, long seed) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .nOut(4)
                        .build())
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .nOut(CODES)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FactorizedPriorLayer.Builder()
                        .rateWeight(0.01)
                        .step(0.05)
                        .initialScale(3)
                        .build())
                .layer(new FastDeconvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .nOut(4)
                        .build())
                .layer(new FastDeconvolutionLayer.Builder(3, 3)
                        .stride(2, 2)
                        .nOut(channels)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastCnnLossLayer.Builder(new LossGaussian())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(16, 16, channels)));
    }

    /** A picture with waves, without a pattern of its own size. */
    public static BufferedImage picture(int height, int width, int channels) {
        BufferedImage image = new BufferedImage(
                width, height, channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_INT_RGB);
        WritableRaster raster = image.getRaster();
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                for (int c = 0; c < channels; c++) {
                    double wave = Math.sin(0.31 * x + c) * Math.cos(0.17 * y - 0.05 * x);
                    raster.setSample(x, y, c, (int) (127.5 + 127 * wave));
                }
            }
        }
        return image;
    }
}
