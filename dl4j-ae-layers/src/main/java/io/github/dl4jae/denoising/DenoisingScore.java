package io.github.dl4jae.denoising;

import io.github.dl4jae.internal.kernel.FloatingPoint;
import java.util.Arrays;
import java.util.function.UnaryOperator;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The score of a density, ∇ ln p, as a denoising autoencoder knows it.
 *
 * <pre>
 * s(x) = (r(x) − x)/σ²        the optimal r gives s = ∇ ln (p ∗ N(0, σ²I))
 * </pre>
 *
 * r is the reconstruction of an autoencoder that was trained on examples with Gaussian noise of standard deviation σ to minimize the squared error. What
 * comes out is the score of the <i>noised</i> density; it tends to that of p itself as σ → 0, while the estimate gets noisier.
 *
 * <pre>{@code
 * DenoisingScore score = new DenoisingScore(autoencoder::reconstruct, 0.1);
 * INDArray samples = new LangevinSampler(score, 0.01, seed).run(start, 1000);
 * }</pre>
 *
 * <p>Shapes: in and out {@code [N, d]}, or whatever r takes and returns alike.
 *
 * <p>When not to use it: with masking or salt-and-pepper noise, or another loss than the squared error; r(x) − x still points to
 * likelier examples, but is no gradient of ln p.
 *
 * @see <a href="https://jmlr.org/papers/v15/alain14a.html">Alain and Bengio 2014, What regularized auto-encoders learn from
 *     the data-generating distribution</a>
 */
public final class DenoisingScore implements UnaryOperator<INDArray> {

    private final UnaryOperator<INDArray> reconstruction;
    private final double sigma;

    /**
     * Makes a score of a denoising autoencoder.
     *
     * @param reconstruction r, such as {@code autoencoder::reconstruct}
     * @param sigma σ, the standard deviation of the noise it was trained with, above 0
     * @throws IllegalArgumentException if σ is not above 0 and finite
     */
    public DenoisingScore(UnaryOperator<INDArray> reconstruction, double sigma) {
        if (reconstruction == null) {
            throw new IllegalArgumentException(
                    "DenoisingScore: a reconstruction must be given, got null; autoencoder::reconstruct is one");
        }
        if (!(sigma > 0) || Double.isInfinite(sigma)) {
            throw new IllegalArgumentException("DenoisingScore: sigma must be above 0 and finite, got " + sigma
                    + "; give the standard deviation of the noise in training");
        }
        this.reconstruction = reconstruction;
        this.sigma = sigma;
    }

    /**
     * The score at some points.
     *
     * @param points x, {@code [N, d]}, not changed
     * @return s(x), a new array of the same shape
     * @throws IllegalArgumentException if the reconstruction has another shape
     */
    @Override
    public INDArray apply(INDArray points) {
        if (points.isEmpty()) {
            throw new IllegalArgumentException(
                    "DenoisingScore: there must be at least one point, got shape " + Arrays.toString(points.shape()));
        }
        INDArray x = FloatingPoint.of(points);
        INDArray r = reconstruction.apply(x.dup());
        if (!Arrays.equals(r.shape(), x.shape())) {
            throw new IllegalArgumentException("DenoisingScore: the reconstruction must have the shape of the input, "
                    + Arrays.toString(x.shape()) + ", got " + Arrays.toString(r.shape())
                    + "; use an autoencoder whose output is its input");
        }
        return r.sub(x).divi(sigma * sigma);
    }
}
