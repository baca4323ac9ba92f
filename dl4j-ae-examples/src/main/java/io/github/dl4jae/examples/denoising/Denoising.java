package io.github.dl4jae.examples.denoising;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.denoising.CorruptedIterator;
import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.denoising.SaltAndPepperNoise;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A denoising autoencoder, trained to reconstruct clean images from corrupted ones. */
@Command(
        name = "denoising",
        description = "Removes Gaussian, masking or salt-and-pepper noise from images, compared with a median filter.")
public final class Denoising extends ImageExample {

    private static final int BATCH = 128;

    @Option(
            names = "--noise",
            paramLabel = "KIND",
            description = "Noise: gaussian, masking or salt_and_pepper. Default: ${DEFAULT-VALUE}.")
    private Noise noise = Noise.GAUSSIAN;

    @Option(
            names = "--strength",
            paramLabel = "S",
            description = "Standard deviation, or fraction of corrupted pixels. Default: ${DEFAULT-VALUE}.")
    private double strength = 0.5;

    /** The corruptions of the library. */
    private enum Noise {
        GAUSSIAN,
        MASKING,
        SALT_AND_PEPPER;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }

        IDropout of(double strength, long seed) {
            return switch (this) {
                case GAUSSIAN -> new GaussianCorruption(strength, seed);
                case MASKING -> new MaskingNoise(strength, seed);
                case SALT_AND_PEPPER -> new SaltAndPepperNoise(strength, seed);
            };
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. The corruption is a dropout of the first layer: it is off at test time, and labels are
        // clean.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new FastAdam(1e-3))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(1000)
                        .dropOut(noise.of(strength, options.seed()))
                        .inputGradient(false) // not needed for pixels
                        .build())
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(1000)
                        .nOut(300)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(300).nOut(1000).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(1000)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();

        // 2. Train it for all epochs, because validation images are clean.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(15, 12), BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .run(network);
        Autoencoder autoencoder = Autoencoders.of(result.network(), "code");

        // 3. Restore test images with noise of another seed.
        LabeledImages test = data.test().first(1000);
        INDArray clean = test.features();
        INDArray corrupted = new CorruptedIterator(
                        test.iterator(test.size()).build(), noise.of(strength, ~options.seed()))
                .next()
                .getFeatures();
        INDArray restored = autoencoder.reconstruct(corrupted);
        INDArray filtered = MedianFilter.apply(corrupted, 28, 28);
        Report report = new Report(
                "Denoising autoencoder on " + options.source(),
                "Noise: " + noise + ", strength " + strength + ". PSNR and SSIM (1 is best) are means over "
                        + test.size() + " test images.",
                out);
        report.formula(
                "denoising",
                "Minimized: the cross-entropy of clean images x and reconstructions r of noisy images"
                        + " x̃, which are drawn anew in each iteration.");
        RestorationQuality.addHeadings(report);
        RestorationQuality.of("noisy images", clean, corrupted).addTo(report);
        RestorationQuality.of("median filter 3×3", clean, filtered).addTo(report);
        RestorationQuality.of("denoising autoencoder", clean, restored).addTo(report);
        report.images(
                        "restored",
                        "Test images with and without noise, and restored.",
                        new ImageRow("original", clean),
                        new ImageRow("noisy", corrupted),
                        new ImageRow("autoencoder", restored),
                        new ImageRow("median filter", filtered))
                .filters(
                        "filters",
                        "Weights of the first layer.",
                        result.network().getParam("0_W").transpose())
                .training("Cross-entropy in nats per image", result.curve(), "validation, from clean images")
                .write();
    }
}
