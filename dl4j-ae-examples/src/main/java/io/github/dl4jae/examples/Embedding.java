package io.github.dl4jae.examples;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.internal.math.NearestNeighbors;
import io.github.dl4jae.plot.ScatterPlot;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tagbio.umap.Umap;

/** Images as points of the plane: by PCA, a linear and a deep autoencoder, and UMAP. */
@Command(
        name = "embedding",
        description = "Two numbers per image: PCA, linear autoencoder, deep autoencoder and UMAP compared.",
        usageHelpAutoWidth = true)
final class Embedding implements Callable<Integer> {

    private static final int PIXELS = 28 * 28;
    private static final int BATCH = 128;
    private static final int MAPPED_PER_JUDGED = 4;
    private static final int NEIGHBORS = 15;

    @Mixin
    private ExampleOptions options;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "training images in the plane, whose neighbors vote on a quarter as many test images;"
                    + " default: ${DEFAULT-VALUE}")
    private int images = 4_000;

    @Override
    public Integer call() {
        ExampleData data = options.loadData();
        Path out = options.out("embedding");
        Report report = new Report(
                "Two numbers per image of " + options.source(),
                "Squared errors are summed over pixels and averaged over test images. Accuracy is that of the "
                        + NEIGHBORS
                        + " nearest of " + images + " training images in the plane, for "
                        + images / MAPPED_PER_JUDGED
                        + " test images. UMAP sees those images together and has no decoder.",
                out);
        report.figure("", "squared error   accuracy   seconds");

        // 1. PCA, and the linear autoencoder that finds the same plane by gradients.
        long start = System.nanoTime();
        Autoencoder pca = PcaAutoencoder.fit(data.train().features(), 2);
        show(report, data, "PCA", pca, (System.nanoTime() - start) / 1e9);
        Training.Result<MultiLayerNetwork> linear = new Training(
                        options, data, out.resolve("linear"), options.epochs(20, 5), BATCH)
                .run(network(2, Activation.IDENTITY));
        show(report, data, "linear autoencoder", Autoencoders.of(linear.network(), "code"), linear.seconds());

        // 2. A deep autoencoder: the same two numbers, on a curved surface.
        Training.Result<MultiLayerNetwork> deep = new Training(
                        options, data, out.resolve("deep"), options.epochs(30, 20), BATCH)
                .oneOfSeveral()
                .run(deepNetwork());
        show(report, data, "deep autoencoder", Autoencoders.of(deep.network(), "code"), deep.seconds());

        // 3. UMAP keeps neighbors, and nothing else.
        System.out.println("\nUMAP");
        LabeledImages mapped = mapped(data);
        LabeledImages judged = judged(data);
        start = System.nanoTime();
        INDArray both = Nd4j.createFromArray(umap().fitTransform(
                        Nd4j.vstack(mapped.features(), judged.features()).toFloatMatrix()));
        double seconds = (System.nanoTime() - start) / 1e9;
        INDArray mappedCodes = both.get(NDArrayIndex.interval(0, mapped.size()), NDArrayIndex.all());
        INDArray judgedCodes = both.get(NDArrayIndex.interval(mapped.size(), both.size(0)), NDArrayIndex.all());
        show(report, data, "UMAP", "", mappedCodes, judgedCodes, seconds);
        report.write();
        return 0;
    }

    private Umap umap() {
        return new Umap()
                .setNumberComponents(2)
                .setNumberNearestNeighbours(NEIGHBORS)
                .setThreads(1) // more make it random
                .setSeed(options.seed());
    }

    private LabeledImages mapped(ExampleData data) {
        return data.train(images);
    }

    private LabeledImages judged(ExampleData data) {
        return data.test().first(images / MAPPED_PER_JUDGED);
    }

    private void show(Report report, ExampleData data, String name, Autoencoder autoencoder, double seconds) {
        String error = String.format(
                Locale.ROOT,
                "%.2f",
                ReconstructionError.meanSquared(
                        autoencoder, data.test().iterator(1000).build()));
        show(
                report,
                data,
                name,
                error,
                autoencoder.encode(mapped(data).features()),
                autoencoder.encode(judged(data).features()),
                seconds);
    }

    private void show(
            Report report,
            ExampleData data,
            String name,
            String error,
            INDArray mapped,
            INDArray judged,
            double seconds) {
        report.figure(
                        name,
                        String.format(
                                Locale.ROOT, "%13s   %8.3f   %7.1f", error, accuracy(data, mapped, judged), seconds))
                .picture(
                        name.toLowerCase(Locale.ROOT).replace(' ', '-'),
                        "Training images by " + name + ", colored by class.",
                        () -> new ScatterPlot(name, "first number", "second number")
                                .points(mapped, mapped(data).labels())
                                .draw());
    }

    /** The share of test images whose class most of their neighbors have. */
    private double accuracy(ExampleData data, INDArray mapped, INDArray judged) {
        int[][] nearest = NearestNeighbors.find(judged, mapped, NEIGHBORS);
        int[] known = mapped(data).labels();
        int[] labels = judged(data).labels();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            int[] votes = new int[data.test().classes()];
            for (int neighbor : nearest[i]) {
                votes[known[neighbor]]++;
            }
            int winner = 0;
            for (int c = 1; c < votes.length; c++) {
                winner = votes[c] > votes[winner] ? c : winner;
            }
            right += winner == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    private NeuralNetConfiguration.Builder configuration() {
        return new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(1e-3));
    }

    private MultiLayerNetwork network(int code, Activation output) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration()
                .list()
                .layer(dense("code", PIXELS, code, Activation.IDENTITY))
                .layer(output(code, output))
                .build());
        network.init();
        return network;
    }

    private MultiLayerNetwork deepNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration()
                .list()
                .layer(dense("e1", PIXELS, 512, Activation.LEAKYRELU))
                .layer(dense("e2", 512, 128, Activation.LEAKYRELU))
                .layer(dense("code", 128, 2, Activation.IDENTITY))
                .layer(dense("d1", 2, 128, Activation.LEAKYRELU))
                .layer(dense("d2", 128, 512, Activation.LEAKYRELU))
                .layer(output(512, Activation.SIGMOID))
                .build());
        network.init();
        return network;
    }

    private static FastDenseLayer dense(String name, int in, int units, Activation activation) {
        return new FastDenseLayer.Builder()
                .name(name)
                .nIn(in)
                .nOut(units)
                .activation(activation)
                .inputGradient(in != PIXELS) // nobody needs that of the pixels
                .build();
    }

    private static FastOutputLayer output(int in, Activation activation) {
        return new FastOutputLayer.Builder(new LossL2())
                .nIn(in)
                .nOut(PIXELS)
                .activation(activation)
                .build();
    }
}
