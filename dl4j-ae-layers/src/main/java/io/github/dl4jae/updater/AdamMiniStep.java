package io.github.dl4jae.updater;

import io.github.dl4jae.internal.kernel.FloatFunctions;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowBlocks;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** The step of {@link AdamMini}; v has one value per block. */
final class AdamMiniStep extends AdamMoments<AdamMini> {

    AdamMiniStep(AdamMini config) {
        super(config, "AdamMini");
    }

    @Override
    long squares(long stateSize) {
        return stateSize / (config.getBlockLength() + 1L);
    }

    @Override
    public void applyUpdater(INDArray gradient, int iteration, int epoch) {
        FastAdam adam = config.settings();
        double step = adam.stepSize(iteration, epoch);
        INDArray g = gradient.reshape(
                'c', true, v.length(), config.getBlockLength()); // must be a view, or the step would be lost
        INDArray mean = m.reshape('c', true, g.shape());
        if (FloatRows.canView(g, mean, v)) {
            apply(adam, (float) step, FloatRows.of(g), FloatRows.of(mean));
            return;
        }
        INDArray square = v.reshape(g.size(0), 1);
        mean.muli(adam.getBeta1()).addi(g.mul(1 - adam.getBeta1()));
        square.muli(adam.getBeta2()).addi(g.mul(g).mean(true, 1).muli(1 - adam.getBeta2()));
        g.assign(mean)
                .diviColumnVector(Transforms.sqrt(square).addi(adam.getEpsilon()))
                .muli(step);
    }

    private void apply(FastAdam adam, float step, FloatRows gradients, FloatRows means) {
        FloatRows squares = FloatRows.vector(v);
        int n = gradients.columns();
        float beta1 = (float) adam.getBeta1();
        float beta2 = (float) adam.getBeta2();
        float rest1 = (float) (1 - adam.getBeta1());
        float rest2 = (float) (1 - adam.getBeta2());
        float epsilon = (float) adam.getEpsilon();
        RowBlocks.of(gradients.rows(), n).forEach((part, first, end) -> {
            float[] g = new float[n];
            float[] m = new float[n];
            float[] square = new float[1];
            for (int block = first; block < end; block++) {
                gradients.read(block, g);
                means.read(block, m);
                squares.read(0, block, square, 0, 1);
                square(g, m, beta1, rest1, n);
                square[0] = beta2 * square[0] + rest2 * (FloatFunctions.sum(g, n) / n);
                scale(m, step / ((float) Math.sqrt(square[0]) + epsilon), g, n);
                means.write(block, m);
                squares.write(0, block, square, 0, 1);
                gradients.write(block, g);
            }
        });
    }

    /** Updates the mean and replaces the gradient by its square. */
    private static void square(float[] g, float[] m, float beta1, float rest1, int n) {
        for (int i = 0; i < n; i++) {
            m[i] = beta1 * m[i] + rest1 * g[i];
            g[i] *= g[i];
        }
    }

    private static void scale(float[] m, float factor, float[] step, int n) {
        for (int i = 0; i < n; i++) {
            step[i] = factor * m[i];
        }
    }
}
