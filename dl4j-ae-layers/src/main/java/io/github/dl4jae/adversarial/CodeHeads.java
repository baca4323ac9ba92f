package io.github.dl4jae.adversarial;

import io.github.dl4jae.noise.NoiseStream;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The code as a function of the encoder's output, with its gradient.
 *
 * <pre>
 * output   (logits of y, means of z, log-variances of z if the posterior is Gaussian)
 * code     (softmax(logits), z)
 * </pre>
 */
final class CodeHeads {

    private static final double LOG_VARIANCE = 10; // exp(½·10) is 148 deviations of the prior

    private final int categories;
    private final int latents;
    private final AdversarialMode mode;
    private final CodePosterior posterior;
    private final NoiseStream noise;

    CodeHeads(AdversarialMode mode, CodePosterior posterior, long seed) {
        this.mode = mode;
        this.categories = mode.categories();
        this.latents = mode.latents();
        this.posterior = posterior;
        this.noise = NoiseStream.of(seed, "adversarial-posterior");
    }

    /** Returns the same function with other noise. */
    CodeHeads seeded(long seed) {
        return new CodeHeads(mode, posterior, seed);
    }

    /** Returns the number of outputs that the encoder must have. */
    int outputs() {
        return categories + (posterior instanceof CodePosterior.Gaussian ? 2 : 1) * latents;
    }

    /** Codes as drawn in training, and what their gradient needs. */
    static final class Drawn {
        private final double[][] codes;
        private final double[][] outputs;
        private final double[][] normal;

        private Drawn(double[][] codes, double[][] outputs, double[][] normal) {
            this.codes = codes;
            this.outputs = outputs;
            this.normal = normal;
        }

        /** Returns the codes themselves, {@code [rows][K + n]}. */
        double[][] codes() {
            return codes;
        }
    }

    /** Draws codes for the encoder's output {@code [rows, outputs]}; the noise is a function of the step. */
    Drawn draw(INDArray output, int step) {
        double[][] outputs = output.toDoubleMatrix();
        double[][] codes = new double[outputs.length][];
        double[][] normal = new double[outputs.length][latents];
        NoiseStream now = noise.at(step, 0, 0);
        for (int i = 0; i < codes.length; i++) {
            codes[i] = mean(outputs[i]);
            if (!(posterior instanceof CodePosterior.Deterministic)) {
                now.normal(i, normal[i], 0, latents);
            }
            for (int j = 0; j < latents; j++) {
                codes[i][categories + j] += deviation(outputs[i], j) * normal[i][j];
            }
        }
        return new Drawn(codes, outputs, normal);
    }

    /** Returns the codes without noise. */
    INDArray means(INDArray output) {
        double[][] outputs = output.toDoubleMatrix();
        double[][] codes = new double[outputs.length][];
        for (int i = 0; i < codes.length; i++) {
            codes[i] = mean(outputs[i]);
        }
        return Nd4j.createFromArray(codes).castTo(output.dataType());
    }

    private double[] mean(double[] output) {
        double[] code = new double[categories + latents];
        softmax(output, code);
        System.arraycopy(output, categories, code, categories, latents);
        return code;
    }

    /** Computes the probabilities of the categories from their logits, the first values of a row. */
    private void softmax(double[] logits, double[] to) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int k = 0; k < categories; k++) {
            largest = Math.max(largest, logits[k]);
        }
        double sum = 0;
        for (int k = 0; k < categories; k++) {
            to[k] = Math.exp(logits[k] - largest);
            sum += to[k];
        }
        for (int k = 0; k < categories; k++) {
            to[k] /= sum;
        }
    }

    private double deviation(double[] output, int j) {
        if (posterior instanceof CodePosterior.Noisy noisy) {
            return noisy.deviation();
        }
        return posterior instanceof CodePosterior.Gaussian
                ? Math.exp(0.5 * Math.max(-LOG_VARIANCE, Math.min(LOG_VARIANCE, output[categories + latents + j])))
                : 0;
    }

    /** Returns ∂L/∂output for ∂L/∂code, both {@code [rows][…]}. */
    double[][] backward(Drawn drawn, double[][] gradient) {
        double[][] result = new double[gradient.length][outputs()];
        for (int i = 0; i < result.length; i++) {
            double[] y = drawn.codes[i];
            double dot = 0;
            for (int k = 0; k < categories; k++) {
                dot += y[k] * gradient[i][k];
            }
            for (int k = 0; k < categories; k++) {
                result[i][k] = y[k] * (gradient[i][k] - dot);
            }
            for (int j = categories; j < categories + latents; j++) {
                result[i][j] = gradient[i][j];
                if (posterior instanceof CodePosterior.Gaussian) {
                    double[] output = drawn.outputs[i];
                    boolean free = Math.abs(output[j + latents]) < LOG_VARIANCE;
                    double slope = 0.5 * deviation(output, j - categories) * drawn.normal[i][j - categories];
                    result[i][j + latents] = free ? gradient[i][j] * slope : 0;
                }
            }
        }
        return result;
    }

    /** Returns ∂L/∂output of the cross-entropy −log y[label], and adds its values to the last column's sum. */
    double[][] crossEntropy(INDArray output, int[] labels, double[] loss) {
        double[][] outputs = output.toDoubleMatrix();
        double[][] result = new double[outputs.length][outputs()];
        for (int i = 0; i < outputs.length; i++) {
            softmax(outputs[i], result[i]);
            loss[0] -= Math.log(Math.max(Double.MIN_NORMAL, result[i][labels[i]])) / outputs.length;
            result[i][labels[i]] -= 1;
        }
        return result;
    }
}
