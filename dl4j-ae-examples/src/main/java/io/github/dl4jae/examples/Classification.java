package io.github.dl4jae.examples;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;

/** What codes are worth to a classifier: its error in per cent of the test images. */
final class Classification {

    static final int CLASSES = 10;
    private static final int BATCH = 128;

    private Classification() {}

    /** Adam with a rate that falls to a hundredth over the epochs. */
    static FastAdam falling(double rate, int epochs) {
        FastAdam adam = new FastAdam(rate);
        adam.setLrAndSchedule(rate, new ExponentialSchedule(ScheduleType.EPOCH, rate, Math.pow(0.01, 1.0 / epochs)));
        return adam;
    }

    /** Trains a whole classifier; returns it after the last epoch. */
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

    /** Logistic regression on the code of an encoder that stays as it is: h = act(x·W + b). */
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
                        .updater(falling(rate, epochs))
                        .build())
                .build());
        network.init();
        network.setParam("0_W", W);
        network.setParam("0_b", b);
        return train(options, data, directory, epochs, network);
    }

    /** Per cent of images whose class is not the most probable one. */
    static double error(MultiLayerNetwork classifier, LabeledImages images) {
        return 100
                * (1
                        - classifier
                                .evaluate(images.iterator(1000).withLabels().build())
                                .accuracy());
    }
}
