package io.github.dl4jae.variational;

import io.github.dl4jae.internal.kernel.DoubleRows;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The two halves of the pre-activations of a {@link GaussianLatentLayer}, read as posteriors and prior.
 *
 * <pre>
 * a = [μ | ã] = h·W + b        ln σ² = f(ã), with f of {@link LogVarianceBound}
 * </pre>
 *
 * <p>With a VampPrior the last K rows are the components of the prior.
 */
final class LatentHeads {

    private final int latents;
    private final LatentPrior prior;

    LatentHeads(GaussianLatentLayer layer) {
        this.latents = (int) layer.getNOut();
        this.prior = layer.getPrior();
    }

    /**
     * Returns the posteriors and the prior.
     *
     * @param subject the layer, for messages
     * @param a pre-activations, {@code [N·2n]}
     * @param parameters of the layer
     * @throws DL4JInvalidInputException if there are no more rows than pseudo-inputs
     */
    GaussianPosterior posterior(String subject, double[] a, Map<String, INDArray> parameters) {
        int components = prior instanceof LatentPrior.Vamp vamp ? vamp.components() : 0;
        int rows = a.length / (2 * latents) - components;
        if (rows < 1) {
            throw new DL4JInvalidInputException(subject + ": with the prior " + prior
                    + " the input must have more than " + components + " rows, got " + (rows + components)
                    + "; put a PseudoInputLayer with " + components + " pseudo-inputs below the encoder");
        }
        return new GaussianPosterior(
                latents, means(a, 0, rows), logVariances(a, 0, rows), prior(a, rows, components, parameters));
    }

    private PriorDensity prior(double[] a, int rows, int components, Map<String, INDArray> parameters) {
        if (components > 0) {
            return new MixtureDensity(
                    new double[components], means(a, rows, components), logVariances(a, rows, components));
        }
        if (prior instanceof LatentPrior.GaussianMixture) {
            return new MixtureDensity(
                    DoubleRows.values(
                            Objects.requireNonNull(parameters.get(GaussianLatentParamInitializer.PRIOR_LOGITS))),
                    DoubleRows.values(
                            Objects.requireNonNull(parameters.get(GaussianLatentParamInitializer.PRIOR_MEANS))),
                    DoubleRows.values(Objects.requireNonNull(
                            parameters.get(GaussianLatentParamInitializer.PRIOR_LOG_VARIANCES))));
        }
        return new StandardNormalDensity(latents);
    }

    private double[] means(double[] a, int firstRow, int rows) {
        double[] means = new double[rows * latents];
        for (int i = 0; i < rows; i++) {
            System.arraycopy(a, (firstRow + i) * 2 * latents, means, i * latents, latents);
        }
        return means;
    }

    private double[] logVariances(double[] a, int firstRow, int rows) {
        int n = latents;
        double[] logVariances = new double[rows * n];
        for (int at = 0; at < logVariances.length; at++) {
            logVariances[at] = LogVarianceBound.value(a[(firstRow + at / n) * 2 * n + n + at % n]);
        }
        return logVariances;
    }
}
