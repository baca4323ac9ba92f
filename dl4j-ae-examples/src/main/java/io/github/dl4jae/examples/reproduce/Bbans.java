package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossBetaBinomial;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import picocli.CommandLine.Command;

/** Lossless compression of images by bits-back coding: Townsend, Bird and Barber 2019. */
@Command(
        name = "bbans",
        description = "Lossless compression by bits-back coding (Townsend, Bird and Barber 2019): 0.19 bits per pixel of"
                + " binarized test images, 1.41 of gray ones.",
        defaultValueProvider = MnistByDefault.class)
public final class Bbans extends ImageExample {

    private static final int BATCH = 100;

    @Override
    protected void run(ExampleData loaded, Path out) {
        ExampleData data = loaded.trainingOnAll();
        int gray = options.epochs(20, 40);
        new Training(options, data, out.resolve("gray"), gray, BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .oneOfSeveral()
                .run(network(200, 50, new LossBetaBinomial(), 2, Activation.IDENTITY, gray));
        int binary = options.epochs(20, 60);
        new Training(options, data, out.resolve("binary"), binary, BATCH)
                .minibatches(images -> images.binarized(options.seed()))
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .oneOfSeveral()
                .run(network(100, 40, new LossBernoulli(), 1, Activation.SIGMOID, binary));
    }

    private MultiLayerNetwork network(
            int hidden, int latents, ILossFunction loss, int outputs, Activation activation, int epochs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .updater(FallingRate.adam(1e-3, epochs))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(hidden)
                        .inputGradient(false)
                        .build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(hidden)
                        .nOut(latents)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(latents).nOut(hidden).build())
                .layer(new FastOutputLayer.Builder(loss)
                        .nIn(hidden)
                        .nOut(outputs * PIXELS)
                        .activation(activation)
                        .build())
                .build());
        network.init();
        return network;
    }
}
