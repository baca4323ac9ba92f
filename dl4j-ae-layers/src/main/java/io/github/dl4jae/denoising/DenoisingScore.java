package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The score of a density, ∇ ln p, estimated by a denoising autoencoder.
 *
 * <pre>
 * s(x) = (r(x) − x)/σ²        the optimal r gives s = ∇ ln (p ∗ N(0, σ²I))
 * </pre>
 *
 * <p>r is the reconstruction of an autoencoder trained to minimize the squared error on examples with Gaussian noise of
 * standard deviation σ. The result is the score of the <i>noised</i> density. It tends to the score of p as σ → 0, but
 * the variance of the estimate grows.
 *
 * <pre>{@code
 * DenoisingScore score = new DenoisingScore(autoencoder::reconstruct, 0.1);
 * INDArray samples = new LangevinSampler(score, 0.01, seed).run(start, 1000);
 * }</pre>
 *
 * <p>Shapes: input and output {@code [N, d]}, or any shape that r preserves.
 *
 * <p>When not to use it: with masking or salt-and-pepper noise, or with another loss than the squared error. There
 * r(x) − x still points toward likelier examples, but is not proportional to the gradient of ln p.
 *
 * @see <a href="https://jmlr.org/papers/v15/alain14a.html">Alain and Bengio 2014, What regularized auto-encoders learn
 *     from the data-generating distribution</a>
 */
public final class DenoisingScore implements UnaryOperator<INDArray> {

    private final UnaryOperator<INDArray> reconstruction;
    private final double sigma;

    /**
     * Creates the score of a denoising autoencoder.
     *
     * @param reconstruction r, such as {@code autoencoder::reconstruct}
     * @param sigma σ, the standard deviation of the noise in training, above 0
     * @throws IllegalArgumentException if the reconstruction is null, or σ is not above 0 and finite
     */
    public DenoisingScore(UnaryOperator<INDArray> reconstruction, double sigma) {
        this.reconstruction = Require.given(
                "DenoisingScore", "reconstruction", reconstruction, "pass autoencoder::reconstruct, for example");
        this.sigma = Require.positive(
                "DenoisingScore", "sigma", sigma, "use the standard deviation of the noise in training");
    }

    /**
     * Computes the score at some points.
     *
     * @param points x, {@code [N, d]}, not changed
     * @return s(x), a new array of the same shape
     * @throws IllegalArgumentException if there are no points, or the reconstruction has another shape
     */
    @Override
    public INDArray apply(INDArray points) {
        Require.that(
                !points.isEmpty(),
                "DenoisingScore",
                "there must be at least one point",
                "shape " + Arrays.toString(points.shape()),
                "");
        INDArray x = FloatingPoint.of(points);
        INDArray r = reconstruction.apply(x.dup());
        Require.that(
                Arrays.equals(r.shape(), x.shape()),
                "DenoisingScore",
                "the reconstruction must have the shape of the input, " + Arrays.toString(x.shape()),
                Arrays.toString(r.shape()),
                "use an autoencoder that reconstructs its whole input");
        return r.sub(x).divi(sigma * sigma);
    }
}
