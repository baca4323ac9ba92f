package io.github.dl4jae.runtime;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.updater.FastAdam;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Millions of small steps, which crash the JVM where ND4J frees operands too early. {@code docs/testing.md} describes
 * how to run it.
 */
public final class SmallSteps {

    private static final int REPORTS = 20;

    private SmallSteps() {}

    /**
     * Runs the steps and prints the progress.
     *
     * @param arguments {@code train} (steps of a small network) or {@code broadcast} (single operations), and the
     *     number of steps. Default: five million.
     */
    public static void main(String[] arguments) {
        int steps = arguments.length < 2 ? 5_000_000 : Integer.parseInt(arguments[1]);
        Runnable step = arguments[0].equals("train") ? training() : broadcast();
        long start = System.nanoTime();
        for (int i = 1; i <= steps; i++) {
            step.run();
            if (i % Math.max(1, steps / REPORTS) == 0) {
                System.out.printf("%,d steps, %.0f s%n", i, (System.nanoTime() - start) / 1e9);
            }
        }
    }

    private static Runnable broadcast() {
        INDArray x = Nd4j.ones(DataType.FLOAT, 4, 3);
        INDArray row = Nd4j.ones(DataType.FLOAT, 1, 3);
        return () -> x.addiRowVector(row);
    }

    private static Runnable training() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(1e-4))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(8)
                        .nOut(4)
                        .activation(Activation.TANH)
                        .build())
                .layer(new TopKLayer.Builder().k(2).build())
                .layer(new FastOutputLayer.Builder(new LossGaussian())
                        .nIn(4)
                        .nOut(8)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        INDArray x = Nd4j.rand(DataType.FLOAT, 4, 8);
        DataSet data = new DataSet(x, x);
        return () -> network.fit(data);
    }
}
