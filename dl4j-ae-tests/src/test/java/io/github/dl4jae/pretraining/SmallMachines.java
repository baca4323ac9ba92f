package io.github.dl4jae.pretraining;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;

/** Restricted Boltzmann machines small enough to sum over all states. */
final class SmallMachines {
    static final int VISIBLE = 4;

    static final int HIDDEN = 3;

    static MultiLayerNetwork network(RestrictedBoltzmannLayer.Builder machine) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .list()
                .layer(machine.nIn(VISIBLE).nOut(HIDDEN).build())
                .build());
        network.init();
        network.initGradientsView();
        Nd4j.getRandom().setSeed(8);
        network.setParams(Nd4j.randn(DataType.DOUBLE, 1, network.numParams()).muli(0.8));
        return network;
    }

    static INDArray bits(int units) {
        double[][] states = new double[1 << units][units];
        for (int s = 0; s < states.length; s++) {
            for (int j = 0; j < units; j++) {
                states[s][j] = (s >> j) & 1;
            }
        }
        return Nd4j.createFromArray(states);
    }

    private SmallMachines() {}
}
