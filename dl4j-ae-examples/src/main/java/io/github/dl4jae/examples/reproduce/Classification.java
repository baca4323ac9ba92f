package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ExampleOptions;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.Training;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Classifiers on codes, and their errors. */
final class Classification {

    static final int CLASSES = 10;
    private static final int BATCH = 128;

    private Classification() {}

    /** Trains all layers of a classifier, and returns it after the last epoch. */
    static MultiLayerNetwork train(
            ExampleOptions options, ExampleData data, Path directory, int epochs, MultiLayerNetwork classifier) {
        return new Training(options, data, directory, epochs, BATCH)
                .minibatches(images -> images.withLabels())
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .oneOfSeveral()
                .run(classifier)
                .network();
    }

    /** Trains logistic regression on the code of a frozen encoder, h = act(x·W + b). */
    static MultiLayerNetwork onFrozenCode(
            ExampleOptions options,
            ExampleData data,
            Path directory,
            int epochs,
            double rate,
            INDArray W,
            INDArray b,
            IActivation activation) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(W.size(0))
                        .nOut(W.size(1))
                        .activation(activation)
                        .updater(new Sgd(0)) // frozen
                        .inputGradient(false)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossMCXENT())
                        .nIn(W.size(1))
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .updater(FallingRate.adam(rate, epochs))
                        .build())
                .build());
        network.init();
        network.setParam("0_W", W);
        network.setParam("0_b", b);
        return train(options, data, directory, epochs, network);
    }

    /** Returns the percentage of images whose most probable class is wrong. */
    static double error(MultiLayerNetwork classifier, LabeledImages images) {
        return 100
                * (1
                        - classifier
                                .evaluate(images.iterator(1000).withLabels().build())
                                .accuracy());
    }
}
