package io.github.dl4jae.examples.embedding;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MeanStart;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;

/**
 * A linear autoencoder, which learns the subspace of PCA: the error is the same, the basis is not.
 *
 * @see <a href="https://doi.org/10.1016/0893-6080(89)90014-2">Baldi and Hornik 1989</a>
 */
@Command(
        name = "linear-pca",
        description = "A linear autoencoder, which learns the subspace of PCA and has the same error.")
public final class LinearPca extends ImageExample {

    private static final int CODE = 30;
    private static final int BATCH = 250;
    private static final double GAP = 1.05;

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(60, 25);
        INDArray train = data.train().features();

        // 1. Build a network of two linear layers with squared error.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(new MapSchedule.Builder(ScheduleType.EPOCH)
                        .add(0, 2e-3)
                        .add(Math.max(1, epochs / 2), 5e-4)
                        .add(Math.max(2, epochs * 5 / 6), 1e-4)
                        .build()))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .activation(Activation.IDENTITY)
                        .nIn(PIXELS)
                        .inputGradient(false) // not needed for pixels
                        .nOut(CODE)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(CODE)
                        .nOut(PIXELS)
                        .activation(Activation.IDENTITY) // an output layer's default is softmax
                        .build())
                .build());
        network.init();
        MeanStart.set(network, 0, 1, train);

        // 2. Train it, and fit PCA to the same images.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, epochs, BATCH).run(network);
        Autoencoder linear = Autoencoders.of(result.network(), "code");
        PcaAutoencoder pca = PcaAutoencoder.fit(train, CODE);

        // 3. The code is a basis of the subspace. PCA of the reconstructions recovers the components.
        INDArray expected = pca.components().castTo(DataType.DOUBLE); // [pixels,code]
        INDArray found =
                PcaAutoencoder.fit(linear.reconstruct(train), CODE).components().castTo(DataType.DOUBLE);
        INDArray overlap = expected.transpose().mmul(found); // [code,pixels]·[pixels,code] → [code,code]
        int[] distinct = distinctComponents(pca.variances());
        double worstComponent = Arrays.stream(distinct)
                .mapToDouble(j -> Math.abs(overlap.getDouble(j, j)))
                .min()
                .orElse(Double.NaN);
        double linearError = ReconstructionError.meanSquared(
                linear, data.test().iterator(BATCH).build());
        double pcaError =
                ReconstructionError.meanSquared(pca, data.test().iterator(BATCH).build());
        new Report(
                        "Linear autoencoder and PCA on " + options.source(),
                        "A linear autoencoder with " + CODE + " units spans the subspace of the first " + CODE
                                + " principal components. Errors are squared, summed over pixels, and averaged over"
                                + " test images.",
                        out)
                .formula(
                        "squared-error",
                        "Minimized by both: x̂ is the projection of x to a subspace of dimension " + CODE
                                + ", by PCA orthogonally.")
                .figure("test error per image, linear autoencoder", linearError)
                .figure("test error per image, PCA", pcaError)
                .figure("ratio of the errors", linearError / pcaError)
                .figure(
                        "overlap of the subspaces (1: identical)",
                        overlap.mul(overlap).sumNumber().doubleValue() / CODE)
                .count("components with variances 5 % apart", distinct.length)
                .figure("smallest |cosine| of these components", worstComponent)
                .picture(
                        "components",
                        "Principal components, and components recovered from the autoencoder's reconstructions.",
                        () -> ImageGrid.of(28, 28)
                                .eachOnItsOwnScale()
                                .row("PCA", expected.transpose())
                                .row("autoencoder", found.transpose())
                                .draw())
                .picture(
                        "units",
                        "Decoder weights of the autoencoder: another basis of the same subspace.",
                        () -> ImageGrid.of(28, 28)
                                .columns(15)
                                .eachOnItsOwnScale()
                                .images(result.network().getParam("1_W"))
                                .draw())
                .training("Squared error per image", result.curve(), "validation")
                .write();
    }

    /** Returns the components whose variance differs by 5 % from both neighbors; others can mix. */
    private static int[] distinctComponents(double[] variances) {
        return IntStream.range(0, CODE)
                .filter(j -> j == 0 || variances[j - 1] >= GAP * variances[j])
                .filter(j -> variances[j] >= GAP * variances[j + 1])
                .toArray();
    }
}
