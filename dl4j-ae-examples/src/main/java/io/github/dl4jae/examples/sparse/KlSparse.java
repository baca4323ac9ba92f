package io.github.dl4jae.examples.sparse;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.sparse.ActivityRegularizationLayer;
import io.github.dl4jae.sparse.SparsityReport;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import picocli.CommandLine.Command;

/** Andrew Ng's sparse autoencoder: sigmoid units with a mean activation of 0.05. */
@Command(
        name = "kl-sparse",
        description = "Sigmoid units with a KL penalty that keeps their mean activation near 0.05.")
public final class KlSparse extends ImageExample {

    private static final int UNITS = 200;
    private static final double TARGET_RATE = 0.05;
    private static final double WEIGHT = 1;
    private static final int BATCH = 250; // large enough to estimate a mean activation of 0.05

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. The penalty is a layer that can follow any layer; it adds to the score.
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(2e-3))
                .l2(3e-3) // otherwise large weights compensate for small activations
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(PIXELS)
                        .inputGradient(false) // not needed for pixels
                        .nOut(UNITS)
                        .activation(Activation.SIGMOID)
                        .biasInit(-2)
                        .build())
                .layer(new ActivityRegularizationLayer.Builder()
                        .penalty(new KLSparsityPenalty(TARGET_RATE, WEIGHT))
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(UNITS)
                        .nOut(PIXELS)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        network.setParam("2_b", data.train().features().mean(true, 0)); // start from the mean image

        // 2. Train it.
        Training.Result<MultiLayerNetwork> result =
                new Training(options, data, out, options.epochs(20, 8), BATCH).run(network);

        // 3. Report the mean activations and the decoder weights.
        Autoencoder autoencoder = Autoencoders.of(result.network(), "code");
        INDArray codes = autoencoder.encode(data.test().features());
        double[] meanActivations = codes.mean(0).toDoubleVector();
        SparsityReport sparsity = SparsityReport.compute(codes, 0.1);
        INDArray originals = data.test().first(20).features();
        new Report(
                        "KL-sparse autoencoder on " + options.source(),
                        "The target for the mean activation of " + UNITS + " sigmoid units is " + TARGET_RATE
                                + ". Errors are squared, summed over pixels, and averaged over test images.",
                        out)
                .formula(
                        "kl-sparse",
                        "Minimized, with weight decay: ρ = " + TARGET_RATE + " is the target, ρ̂ⱼ the mean"
                                + " activation of unit j in a mini-batch, β = " + WEIGHT + ".")
                .figure(
                        "test error per image",
                        ReconstructionError.meanSquared(
                                autoencoder, data.test().iterator(BATCH).build()))
                .figure(
                        "mean activation of a unit",
                        Arrays.stream(meanActivations).average().orElseThrow())
                .figure("units above 0.1 per image", sparsity.meanActive())
                .trainingTime(result.curve().seconds())
                .images(
                        "reconstructions",
                        "Test images and their reconstructions.",
                        new ImageRow("original", originals),
                        new ImageRow("reconstruction", autoencoder.reconstruct(originals)))
                .filters(
                        "filters",
                        "Decoder weights of the units.",
                        result.network().getParam("2_W"))
                .picture("activations", "Mean activations of the units on test images, sorted.", () -> new CurvePlot(
                                "Mean activations of units on test images", "rank of the unit", "mean activation")
                        .curve("units", Arrays.stream(meanActivations).sorted().toArray())
                        .curve(
                                "target",
                                Arrays.stream(meanActivations)
                                        .map(any -> TARGET_RATE)
                                        .toArray())
                        .draw())
                .write();
    }
}
