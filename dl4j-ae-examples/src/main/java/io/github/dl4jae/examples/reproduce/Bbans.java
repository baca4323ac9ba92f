package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossBetaBinomial;
import io.github.dl4jae.mdl.BitsBackCode;
import io.github.dl4jae.mdl.CodedExamples;
import io.github.dl4jae.mdl.DescriptionLength;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Lossless compression of images by bits-back coding: Townsend, Bird and Barber 2019. */
@Command(
        name = "bbans",
        description =
                "Lossless compression by bits-back coding (Townsend, Bird and Barber 2019): 0.19 bits per pixel of"
                        + " binarized test images, 1.41 of gray ones.",
        defaultValueProvider = MnistByDefault.class)
public final class Bbans extends ImageExample {

    private static final int BATCH = 100;

    @Option(names = "--test-images", paramLabel = "N", description = "Number of test images. Default: all.")
    private Integer testImages;

    @Option(
            names = "--kinds",
            paramLabel = "KIND",
            split = ",",
            description = "Kinds of images, of ${COMPLETION-CANDIDATES}. Default: all.")
    private Kind[] kinds = Kind.values();

    /** A kind of images with its model. */
    private enum Kind {
        GRAY("gray", 200, 50, 40, 1.41),
        BINARY("binary", 100, 40, 60, 0.19);

        private final String title;
        private final int hidden;
        private final int latents;
        private final int epochs;
        private final double published;

        Kind(String title, int hidden, int latents, int epochs, double published) {
            this.title = title;
            this.hidden = hidden;
            this.latents = latents;
            this.epochs = epochs;
            this.published = published;
        }

        private boolean isBinary() {
            return this == BINARY;
        }
    }

    @Override
    protected void run(ExampleData loaded, Path out) {
        ExampleData data = loaded.trainingOnAll(); // as the paper does
        LabeledImages test = testImages == null ? data.test() : data.test().first(testImages);
        Report report = new Report(
                        "Lossless compression of " + options.source() + " by bits-back coding",
                        test.size() + " test images in one stream, in bits per pixel. The model itself is not counted:"
                                + " sender and receiver have it. gzip, bzip2 and xz compress the same pixels in one"
                                + " stream, 8 binary pixels to a byte; PNG has a file for each image.",
                        out)
                .formula("bits-back", "Expected bits of an image, which are -ELBO / ln 2.");
        for (Kind kind : kinds) {
            // 1. Train a variational autoencoder with a discrete likelihood.
            int epochs = options.epochs(20, kind.epochs);
            Training.Result<MultiLayerNetwork> result = new Training(
                            options, data, out.resolve(kind.title), epochs, BATCH)
                    .minibatches(images -> kind.isBinary() ? images.binarized(options.seed()) : images)
                    .patience(Integer.MAX_VALUE)
                    .keepLast()
                    .oneOfSeveral()
                    .run(network(kind, epochs));
            VariationalModel model = VariationalModel.of(result.network(), "z");

            // 2. Compress the test images, decompress them, and compare the length with the bound.
            INDArray x = test.iterator(test.size()).build().next().getFeatures();
            if (kind.isBinary()) {
                x = test.iterator(test.size())
                        .binarized(options.seed())
                        .build()
                        .next()
                        .getFeatures();
            }
            report(report, kind, model, x);
            report.count("epochs, " + kind.title, result.curve().epochs())
                    .figure(
                            "training time in minutes, " + kind.title,
                            Report.decimals(1, result.curve().seconds() / 60));
        }
        report.count("seed", options.seed()).write();
    }

