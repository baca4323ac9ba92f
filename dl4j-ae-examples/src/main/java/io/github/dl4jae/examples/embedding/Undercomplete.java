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
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.ScatterPlot;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import picocli.CommandLine.Command;

/** A deep autoencoder, 784-512-256-30-256-512-784, with a code of 30 numbers. */
@Command(name = "undercomplete", description = "A deep autoencoder with a code of 30 numbers, compared with PCA.")
public final class Undercomplete extends ImageExample {

    private static final int CODE = 30;
    private static final int BATCH = 128;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. The code layer is linear, so that codes are not bounded.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .updater(new FastAdam(1e-3))
                .activation(Activation.LEAKYRELU)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(512)
                        .inputGradient(false) // not needed for pixels
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(512).nOut(256).build())
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(256)
                        .nOut(CODE)
                        .activation(Activation.IDENTITY)
                        .weightInit(WeightInit.XAVIER)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(CODE).nOut(256).build())
                .layer(new FastDenseLayer.Builder().nIn(256).nOut(512).build())
                .layer(new FastOutputLayer.Builder(new LossL2())
                        .nIn(512)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .weightInit(WeightInit.XAVIER)
                        .build())
                .build());
        network.init();

        // 2. Train it.
        Training.Result<MultiLayerNetwork> result =
                new Training(options, data, out, options.epochs(20, 10), BATCH).run(network);

        // 3. Compare it with PCA, plot the codes, and decode points between two codes.
        Autoencoder deep = Autoencoders.of(result.network(), "code");
        Autoencoder pca = PcaAutoencoder.fit(data.train().features(), CODE);
        INDArray originals = data.test().first(20).features();
        LabeledImages mapped = data.test().first(2_000);
        INDArray codes = deep.encode(mapped.features());
        new Report(
                        "Deep autoencoder on " + options.source(),
                        "Codes of " + CODE + " numbers, non-linear and linear. Errors are squared, summed over pixels,"
                                + " and averaged over test images.",
                        out)
                .formula("squared-error", "Minimized: x̂ is the image decoded from the code of x.")
                .figure(
                        "test error per image, deep",
                        ReconstructionError.meanSquared(
                                deep, data.test().iterator(BATCH).build()))
                .figure(
                        "test error per image, PCA",
                        ReconstructionError.meanSquared(
                                pca, data.test().iterator(BATCH).build()))
                .images(
                        "reconstructions",
                        "Test images and their reconstructions.",
                        new ImageRow("original", originals),
                        new ImageRow("deep", deep.reconstruct(originals)),
                        new ImageRow("PCA", pca.reconstruct(originals)))
                .images(
                        "walk",
                        "Decoded points on a line between the codes of two test images.",
                        new ImageRow("images 1 to 2", deep.decode(line(codes, 0, 1))),
                        new ImageRow("images 3 to 4", deep.decode(line(codes, 2, 3))),
                        new ImageRow("images 5 to 8", deep.decode(line(codes, 4, 7))))
                .picture(
                        "codes",
                        "First two principal components of the codes of 2,000 test images, colored by class.",
                        () -> new ScatterPlot("Codes of " + options.source(), "first component", "second component")
                                .points(PcaAutoencoder.fit(codes, 2).encode(codes), mapped.labels())
                                .draw())
                .training("Squared error per image", result.curve(), "validation")
                .write();
    }

    /** Returns twelve points on the line between two codes, {@code [12, code]}. */
    private static INDArray line(INDArray codes, int first, int last) {
        INDArray from = codes.getRow(first, true);
        INDArray steps = Nd4j.linspace(0, 1, 12, from.dataType()).reshape(12, 1);
        return steps.mmul(codes.getRow(last, true).sub(from)).addiRowVector(from); // [12,1]·[1,code] → [12,code]
    }
}
