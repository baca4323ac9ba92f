package io.github.dl4jae.examples.dictionary;

import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastSubsamplingLayer;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ExampleOptions;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** A small convolutional classifier of images, whose layers the examples take apart. */
final class ImageClassifier {

    /** The second convolution, 14×14 positions of {@link #CHANNELS}. */
    static final String CONVOLUTION = "conv2";
    /** The layer before the softmax. */
    static final String DENSE = "dense";

    static final int CHANNELS = 32;
    private static final int UNITS = 128;
    private static final int CLASSES = 10;
    private static final int BATCH = 100;
    private static final List<String> CLOTHES = List.of(
            "T-shirt", "Trouser", "Pullover", "Dress", "Coat", "Sandal", "Shirt", "Sneaker", "Bag", "Ankle boot");

    private ImageClassifier() {}

    /** Trains a classifier. */
    static Training.Result<MultiLayerNetwork> train(ExampleOptions options, ExampleData data, Path out) {
        return new Training(options, data, out.resolve("classifier"), options.epochs(3, 5), BATCH)
                .minibatches(images -> images.asImages().withLabels())
                .oneOfSeveral()
                .run(network(options.seed()));
    }

    private static MultiLayerNetwork network(long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.RELU)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .name("conv1")
                        .nOut(16)
                        .inputGradient(false)
                        .build())
                .layer(pooling())
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .name(CONVOLUTION)
                        .nOut(CHANNELS)
                        .build())
                .layer(pooling())
                .layer(new FastDenseLayer.Builder().name(DENSE).nOut(UNITS).build())
                .layer(new FastOutputLayer.Builder(new LossMCXENT())
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
        network.init();
        return network;
    }

    private static FastSubsamplingLayer pooling() {
        return new FastSubsamplingLayer.Builder(2, 2).stride(2, 2).build(); // of maxima
    }

    /** Returns mini-batches of images with labels. */
    static ImageIterator minibatches(LabeledImages images) {
        return images.iterator(BATCH).asImages().withLabels().build();
    }

    /** Returns the names of the classes of a data set. */
    static List<String> classes(ExampleData.Source source) {
        return source == ExampleData.Source.FASHION_MNIST
                ? CLOTHES
                : IntStream.range(0, CLASSES).mapToObj(Integer::toString).toList();
    }
}
