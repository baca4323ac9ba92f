package io.github.dl4jae.mdl;

import io.github.dl4jae.coding.AnsStack;
import io.github.dl4jae.coding.FrequencyTable;
import io.github.dl4jae.coding.NormalBuckets;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.variational.GaussianPosterior;
import io.github.dl4jae.variational.PriorDensity;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.nd4j.linalg.factory.Nd4j;

/** Pushes and pops single examples, and counts the bits. Always one row at a time, so that all sums are the same. */
final class ExampleCoder {

    static final int POSTERIOR_PRECISION = 26;

    private static final int BUCKET_BITS = 12;
    private static final int LEVEL_PRECISION = 20;
    /** The buckets hold no state, and take some milliseconds to compute. */
    private static final NormalBuckets BUCKETS = NormalBuckets.of(BUCKET_BITS, POSTERIOR_PRECISION);

    private final VariationalModel model;
    private final int levels;
    private final long[] shape;
    private final int features;
    private final int latents;
    private final PriorCoder prior;
    private double codes;
    private double residuals;
    private double bitsBack;

    /**
     * Creates a coder.
     *
     * @param model the model
     * @param levels of a feature
     * @param shape of a mini-batch of one example
     */
    ExampleCoder(VariationalModel model, int levels, long... shape) {
        this.model = model;
        this.levels = levels;
        this.shape = shape;
        this.features = features(shape);
        this.latents = model.latents();
        PriorDensity density = model.ofExample(0).posterior(Nd4j.zeros(shape)).prior();
        this.prior = PriorCoder.of(density, BUCKETS);
    }

    static int features(long... shape) {
        long features = 1;
        for (long size : shape) {
            features = Math.multiplyExact(features, size);
        }
        return Math.toIntExact(features);
    }

    /** Returns the ledger of all examples so far. */
    DescriptionLength ledger(double overhead) {
        return new DescriptionLength(codes, residuals, bitsBack, 0, overhead);
    }

    /** Returns the value of a level, as data sets compute it. */
    float value(int level) {
        return (float) level / (levels - 1);
    }

    void push(AnsStack stack, int[] x, long example) {
        VariationalModel of = model.ofExample(example);
        Posterior q = posterior(of, x);
        double before = stack.bits();
        int[] z = new int[latents];
        for (int j = 0; j < latents; j++) {
            z[j] = BUCKETS.popPosterior(stack, q.mean[j], q.deviation[j]);
        }
        bitsBack += before - stack.bits();
        double[] probabilities = probabilities(of, z);
        Require.that(
                probabilities.length == features * levels,
                "BitsBackCode",
                "examples must have " + probabilities.length / levels + " features",
                features,
                "pass the features that the model reconstructs");
        for (int i = features - 1; i >= 0; i--) {
            FrequencyTable table = table(probabilities, i);
            residuals += table.bits(x[i]);
            table.push(stack, x[i]);
        }
        double without = stack.bits();
        prior.push(stack, z);
        codes += stack.bits() - without;
    }

    int[] pop(AnsStack stack, long example) {
        VariationalModel of = model.ofExample(example);
        int[] z = prior.pop(stack);
        double[] probabilities = probabilities(of, z);
        int[] x = new int[features];
        for (int i = 0; i < features; i++) {
            x[i] = table(probabilities, i).pop(stack);
        }
        Posterior q = posterior(of, x);
        for (int j = latents - 1; j >= 0; j--) {
            BUCKETS.pushPosterior(stack, z[j], q.mean[j], q.deviation[j]);
        }
        return x;
    }

    private FrequencyTable table(double[] probabilities, int feature) {
        return FrequencyTable.of(
                Arrays.copyOfRange(probabilities, feature * levels, (feature + 1) * levels), LEVEL_PRECISION);
    }

    private double[] probabilities(VariationalModel of, int[] z) {
        double[] code = new double[latents];
        Arrays.setAll(code, j -> prior.center(j) + prior.width(j) * BUCKETS.center(z[j]));
        return of.levelProbabilities(Nd4j.createFromArray(code).reshape(1, latents));
    }

    /** Means and deviations on the grid of the prior. */
    private static final class Posterior {
        private final double[] mean;
        private final double[] deviation;

        Posterior(double[] mean, double[] deviation) {
            this.mean = mean;
            this.deviation = deviation;
        }
    }

    private Posterior posterior(VariationalModel of, int[] x) {
        float[] values = new float[features];
        for (int i = 0; i < features; i++) {
            values[i] = value(x[i]);
        }
        GaussianPosterior q = of.posterior(Nd4j.create(values, shape, 'c'));
        double[] mean = q.mean();
        double[] deviation = q.logVariance();
        for (int j = 0; j < latents; j++) {
            mean[j] = (mean[j] - prior.center(j)) / prior.width(j);
            // an intrinsic could differ between compilers
            deviation[j] = StrictMath.exp(0.5 * deviation[j]) / prior.width(j);
            if (!Double.isFinite(mean[j]) || !(deviation[j] > 0) || Double.isInfinite(deviation[j])) {
                throw new DL4JInvalidInputException("BitsBackCode: the posterior must be finite, got mean " + mean[j]
                        + " and deviation " + deviation[j]);
            }
        }
        return new Posterior(mean, deviation);
    }
}
