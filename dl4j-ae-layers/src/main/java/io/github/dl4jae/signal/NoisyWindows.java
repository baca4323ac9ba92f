package io.github.dl4jae.signal;

import io.github.dl4jae.internal.math.RandomStreams;
import io.github.dl4jae.training.TrainingData;
import java.util.Arrays;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.random.RandomGenerator;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/**
 * Mini-batches of random windows of signals with new noise in each epoch, all functions of seed and epoch. Windows are
 * scaled by the level of the noisy one, as in {@link ConvolutionalDenoiser#filter}.
 */
final class NoisyWindows {

    private final DenoiserOptions options;
    private final NoiseSource noise;
    private final double[][] signals;

    NoisyWindows(DenoiserOptions options, double[][] signals) {
        this.options = options;
        this.noise = options.noise() == null ? NoiseSource.white() : options.noise();
        this.signals = signals;
    }

    TrainingData training() {
        return TrainingData.perEpoch(epoch -> new ExistingDataSetIterator(epoch(epoch)));
    }

    private Iterator<DataSet> epoch(int epoch) {
        RandomGenerator random = RandomStreams.of(options.seed(), epoch);
        return new Iterator<>() {
            private int left = options.windowsPerEpoch();

            @Override
            public boolean hasNext() {
                return left > 0;
            }

            @Override
            public DataSet next() {
                if (left <= 0) {
                    throw new NoSuchElementException("NoisyWindows: the epoch is over");
                }
                int count = Math.min(left, options.batch());
                left -= count;
                return batch(count, random);
            }
        };
    }

    private DataSet batch(int count, RandomGenerator random) {
        int window = options.window();
        float[] noisy = new float[count * window];
        float[] clean = new float[count * window];
        for (int row = 0; row < count; row++) {
            double[] signal = signals[random.nextInt(signals.length)];
            int from = random.nextInt(Math.max(1, signal.length - window + 1));
            double[] x = SignalFrames.cut(signal, from, window);
            double decibels = options.lowest() + (options.highest() - options.lowest()) * random.nextDouble();
            double[] n = noise.draw(window, random);
            // the level of the whole signal: its pauses are windows of noise, and the network must silence them
            double factor = ConvolutionalDenoiser.level(signal)
                    / (ConvolutionalDenoiser.level(n) * Math.pow(10, decibels / 20));
            double[] y = new double[window];
            Arrays.setAll(y, i -> x[i] + factor * n[i]);
            double level = ConvolutionalDenoiser.level(y);
            for (int i = 0; i < window; i++) {
                noisy[row * window + i] = (float) (y[i] / level);
                clean[row * window + i] = (float) (x[i] / level);
            }
        }
        long[] shape = {count, 1, window};
        return new DataSet(
                Nd4j.createFromArray(noisy).reshape(shape),
                Nd4j.createFromArray(clean).reshape(shape));
    }
}
