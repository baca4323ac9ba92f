package io.github.dl4jae.mdl;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossBetaBinomial;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.VariationalModel;
import java.util.SplittableRandom;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
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
        boolean binary = levels == 2;
        ILossFunction loss = binary ? new LossBernoulli() : new LossBetaBinomial(levels - 1);
        BaseOutputLayer output = new FastOutputLayer.Builder(loss)
                .nIn(30)
                .nOut(binary ? FEATURES : 2 * FEATURES)
                .activation(binary ? Activation.SIGMOID : Activation.IDENTITY)
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.RELU)
                .updater(new Adam(5e-3))
                .list()
                .layer(new FastDenseLayer.Builder().nIn(FEATURES).nOut(30).build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(30)
                        .nOut(LATENTS)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(LATENTS).nOut(30).build())
                .layer(output)
                .build());
        network.init();
        return network;
    }

    static VariationalModel model(int levels, long seed) {
        return VariationalModel.of(network(levels, seed), "z");
    }

    /** Returns a model after some steps on rows. */
    static VariationalModel trained(int levels) {
        MultiLayerNetwork network = network(levels, 1);
        INDArray x = rows(200, levels);
        for (int step = 0; step < 150; step++) {
            network.fit(x, x);
        }
        return VariationalModel.of(network, "z");
    }
}