    private void report(Report report, Kind kind, VariationalModel model, INDArray x) {
        BitsBackCode code = BitsBackCode.of(model);
        long start = System.nanoTime();
        CodedExamples coded = code.compress(x);
        double compression = (System.nanoTime() - start) / 1e9;
        start = System.nanoTime();
        boolean same = code.decompress(coded.bytes()).equals(x);
        double decompression = (System.nanoTime() - start) / 1e9;
        DescriptionLength bound = DescriptionLength.estimate(model, x, 1, 1, options.seed());

        report.table(kind.title + " images, bits per pixel", "published", "measured")
                .row(
                        "bits-back, complete stream",
                        published(Report.decimals(2, kind.published)),
                        Report.decimals(4, coded.bitsPerFeature()))
                .row(
                        "bits-back, without the random bits of the first code",
                        "",
                        Report.decimals(4, coded.bitsPerFeatureWithoutSeed()))
                .row("-ELBO", "", Report.decimals(4, bound.per(x.length()).total()));
        byte[] pixels = pixels(x, kind.isBinary());
        for (Compressor compressor : Compressor.values()) {
            report.row(
                    compressor.toString(),
                    published(compressor.published(kind.isBinary())),
                    Report.decimals(4, (double) compressor.bits(pixels) / x.length()));
        }
        report.row(
                        "PNG",
                        published(kind.isBinary() ? "" : "2.79"),
                        Report.decimals(
                                4, (double) Compressor.pngBits(x.toFloatMatrix(), kind.isBinary()) / x.length()))
                .figure("decoded images are the same, " + kind.title, Boolean.toString(same));
        DescriptionLength ledger = coded.ledger().per(coded.count());
        report.table(kind.title + " images, ledger", "bits per image")
                .row("codes", Report.decimals(2, ledger.codes()))
                .row("residuals", Report.decimals(2, ledger.residuals()))
                .row("bits back", Report.decimals(2, -ledger.bitsBack()))
                .row("random bits of the first code, and container", Report.decimals(2, ledger.overhead()))
                .row("total", Report.decimals(2, ledger.total()))
                .figure("compression in milliseconds per image, " + kind.title, 1e3 * compression / coded.count())
                .figure("decompression in milliseconds per image, " + kind.title, 1e3 * decompression / coded.count())
                .picture("stream-" + kind.title, "Bits per pixel of the first images.", () -> chart(kind, code, x)
                        .draw());
    }

    /** Returns a figure of the paper, which is for MNIST. */
    private String published(String figure) {
        return options.source() == ExampleData.Source.MNIST ? figure : "";
    }

    /** Draws the bits per pixel for streams of 1, 10, 100 … images. */
    private static CurvePlot chart(Kind kind, BitsBackCode code, INDArray x) {
        int[] counts = IntStream.iterate(1, count -> count * 10)
                .takeWhile(count -> count <= Math.min(1000, x.size(0)))
                .toArray();
        double[] places = Arrays.stream(counts).mapToDouble(Math::log10).toArray();
        CurvePlot plot = new CurvePlot(
                        "Lossless compression, " + kind.title, "log10 of the number of images", "bits per pixel")
                .logarithmic();
        plot.curve(
                "bits-back",
                places,
                Arrays.stream(counts)
                        .mapToDouble(count -> code.compress(first(x, count)).bitsPerFeature())
                        .toArray());
        Stream.of(Compressor.values())
                .forEach(compressor -> plot.curve(
                        compressor.toString(),
                        places,
                        Arrays.stream(counts)
                                .mapToDouble(count -> (double) compressor.bits(pixels(first(x, count), kind.isBinary()))
                                        / (count * PIXELS))
                                .toArray()));
        return plot;
    }

    private static INDArray first(INDArray x, int count) {
        return x.getRows(IntStream.range(0, count).toArray());
    }

    /** Returns the pixels as bytes, or eight binary pixels to a byte. */
    private static byte[] pixels(INDArray x, boolean binary) {
        float[] values = x.dup('c').data().asFloat();
        byte[] bytes = new byte[binary ? (values.length + 7) / 8 : values.length];
        for (int i = 0; i < values.length; i++) {
            if (binary) {
                bytes[i / 8] |= (byte) (Math.round(values[i]) << (i % 8));
            } else {
                bytes[i] = (byte) Math.round(values[i] * 255);
            }
        }
        return bytes;
    }

    private MultiLayerNetwork network(Kind kind, int epochs) {
        ILossFunction loss = kind.isBinary() ? new LossBernoulli() : new LossBetaBinomial();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .updater(FallingRate.adam(1e-3, epochs))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(kind.hidden)
                        .inputGradient(false)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(kind.hidden)
                        .nOut(kind.latents)
                        .build())
                .layer(new FastDenseLayer.Builder()
                        .nIn(kind.latents)
                        .nOut(kind.hidden)
                        .build())
                .layer(new FastOutputLayer.Builder(loss)
                        .nIn(kind.hidden)
                        .nOut(kind.isBinary() ? PIXELS : 2 * PIXELS) // a beta-binomial variable has two parameters
                        .activation(kind.isBinary() ? Activation.SIGMOID : Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        return network;
    }
}
