package io.github.dl4jae.adversarial;

import io.github.dl4jae.noise.NoiseStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Samples of the priors of both parts of a code, each a function of seed, step and row. */
final class PriorSamples {

    private final AdversarialMode mode;
    private final CodePrior prior;
    private final NoiseStream latents;
    private final NoiseStream choices;

    PriorSamples(AdversarialMode mode, CodePrior prior, long seed) {
        this.mode = mode;
        this.prior = prior;
        this.latents = NoiseStream.of(seed, "adversarial-latents");
        this.choices = NoiseStream.of(seed, "adversarial-choices");
    }

    /** Returns samples of z, {@code [rows, n]}. */
    INDArray latents(int rows, int step) {
        int n = mode.latents();
        float[][] samples = new float[rows][n];
        double[] row = new double[n];
        double[] uniform = new double[1];
        for (int i = 0; i < rows; i++) {
            latents.at(step, 0, 0).normal(i, row, 0, n);
            choices.at(step, 0, 0).uniform(i, uniform, 0, 1);
            prior.transform(row, uniform[0]);
            for (int j = 0; j < n; j++) {
                samples[i][j] = (float) row[j];
            }
        }
        return Nd4j.createFromArray(samples);
    }

    /** Returns samples of y, one-hot, {@code [rows, K]}. */
    INDArray categories(int rows, int step) {
        float[][] samples = new float[rows][mode.categories()];
        double[] uniform = new double[1];
        for (int i = 0; i < rows; i++) {
            choices.at(step, 0, 1).uniform(i, uniform, 0, 1);
            samples[i][(int) (uniform[0] * mode.categories())] = 1;
        }
        return Nd4j.createFromArray(samples);
    }

    /** Returns samples of whole codes, {@code [rows, K + n]}. */
    INDArray codes(int rows, int step) {
        INDArray z = latents(rows, step);
        return mode.categories() == 0 ? z : Nd4j.concat(1, categories(rows, step), z);
    }
}
