package io.github.dl4jae.anomaly;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.LogSumExp;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.variational.GaussianPosterior;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Estimates from codes z_s ~ q(z|x) that have the same noise for every example. */
final class SampledEvidence {

    /** Maximum number of codes held in memory. */
    private static final int ROWS = 1 << 15;

    private final String subject;
    private final VariationalModel model;
    private final int samples;
    private final long seed;

    SampledEvidence(String subject, VariationalModel model, int samples, long seed) {
        this.subject = subject;
        this.model = Require.given(subject, "model", model, "");
        this.samples = Require.atLeast(1, subject, "samples", samples, "10 is usual");
        this.seed = seed;
    }

    void store(ScoreWriter out) {
        out.model(model);
        out.integer("samples", samples);
        out.integer("seed", seed);
    }

    /** Handles the samples of all examples in parts. */
    @FunctionalInterface
    private interface Part {

        /** Handles codes z, {@code [S·N·n]}, S of which are in this part. */
        void accept(GaussianPosterior q, double[] z, INDArray codes);
    }

    private int rows(INDArray examples) {
        Batches.requireRows(subject, "examples", examples);
        return Math.toIntExact(examples.size(0));
    }

    /** Returns the posteriors; Deeplearning4j's exception for another width becomes that of a score. */
    private GaussianPosterior posterior(INDArray examples) {
        try {
            return model.posterior(examples);
        } catch (DL4JInvalidInputException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private void forEach(INDArray examples, Part part) {
        GaussianPosterior q = posterior(examples);
        int chunk = Math.max(1, Math.min(samples, ROWS / q.rows()));
        for (int done = 0; done < samples; done += chunk) {
            double[] z = q.sampleAlike(NoiseStream.of(seed, "evidence"), done, Math.min(chunk, samples - done));
            part.accept(q, z, Nd4j.createFromArray(z).reshape(z.length / q.latents(), q.latents()));
        }
    }

    /** Returns the mean of ln p(x|z) of every example, less KL(q‖p) times a weight. */
    double[] mean(INDArray examples, double divergenceWeight) {
        double[] mean = new double[rows(examples)];
        forEach(examples, (q, z, codes) -> {
            double[] logs = model.logLikelihood(examples, codes);
            double[] divergence = q.divergence(z);
            for (int row = 0; row < logs.length; row++) {
                mean[row % q.rows()] += (logs[row] - divergenceWeight * divergence[row % q.rows()]) / samples;
            }
        });
        return mean;
    }

    /** Returns ln 1/S Σ_s p(x|z_s), with the weights p(z_s)/q(z_s|x) if the codes shall count as prior samples. */
    double[] logMean(INDArray examples, boolean weighted) {
        LogSumExp[] sums = new LogSumExp[rows(examples)];
        Arrays.setAll(sums, i -> new LogSumExp());
        forEach(examples, (q, z, codes) -> {
            double[] logs = model.logLikelihood(examples, codes);
            for (int row = 0; row < logs.length; row++) {
                double ratio = weighted ? q.logRatio(row % q.rows(), z, row * q.latents()) : 0;
                sums[row % q.rows()].add(logs[row] + ratio);
            }
        });
        return Arrays.stream(sums)
                .mapToDouble(sum -> sum.value() - Math.log(samples))
                .toArray();
    }

    /** Returns the squared residuals 1/S Σ_s (x − E[x|z_s])², float32, in the shape of the examples. */
    INDArray squaredResiduals(INDArray examples) {
        Batches.requireRows(subject, "examples", examples);
        INDArray sum = Nd4j.zeros(DataType.DOUBLE, examples.shape());
        forEach(examples, (q, z, codes) -> {
            INDArray decoded = model.decode(codes);
            int perPart = z.length / (q.rows() * q.latents());
            INDArray bySample = decoded.castTo(DataType.DOUBLE).dup('c').reshape('c', perPart, examples.length());
            INDArray flat = examples.castTo(DataType.DOUBLE).dup('c').reshape('c', 1, examples.length());
            INDArray residual = bySample.subiRowVector(flat);
            sum.addi(residual.muli(residual).sum(0).reshape('c', examples.shape()));
        });
        return sum.divi(samples).castTo(DataType.FLOAT);
    }

    /** Returns scores that are infinite where they are not a number. */
    static double[] negated(double[] logs) {
        double[] scores = new double[logs.length];
        for (int i = 0; i < logs.length; i++) {
            scores[i] = Double.isFinite(logs[i]) ? -logs[i] : Double.POSITIVE_INFINITY;
        }
        return scores;
    }

    /** Returns the score that uses it, as in {@code NegativeElboScore(10 samples)}. */
    @Override
    public String toString() {
        return subject + "(" + samples + " samples)";
    }
}
