package io.github.dl4jae.examples.denoising;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;

/** Doubles the resolution of images: an autoencoder whose first layer averages blocks of 2×2 pixels. */
@Command(
        name = "super-resolution",
        description = "Doubles the resolution of images of 14×14 pixels, compared with bicubic interpolation.")
public final class SuperResolution extends ImageExample {

    private static final int SMALL = 14 * 14;
    private static final int BATCH = 128;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. Average pooling makes the small image.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .activation(Activation.RELU)
                .updater(new FastAdam(1e-3))
                .list()
                .layer(new SubsamplingLayer.Builder(SubsamplingLayer.PoolingType.AVG)
                        .kernelSize(2, 2)
                        .stride(2, 2)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(SMALL).nOut(1000).build())
                .layer(new FastDenseLayer.Builder().nIn(1000).nOut(1000).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(1000)
                        .nOut(PIXELS)
                        .activation(Activation.SIGMOID)
                        .build())
                .setInputType(InputType.convolutionalFlat(28, 28, 1))
                .build());
        network.init();

        // 2. Train it.
        Training.Result<MultiLayerNetwork> result =
                new Training(options, data, out, options.epochs(20, 10), BATCH).run(network);

        // 3. Enlarge the small images.
        LabeledImages test = data.test().first(1000);
        INDArray originals = test.features();
        INDArray small = result.network().feedForward(originals).get(1).reshape('c', test.size(), SMALL);
        INDArray large = result.network().output(originals);
        INDArray bicubic = Bicubic.enlarge(small, 14, 14);
        Report report = new Report(
                "Super-resolution on " + options.source(),
                "14×14 to 28×28. PSNR and SSIM (1 is best) are means over " + test.size() + " test images.",
                out);
        report.formula(
                "cross-entropy",
                "Minimized: the cross-entropy of images x and images x̂ that are enlarged from"
                        + " 14×14 pixels, in nats.");
        RestorationQuality.addHeadings(report);
        RestorationQuality.of("bicubic", originals, bicubic).addTo(report);
        RestorationQuality.of("autoencoder", originals, large).addTo(report);
        report.trainingTime(result.curve().seconds())
                .images(
                        "enlarged",
                        "Test images, and images enlarged from 14×14 pixels.",
                        new ImageRow("original", originals),
                        new ImageRow("autoencoder", large),
                        new ImageRow("bicubic", bicubic))
                .picture("small", "The small images.", () -> ImageGrid.of(14, 14)
                        .row("14×14 pixels", small.get(NDArrayIndex.interval(0, 15), NDArrayIndex.all()))
                        .scale(4)
                        .draw())
                .write();
    }
}
