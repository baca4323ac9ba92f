package io.github.dl4jae.updater;

import io.github.dl4jae.internal.kernel.AdamLoop;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;

/** The step of {@link FastAdam}. */
final class FastAdamStep extends AdamMoments<FastAdam> {

    /** Number of values processed at a time: four such arrays fit into the first-level cache. */
    private static final int CHUNK = 2048;

    FastAdamStep(FastAdam config) {
        super(config, "Adam or FastAdam");
    }

    @Override
    long squares(long stateSize) {
        return stateSize / 2;
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        if (!FloatRows.canView(gradient, m, v)) {
            INDArray g = gradient.reshape(v.shape());
            Nd4j.exec(new AdamUpdater(
                    g,
                    v,
                    m,
                    config.getLearningRate(iteration, epoch),
                    config.getBeta1(),
                    config.getBeta2(),
                    config.getEpsilon(),
                    iteration));
            return;
        }
        apply(FloatRows.vector(gradient), config.stepSize(iteration, epoch));
    }

    private void apply(FloatRows gradient, double step) {
        FloatRows mean = FloatRows.vector(m);
        FloatRows square = FloatRows.vector(v);
        int length = gradient.columns();
        int chunks = (length + CHUNK - 1) / CHUNK;
        double beta1 = config.getBeta1();
        double beta2 = config.getBeta2();
        double epsilon = config.getEpsilon();
        RowBlocks.of(chunks, CHUNK).forEach((block, from, to) -> {
            float[] g = new float[CHUNK];
            float[] mChunk = new float[CHUNK];
            float[] vChunk = new float[CHUNK];
            for (int chunk = from; chunk < to; chunk++) {
                int start = chunk * CHUNK;
                int n = Math.min(CHUNK, length - start);
                gradient.read(0, start, g, 0, n);
                mean.read(0, start, mChunk, 0, n);
                square.read(0, start, vChunk, 0, n);
                AdamLoop.step(g, mChunk, vChunk, n, beta1, beta2, beta2, step, epsilon);
                gradient.write(0, start, g, 0, n);
                mean.write(0, start, mChunk, 0, n);
                square.write(0, start, vChunk, 0, n);
            }
        });
    }
}
