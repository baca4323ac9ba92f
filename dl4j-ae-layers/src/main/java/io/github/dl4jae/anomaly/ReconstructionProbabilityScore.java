package io.github.dl4jae.anomaly;

import io.github.dl4jae.variational.VariationalModel;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The reconstruction probability of a variational autoencoder, as a negative logarithm in nats.
 *
 * <pre>
 * meanProbability      s(x) = −ln 1/L Σ_l p(x|z_l)       z_l ~ q(z|x)      the definition
 * meanLogProbability   s(x) = −1/L Σ_l ln p(x|z_l)       at least as large; what most implementations compute
 * attribution          a_j(x) = 1/L Σ_l (x_j − E[x_j|z_l])²
 * </pre>
 *
 * <p>The best codes dominate the mean of probabilities. Bad codes count fully in the mean of logarithms, which is the
 * ELBO without the KL divergence. The two are equal for one sample.
 *
 * <p>The noise of the codes depends on the seed only and is the same for every example.
 *
 * @see <a href="http://dm.snu.ac.kr/static/docs/TR/SNUDM-TR-2015-03.pdf">An and Cho 2015, Variational Autoencoder based
 *     Anomaly Detection using Reconstruction Probability</a>
 */
public final class ReconstructionProbabilityScore implements StoredScore {

    static final String KIND = "reconstruction-probability";

    private final SampledEvidence evidence;
    private final boolean logarithms;

    private ReconstructionProbabilityScore(VariationalModel model, int samples, long seed, boolean logarithms) {
        this.evidence = new SampledEvidence("ReconstructionProbabilityScore", model, samples, seed);
        this.logarithms = logarithms;
    }

    /**
     * Creates a score from the mean of probabilities.
     *
     * @param model the model, with its side inputs bound, if there are any
     * @param samples L, at least 1; 10 is usual
     * @param seed seed of the samples
     * @return the score
     * @throws IllegalArgumentException if the model is null, or samples are below 1
     */
    public static ReconstructionProbabilityScore meanProbability(VariationalModel model, int samples, long seed) {
        return new ReconstructionProbabilityScore(model, samples, seed, false);
    }

    /**
     * Creates a score from the mean of log probabilities.
     *
     * @param model the model, with its side inputs bound, if there are any
     * @param samples L, at least 1; 10 is usual
     * @param seed seed of the samples
     * @return the score
     * @throws IllegalArgumentException if the model is null, or samples are below 1
     */
    public static ReconstructionProbabilityScore meanLogProbability(VariationalModel model, int samples, long seed) {
        return new ReconstructionProbabilityScore(model, samples, seed, true);
    }

    @Override
    public void store(ScoreWriter out) {
        out.kind(KIND);
        evidence.store(out);
        out.flag("logarithms", logarithms);
    }

    static ReconstructionProbabilityScore read(ScoreReader in) {
        return new ReconstructionProbabilityScore(
                in.variationalModel(), in.samples(), in.seed("seed"), in.flag("logarithms"));
    }

    @Override
    public String name() {
        return logarithms ? "mean log reconstruction probability" : "reconstruction probability";
    }

    @Override
    public double[] score(INDArray examples) {
        return SampledEvidence.negated(logarithms ? evidence.mean(examples, 0) : evidence.logMean(examples, false));
    }

    /**
     * Computes the squared residual of each value, averaged over the sampled codes. For {@code LossGaussian} it is 2σ²
     * times the value's part of −ln p(x|z), up to a constant.
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
