package io.github.dl4jae.timeseries;

import io.github.dl4jae.updater.FastAdam;
import java.util.Random;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Series for tests. */
final class SmallSeries {

    static final int STEPS = 8;

    private SmallSeries() {}

    /** Two features: 10 + a·t/T + a season of 4 steps with amplitude b, and its mirror image. */
    static INDArray seasonal(int count, long seed) {
        Random random = new Random(seed);
        INDArray series = Nd4j.create(DataType.DOUBLE, count, 2, STEPS);
        for (int i = 0; i < count; i++) {
            double slope = random.nextDouble();
            double amplitude = 0.5 + random.nextDouble();
            for (int t = 0; t < STEPS; t++) {
                double value = slope * t / STEPS + amplitude * (t % 4 == 1 ? 1 : t % 4 == 3 ? -1 : 0);
                series.putScalar(i, 0, t, 10 + value);
                series.putScalar(i, 1, t, -5 * value);
            }
        }
        return series;
    }

    /** A small model that trains in seconds. */
    static TimeVae.Builder quick() {
        return new TimeVae.Builder()
                .latents(2)
                .convolutional(8, 16)
                .trend(1)
                .season(4, 1)
                .batch(10)
                .epochs(40)
                .updater(new FastAdam(5e-3))
                .reconstructionWeight(1000);
    }
}
