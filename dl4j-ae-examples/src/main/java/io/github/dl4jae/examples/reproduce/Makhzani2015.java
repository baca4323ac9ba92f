package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.adversarial.AdversarialAutoencoder;
import io.github.dl4jae.adversarial.AdversarialMode;
import io.github.dl4jae.adversarial.AdversarialModel;
import io.github.dl4jae.adversarial.CodePosterior;
import io.github.dl4jae.adversarial.ImageJitter;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.adversarial.AdversarialNetworks;
import io.github.dl4jae.examples.adversarial.ConvolutionalNetworks;
import io.github.dl4jae.examples.adversarial.EncodersAndDecoders;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.generation.ParzenWindow;
import io.github.dl4jae.generation.SampleDiscrepancy;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.ImageGrid;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The three experiments of Makhzani et al. 2015 on MNIST. */
@Command(
        name = "aae",
        description = "Adversarial autoencoders (Makhzani et al. 2015): log-likelihood 340, clustering error 4.10 %,"
                + " error with 100 labels 1.90 %.",
        defaultValueProvider = MnistByDefault.class)
public final class Makhzani2015 extends ImageExample {

    private static final int BATCH = 200;
    private static final int CHANNELS = 32;
    private static final int COLUMNS = 20;
    private static final double CATEGORY_NOISE = 0.3;

