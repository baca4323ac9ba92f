package io.github.dl4jae.adversarial;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.updater.FastAdam;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.LossFunctions;

/** Networks and data of a few values. */
final class SmallNetworks {

    static final int FEATURES = 6;

    private SmallNetworks() {}

    static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(4)
                .updater(new FastAdam(3e-3))
                .activation(Activation.RELU);
    }

    static MultiLayerNetwork encoder(int outputs) {
        return init(new MultiLayerNetwork(builder()
                .list()
                .layer(dense(FEATURES, 32).build())
                .layer(dense(32, outputs).activation(Activation.IDENTITY).build())
                .build()));
    }

    /** An encoder whose outputs are normalized, as clustering needs. */
    static MultiLayerNetwork normalizedEncoder(int outputs) {
        return init(new MultiLayerNetwork(builder()
                .list()
                .layer(dense(FEATURES, 32).build())
                .layer(dense(32, outputs).activation(Activation.IDENTITY).build())
                .layer(new BatchNormalization.Builder()
                        .nIn(outputs)
                        .nOut(outputs)
                        .build())
                .build()));
    }

    static ComputationGraph graphEncoder(int outputs) {
        ComputationGraph graph = new ComputationGraph(builder()
                .graphBuilder()
                .addInputs("x")
                .addLayer("h", dense(FEATURES, 32).build(), "x")
                .addLayer(
                        "z", dense(32, outputs).activation(Activation.IDENTITY).build(), "h")
                .setOutputs("z")
                .build());
        graph.init();
        return graph;
    }

    static MultiLayerNetwork decoder(int code) {
        return init(new MultiLayerNetwork(builder()
                .list()
                .layer(dense(code, 32).build())
                .layer(new FastOutputLayer.Builder(LossFunctions.LossFunction.L2)
                        .nIn(32)
                        .nOut(FEATURES)
                        .activation(Activation.IDENTITY)
                        .build())
                .build()));
    }

    static MultiLayerNetwork discriminator(int inputs) {
        return init(new MultiLayerNetwork(builder()
                .list()
                .layer(dense(inputs, 32).build())
                .layer(dense(32, 1).activation(Activation.IDENTITY).build())
                .build()));
    }

    private static FastDenseLayer.Builder dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out);
    }

    private static MultiLayerNetwork init(MultiLayerNetwork network) {
        network.init();
        return network;
    }

    /** Examples of three classes around different points; the class of row i is i mod 3. */
    static INDArray examples(int rows) {
        INDArray examples = Nd4j.create(rows, FEATURES);
        Random random = new Random(2);
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < FEATURES; j++) {
                double center = j % 3 == i % 3 ? 2 : 0;
                examples.putScalar(i, j, center + 0.4 * random.nextGaussian());
            }
        }
        return examples;
    }
}
