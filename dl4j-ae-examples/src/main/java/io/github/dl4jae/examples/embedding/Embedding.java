package io.github.dl4jae.examples.embedding;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.ScatterPlot;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tagbio.umap.Umap;

/** Two-dimensional embeddings of images by PCA, a linear autoencoder, a deep autoencoder, and UMAP. */
@Command(
        name = "embedding",
        description = "Two-dimensional embeddings: PCA, linear autoencoder, deep autoencoder and UMAP compared.")
public final class Embedding extends ImageExample {

    private static final int BATCH = 128;
    private static final int MAPPED_PER_CLASSIFIED = 4;
    private static final int NEIGHBORS = 15;

    @Option(
            names = "--images",
            paramLabel = "N",
            description = "Number of embedded training images. A quarter as many test images are classified by their"
                    + " nearest neighbors. Default: ${DEFAULT-VALUE}.")
    private int images = 4_000;

    @Override
    protected void run(ExampleData data, Path out) {
        Report report = new Report(
                "Two-dimensional embeddings of " + options.source(),
                "Errors are squared, summed over pixels, and averaged over test images. Accuracy is that of a vote of"
                        + " the " + NEIGHBORS + " nearest of " + images + " embedded training images, on "
                        + images / MAPPED_PER_CLASSIFIED
                        + " test images. UMAP is fitted to these training and test images together. It has no decoder.",
                out);
        report.formula("squared-error", "Minimized by PCA and the autoencoders: x̂ is the decoded embedding of x.");
        report.table("embedding", "squared error per image", "accuracy", "time in seconds");

        // 1. PCA, and a linear autoencoder, which learns the same plane.
        long start = System.nanoTime();
        Autoencoder pca = PcaAutoencoder.fit(data.train().features(), 2);
        show(report, data, "PCA", pca, (System.nanoTime() - start) / 1e9);
        Training.Result<MultiLayerNetwork> linear = new Training(
                        options, data, out.resolve("linear"), options.epochs(20, 5), BATCH)
                .run(network(2, Activation.IDENTITY));
        show(
                report,
                data,
                "linear autoencoder",
                Autoencoders.of(linear.network(), "code"),
                linear.curve().seconds());

        // 2. A deep autoencoder, which learns a curved surface.
        Training.Result<MultiLayerNetwork> deep = new Training(
                        options, data, out.resolve("deep"), options.epochs(30, 20), BATCH)
                .oneOfSeveral()
                .run(deepNetwork());
        show(
                report,
                data,
                "deep autoencoder",
                Autoencoders.of(deep.network(), "code"),
                deep.curve().seconds());

        // 3. UMAP, which preserves neighborhoods.
        System.out.println("\nUMAP");
        LabeledImages mapped = mapped(data);
        LabeledImages classified = classified(data);
        start = System.nanoTime();
        INDArray both = Nd4j.createFromArray(umap().fitTransform(
                        Nd4j.vstack(mapped.features(), classified.features()).toFloatMatrix()));
        double seconds = (System.nanoTime() - start) / 1e9;
        INDArray mappedCodes = both.get(NDArrayIndex.interval(0, mapped.size()), NDArrayIndex.all());
        INDArray classifiedCodes = both.get(NDArrayIndex.interval(mapped.size(), both.size(0)), NDArrayIndex.all());
        show(report, data, "UMAP", "", mappedCodes, classifiedCodes, seconds);
        report.write();
    }

    private Umap umap() {
        return new Umap()
                .setNumberComponents(2)
                .setNumberNearestNeighbours(NEIGHBORS)
                .setThreads(1) // more threads make the result random
                .setSeed(options.seed());
    }

    private LabeledImages mapped(ExampleData data) {
        return data.train(images);
    }

    private LabeledImages classified(ExampleData data) {
        return data.test().first(images / MAPPED_PER_CLASSIFIED);
    }

    private void show(Report report, ExampleData data, String name, Autoencoder autoencoder, double seconds) {
        double error = ReconstructionError.meanSquared(
                autoencoder, data.test().iterator(1000).build());
        show(
                report,
                data,
                name,
                Report.decimals(2, error),
                autoencoder.encode(mapped(data).features()),
                autoencoder.encode(classified(data).features()),
                seconds);
    }

    private void show(
            Report report,
            ExampleData data,
            String name,
            String error,
            INDArray mapped,
            INDArray classified,
            double seconds) {
        report.row(name, error, Report.decimals(3, accuracy(data, mapped, classified)), Report.decimals(1, seconds))
                .picture(
                        name.toLowerCase(Locale.ROOT).replace(' ', '-'),
                        "Training images, embedded by " + name + ", colored by class.",
                        () -> new ScatterPlot(name, "first coordinate", "second coordinate")
                                .points(mapped, mapped(data).labels())
                                .draw());
    }

    /** Returns the accuracy of a classification by the most frequent class of the nearest neighbors. */
    private double accuracy(ExampleData data, INDArray mapped, INDArray classified) {
        int[] known = mapped(data).labels();
        int[] labels = classified(data).labels();
        int right = 0;
        for (int i = 0; i < labels.length; i++) {
            int[] votes = new int[data.test().classes()];
            nearest(mapped, classified.getRow(i)).forEach(neighbor -> votes[known[neighbor]]++);
            int winner = 0;
            for (int c = 1; c < votes.length; c++) {
                winner = votes[c] > votes[winner] ? c : winner;
            }
            right += winner == labels[i] ? 1 : 0;
        }
        return (double) right / labels.length;
    }

    /** Returns the rows of the nearest points, by Euclidean distance. */
    private static IntStream nearest(INDArray points, INDArray query) {
        double[] distances = points.subRowVector(query).norm2(1).toDoubleVector();
        return IntStream.range(0, distances.length)
                .boxed()
                .sorted(Comparator.comparingDouble(row -> distances[row]))
                .limit(NEIGHBORS)
                .mapToInt(Integer::intValue);
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
                .inputGradient(in != PIXELS) // not needed for pixels
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
