package io.github.dl4jae.examples.denoising;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.denoising.CorruptedIterator;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;

/** Fills in missing squares of images: a denoising autoencoder with a custom corruption. */
@Command(name = "inpainting", description = "Fills in missing squares of 10×10 pixels.")
public final class Inpainting extends ImageExample {

    private static final int BATCH = 128;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. The corruption erases another square of an image in each iteration.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new FastAdam(1e-3))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(1000)
                        .dropOut(new Erasure(options.seed()))
                        .inputGradient(false)
                        .build())
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(1000)
                        .nOut(500)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(500).nOut(1000).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(1000)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();

        // 2. Train it for all epochs, because validation images are complete.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(20, 15), BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .run(network);
        Autoencoder autoencoder = Autoencoders.of(result.network(), "code");

        // 3. Keep the known pixels, and take the missing ones from the reconstruction.
        LabeledImages test = data.test().first(1000);
        Erasure erasure = new Erasure(~options.seed());
        INDArray originals = test.features();
        INDArray damaged = new CorruptedIterator(test.iterator(test.size()).build(), erasure)
                .next()
                .getFeatures();
        INDArray known = erasure.known(test.size());
        INDArray reconstructions = autoencoder.reconstruct(damaged);
        INDArray filledIn = damaged.add(reconstructions.mul(known.rsub(1)));
        INDArray mean = data.train().features().mean(true, 0);
        INDArray withMean = damaged.add(known.rsub(1).mulRowVector(mean));
        Report report = new Report(
                "Inpainting on " + options.source(),
                "A square of 10×10 pixels is missing. PSNR and SSIM (1 is best) are means over " + test.size()
                        + " test images.",
                out);
        report.formula(
                "denoising",
                "Minimized: the cross-entropy of complete images x and reconstructions r of images x̃"
                        + " with a missing square.");
        RestorationQuality.addHeadings(report);
        RestorationQuality.of("with the missing square", originals, damaged).addTo(report);
        RestorationQuality.of("filled with the mean image", originals, withMean).addTo(report);
        RestorationQuality.of("filled in by the autoencoder", originals, filledIn)
                .addTo(report);
        report.trainingTime(result.curve().seconds())
                .images(
                        "inpainted",
                        "Test images, complete, with a missing square (gray), and filled in.",
                        new ImageRow("original", originals),
                        new ImageRow("missing square", damaged.add(known.rsub(1).mul(0.5))),
                        new ImageRow("filled in", filledIn))
                .write();
    }
}
