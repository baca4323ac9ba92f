package io.github.dl4jae.examples;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.MeanStart;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sparse.SparsityReport;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;

/** A k-sparse autoencoder of 1000 units, 25 of which are active per image. */
@Command(name = "quickstart", description = "A k-sparse autoencoder, compared with PCA of the same code size.")
public final class Quickstart extends ImageExample {

    private static final int UNITS = 1000;
    private static final int K = 25;
    private static final int BATCH = 256;

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(15, 8);
        int minibatches = data.train().size() / BATCH; // per epoch

        // 1. Build a network of dense layers, with a layer between them that keeps the k largest activations.
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(new MapSchedule.Builder(ScheduleType.EPOCH) // lower for the last third
                        .add(0, 3e-3)
                        .add(Math.max(1, epochs * 2 / 3), 7.5e-4)
                        .build()))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .inputGradient(false) // not needed for pixels
                        .nOut(UNITS)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new TopKLayer.Builder() // more units in the first epoch, so that none dies
                        .name("code")
                        .nIn(UNITS)
                        .k(new LinearSchedule(ScheduleType.ITERATION, 100, K, minibatches))
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2()) // squared error, summed over pixels
                        .nIn(UNITS)
                        .nOut(PIXELS)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        MeanStart.set(network, 0, 2, data.train().features());

        // 2. Train it, with early stopping, checkpoints and a progress bar.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, epochs, BATCH).run(network);

        // 3. Use it as an autoencoder whose code is the output of a named layer.
        Autoencoder sparse = Autoencoders.of(result.network(), "code");
        Autoencoder pca = PcaAutoencoder.fit(data.train().features(), K);
        SparsityReport sparsity =
                SparsityReport.compute(sparse.encode(data.test().features()));

        INDArray originals = data.test().first(20).features();
        new Report(
                        "k-sparse autoencoder on " + options.source(),
                        "The code of an image is " + K + " of " + UNITS + " learned features; PCA uses the same " + K
                                + " components for all images. Errors are squared, summed over pixels, and averaged"
                                + " over " + data.test().size() + " test images.",
                        out)
                .formula(
                        "k-sparse",
                        "Minimized: the squared error of x̂ = g(topₖ(W·x + b)), where topₖ keeps the k"
                                + " largest activations and g is the linear decoder.")
                .figure(
                        "test error per image, k-sparse (k = " + K + ")",
                        ReconstructionError.meanSquared(
                                sparse, data.test().iterator(BATCH).build()))
                .figure(
                        "test error per image, PCA (" + K + " components)",
                        ReconstructionError.meanSquared(
                                pca, data.test().iterator(BATCH).build()))
                .figure("active units per image (L0)", sparsity.meanActive())
                .count("units never active, of " + UNITS, sparsity.deadUnits().length)
                .images(
                        "reconstructions",
                        "Test images and their reconstructions.",
                        new ImageRow("original", originals),
                        new ImageRow("k-sparse", sparse.reconstruct(originals)),
                        new ImageRow("PCA", pca.reconstruct(originals)))
                .filters(
                        "filters",
                        "Decoder weights of the 200 most active units.",
                        mostUsed(result.network().getParam("2_W"), sparsity, 200))
                .training("Squared error per image", result.curve(), "validation")
                .write();
    }

    /** Returns the decoder weights of the units that are active most often. */
    private static INDArray mostUsed(INDArray decoder, SparsityReport sparsity, int count) {
        double[] frequencies = sparsity.frequencies();
        int[] units = IntStream.range(0, frequencies.length)
                .boxed()
                .sorted(Comparator.comparingDouble(unit -> -frequencies[unit]))
                .limit(count)
                .mapToInt(Integer::intValue)
                .toArray();
        return decoder.getRows(units);
    }
}
