package io.github.dl4jae.examples.mdl;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.mdl.DescriptionLength;
import io.github.dl4jae.mdl.FactorialVectorQuantizer;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The code size of the shortest description, and vector quantizers that share the work (Hinton and Zemel 1993). */
@Command(name = "mdl", description = "Chooses a code size by description length, and compares vector quantizers by it.")
public final class ShortestDescription extends ImageExample {

    private static final int HIDDEN = 200;
    private static final int BATCH = 100;

    @Option(
            names = "--code-sizes",
            paramLabel = "N",
            split = ",",
            description = "Code sizes to compare. Default: ${DEFAULT-VALUE}.")
    private int[] sizes = {1, 2, 5, 10, 20, 40};

    @Option(
            names = "--quantized-images",
            paramLabel = "N",
            description = "Training images for the vector quantizers. Default: ${DEFAULT-VALUE}.")
    private int quantized = 1000;

    @Override
    protected void run(ExampleData data, Path out) {
        Report report = new Report(
                        "Description length on " + options.source(),
                        "All figures are bits per image. The total of the training images contains the parameters of"
                                + " the network, half of log2 N bits each for N images. Test images are described with"
                                + " known parameters: their bits are a held-out likelihood.",
                        out)
                .formula("bits-back", "Bits of an image: codes and residuals, less the bits that come back.");

        // 1. Train a variational autoencoder for each code size, and add up the bits.
        report.table("code size", "codes", "residuals", "bits back", "model", "total, training images", "test images");
        double[] totals = new double[sizes.length];
        double[] heldOut = new double[sizes.length];
        for (int i = 0; i < sizes.length; i++) {
            MultiLayerNetwork network = new Training(
                            options, data, out.resolve("code-" + sizes[i]), options.epochs(15, 20), BATCH)
                    .minibatches(images -> images.binarized(options.seed()))
                    .patience(Integer.MAX_VALUE)
                    .oneOfSeveral()
                    .run(network(sizes[i]))
                    .network();
            VariationalModel model = VariationalModel.of(network, "z");
            DescriptionLength length = describe(model, data.train())
                    .withParameters(network.numParams(), data.train().size())
                    .per(data.train().size());
            totals[i] = length.total();
            heldOut[i] = describe(model, data.test()).per(data.test().size()).total();
            report.row(
                    Integer.toString(sizes[i]),
                    bits(length.codes()),
                    bits(length.residuals()),
                    bits(-length.bitsBack()),
                    bits(length.model()),
                    bits(totals[i]),
                    bits(heldOut[i]));
        }
        report.count("code size of the shortest description", sizes[indexOfLeast(totals)])
                .count("code size of the best held-out likelihood", sizes[indexOfLeast(heldOut)])
                .picture("lengths", "Bits per image by code size.", () -> new CurvePlot(
                                "Description length", "code size", "bits per image")
                        .curve("training images, with the model", places(), totals)
                        .curve("test images", places(), heldOut)
                        .draw());

        // 2. Compare one vector quantizer with several that share the work, at the same number of vectors.
        INDArray images = data.train(quantized).features();
        report.table(
                "vector quantizers, gray images",
                "stochastic code with bits back",
                "two-part code",
                "bits back",
                "squared error per pixel");
        ImageGrid grid = ImageGrid.of(28, 28).columns(24).eachOnItsOwnScale();
        for (int groups : new int[] {1, 2, 4, 8}) {
            FactorialVectorQuantizer quantizer = new FactorialVectorQuantizer.Builder()
                    .groups(groups)
                    .units(24 / groups)
                    .quantum(1 / 255.0)
                    .seed(options.seed())
                    .fit(images);
            long n = images.size(0);
            DescriptionLength stochastic = quantizer.describe(images).per(n);
            DescriptionLength twoPart = quantizer.describeTwoPart(images).per(n);
            report.row(
                    groups + " of " + 24 / groups + " vectors",
                    bits(stochastic.total()),
                    bits(twoPart.total()),
                    bits(stochastic.bitsBack()),
                    Report.decimals(
                            5,
                            quantizer
                                            .reconstruct(images)
                                            .squaredDistance(images.castTo(
                                                    quantizer.vectors().dataType()))
                                    / images.length()));
            grid.images(quantizer.vectors());
        }
        report.count("seed", options.seed())
                .picture("vectors", "Vectors of 1, 2, 4 and 8 quantizers, a row each.", grid::draw)
                .write();
    }

    /** Describes binarized images. */
    private DescriptionLength describe(VariationalModel model, LabeledImages images) {
        INDArray x = images.iterator(images.size())
                .binarized(options.seed())
                .build()
                .next()
                .getFeatures();
        return DescriptionLength.estimate(model, x, 1, 1, options.seed());
    }

    private double[] places() {
        return Arrays.stream(sizes).asDoubleStream().toArray();
    }

    private static String bits(double value) {
        return Report.decimals(2, value);
    }

    private static int indexOfLeast(double[] values) {
        int least = 0;
        for (int i = 1; i < values.length; i++) {
            least = values[i] < values[least] ? i : least;
        }
        return least;
    }

    private MultiLayerNetwork network(int codeSize) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .updater(new FastAdam(1e-3))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(HIDDEN)
                        .inputGradient(false)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(HIDDEN)
                        .nOut(codeSize)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(codeSize).nOut(HIDDEN).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(HIDDEN)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }
}
