package io.github.dl4jae.anomaly;

import io.github.dl4jae.variational.VariationalModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The negative log-likelihood of a variational autoencoder, in nats, from importance-weighted samples.
 *
 * <pre>
 * s(x)   = −ln 1/S Σ_s p(x|z_s) p(z_s)/q(z_s|x)     z_s ~ q(z|x), approaches −ln p(x) as S grows
 * a_j(x) = 1/S Σ_s (x_j − E[x_j|z_s])²
 * </pre>
 *
 * <p>A high likelihood does not mean that an example is normal: simple images, such as mostly black ones, are more
 * likely under a model of complex images than its training data. {@link LikelihoodRegretScore} corrects that.
 *
 * <p>The noise of the codes depends on the seed only and is the same for every example.
 *
 * @see <a href="https://arxiv.org/abs/1810.09136">Nalisnick et al. 2019, Do Deep Generative Models Know What They Don't
 *     Know?</a>
 */
public final class NegativeLogLikelihoodScore implements StoredScore {

    static final String KIND = "negative-log-likelihood";

    private final SampledEvidence evidence;

    /**
     * Creates a score.
     *
     * @param model the model, with its side inputs bound, if there are any
     * @param samples S, at least 1; 200 is usual
     * @param seed seed of the samples
     * @throws IllegalArgumentException if the model is null, or samples are below 1
     */
    public NegativeLogLikelihoodScore(VariationalModel model, int samples, long seed) {
        this.evidence = new SampledEvidence("NegativeLogLikelihoodScore", model, samples, seed);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        evidence.store(out);
    }

    static NegativeLogLikelihoodScore read(ScoreReader in) {
        return new NegativeLogLikelihoodScore(in.variationalModel(), in.samples(), in.seed("seed"));
    }

    @Override
    public String name() {
        return "negative log-likelihood";
    }

    @Override
    public double[] score(INDArray examples) {
        return SampledEvidence.negated(evidence.logMean(examples, true));
    }

    /** Computes the squared residual of each value, averaged over the sampled codes, without importance weights. */
    @Override
    public INDArray attribution(INDArray examples) {
        return evidence.squaredResiduals(examples);
    }

    @Override
    public String toString() {
        return evidence.toString();
    }
}
