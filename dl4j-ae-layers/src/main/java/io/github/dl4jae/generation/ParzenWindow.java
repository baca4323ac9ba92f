package io.github.dl4jae.generation;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.LogSumExp;
import java.util.Arrays;
import org.apache.commons.math3.stat.StatUtils;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A Parzen window estimate of the log-likelihood of held-out examples under a generative model, from its samples.
 *
 * <pre>
 * ln p(x) = ln 1/N Σ_i N(x; s_i, σ²·I)        s_i: N samples of the model; σ: chosen on validation examples
 * </pre>
 *
 * <pre>{@code
 * ParzenWindow window = ParzenWindow.fit(model.sample(10_000, 1), validation, 0.1, 0.3, 11);
 * double nats = window.meanLogLikelihood(test);
 * }</pre>
 *
 * <p>Shapes: samples and examples {@code [N, …]}. Time grows with samples · examples · values; 10,000 samples and 1,000
 * images of 784 pixels take a few seconds.
 *
 * <p>When not to use it: to compare models of different papers in earnest. In many dimensions the estimate is far below
 * the likelihood, depends on the number of samples, and prefers samples without detail: centers of k-means score higher
 * than real images. It is here because the literature of its time reports it. Use a variational bound where there is
 * one.
 *
 * @see <a href="https://arxiv.org/abs/1511.01844">Theis, van den Oord and Bethge 2016, A note on the evaluation of
 *     generative models</a>
 */
public final class ParzenWindow {

    private static final String SUBJECT = "ParzenWindow";
    private static final int ROWS_AT_ONCE = 256;

    /** {@code [N, d]} in float64, less their mean, because squares of values far from 0 lose the distances. */
    private final INDArray samples;

    private final INDArray mean;
    private final INDArray squares;
    private final double sigma;

    private ParzenWindow(INDArray samples, INDArray mean, INDArray squares, double sigma) {
        this.samples = samples;
        this.mean = mean;
        this.squares = squares;
        this.sigma = sigma;
    }

    /**
     * Returns the estimate with a given width.
     *
     * @param samples of the model, {@code [N, …]}
     * @param sigma σ, above 0, in the units of the values
     * @return the estimate; keeps a copy of the samples
     * @throws IllegalArgumentException if there are no samples, or σ is not positive and finite
     */
    public static ParzenWindow of(INDArray samples, double sigma) {
        Require.positive(SUBJECT, "sigma", sigma, "0.1 to 0.3 is usual for gray values");
        INDArray rows = rows("samples", samples);
        INDArray mean = rows.mean(true, 0);
        INDArray centered = rows.subRowVector(mean);
        return new ParzenWindow(
                centered, mean, centered.mul(centered).sum(true, 1).reshape(1, -1), sigma);
    }

    /**
     * Returns the estimate whose width gives validation examples the largest likelihood. The widths that are tried grow
     * by a constant factor.
     *
     * @param samples of the model, {@code [N, …]}
     * @param validation examples, neither those of the training nor those of the test
     * @param smallest the first σ, above 0
     * @param largest the last σ, above the first
     * @param widths the number of widths, at least 2
     * @return the estimate
     * @throws IllegalArgumentException if an argument is out of range, or shapes differ
     */
    public static ParzenWindow fit(INDArray samples, INDArray validation, double smallest, double largest, int widths) {
        Require.that(largest > smallest, SUBJECT, "largest must be above smallest", largest + " and " + smallest, "");
        Require.atLeast(2, SUBJECT, "widths", widths, "");
        ParzenWindow window = of(samples, smallest);
        double[] sigmas = new double[widths];
        Arrays.setAll(sigmas, i -> smallest * Math.pow(largest / smallest, i / (widths - 1.0)));
        double[][] all = window.logLikelihoods(validation, sigmas);
        int best = 0;
        for (int i = 1; i < widths; i++) {
            best = StatUtils.mean(all[i]) > StatUtils.mean(all[best]) ? i : best;
        }
        return new ParzenWindow(window.samples, window.mean, window.squares, sigmas[best]);
    }

    private static INDArray rows(String name, INDArray values) {
        Require.given(SUBJECT, name, values, "");
        Require.that(
                !values.isEmpty() && values.rank() >= 2,
                SUBJECT,
                name + " must have shape [N, …] with N at least 1",
                Arrays.toString(values.shape()),
                "");
        return values.castTo(DataType.DOUBLE).dup('c').reshape('c', values.size(0), -1);
    }

    /**
     * Returns the width.
     *
     * @return σ
     */
    public double sigma() {
        return sigma;
    }

    /**
     * Computes the log-likelihood of each example.
     *
     * @param examples {@code [M, …]}
     * @return M values in nats, a new array
     * @throws IllegalArgumentException if their shape differs from that of the samples
     */
    public double[] logLikelihoods(INDArray examples) {
        return logLikelihoods(examples, new double[] {sigma})[0];
    }

    /**
     * Computes the mean log-likelihood.
     *
     * @param examples {@code [M, …]}
     * @return the mean in nats
     * @throws IllegalArgumentException if their shape differs from that of the samples
     */
    public double meanLogLikelihood(INDArray examples) {
        return StatUtils.mean(logLikelihoods(examples));
    }

    /** Returns the log-likelihoods for each width, from the same distances. */
    private double[][] logLikelihoods(INDArray examples, double[] sigmas) {
        INDArray x = rows("examples", examples);
        Require.that(
                x.size(1) == samples.size(1),
                SUBJECT,
                "examples must have " + samples.size(1) + " values, as samples have",
                x.size(1),
                "");
        int count = (int) x.size(0);
        double[][] result = new double[sigmas.length][count];
        for (int from = 0; from < count; from += ROWS_AT_ONCE) {
            int to = Math.min(count, from + ROWS_AT_ONCE);
            INDArray block = x.get(NDArrayIndex.interval(from, to), NDArrayIndex.all())
                    .dup('c')
                    .subRowVector(mean);
            INDArray own = block.mul(block).sum(true, 1).reshape(to - from, 1);
            double[][] distances = block.mmul(samples.transpose()) // [b,d]·[d,N] → [b,N]
                    .muli(-2)
                    .addiRowVector(squares)
                    .addiColumnVector(own)
                    .toDoubleMatrix();
            for (int i = 0; i < distances.length; i++) {
                for (int w = 0; w < sigmas.length; w++) {
                    result[w][from + i] = logDensity(distances[i], sigmas[w]);
                }
            }
        }
        return result;
    }

    private double logDensity(double[] squaredDistances, double width) {
        LogSumExp sum = new LogSumExp();
        for (double each : squaredDistances) {
            sum.add(-Math.max(0, each) / (2 * width * width));
        }
        return sum.value()
                - Math.log(squaredDistances.length)
                - samples.size(1) * Math.log(width * Math.sqrt(2 * Math.PI));
    }
}
