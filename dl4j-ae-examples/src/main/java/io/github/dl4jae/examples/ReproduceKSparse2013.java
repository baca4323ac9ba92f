package io.github.dl4jae.examples;

import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Logistic regression on k-sparse codes: table 2 of Makhzani and Frey 2013. */
@Command(
        name = "ksparse2013",
        description = "Test error of logistic regression on the code of a k-sparse autoencoder"
                + " (Makhzani and Frey 2013): 1.35 %% with k = 25.",
        usageHelpAutoWidth = true,
        defaultValueProvider = Reproduce.MnistByDefault.class)
final class ReproduceKSparse2013 implements Callable<Integer> {

    private static final int UNITS = 1000;
    private static final int BATCH = 128;
    private static final Map<Integer, Double> PUBLISHED = new TreeMap<>(Map.of(40, 1.54, 25, 1.35, 10, 2.10));

    @Mixin
    private ExampleOptions options;

    @Option(names = "--k", paramLabel = "K", split = ",", description = "default: ${DEFAULT-VALUE}")
    private int[] ks = {40, 25, 10};

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "α: the code has round(α·k) units; default: ${DEFAULT-VALUE}")
    private double alpha = 3;

    @Option(names = "--classifier-epochs", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int classifierEpochs = 20;

    @Option(names = "--classifier-rate", paramLabel = "R", description = "default: ${DEFAULT-VALUE}")
    private double classifierRate = 2e-2;

    @Override
    public Integer call() {
        ExampleData loaded = options.loadData();
        // the recipe trains on all images; what is watched are training images
        ExampleData data = new ExampleData(loaded.all(), loaded.all().first(2000), loaded.test(), loaded.all());
        Path out = options.out("reproduce-ksparse2013");
        int epochs = options.epochs(10, 30);
        long start = System.nanoTime();
        Report report = new Report(
                "Reproduction of Makhzani and Frey 2013 on " + options.source(),
                UNITS + " linear units with tied weights, of which k are kept. Errors are per cent of test images, by"
                        + " logistic regression on the code, with round(α·k) units kept, α = " + alpha + ".",
                out);
        report.figure("", "published   measured");
        for (int k : ks) {
            System.out.println("\nk = " + k);
            Path directory = out.resolve("k" + k);

            // 1. Many units are kept at first, so that none dies; then fewer and fewer.
            MultiLayerNetwork layer = null;
            int annealing = Math.max(1, epochs / 20);
            int left = epochs;
            for (int many = UNITS / 4; many > k; many = Math.max(many * 2 / 3, k)) {
                layer = train(many, annealing, false, layer, data, directory.resolve("from-" + many));
                left -= annealing;
            }
            layer = train(k, Math.max(left, 1), true, layer, data, directory);
            INDArray W = layer.getParam("0_W");

            // 2. Logistic regression on the code.
            MultiLayerNetwork classifier = Classification.onFrozenCode(
                    options,
                    data,
                    directory.resolve("classifier"),
                    Math.min(classifierEpochs, epochs),
                    classifierRate,
                    W,
                    layer.getParam("0_b"),
                    new ActivationTopK((int) Math.round(alpha * k)));
            report.figure(
                            "k = " + k,
                            String.format(
                                    Locale.ROOT,
                                    "%9s   %8.2f",
                                    PUBLISHED.containsKey(k) ? PUBLISHED.get(k) : "-",
                                    Classification.error(classifier, data.test())))
                    .picture("filters-k" + k, "Units for k = " + k + ".", () -> ImageGrid.of(28, 28)
                            .columns(20)
                            .eachOnItsOwnScale()
                            .images(W.transpose().get(NDArrayIndex.interval(0, 200), NDArrayIndex.all()))
                            .draw());
        }
        report.figure("seed", Long.toString(options.seed()))
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .write();
        return 0;
    }

    /** Goes on from what a layer with more units kept has learned; null to begin. */
    private MultiLayerNetwork train(
            int k, int epochs, boolean last, MultiLayerNetwork before, ExampleData data, Path directory) {
        MultiLayerNetwork layer = layer(k, epochs, last);
        if (before == null) {
            // each unit begins with a training image, so that it is among the k largest for some
            INDArray mean = data.train().features().mean(true, 0);
            INDArray images = data.train().first(UNITS).features().subRowVector(mean);
            layer.setParam(
                    "0_W",
                    images.diviColumnVector(images.norm2(true, 1)).muli(0.5).transpose());
            layer.setParam("0_vb", mean);
        } else {
            layer.setParams(before.params());
        }
        new Pretraining(options, data, directory, BATCH, epochs).run(layer);
        return layer;
    }

    private MultiLayerNetwork layer(int k, int epochs, boolean isLast) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(isLast ? Classification.falling(1e-3, epochs) : new FastAdam(1e-3))
                .list()
                .layer(new TiedAutoencoderLayer.Builder()
                        .nIn(784)
                        .nOut(UNITS)
                        .activation(new ActivationTopK(k))
                        .outputActivation(Activation.IDENTITY)
                        .lossFunction(new LossGaussian(Math.sqrt(0.5)))
                        .build())
                .build());
        network.init();
        return network;
    }
}
