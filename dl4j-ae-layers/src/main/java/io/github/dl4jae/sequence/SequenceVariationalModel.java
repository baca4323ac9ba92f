package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.inference.LossGradient;
import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.variational.GaussianPosterior;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Arrays;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained variational autoencoder of sequences.
 *
 * <pre>
 * posterior       x ↦ q(z|x) = N(μ, diag σ²)
 * logLikelihood   x, z ↦ Σ_{t ≤ L} ln p(x_t | x_1 … x_{t−1}, z)        in nats; unconditioned: ln p(x_t | z)
 * sample          z ↦ x_1, then x_2 …, each drawn given those before
 * </pre>
 *
 * <p>Masks are those of {@link SequenceAutoencoder}. Sequences are sampled in the length of the longest training
 * sequence. Entropy coding ({@link #levelProbabilities}) is refused, because the distribution of a step depends on the
 * steps before it.
 */
public final class SequenceVariationalModel implements VariationalModel {

    private static final String SUBJECT = "SequenceVariationalModel";

    private final SequenceAutoencoder autoencoder;
    private final SequenceCoder coder;

    SequenceVariationalModel(SequenceAutoencoder autoencoder) {
        this.autoencoder = autoencoder;
        this.coder = autoencoder.coder();
    }

    @Override
    public INDArray encode(INDArray examples) {
        return autoencoder.encode(examples);
    }

    @Override
    public INDArray encode(INDArray examples, @Nullable INDArray mask) {
        return autoencoder.encode(examples, mask);
    }

    @Override
    public INDArray decode(INDArray codes) {
        return autoencoder.decode(codes);
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return autoencoder.reconstruct(examples);
    }

    @Override
    public INDArray reconstruct(INDArray examples, @Nullable INDArray mask) {
        return autoencoder.reconstruct(examples, mask);
    }

    @Override
    public int latents() {
        return coder.codeSize();
    }

    @Override
    public GaussianPosterior posterior(INDArray examples) {
        return posterior(examples, null);
    }

    /**
     * Returns the posteriors of padded sequences.
     *
     * @param examples {@code [N, features, time]}
     * @param mask {@code [N, time]}; null if there is no padding
     * @return q(z|x) of every sequence, and the prior
     * @throws IllegalArgumentException if a shape does not fit
     */
    public GaussianPosterior posterior(INDArray examples, @Nullable INDArray mask) {
        int[] lengths = SequenceLengths.of(SUBJECT, examples, mask, coder.features());
        Layer latent = coder.graph().getLayer(SequenceCoder.CODE);
        long width = coder.graph().layerInputSize(SequenceCoder.CODE);
        INDArray pooled = coder.encoded(EncoderShape.POOLED, width, examples, lengths);
        synchronized (coder.graph()) {
            return GaussianPosterior.compute(latent, pooled);
        }
    }

    @Override
    public double[] logLikelihood(INDArray examples, INDArray codes) {
        return logLikelihood(examples, (INDArray) null, codes);
    }

    /**
     * Returns the log-likelihood of padded sequences given codes.
     *
     * @param examples {@code [N, features, time]}
     * @param present the mask {@code [N, time]}; null if there is no padding
     * @param codes z, {@code [S·N, n]}: the first code of all examples, then the second …
     * @return the sum over unmasked steps for every code, S·N values in nats
     * @throws IllegalArgumentException if a shape does not fit
     */
    @Override
    public double[] logLikelihood(INDArray examples, @Nullable INDArray present, INDArray codes) {
        int[] lengths = SequenceLengths.of(SUBJECT, examples, present, coder.features());
        requireMultiple(codes, lengths.length);
        double[] all = new double[(int) codes.size(0)];
        forEachBatch(examples, lengths, codes, (rows, count, x, z) -> {
            double[] losses = DoubleRows.values(coder.losses(x, z));
            for (int i = 0; i < count; i++) {
                all[rows[i]] = -losses[i];
            }
        });
        return all;
    }

    private void requireMultiple(INDArray codes, int examples) {
        autoencoder.requireCodes(codes);
        Require.that(
                codes.size(0) % examples == 0,
                SUBJECT,
                "the number of codes must be a multiple of the number of examples, " + examples,
                codes.size(0),
                "order the codes by sample, then by example");
    }

    /** Handles codes with their sequences of one length. */
    @FunctionalInterface
    private interface Batch {
        void accept(int[] rows, int count, INDArray x, INDArray codes);
    }

    private void forEachBatch(INDArray examples, int[] lengths, INDArray codes, Batch action) {
        int[] ofCodes = new int[(int) codes.size(0)];
        Arrays.setAll(ofCodes, row -> lengths[row % lengths.length]);
        synchronized (coder.graph()) {
            EqualLengths.forEach(ofCodes, (rows, count, length) -> {
                int[] sources =
                        Arrays.stream(rows).map(row -> row % lengths.length).toArray();
                INDArray x = SequenceLengths.copy(
                        examples, lengths, sources, length, coder.pass().type());
                INDArray z = Nd4j.pullRows(codes.castTo(coder.pass().type()), 1, rows, 'c');
                action.accept(rows, count, x, z);
            });
        }
    }

    @Override
    public double[] logLikelihood(INDArray examples, @Nullable INDArray present, INDArray codes, double[] gradient) {
        int[] lengths = SequenceLengths.of(SUBJECT, examples, present, coder.features());
        requireMultiple(codes, lengths.length);
        int n = latents();
        Require.that(
                gradient.length == codes.length(),
                SUBJECT,
                "gradient must have " + codes.length() + " values",
                gradient.length,
                "");
        double[] all = new double[(int) codes.size(0)];
        LossGradient losses =
                new LossGradient(coder.pass(), coder.place(DecoderSteps.OUTPUT), coder.place(SequenceCoder.CODE));
        forEachBatch(examples, lengths, codes, (rows, count, x, z) -> {
            LossGradient.Result result =
                    losses.compute(coder.known(x, z), input -> x, null, LayerWorkspaceMgr.noWorkspaces());
            double[] values = DoubleRows.values(result.losses());
            double[] slopes = DoubleRows.values(result.gradient());
            for (int i = 0; i < count; i++) {
                all[rows[i]] = -values[i];
                for (int j = 0; j < n; j++) {
                    gradient[rows[i] * n + j] = -slopes[i * n + j];
                }
            }
        });
        return all;
    }

    @Override
    public INDArray samplePrior(int count, long seed) {
        Require.atLeast(1, SUBJECT, "count", count, "");
        double[] z = new double[count * latents()];
        NoiseStream noise = NoiseStream.of(seed, "samplePrior");
        for (int row = 0; row < count; row++) {
            noise.normal(row, z, row * latents(), latents());
        }
        return Nd4j.createFromArray(z)
                .reshape('c', count, latents())
                .castTo(coder.pass().type());
    }

    @Override
    public INDArray sample(INDArray codes, long seed) {
        autoencoder.requireCodes(codes);
        return coder.decoded(codes, autoencoder.steps(), seed);
    }

    @Override
    public double[] levelProbabilities(INDArray codes) {
        throw noLevels();
    }

    @Override
    public int levels() {
        throw noLevels();
    }

    private static IllegalArgumentException noLevels() {
        return new IllegalArgumentException(SUBJECT
                + ": the levels of an entropy coder must be independent given the code, got steps that depend on those"
                + " before them");
    }

    @Override
    public VariationalModel given(INDArray... conditions) {
        Require.that(
                conditions.length == 0, SUBJECT, "there must be no side inputs", conditions.length + " conditions", "");
        return this;
    }

    @Override
    public VariationalModel ofExample(long row) {
        return this;
    }

    @Override
    public String toString() {
        return SUBJECT + "(" + autoencoder + ")";
    }
}
