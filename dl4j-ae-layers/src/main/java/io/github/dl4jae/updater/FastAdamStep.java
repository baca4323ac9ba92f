package io.github.dl4jae.updater;

import io.github.dl4jae.kernel.FloatRows;
import io.github.dl4jae.kernel.RowBlocks;
import java.util.Map;
import java.util.Set;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.api.ops.impl.updaters.AdamUpdater;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.GradientUpdater;

/** The state of {@link FastAdam}, and its step. */
final class FastAdamStep implements GradientUpdater<FastAdam> {

    /** Values dealt with at a time: four such arrays fit into the first-level cache. */
    private static final int CHUNK = 2048;

    private final FastAdam config;
    private INDArray m;
    private INDArray v;

    FastAdamStep(FastAdam config) {
        this.config = config;
    }

    @Override
    public FastAdam getConfig() {
        return config;
    }

    @Override
    public void setState(Map<String, INDArray> state, boolean initialize) {
        if (!state.keySet().equals(Set.of("M", "V"))) {
            throw new IllegalArgumentException("FastAdam: the state must have the entries M and V, got "
                    + state.keySet() + "; it must come from Adam or FastAdam");
        }
        m = state.get("M");
        v = state.get("V");
        if (initialize) {
            m.assign(0);
            v.assign(0);
        }
    }

    @Override
    public Map<String, INDArray> getState() {
        return Map.of("M", m, "V", v);
    }

    @Override
    public void setStateViewArray(INDArray state, long[] gradientShape, char order, boolean initialize) {
        if (initialize) {
            state.assign(0);
        }
        INDArray flat = state.reshape(state.length());
        m = flat.get(NDArrayIndex.interval(0, state.length() / 2));
        v = flat.get(NDArrayIndex.interval(state.length() / 2, state.length()));
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        double rate = config.getLearningRate(iteration, epoch);
        if (!FloatRows.canView(gradient, m, v)) {
            INDArray g = gradient.reshape(v.shape());
            Nd4j.exec(new AdamUpdater(
                    g, v, m, rate, config.getBeta1(), config.getBeta2(), config.getEpsilon(), iteration));
            return;
        }
        double t = iteration + 1d;
        double step = rate * Math.sqrt(1 - Math.pow(config.getBeta2(), t)) / (1 - Math.pow(config.getBeta1(), t));
        apply(FloatRows.vector(gradient), (float) step);
    }

    private void apply(FloatRows gradient, float step) {
        FloatRows mean = FloatRows.vector(m);
        FloatRows square = FloatRows.vector(v);
        int length = gradient.columns();
        int chunks = (length + CHUNK - 1) / CHUNK;
        float beta1 = (float) config.getBeta1();
        float beta2 = (float) config.getBeta2();
        float rest1 = (float) (1 - config.getBeta1());
        float rest2 = (float) (1 - config.getBeta2());
        float epsilon = (float) config.getEpsilon();
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
                step(g, mChunk, vChunk, n, beta1, rest1, beta2, rest2, step, epsilon);
                gradient.write(0, start, g, 0, n);
                mean.write(0, start, mChunk, 0, n);
                square.write(0, start, vChunk, 0, n);
            }
        });
    }

    /** The gradient becomes the step. */
    private static void step(
            float[] g,
            float[] m,
            float[] v,
            int n,
            float beta1,
            float rest1,
            float beta2,
            float rest2,
            float step,
            float epsilon) {
        for (int i = 0; i < n; i++) {
            float mean = beta1 * m[i] + rest1 * g[i];
            float square = beta2 * v[i] + rest2 * g[i] * g[i];
            m[i] = mean;
            v[i] = square;
            g[i] = step * mean / ((float) Math.sqrt(square) + epsilon);
        }
    }
}
