package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Pretraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Logistic regression on k-sparse codes: table 2 of Makhzani and Frey 2013. */
@Command(
        name = "ksparse2013",
        description = "Test error of logistic regression on the code of a k-sparse autoencoder"
                + " (Makhzani and Frey 2013): 1.35 %% with k = 25.",
        defaultValueProvider = MnistByDefault.class)
public final class KSparse2013 extends ImageExample {

    private static final int UNITS = 1000;
    private static final int BATCH = 128;
    private static final Map<Integer, Double> PUBLISHED = new TreeMap<>(Map.of(40, 1.54, 25, 1.35, 10, 2.10));

    @Option(names = "--k", paramLabel = "K", split = ",", description = "Values of k. Default: ${DEFAULT-VALUE}.")
    private int[] ks = {40, 25, 10};

    @Option(
            names = "--alpha",
            paramLabel = "A",
            description = "Factor α: a code keeps round(α·k) units. Default: ${DEFAULT-VALUE}.")
    private double alpha = 3;

    @Option(
            names = "--classifier-epochs",
            paramLabel = "N",
            description = "Epochs of the logistic regression. Default: ${DEFAULT-VALUE}.")
    private int classifierEpochs = 20;

    @Option(
            names = "--classifier-rate",
            paramLabel = "R",
            description = "Learning rate of the logistic regression. Default: ${DEFAULT-VALUE}.")
    private double classifierRate = 2e-2;

    @Override
    protected void run(ExampleData loaded, Path out) {
        ExampleData data = loaded.trainingOnAll(); // as the paper does
        int epochs = options.epochs(10, 30);
        long start = System.nanoTime();
        Report report = new Report(
                "Reproduction of Makhzani and Frey 2013 on " + options.source(),
                UNITS + " linear units with tied weights, of which the k largest are kept. Errors are percentages of"
                        + " test images, by logistic regression on codes that keep round(α·k) units, α = " + alpha
                        + ".",
                out);
        report.formula(
                "k-sparse",
                "Minimized: the squared error of x̂ = g(topₖ(W·x + b)), where topₖ keeps the k largest"
                        + " activations and g multiplies by the transpose of W.");
        report.table("units", "published error in %", "measured error in %");
        for (int k : ks) {
            System.out.println("\nk = " + k);
            Path directory = out.resolve("k" + k);

            // 1. Train with many active units at first, so that none dies, then with fewer in each stage.
            MultiLayerNetwork layer = null;
            int annealing = Math.max(1, epochs / 20);
            int left = epochs;
            for (int many = UNITS / 4; many > k; many = Math.max(many * 2 / 3, k)) {
                layer = train(many, annealing, false, layer, data, directory.resolve("from-" + many));
                left -= annealing;
            }
            layer = train(k, Math.max(left, 1), true, layer, data, directory);
            INDArray W = layer.getParam("0_W");

            // 2. Train logistic regression on the code.
            MultiLayerNetwork classifier = Classification.onFrozenCode(
                    options,
                    data,
                    directory.resolve("classifier"),
                    Math.min(classifierEpochs, epochs),
                    classifierRate,
                    W,
                    layer.getParam("0_b"),
                    new ActivationTopK((int) Math.round(alpha * k)));
            report.row(
                            "k = " + k,
                            PUBLISHED.containsKey(k) ? Report.decimals(2, PUBLISHED.get(k)) : "",
                            Report.decimals(2, Classification.error(classifier, data.test())))
                    .filters("filters-k" + k, "Weights for k = " + k + ".", W.transpose());
        }
        report.count("seed", options.seed())
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .write();
    }

    /** Trains a layer, starting from the weights of a layer with more active units; null for the first stage. */
    private MultiLayerNetwork train(
            int k, int epochs, boolean last, MultiLayerNetwork before, ExampleData data, Path directory) {
        MultiLayerNetwork layer = layer(k, epochs, last);
        if (before == null) {
            // each unit starts as a training image, so that it is among the k largest for some image
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
                .updater(isLast ? FallingRate.adam(1e-3, epochs) : new FastAdam(1e-3))
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
