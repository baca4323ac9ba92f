package io.github.dl4jae.examples.sparse;

import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.sparse.SparsityReport;
import io.github.dl4jae.sparse.WinnerTakeAllLayer;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.PoolingType;
import org.deeplearning4j.nn.conf.layers.SubsamplingLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.transferlearning.FineTuneConfiguration;
import org.deeplearning4j.nn.transferlearning.TransferLearning;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The convolutional winner-take-all autoencoder of Makhzani and Frey: its filters are parts of digits. */
@Command(
        name = "winner-take-all",
        description = "A convolutional autoencoder in which one pixel of each feature map wins,"
                + " and a classifier on its code.")
public final class WinnerTakeAll extends ImageExample {

    private static final int MAPS = 32;
    private static final int FILTER = 11; // pixels
    private static final int CODE = 2;
    private static final int BATCH = 100;

    @Option(
            names = "--lifetime-sparsity",
            paramLabel = "P",
            description = "Fraction of a mini-batch for which a feature map is active. Default: ${DEFAULT-VALUE}.")
    private double lifetimeSparsity = 0.2;

    @Option(
            names = "--classifier-epochs",
            paramLabel = "N",
            description = "Epochs of the classifier. Default: ${DEFAULT-VALUE}.")
    private int classifierEpochs = 5;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network: a deep encoder with small filters, and a decoder of one layer with large filters.
        MultiLayerNetwork initialized = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolutionLayer.Builder(5, 5)
                        .nOut(16)
                        .inputGradient(false) // not needed for pixels
                        .build())
                .layer(new FastConvolutionLayer.Builder(5, 5).nOut(16).build())
                .layer(new FastConvolutionLayer.Builder(5, 5).nOut(MAPS).build())
                .layer(new WinnerTakeAllLayer.Builder()
                        .lifetimeSparsity(lifetimeSparsity)
                        .build())
                .layer(new FastDeconvolutionLayer.Builder(FILTER, FILTER)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastCnnLossLayer.Builder(new LossGaussian(Math.sqrt(0.5))).build()) // squared error
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
        initialized.init();

        // 2. Train it. The validation score is that of training, because all pixels pass at test time.
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(4, 4), BATCH)
                .minibatches(ImageIterator.Builder::asImages)
                .validateBy(WinnerTakeAll::trainingScore)
                .run(initialized);
        MultiLayerNetwork network = result.network();

        // 3. Classify test images by the largest values of the code in blocks of 4×4 pixels.
        MultiLayerNetwork classifier = new Training(options, data, out.resolve("classifier"), classifierEpochs, BATCH)
                .minibatches(images -> images.asImages().withLabels())
                .oneOfSeveral()
                .run(classifierOn(network))
                .network();
        double accuracy = classifier
                .evaluate(data.test().iterator(500).asImages().withLabels().build())
                .accuracy();

        // 4. Reconstruct test images from the winners of mini-batches, as in training.
        double squaredError = 0;
        ImageIterator minibatches = data.test().iterator(BATCH).asImages().build();
        while (minibatches.hasNext()) {
            INDArray minibatch = minibatches.next().getFeatures();
            squaredError += reconstructions(network, minibatch).squaredDistance(minibatch);
        }

        // 5. Report the filters, which are the weights of the decoder.
        INDArray images = data.test().first(BATCH).features();
        INDArray asImages = images.reshape(BATCH, 1, 28, 28);
        SparsityReport winners =
                SparsityReport.compute(network.feedForward(asImages, true).get(CODE + 2));
        new Report(
                        "Winner-take-all autoencoder on " + options.source(),
                        MAPS + " feature maps. In training one pixel of each map wins, for " + 100 * lifetimeSparsity
                                + " % of the images.",
                        out)
                .formula(
                        "winner-take-all",
                        "Minimized: wta keeps the largest value of each feature map of the encoder f,"
                                + " for a fraction of the images; D is the filter of the decoder.")
                .figure(
                        "squared error per test image",
                        squaredError / data.test().size())
                .figure("winners per image", winners.meanActive() * 28 * 28)
                .count("dead feature maps", winners.deadUnits().length)
                .figure("classification error on test images in %", 100 * (1 - accuracy))
                .picture("filters", "Filters of the decoder.", () -> ImageGrid.of(FILTER, FILTER)
                        .columns(16)
                        .scale(4)
                        .eachOnItsOwnScale()
                        .images(network.getParam("4_W").reshape(MAPS, FILTER * FILTER))
                        .draw())
                .images(
                        "reconstructions",
                        "Test images and their reconstructions from the winners.",
                        new ImageRow("original", images),
                        new ImageRow(
                                "reconstruction",
                                reconstructions(network, asImages).reshape(BATCH, PIXELS)))
                .training("Squared error and a constant per image", result.curve(), "validation")
                .write();
    }

    /** Reconstructs a mini-batch from its winners. */
    private static INDArray reconstructions(MultiLayerNetwork network, INDArray minibatch) {
        return network.feedForward(minibatch, true).get(CODE + 4);
    }

    private static double trainingScore(Model network, DataSetIterator images) {
        double sum = 0;
        int count = 0;
        while (images.hasNext()) {
            DataSet minibatch = images.next();
            sum += ((MultiLayerNetwork) network).score(minibatch, true) * minibatch.numExamples();
            count += minibatch.numExamples();
        }
        return sum / count;
    }

    /** Returns a linear classifier on the frozen encoder. Its feature maps pass without competition. */
    private MultiLayerNetwork classifierOn(MultiLayerNetwork network) {
        return new TransferLearning.Builder(network)
                .fineTuneConfiguration(new FineTuneConfiguration.Builder()
                        .seed(options.seed())
                        .updater(new FastAdam(1e-3))
                        .build())
                .setFeatureExtractor(CODE)
                .removeLayersFromOutput(3)
                .addLayer(new SubsamplingLayer.Builder(PoolingType.MAX)
                        .kernelSize(4, 4)
                        .stride(4, 4)
                        .build())
                .addLayer(new FastOutputLayer.Builder(new LossMCXENT())
                        .nIn(MAPS * 7 * 7)
                        .nOut(10)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputPreProcessor(CODE + 2, new CnnToFeedForwardPreProcessor(7, 7, MAPS))
                .build();
    }
}
