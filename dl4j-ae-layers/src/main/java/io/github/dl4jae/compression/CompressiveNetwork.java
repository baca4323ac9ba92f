package io.github.dl4jae.compression;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ScheduleType;

/**
 * A compressive autoencoder for images that starts as a block transform coder, so that minutes of training suffice.
 *
 * <pre>
 * encoder   y = conv 8×8 / 4 (x), 16·C channels        one position per 4×4 pixels
 * prior     ŷ = Δ·round(y / Δ)                         Δ = √(6w / ln 2)
 * decoder   h = relu(conv 3×3 (ŷ)), 32·C channels      x̂ = deconv 8×8 / 4 (h)
 * score     Σ (x − x̂)² + w·bits, up to a constant      per image
 * </pre>
 *
 * <p>The first encoder is the discrete cosine transform of blocks of 4×4 pixels, and of the C color channels. The first
 * decoder is its inverse: h holds relu(ŷ) and relu(−ŷ), whose difference is ŷ. Training widens the blocks to
 * overlapping
 * windows of 8×8 pixels, and the decoder learns to use the neighbors of a position. A random start needs about a
 * hundred
 * times as many steps to reach the quality of the first transform at high rates.
 *
 * <p>Δ is the step at which, for an orthonormal transform at a high rate, a bit costs w: each coefficient has a
 * squared error of Δ²/12, and one more bit divides it by 4.
 *
 * <p>Shapes: images {@code [N, C, H, W]} with values in [0, 1], as features and labels; H and W are multiples of 4. The
 * trained network compresses images of other sizes too.
 *
 * <p>When not to use it: for the state of the art in learned compression, which takes hyperpriors, context models and
 * weeks of training on a GPU.
 */
public final class CompressiveNetwork {

    /** The height and width in pixels of a position of the code. */
    public static final int BLOCK = 4;

    private static final String SUBJECT = "CompressiveNetwork";
    private static final int WINDOW = 8;
    private static final int CONTEXT = 3;
    private static final double RATE = 1e-3;
    private static final double RATE_OF_PRIOR = 1e-2;
    private static final double DECAY = 0.05;

    private CompressiveNetwork() {}

    /**
     * Builds and initializes a network.
     *
     * @param images the shape of the training images; height and width are multiples of 4
     * @param rateWeight w, the price of a bit in units of the squared error; 0.0005 gives about 37 dB, 0.06 about 19 dB
     * @param steps the number of training steps, over which the learning rates fall to a twentieth
     * @param seed of the noise
     * @return an initialized network
     * @throws IllegalArgumentException if an argument is null or out of its range
     */
    public static MultiLayerNetwork of(ImageShape images, double rateWeight, int steps, long seed) {
        Require.given(SUBJECT, "images", images, "pass the shape of the training images");
        Require.that(
                images.height() % BLOCK == 0 && images.width() % BLOCK == 0,
                SUBJECT,
                "height and width must be multiples of " + BLOCK,
                images,
                "crop the images");
        Require.positive(SUBJECT, "rateWeight", rateWeight, "0.01 gives about 25 dB");
        Require.atLeast(1, SUBJECT, "steps", steps, "pass the number of training steps");
        int channels = images.channels();
        int codes = BLOCK * BLOCK * channels;
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(falling(RATE, steps))
                .activation(Activation.IDENTITY)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolutionLayer.Builder(WINDOW, WINDOW)
                        .stride(BLOCK, BLOCK)
                        .nOut(codes)
                        .inputGradient(false)
                        .build())
                .layer(new FactorizedPriorLayer.Builder()
                        .name("code")
                        .rateWeight(rateWeight)
                        .step(Math.sqrt(6 * rateWeight / Math.log(2)))
                        .updater(falling(RATE_OF_PRIOR, steps))
                        .build())
                .layer(new FastConvolutionLayer.Builder(CONTEXT, CONTEXT)
                        .nOut(2 * codes)
                        .activation(Activation.RELU)
                        .build())
                .layer(new FastDeconvolutionLayer.Builder(WINDOW, WINDOW)
                        .stride(BLOCK, BLOCK)
                        .nOut(channels)
                        .build())
                .layer(new FastCnnLossLayer.Builder(
                                new LossGaussian(Math.sqrt(0.5))) // its gradient is that of Σ(x−x̂)²
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(images.height(), images.width(), channels))
                .build());
        network.init();
        startAsCosineTransform(network, channels);
        return network;
    }

    private static FastAdam falling(double rate, int steps) {
        return new FastAdam(new GeometricSchedule(ScheduleType.ITERATION, rate, rate * DECAY, steps));
    }

    private static void startAsCosineTransform(MultiLayerNetwork network, int channels) {
        int codes = BLOCK * BLOCK * channels;
        int margin = (WINDOW - BLOCK) / 2;
        float[][][][] analysis = new float[codes][channels][WINDOW][WINDOW];
        float[][][][] synthesis = new float[2 * codes][channels][WINDOW][WINDOW];
        float[][][][] signs = new float[2 * codes][codes][CONTEXT][CONTEXT];
        for (int k = 0; k < codes; k++) {
            int u = k % BLOCK;
            int v = k / BLOCK % BLOCK;
            int color = k / (BLOCK * BLOCK);
            for (int c = 0; c < channels; c++) {
                for (int i = 0; i < BLOCK; i++) {
                    for (int j = 0; j < BLOCK; j++) {
                        double value = cosine(color, c, channels) * cosine(v, i, BLOCK) * cosine(u, j, BLOCK);
                        analysis[k][c][margin + i][margin + j] = (float) value;
                        synthesis[k][c][margin + i][margin + j] = (float) value;
                        synthesis[codes + k][c][margin + i][margin + j] = (float) -value;
                    }
                }
            }
            signs[k][k][CONTEXT / 2][CONTEXT / 2] = 1;
            signs[codes + k][k][CONTEXT / 2][CONTEXT / 2] = -1;
        }
        set(network.getParam("0_W"), analysis);
        set(network.getParam("2_W"), signs);
        set(network.getParam("3_W"), synthesis);
    }

    private static void set(INDArray parameter, float[][][][] values) {
        parameter.assign(Nd4j.createFromArray(values));
    }

    /** Returns a value of the orthonormal cosine transform of a length. */
    private static double cosine(int frequency, int at, int length) {
        double norm = Math.sqrt((frequency == 0 ? 1.0 : 2.0) / length);
        return norm * Math.cos(Math.PI * (2 * at + 1) * frequency / (2 * length));
    }
}
