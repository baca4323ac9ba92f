package io.github.dl4jae.examples.quantized;

import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.quantized.CodebookReport;
import io.github.dl4jae.quantized.FiniteScalarQuantizationLayer;
import io.github.dl4jae.quantized.IndexPrior;
import io.github.dl4jae.quantized.QuantizedModel;
import io.github.dl4jae.quantized.VectorQuantizationLayer;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossL2;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The discrete autoencoder of image generators: 7×7 integers per image, and a prior over them to sample from. */
@Command(
        name = "quantized",
        description = "Images as 7×7 integers, by vector and by finite scalar quantization, and samples of a prior.")
public final class Quantized extends ImageExample {

    private static final int CODES = 256;
    private static final int[] LEVELS = {8, 6, 5};
    private static final int BATCH = 128;

    @Option(names = "--prior-epochs", paramLabel = "N", description = "Epochs of the prior. Default: ${DEFAULT-VALUE}.")
    private int priorEpochs = 5;

    /** A trained quantizer and what it does with test images. */
    private record Trained(String name, QuantizedModel model, Training.Result<MultiLayerNetwork> result) {

        INDArray reconstruct(LabeledImages images) {
            return model.reconstruct(pixels(images));
        }

        double squaredError(LabeledImages images) {
            INDArray x = pixels(images);
            double norm = reconstruct(images).sub(x).norm2Number().doubleValue();
            return norm * norm / x.length();
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Train the same network with two quantizers. A pixel of the code has 16 features, or one for each level.
        Trained vector = train("vq", 16, new VectorQuantizationLayer.Builder().codes(CODES), data, out);
        Trained scalar =
                train("fsq", LEVELS.length, new FiniteScalarQuantizationLayer.Builder().levels(LEVELS), data, out);

        // 2. Compare reconstructions and the use of codes.
        LabeledImages shown = data.test().first(15);
        Report report = new Report(
                        "Quantized codes on " + options.source(),
                        "An image is 7 × 7 integers: of " + CODES + " codes by vector quantization (VQ), or of 240 by"
                                + " finite scalar quantization (FSQ). Figures are of test images; errors are per pixel,"
                                + " for values from 0 to 1.",
                        out)
                .formula("vector-quantization", "Minimized with VQ: sg(·) passes no gradient on.")
                .table("quantizer", "mean squared error", "usage in %", "perplexity", "training in s");
        for (Trained each : new Trained[] {vector, scalar}) {
            CodebookReport usage = each.model().report(pixels(data.test()));
            report.row(
                    each.name(),
                    Report.decimals(5, each.squaredError(data.test())),
                    Report.decimals(1, 100 * usage.usage()),
                    Report.decimals(1, usage.perplexity()),
                    Report.decimals(0, each.result().curve().seconds()));
        }
        report.images(
                "reconstructions",
                "Test images, and what is left of them after quantization.",
                new ImageRow("original", shown.features()),
                new ImageRow("vq", flat(vector.reconstruct(shown))),
                new ImageRow("fsq", flat(scalar.reconstruct(shown))));

        // 3. Fit a prior over the integers, given the class, and decode samples.
        for (Trained each : new Trained[] {vector, scalar}) {
            addPrior(each, data, report);
        }
        report.training(
                        "Squared error and commitment per image (VQ)",
                        vector.result().curve(),
                        "validation")
                .write();
    }

    private Trained train(String name, int width, Layer.Builder<?> quantizer, ExampleData data, Path out) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(32)
                        .inputGradient(false) // not needed for pixels
                        .build())
                .layer(new FastConvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(64)
                        .build())
                .layer(new FastConvolutionLayer.Builder(1, 1)
                        .nOut(width)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(quantizer.name(name).build())
                .layer(new FastConvolutionLayer.Builder(3, 3).nOut(64).build())
                .layer(new FastDeconvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(32)
                        .build())
                .layer(new FastDeconvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastCnnLossLayer.Builder(new LossL2())
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
        network.init();
        Training.Result<MultiLayerNetwork> result = new Training(
                        options, data, out.resolve(name), options.epochs(10, 10), BATCH)
                .minibatches(ImageIterator.Builder::asImages)
                .oneOfSeveral()
                .keepLast() // the same epochs for both quantizers
                .run(network);
        return new Trained(name, QuantizedModel.of(result.network(), name), result);
    }

    private void addPrior(Trained trained, ExampleData data, Report report) {
        QuantizedModel model = trained.model();
        int classes = Arrays.stream(data.all().labels()).max().orElseThrow() + 1;
        INDArray indices = model.encode(pixels(data.train()));
        IndexPrior prior;
        long steps = (data.train().size() + 63L) / 64 * priorEpochs;
        try (MinibatchBar bar = new MinibatchBar("prior of " + trained.name(), steps)) {
            prior = new IndexPrior.Builder()
                    .codes(model.codes())
                    .classes(classes)
                    .units(128)
                    .epochs(priorEpochs)
                    .seed(options.seed())
                    .listeners(bar)
                    .fit(indices, data.train().labels());
        }
        LabeledImages test = data.test().first(Math.min(1000, data.test().size()));
        double bits = -Arrays.stream(prior.logLikelihood(model.encode(pixels(test)), test.labels()))
                        .average()
                        .orElseThrow()
                / Math.log(2);
        report.figure("bits per image, " + trained.name() + ", uniform", 49 * Math.log(model.codes()) / Math.log(2))
                .figure("bits per image, " + trained.name() + ", with the prior", bits)
                .picture(
                        "samples-" + trained.name(),
                        "Decoded samples of the prior over codes (" + trained.name() + "), a column for each class.",
                        () -> ImageGrid.of(28, 28)
                                .columns(classes)
                                .images(flat(model.decode(prior.sample(columns(classes), 1, options.seed()))))
                                .draw());
    }

    private static int[] columns(int classes) {
        int[] labels = new int[6 * classes];
        Arrays.setAll(labels, i -> i % classes);
        return labels;
    }

    private static INDArray pixels(LabeledImages images) {
        return images.features().reshape(images.size(), 1, 28, 28);
    }

    private static INDArray flat(INDArray images) {
        return images.reshape(images.size(0), PIXELS);
    }
}
