package io.github.dl4jae.runtime;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.DoubleStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Measures {@link Speed}. Each measurement is preceded by a warm-up of the same length. */
final class SpeedTest {

    private static final int SIDE = 1024;
    private static final int BATCH = 128;
    private static final int INPUTS = 784;
    private static final int UNITS = 256;
    private static final int CALLS = 100;
    private static final double HALF = 0.5;

    private final Duration each;

    SpeedTest(Duration each) {
        this.each = each;
    }

    Speed run() {
        return new Speed(
                2e-9 * SIDE * SIDE * SIDE / seconds(product()),
                1e6 * seconds(smallOperation()) / CALLS,
                1e6 * seconds(largeOperation()),
                1e3 * seconds(step()));
    }

    private static Runnable product() {
        INDArray a = Nd4j.valueArrayOf(new long[] {SIDE, SIDE}, HALF, DataType.FLOAT);
        INDArray b = Nd4j.valueArrayOf(new long[] {SIDE, SIDE}, HALF, DataType.FLOAT);
        INDArray c = Nd4j.create(DataType.FLOAT, new long[] {SIDE, SIDE}, 'f'); // the order without a copy
        return () -> a.mmuli(b, c);
    }

    private static Runnable smallOperation() {
        INDArray x = Nd4j.zeros(DataType.FLOAT, 4, 3);
        return () -> {
            for (int i = 0; i < CALLS; i++) {
                x.addi(1);
            }
        };
    }

    private static Runnable largeOperation() {
        INDArray x = Nd4j.valueArrayOf(new long[] {BATCH, INPUTS}, HALF, DataType.FLOAT);
        return () -> Transforms.sigmoid(x, false);
    }

    private static Runnable step() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new FastAdam(1e-3))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(INPUTS)
                        .nOut(UNITS)
                        .activation(Activation.RELU)
                        .inputGradient(false)
                        .build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(UNITS)
                        .nOut(INPUTS)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        INDArray x = Nd4j.valueArrayOf(new long[] {BATCH, INPUTS}, HALF, DataType.FLOAT);
        DataSet data = new DataSet(x, x);
        return () -> network.fit(data);
    }

    /** Returns the median time of the work. */
    private double seconds(Runnable work) {
        times(work); // warm-up
        double[] times = times(work);
        Arrays.sort(times);
        return times[times.length / 2];
    }

    private double[] times(Runnable work) {
        DoubleStream.Builder times = DoubleStream.builder();
        long end = System.nanoTime() + each.toNanos();
        long start;
        do {
            start = System.nanoTime();
            work.run();
            times.add((System.nanoTime() - start) / 1e9);
        } while (System.nanoTime() < end);
        return times.build().toArray();
    }
}
