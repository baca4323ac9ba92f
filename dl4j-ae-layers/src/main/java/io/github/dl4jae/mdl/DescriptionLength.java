package io.github.dl4jae.mdl;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.variational.GaussianPosterior;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Locale;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A ledger of the bits that describe data. The total is the sum of the parts:
 *
 * <pre>
 * total = codes + residuals − bits back + model + overhead
 * </pre>
 *
 * <p>{@link BitsBackCode} fills it with what it has really pushed and popped, and {@link #estimate} with expectations
 * under a model. {@link FactorialVectorQuantizer#describe} computes the expectation exactly.
 *
 * @param codes bits of the codes under their prior, Σ −log₂ p(z)
 * @param residuals bits of the data given the codes, Σ −log₂ p(x|z), for real numbers to a stated quantum
 * @param bitsBack bits that the choice of the codes returns, Σ −log₂ q(z|x); 0 for a code that is a function of x
 * @param model bits of the model's own parameters; 0 where the receiver already has it
 * @param overhead bits of the container, and the random bits of the first code
 */
public record DescriptionLength(double codes, double residuals, double bitsBack, double model, double overhead) {

    private static final String SUBJECT = "DescriptionLength";
    private static final double LOG_2 = Math.log(2);

    /**
     * Checks the parts.
     *
     * @param codes bits of the codes
     * @param residuals bits of the data given the codes
     * @param bitsBack bits that come back
     * @param model bits of the parameters
     * @param overhead bits of the container and the first code
     * @throws IllegalArgumentException if a part is not finite
     */
    public DescriptionLength {
        Require.finite(SUBJECT, "codes", codes, "");
        Require.finite(SUBJECT, "residuals", residuals, "");
        Require.finite(SUBJECT, "bitsBack", bitsBack, "");
        Require.finite(SUBJECT, "model", model, "");
        Require.finite(SUBJECT, "overhead", overhead, "");
    }

    /**
     * Estimates the description length of examples under a variational autoencoder whose parameters the receiver has.
     *
     * @param model the model
     * @param examples x, {@code [N, …]}
     * @param quantum t, the precision of a feature, in its unit; 1 for a likelihood of discrete values
     * @param samples number of codes drawn for each example, at least 1
     * @param seed seed of the codes
     * @return the bits of all examples together
     * @throws IllegalArgumentException if an argument is out of range, or the loss of the model is not a likelihood
     */
    public static DescriptionLength estimate(
            VariationalModel model, INDArray examples, double quantum, int samples, long seed) {
        Require.given(SUBJECT, "model", model, "pass VariationalModel.of(network, layer)");
        Batches.requireRows(SUBJECT, "examples", examples);
        Require.positive(SUBJECT, "quantum", quantum, "use 1 for discrete values");
        Require.atLeast(1, SUBJECT, "samples", samples, "");
        GaussianPosterior posterior = model.posterior(examples);
        double[] z = posterior.sample(NoiseStream.of(seed, "description length"), samples);
        int n = posterior.latents();
        INDArray codes = Nd4j.createFromArray(z).reshape(z.length / n, n);
        double logLikelihood = 0;
        for (double value : model.logLikelihood(examples, codes)) {
            logLikelihood += value;
        }
        double logPrior = 0;
        double logRatio = 0;
        for (int row = 0; row < z.length / n; row++) {
            logPrior += posterior.prior().logDensity(z, row * n);
            logRatio += posterior.logRatio(row % posterior.rows(), z, row * n);
        }
        double nats = samples * LOG_2;
        return new DescriptionLength(
                -logPrior / nats,
                -logLikelihood / nats - examples.length() * Math.log(quantum) / LOG_2,
                (logRatio - logPrior) / nats,
                0,
                0);
    }

    /**
     * Adds the cost of a model's parameters, each to the precision that N examples justify.
     *
     * <pre>
     * ½·log₂ N bits per parameter
     * </pre>
     *
     * @param parameters number of parameters, at least 0
     * @param examples N, the number of examples that the model was fitted to, at least 1
     * @return a ledger whose model part has these bits in addition
     * @see <a href="https://doi.org/10.1016/0005-1098(78)90005-5">Rissanen 1978, modeling by shortest data description</a>
     */
    public DescriptionLength withParameters(long parameters, long examples) {
        Require.that(parameters >= 0, SUBJECT, "parameters must be at least 0", parameters, "");
        Require.that(examples >= 1, SUBJECT, "examples must be at least 1", examples, "");
        return new DescriptionLength(
                codes, residuals, bitsBack, model + 0.5 * parameters * Math.log((double) examples) / LOG_2, overhead);
    }

    /**
     * Returns the sum of the parts, bits back deducted.
     *
     * @return bits
     */
    public double total() {
        return codes + residuals - bitsBack + model + overhead;
    }

    /**
     * Returns the ledger of two sets of data together.
     *
     * @param other another ledger
     * @return the sum, part by part
     */
    public DescriptionLength plus(DescriptionLength other) {
        Require.given(SUBJECT, "other", other, "");
        return new DescriptionLength(
                codes + other.codes,
                residuals + other.residuals,
                bitsBack + other.bitsBack,
                model + other.model,
                overhead + other.overhead);
    }

    /**
     * Returns the mean over units, such as examples or pixels.
     *
     * @param units number of units, at least 1
     * @return the ledger, every part divided
     */
    public DescriptionLength per(long units) {
        Require.that(units >= 1, SUBJECT, "units must be at least 1", units, "");
        return new DescriptionLength(
                codes / units, residuals / units, bitsBack / units, model / units, overhead / units);
    }

    /** Returns the parts and their sum, in bits. */
    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%.1f bits = %.1f codes + %.1f residuals - %.1f back + %.1f model + %.1f overhead",
                total(),
                codes,
                residuals,
                bitsBack,
                model,
                overhead);
    }
}
