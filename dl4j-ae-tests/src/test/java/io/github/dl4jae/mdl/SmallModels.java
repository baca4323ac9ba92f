package io.github.dl4jae.mdl;

import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossBetaBinomial;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.PseudoInputLayer;
import io.github.dl4jae.variational.VariationalModel;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.preprocessors.ReshapePreprocessor;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Variational autoencoders of correlated rows, made from seeds alone. */
final class SmallModels {

    static final int FEATURES = 60;
    static final int LATENTS = 4;

    private SmallModels() {}

    /** Returns rows whose first features follow one hidden bit, the others another. */
    static INDArray rows(int count, int levels) {
        SplittableRandom random = new SplittableRandom(11);
        float[] values = new float[count * FEATURES];
        for (int i = 0; i < count; i++) {
            int[] hidden = {random.nextInt(levels), random.nextInt(levels)};
            for (int j = 0; j < FEATURES; j++) {
                int level = random.nextInt(10) == 0 ? random.nextInt(levels) : hidden[j * 2 / FEATURES];
                values[i * FEATURES + j] = (float) level / (levels - 1);
            }
        }
        return Nd4j.create(values, new long[] {count, FEATURES}, 'c');
    }

    static MultiLayerNetwork network(int levels, long seed) {
        return network(levels, seed, new LatentPrior.StandardNormal());
    }

    private static MultiLayerNetwork network(int levels, long seed, LatentPrior prior) {
        boolean binary = levels == 2;
        ILossFunction loss = binary ? new LossBernoulli() : new LossBetaBinomial(levels - 1);
        BaseOutputLayer output = new FastOutputLayer.Builder(loss)
                .nIn(30)
                .nOut(binary ? FEATURES : 2 * FEATURES)
                .activation(binary ? Activation.SIGMOID : Activation.IDENTITY)
                .build();
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .updater(new Adam(5e-3))
                .list();
        if (prior instanceof LatentPrior.Vamp vamp) {
            layers.layer(new PseudoInputLayer.Builder()
                    .pseudoInputs(vamp.components())
                    .build());
        }
        layers.layer(new FastDenseLayer.Builder().nIn(FEATURES).nOut(30).build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .prior(prior)
                        .nIn(30)
                        .nOut(LATENTS)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(LATENTS).nOut(30).build())
                .layer(output)
                .setInputType(InputType.feedForward(FEATURES));
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    static VariationalModel model(int levels, long seed) {
        return VariationalModel.of(network(levels, seed), "z");
    }

    /** Returns a model after some steps on rows. */
    static VariationalModel trained(int levels) {
        return trained(levels, new LatentPrior.StandardNormal());
    }

    /** Returns a model with that prior after some steps on rows. */
    static VariationalModel trained(int levels, LatentPrior prior) {
        MultiLayerNetwork network = network(levels, 1, prior);
        INDArray x = rows(200, levels);
        for (int step = 0; step < 150; step++) {
            network.fit(x, x);
        }
        return VariationalModel.of(network, "z");
    }

    /** Returns a graph whose encoder and decoder read two conditions of every example. */
    static ComputationGraph conditional() {
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(5)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .graphBuilder()
                .addInputs("x", "y")
                .setInputTypes(InputType.feedForward(FEATURES), InputType.feedForward(2))
                .addLayer("encoder", new FastDenseLayer.Builder().nOut(30).build(), "x", "y")
                .addLayer("z", new GaussianLatentLayer.Builder().nOut(LATENTS).build(), "encoder")
                .addLayer("decoder", new FastDenseLayer.Builder().nOut(30).build(), "z", "y")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(new LossBernoulli())
                                .nOut(FEATURES)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "decoder")
                .setOutputs("out")
                .build());
        graph.init();
        return graph;
    }

    /** Returns a model of images of 4×5 pixels with two channels and four levels. */
    static VariationalModel ofImages(CNN2DFormat format) {
        InputPreProcessor toImages = format == CNN2DFormat.NCHW
                ? new FeedForwardToCnnPreProcessor(4, 5, 2)
                : new ReshapePreprocessor(new long[] {40}, new long[] {4, 5, 2}, false, format);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .list()
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(3)
                        .dataFormat(format)
                        .build())
                .layer(new GaussianLatentLayer.Builder().name("z").nOut(LATENTS).build())
                .layer(new FastDenseLayer.Builder().nOut(40).build())
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .convolutionMode(ConvolutionMode.Same)
                        .nOut(4)
                        .dataFormat(format)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastCnnLossLayer.Builder(new LossBetaBinomial(3))
                        .format(format)
                        .activation(Activation.IDENTITY)
                        .build())
                .inputPreProcessor(3, toImages)
                .setInputType(InputType.convolutional(4, 5, 2, format))
                .build());
        network.init();
        return VariationalModel.of(network, "z");
    }
}
