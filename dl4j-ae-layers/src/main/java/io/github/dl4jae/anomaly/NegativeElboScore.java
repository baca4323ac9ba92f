package io.github.dl4jae.anomaly;

import io.github.dl4jae.variational.VariationalModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The negative evidence lower bound of a variational autoencoder, in nats.
 *
 * <pre>
 * s(x)   = −1/S Σ_s ln p(x|z_s) + KL(q(z|x)‖p)      z_s ~ q(z|x)
 * a_j(x) = 1/S Σ_s (x_j − E[x_j|z_s])²
 * </pre>
 *
 * <p>The KL divergence is exact for a standard normal prior. The bound has the defect of the likelihood; see
 * {@link NegativeLogLikelihoodScore}.
 *
 * <p>The noise of the codes depends on the seed only and is the same for every example.
 */
public final class NegativeElboScore implements StoredScore {

    static final String KIND = "negative-elbo";

    private final SampledEvidence evidence;

    /**
     * Creates a score.
     *
     * @param model the model, with its side inputs bound, if there are any
     * @param samples S, at least 1; 10 is usual
     * @param seed seed of the samples
     * @throws IllegalArgumentException if the model is null, or samples are below 1
     */
    public NegativeElboScore(VariationalModel model, int samples, long seed) {
        this.evidence = new SampledEvidence("NegativeElboScore", model, samples, seed);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        evidence.store(out);
    }

    static NegativeElboScore read(ScoreReader in) {
        return new NegativeElboScore(in.variationalModel(), in.samples(), in.seed("seed"));
    }

    @Override
    public String name() {
        return "negative ELBO";
    }

    @Override
    public double[] score(INDArray examples) {
        return SampledEvidence.negated(evidence.mean(examples, 1));
    }

    /**
     * Computes the squared residual of each value, averaged over the sampled codes. For {@code LossGaussian} it is 2σ²
     * times the value's part of −ln p(x|z), up to a constant. The KL divergence belongs to no single value.
     */
    @Override
    public INDArray attribution(INDArray examples) {
        return evidence.squaredResiduals(examples);
    }

    @Override
    public String toString() {
        return evidence.toString();
    }
}
