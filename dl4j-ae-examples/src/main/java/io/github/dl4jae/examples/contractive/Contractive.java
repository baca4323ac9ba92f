package io.github.dl4jae.examples.contractive;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.contractive.ContractionRatio;
import io.github.dl4jae.contractive.TangentSpace;
import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Pretraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;

/** The effect of a contractive penalty on a code, compared with a plain and a denoising autoencoder. */
@Command(
        name = "contractive",
        description = "Contractive, denoising and plain autoencoders: tangents, spectra, contraction ratios.")
public final class Contractive extends ImageExample {

    private static final int UNITS = 300;
    private static final int BATCH = 128;
    private static final int EXAMPLES = 20; // for the mean spectrum
    private static final double[] RADII = {0.25, 0.5, 1, 2, 3, 4, 6, 8, 10, 12, 15, 20};

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(20, 15);
        Map<String, UnaryOperator<TiedAutoencoderLayer.Builder>> kinds = new LinkedHashMap<>();
        kinds.put("plain", layer -> layer);
        kinds.put("denoising", layer -> layer.corruption(new GaussianCorruption(0.3, options.seed())));
        kinds.put("contractive", layer -> layer.contraction(3));

        INDArray images = data.test().first(8).features();
        INDArray ratioImages = data.test().first(200).features();
        Report report = new Report(
                "Contractive autoencoders on " + options.source(),
                UNITS + " sigmoid units with tied weights. Errors are squared, summed over pixels, and averaged over"
                        + " test images. The spectrum of the Jacobian shows in how many directions a code changes; the"
                        + " contraction ratio is the distance of two codes divided by the distance of their images.",
                out);
        CurvePlot spectra =
                new CurvePlot("Singular values of the code's Jacobian", "rank", "mean singular value").logarithmic();
        CurvePlot ratios = new CurvePlot(
                "Contraction ratio", "distance from a test image", "distance of codes / distance of images");
        report.formula(
                "contractive",
                "Minimized by the contractive autoencoder: ℓ is the cross-entropy, h the code, λ = 3;"
                        + " the plain one has λ = 0.");
        report.table(
                "autoencoder",
                "test error per image",
                "norm of the Jacobian",
                "singular values above 10 % of the largest");
        kinds.forEach((name, settings) -> {
            System.out.println("\n" + name);

            // 1. Train one layer, which is both encoder and decoder.
            MultiLayerNetwork layer = layer(settings, epochs);
            MultiLayerNetwork network = new Pretraining(options, data, out.resolve(name), BATCH, epochs)
                    .run(layer)
                    .unroll(new NeuralNetConfiguration.Builder());
            Autoencoder autoencoder = Autoencoders.of(network, 0);

            // 2. Compute the Jacobian of its code at test images.
            double[] spectrum = TangentSpace.estimateMeanSpectrum(
                    autoencoder::encode, data.test().first(EXAMPLES).features());
            double norm = Math.sqrt(Arrays.stream(spectrum).map(s -> s * s).sum());
            long large =
                    Arrays.stream(spectrum).filter(s -> s > spectrum[0] / 10).count();
            double error = ReconstructionError.meanSquared(
                    autoencoder, data.test().iterator(1000).build());
            report.row(name, Report.decimals(2, error), Report.decimals(2, norm), Long.toString(large));
            spectra.curve(name, Arrays.copyOf(spectrum, 100));
            ratios.curve(
                    name, RADII, ContractionRatio.estimate(autoencoder::encode, ratioImages, RADII, options.seed()));
            report.picture(
                            "tangents-" + name,
                            "Test images (left), and the directions in which the " + name + " code changes most.",
                            () -> tangents(autoencoder, images).draw())
                    .filters(
                            "filters-" + name,
                            "Weights of the " + name + " autoencoder.",
                            layer.getParam("0_W").transpose());
        });
        report.picture("spectra", "Mean singular values of the Jacobian.", spectra::draw)
                .picture("ratios", "Contraction ratio by the distance from a test image.", ratios::draw)
                .write();
    }

    private MultiLayerNetwork layer(UnaryOperator<TiedAutoencoderLayer.Builder> settings, int epochs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(FallingRate.adam(2e-3, epochs))
                .list()
                .layer(settings.apply(new TiedAutoencoderLayer.Builder()
                                .nIn(28 * 28)
                                .nOut(UNITS)
                                .activation(Activation.SIGMOID))
                        .build())
                .build());
        network.init();
        return network;
    }

    private static ImageGrid tangents(Autoencoder autoencoder, INDArray images) {
        ImageGrid grid = ImageGrid.of(28, 28).eachOnItsOwnScale();
        for (int i = 0; i < images.size(0); i++) {
            INDArray image = images.getRow(i, true);
            INDArray directions =
                    TangentSpace.estimate(autoencoder::encode, image).directions(12);
            grid.row("image " + (i + 1), Nd4j.vstack(image, directions.castTo(image.dataType())));
        }
        return grid;
    }
}
