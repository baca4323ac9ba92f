package io.github.dl4jae.examples.molecules;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Predicts a property from codes, and follows its slope. */
final class PropertyHead {

    private static final int HIDDEN = 64;
    private static final int EPOCHS = 60;
    private static final int BATCH = 128;

    private final MultiLayerNetwork network;
    private final double mean;
    private final double deviation;

    private PropertyHead(MultiLayerNetwork network, double mean, double deviation) {
        this.network = network;
        this.mean = mean;
        this.deviation = deviation;
    }

    /** Trains a head on codes {@code [N, n]} and values {@code [N, 1]}. */
    static PropertyHead fit(INDArray codes, INDArray values, long seed) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new FastAdam(1e-3))
                .l2(1e-4)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(codes.size(1))
                        .nOut(HIDDEN)
                        .activation(Activation.TANH)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossMSE())
                        .nIn(HIDDEN)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        double mean = values.meanNumber().doubleValue();
        double deviation = values.stdNumber().doubleValue();
        DataSet data = new DataSet(codes, values.sub(mean).divi(deviation));
        for (int epoch = 0; epoch < EPOCHS; epoch++) {
            data.shuffle(seed + epoch);
            data.batchBy(BATCH).forEach(network::fit);
        }
        return new PropertyHead(network, mean, deviation);
    }

    /** Returns predictions {@code [N, 1]}. */
    INDArray predict(INDArray codes) {
        return network.output(codes).mul(deviation).addi(mean);
    }

    /**
     * Follows the slope of the prediction, with steps of one length.
     *
     * @param codes the beginnings {@code [N, n]}
     * @param distance how far to go in all
     * @param steps in how many steps
     * @return the ends, a new array
     */
    INDArray climb(INDArray codes, double distance, int steps) {
        INDArray z = codes.dup();
        for (int i = 0; i < steps; i++) {
            // the gradient of (y − label)² at label = y − 1 has the direction of ∂y/∂z
            INDArray labels = network.output(z).sub(1);
            INDArray slope = network.calculateGradients(z, labels, null, null)
                    .getSecond()
                    .dup();
            slope.diviColumnVector(slope.norm2(true, 1).addi(1e-12));
            z.addi(slope.muli(distance / steps));
        }
        return z;
    }
}