    /** An experiment of the paper. */
    enum Part {
        LIKELIHOOD,
        CLUSTERING,
        LABELS
    }

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "Experiments: likelihood, clustering, labels. Default: all.")
    private Set<Part> parts = EnumSet.allOf(Part.class);

    @Option(names = "--dense", description = "Take dense encoders and decoders, as the paper, instead of convolutions.")
    private boolean dense;

    @Option(names = "--hidden", paramLabel = "N", description = "Units of a dense layer. Default: ${DEFAULT-VALUE}.")
    private int hidden = 500;

    @Option(
            names = "--latents",
            paramLabel = "N",
            description = "Latents of the likelihood. Default: ${DEFAULT-VALUE}.")
    private int latents = 6;

    @Option(
            names = "--noise",
            paramLabel = "S",
            description = "Deviation of the posterior of the likelihood. Default: ${DEFAULT-VALUE}.")
    private double noise = 0.2;

    @Option(
            names = "--labels",
            paramLabel = "N",
            split = ",",
            description = "Numbers of labeled training images. Default: ${DEFAULT-VALUE}.",
            defaultValue = "100,1000")
    private int[] labels;

    @Option(names = "--clusters", paramLabel = "K", description = "Number of clusters. Default: ${DEFAULT-VALUE}.")
    private int clusters = 30;

    @Option(names = "--style", paramLabel = "N", description = "Latents of the clustering. Default: ${DEFAULT-VALUE}.")
    private int style = 2;

    @Option(
            names = "--parzen-images",
            paramLabel = "N",
            description = "Test images of the log-likelihood. Default: all.")
    private int parzenImages = Integer.MAX_VALUE;

    @Option(
            names = "--parzen-samples",
            paramLabel = "N",
            description = "Samples of the Parzen window. Default: ${DEFAULT-VALUE}.")
    private int parzenSamples = 10_000;

    @Override
    protected void run(ExampleData loaded, Path out) {
        ExampleData data = loaded.trainingOnAll();
        Report report = new Report(
                        "Reproduction of Makhzani et al. 2015 on " + options.source(),
                        (dense ? "Two dense layers of " + hidden : "Two convolutions and a dense layer of " + hidden)
                                + " units; the paper has two dense layers of 1000, and 3000 with categories."
                                + " Log-likelihoods are Parzen window estimates from " + parzenSamples
                                + " samples, in nats. Errors are those of test images. A cluster has the class of its"
                                + " most confident validation image.",
                        out)
                .formula(
                        "adversarial",
                        "Minimized by the encoder, by the discriminator D, and by the decoder p: z are codes, v samples"
                                + " of the prior.")
                .table("experiment", "published", "measured", "time in minutes");
        if (parts.contains(Part.LIKELIHOOD)) {
            likelihood(loaded, out, report);
        }
        if (parts.contains(Part.CLUSTERING)) {
            clustering(data, out, report);
        }
        if (parts.contains(Part.LABELS)) {
            Arrays.stream(labels).forEach(count -> semiSupervised(data, count, out, report));
        }
        report.count("seed", options.seed()).write();
    }

    private int steps(LabeledImages images, int epochs) {
        return epochs * (images.size() / BATCH);
    }

    private EncodersAndDecoders networks(int steps) {
        return dense
                ? new AdversarialNetworks(PIXELS, hidden, steps, options.seed())
                : new ConvolutionalNetworks(28, CHANNELS, hidden, steps, options.seed());
    }

    private MultiLayerNetwork discriminator(int codes, double noise, int steps) {
        return new AdversarialNetworks(PIXELS, hidden, steps, options.seed()).discriminator(codes, noise);
    }

    private AdversarialAutoencoder.Builder training(AdversarialAutoencoder.Builder builder, int epochs, Path out) {
        return builder.batch(BATCH).epochs(epochs).seed(options.seed()).checkpoint(out.resolve("checkpoint.zip"));
    }

    private static String minutes(long start) {
        return Report.decimals(1, (System.nanoTime() - start) / 6e10);
    }

    private String published(String value) {
        return options.source() == ExampleData.Source.MNIST ? value : "";
    }

    private void likelihood(ExampleData data, Path out, Report report) {
        long start = System.nanoTime();
        int epochs = options.epochs(20, 60);
        int steps = steps(data.train(), epochs);
        EncodersAndDecoders networks = networks(steps);
        AdversarialModel model;
        try (MinibatchBar bar = new MinibatchBar("likelihood", steps)) {
            model = training(
                            new AdversarialAutoencoder.Builder(
                                    networks.encoder(latents, Math.sqrt(1 - noise * noise)),
                                    networks.decoder(latents, new LossL2())),
                            epochs,
                            out.resolve("likelihood"))
                    .mode(new AdversarialMode.Unsupervised(latents))
                    .posterior(new CodePosterior.Noisy(noise))
                    .discriminator(discriminator(latents, 0, steps))
                    .weight(40)
                    .listener(bar)
                    .build()
                    .fit(data.train().features())
                    .model();
        }
        int validated = Math.min(1000, data.validation().size());
        ParzenWindow window = ParzenWindow.fit(
                model.sample(parzenSamples, options.seed()),
                data.validation().first(validated).features(),
                0.1,
                0.3,
                20);
        LabeledImages test =
                data.test().spread(Math.min(parzenImages, data.test().size()));
        int tested = Math.min(2000, data.test().size());
        double p = SampleDiscrepancy.test(
                        model.drawCodes(data.test().spread(tested).features(), options.seed()),
                        model.sampleCodes(tested, ~options.seed()),
                        500,
                        options.seed())
                .pValue();
        report.row(
                        "log-likelihood",
                        published("340 ± 2"),
                        Report.decimals(1, window.meanLogLikelihood(test.features())),
                        minutes(start))
                .row("codes and prior, p-value of the MMD test", "", Report.decimals(3, p), "")
                .picture("samples", "Decoded samples of the prior.", () -> ImageGrid.of(28, 28)
                        .columns(COLUMNS)
                        .images(model.sample(8 * COLUMNS, options.seed()))
                        .draw());
    }

    /** Affine changes of the image from which y is read: y is then of no use for what they change. */
    private ImageJitter jitter() {
        return new ImageJitter(28, 28, 0.2, 0.25, 0.15, 0.08, 0.3, options.seed());
    }

    private void clustering(ExampleData data, Path out, Report report) {
        long start = System.nanoTime();
        int epochs = options.epochs(20, 40);
        int steps = steps(data.train(), epochs);
        EncodersAndDecoders networks = networks(steps);
        AdversarialModel model;
        try (MinibatchBar bar = new MinibatchBar("clustering", steps)) {
            model = training(
                            new AdversarialAutoencoder.Builder(
                                    networks.encoder(clusters + style),
                                    networks.decoder(clusters + style, new LossBernoulli())),
                            epochs,
                            out.resolve("clustering"))
                    .mode(new AdversarialMode.Clustering(clusters, style))
                    .discriminator(discriminator(style, 0, steps))
                    .categoryDiscriminator(discriminator(clusters, CATEGORY_NOISE, steps))
                    .weight(10)
                    .categoryWeight(1)
                    .categoryCorruption(jitter())
                    .listener(bar)
                    .build()
                    .fit(data.train().features())
                    .model();
        }
        int[] classes = classes(model.categories(data.validation().features()), data.validation());
        int[] found = model.categories(data.test().features()).argMax(1).toIntVector();
        int[] predicted = Arrays.stream(found).map(cluster -> classes[cluster]).toArray();
        report.row(
                        "clustering error with " + clusters + " clusters, %",
                        clusters == 30 ? published("4.10 ± 1.13") : clusters == 16 ? published("9.55 ± 2.05") : "",
                        error(predicted, data.test()),
                        minutes(start))
                .picture("clusters", "Decoded clusters, a row each, with ten samples of the latents.", () -> {
                    ImageGrid grid = ImageGrid.of(28, 28).scale(1);
                    for (int k = 0; k < clusters; k++) {
                        INDArray codes = Nd4j.zeros(10, clusters + style);
                        codes.getColumn(k).assign(1);
                        INDArray z = model.sampleCodes(10, options.seed());
                        for (int j = clusters; j < clusters + style; j++) {
                            codes.putColumn(j, z.getColumn(j));
                        }
                        grid.row("cluster " + k, model.decode(codes));
                    }
                    return grid.draw();
                });
    }

    /** Returns for each cluster the class of the image that is in it with the largest probability. */
    private static int[] classes(INDArray probabilities, LabeledImages images) {
        int[] best = probabilities.argMax(0).toIntVector();
        return Arrays.stream(best).map(images::label).toArray();
    }

    private void semiSupervised(ExampleData data, int labeled, Path out, Report report) {
        long start = System.nanoTime();
        int epochs = options.epochs(20, 20);
        int steps = steps(data.train(), epochs);
        EncodersAndDecoders networks = networks(2 * steps); // the encoder counts two updates per step
        EncodersAndDecoders others = networks(steps);
        AdversarialModel model;
        try (MinibatchBar bar = new MinibatchBar(labeled + " labels", steps)) {
            model = training(
                            new AdversarialAutoencoder.Builder(
                                    networks.encoder(20), others.decoder(20, new LossBernoulli())),
                            epochs,
                            out.resolve("labels-" + labeled))
                    .mode(new AdversarialMode.SemiSupervised(10, 10))
                    .discriminator(discriminator(10, 0, steps))
                    .categoryDiscriminator(discriminator(10, CATEGORY_NOISE, steps))
                    .weight(10)
                    .categoryWeight(1)
                    .categoryCorruption(jitter())
                    .listener(bar)
                    .build()
                    .fit(data.train().features(), balanced(data.train(), labeled))
                    .model();
        }
        int[] predicted = model.categories(data.test().features()).argMax(1).toIntVector();
        String paper = labeled == 100 ? "1.90 ± 0.10" : labeled == 1000 ? "1.60 ± 0.08" : "";
        report.row(
                "error with " + labeled + " labels, %",
                published(labeled >= data.train().size() ? "0.85 ± 0.02" : paper),
                error(predicted, data.test()),
                minutes(start));
    }

    /** Returns the labels of the first images of each class, in equal numbers, and −1 for the others. */
    private static int[] balanced(LabeledImages images, int labeled) {
        int[] left = new int[images.classes()];
        Arrays.fill(left, Math.max(1, labeled / images.classes()));
        int[] labels = images.labels();
        for (int i = 0; i < labels.length; i++) {
            boolean kept = labeled >= labels.length || left[labels[i]]-- > 0;
            labels[i] = kept ? labels[i] : -1;
        }
        return labels;
    }

    private static String error(int[] predicted, LabeledImages test) {
        long wrong = 0;
        for (int i = 0; i < predicted.length; i++) {
            wrong += predicted[i] == test.label(i) ? 0 : 1;
        }
        return Report.decimals(2, 100.0 * wrong / predicted.length);
    }
}
