package io.github.dl4jae.variational;

import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The gradient of the score with respect to the pre-activations a = [μ | ã] of a {@link GaussianLatentLayer}, and to
 * the parameters of its prior.
 *
 * <pre>
 * z = μ + σ ⊙ ε                  ln σ² = f(ã), with f of {@link LogVarianceBound}
 * ∂/∂μ = ∂/∂z + ∂P/∂μ            ∂/∂ln σ² = ½ (z − μ) ⊙ ∂/∂z + ∂P/∂ln σ²            ∂/∂ã = f′(ã) ⊙ ∂/∂ln σ²
 * ∂/∂z = ε_z + ∂P/∂z             ε_z: the gradient from the decoder; P: the terms of the layer, as means over rows
 * </pre>
 */
final class PreActivationGradient {

    private final GaussianLatentLayer layer;
    private final LatentPass pass;
    private final GaussianPosterior q;
    private final int n;

    PreActivationGradient(GaussianLatentLayer layer, LatentPass pass) {
        this.layer = layer;
        this.pass = pass;
        this.q = pass.codes.posterior();
        this.n = q.latents();
    }

    /**
     * Returns ∂/∂a, {@code [N·2n]}, and assigns the gradient of the prior's parameters.
     *
     * @param epsilon the gradient of the layer's output, row by row
     * @param gradientViews of the layer's parameters
     */
    double[] compute(double[] epsilon, Map<String, INDArray> gradientViews) {
        double scale = 1; // of the gradients that the codes hold
        if (layer.getImportanceSamples() > 0) {
            addLogRatios(epsilon);
        } else {
            // epsilon belongs to a score that is summed over examples: for a mean, the updater divides later
            scale = q.rows();
            addEpsilon(epsilon, 1 / scale);
        }
        double[] delta = new double[pass.sharedPreActivations().length];
        addSampleGradient(scale, delta);
        addPosteriorGradient(scale, delta);
        if (q.prior() instanceof MixtureDensity mixture) {
            addPriorGradient(mixture, scale, delta, gradientViews);
        }
        for (int at = 0; at < delta.length; at++) {
            if (at % (2 * n) >= n) {
                delta[at] *= LogVarianceBound.derivative(pass.sharedPreActivations()[at]);
            }
        }
        return delta;
    }

    /** Adds the gradient from the decoder to that of the samples. */
    private void addEpsilon(double[] epsilon, double factor) {
        double[] gradient = pass.codes.sharedSampleGradient();
        for (int i = 0; i < q.rows(); i++) {
            int from = n * pass.row(i);
            for (int j = 0; j < n; j++) {
                gradient[i * n + j] += factor * epsilon[from + j];
            }
        }
    }

    /**
     * Adds the gradient from the decoder, with ∂L/∂r in its last column, r = ln p(z) + ½ Σ_j ε_j² + ln σ_j² + ln 2π.
     */
    private void addLogRatios(double[] epsilon) {
        double[] z = pass.codes.sharedSample();
        double[] sampleGradient = pass.codes.sharedSampleGradient();
        double[] logVarianceGradient = pass.codes.sharedLogVarianceGradient();
        for (int row = 0; row < z.length / n; row++) {
            double toRatio = epsilon[row * (n + 1) + n];
            for (int j = 0; j < n; j++) {
                sampleGradient[row * n + j] += epsilon[row * (n + 1) + j];
                logVarianceGradient[row % q.rows() * n + j] += 0.5 * toRatio;
            }
            q.prior().addGradient(z, row * n, toRatio, sampleGradient);
        }
    }

    private void addSampleGradient(double scale, double[] delta) {
        double[] z = pass.codes.sharedSample();
        double[] mean = q.sharedMean();
        double[] gradient = pass.codes.sharedSampleGradient();
        for (int row = 0; row < z.length / n; row++) {
            int i = row % q.rows();
            int to = 2 * n * pass.row(i);
            for (int j = 0; j < n; j++) {
                double toSample = gradient[row * n + j];
                delta[to + j] += scale * toSample;
                delta[to + n + j] += scale * 0.5 * toSample * (z[row * n + j] - mean[i * n + j]);
            }
        }
    }

    private void addPosteriorGradient(double scale, double[] delta) {
        double[] meanGradient = pass.codes.sharedMeanGradient();
        double[] logVarianceGradient = pass.codes.sharedLogVarianceGradient();
        for (int i = 0; i < q.rows(); i++) {
            int to = 2 * n * pass.row(i);
            for (int j = 0; j < n; j++) {
                delta[to + j] += scale * meanGradient[i * n + j];
                delta[to + n + j] += scale * logVarianceGradient[i * n + j];
            }
        }
    }

    private void addPriorGradient(
            MixtureDensity mixture, double scale, double[] delta, Map<String, INDArray> gradientViews) {
        double[] meanGradient = mixture.sharedMeanGradient();
        double[] logVarianceGradient = mixture.sharedLogVarianceGradient();
        if (layer.getPrior() instanceof LatentPrior.Vamp) {
            int first = delta.length - 2 * n * mixture.components();
            for (int at = 0; at < meanGradient.length; at++) {
                int to = first + at / n * 2 * n + at % n;
                delta[to] += scale * meanGradient[at];
                delta[to + n] += scale * logVarianceGradient[at];
            }
            return;
        }
        assign(
                mixture.sharedLogitGradient(),
                scale,
                Objects.requireNonNull(gradientViews.get(GaussianLatentParamInitializer.PRIOR_LOGITS)));
        assign(
                meanGradient,
                scale,
                Objects.requireNonNull(gradientViews.get(GaussianLatentParamInitializer.PRIOR_MEANS)));
        assign(
                logVarianceGradient,
                scale,
                Objects.requireNonNull(gradientViews.get(GaussianLatentParamInitializer.PRIOR_LOG_VARIANCES)));
    }

    private static void assign(double[] gradient, double scale, INDArray view) {
        view.assign(Nd4j.createFromArray(gradient).reshape('c', view.shape()).muli(scale));
    }
}
