package io.github.dl4jae.generation;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.noise.NoiseStream;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.MixtureMultivariateNormalDistribution;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.apache.commons.math3.distribution.fitting.MultivariateNormalMixtureExpectationMaximization;
import org.apache.commons.math3.exception.ConvergenceException;
import org.apache.commons.math3.exception.MathIllegalArgumentException;
import org.apache.commons.math3.exception.MathIllegalStateException;
import org.apache.commons.math3.linear.CholeskyDecomposition;
import org.apache.commons.math3.linear.MatrixUtils;
import org.apache.commons.math3.linear.RealMatrix;
import org.apache.commons.math3.ml.clustering.CentroidCluster;
import org.apache.commons.math3.ml.clustering.DoublePoint;
import org.apache.commons.math3.ml.clustering.KMeansPlusPlusClusterer;
import org.apache.commons.math3.ml.distance.EuclideanDistance;
import org.apache.commons.math3.random.JDKRandomGenerator;
import org.apache.commons.math3.stat.correlation.Covariance;
import org.apache.commons.math3.util.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A mixture of Gaussians fitted to the codes of a trained autoencoder, from which new codes are sampled. It turns any
 * autoencoder into a generative model. A variational autoencoder gains better samples if its codes do not match its
 * prior.
 *
 * <pre>
 * p(z) = Σ_k π_k N(z; m_k, C_k)        full covariances, fitted by expectation maximization from k-means++ clusters
 * </pre>
 *
 * <pre>{@code
 * CodeMixture mixture = CodeMixture.fit(model.encode(images), 10, 1);
 * INDArray newImages = model.decode(mixture.sample(100, 2));
 * }</pre>
 *
 * <p>The fit standardizes the codes and adds a thousandth of the variance to each covariance, so that constant latents
 * are accepted. Time grows with examples · components · n²; a few thousand codes are enough. Instances are immutable.
 *
 * @see <a href="https://arxiv.org/abs/1903.12436">Ghosh et al. 2020, From variational to deterministic autoencoders</a>
 */
public final class CodeMixture {

    private static final Logger log = LoggerFactory.getLogger(CodeMixture.class);

    private static final int ITERATIONS = 100;
    private static final double CONVERGED = 1e-3; // nats per code
    private static final double RIDGE = 1e-3;

    private final double[] weights;
    private final double[][] means;
    /** The lower triangular Cholesky factors of the covariances. */
    private final RealMatrix[] factors;

    private final double[] center;
    private final double[] scale;

    private CodeMixture(MixtureMultivariateNormalDistribution fitted, double[] center, double[] scale) {
        List<Pair<Double, MultivariateNormalDistribution>> components = fitted.getComponents();
        this.weights = components.stream().mapToDouble(Pair::getFirst).toArray();
        this.means =
                components.stream().map(each -> each.getSecond().getMeans()).toArray(double[][]::new);
        this.factors = components.stream()
                .map(each -> new CholeskyDecomposition(each.getSecond().getCovariances(), 1e-8, 1e-12).getL())
                .toArray(RealMatrix[]::new);
        this.center = center;
        this.scale = scale;
    }

    /**
     * Fits a mixture.
     *
     * @param codes {@code [N, n]}, at least n + 1 for each component
     * @param components K, at least 1
     * @param seed the seed of the initial clusters
     * @return the mixture
     * @throws IllegalArgumentException if there are too few codes, a code is not finite, or the fit fails
     */
    public static CodeMixture fit(INDArray codes, int components, long seed) {
        Require.that(
                codes.rank() == 2 && components >= 1 && codes.size(0) >= (codes.size(1) + 1) * components,
                "CodeMixture",
                "there must be more than n codes [N, n] for each of at least 1 component",
                "shape " + Arrays.toString(codes.shape()) + " and " + components + " components",
                "encode more examples, or use fewer components");
        double[][] rows = codes.castTo(DataType.DOUBLE).toDoubleMatrix();
        Require.that(
                Arrays.stream(rows).flatMapToDouble(Arrays::stream).allMatch(Double::isFinite),
                "CodeMixture",
                "codes must be finite",
                "NaN or an infinite value",
                "check the examples that were encoded, and the network's parameters");
        int n = rows[0].length;
        double[] center = new double[n];
        double[] scale = new double[n];
        standardize(rows, center, scale);
        try {
            MixtureMultivariateNormalDistribution start = start(rows, components, seed);
            if (components == 1) {
                return new CodeMixture(start, center, scale);
            }
            MultivariateNormalMixtureExpectationMaximization em =
                    new MultivariateNormalMixtureExpectationMaximization(rows);
            try {
                em.fit(start, ITERATIONS, CONVERGED);
            } catch (ConvergenceException e) {
                log.debug("CodeMixture: the fit did not converge within {} iterations", ITERATIONS);
            }
            return new CodeMixture(em.getFittedModel(), center, scale);
        } catch (MathIllegalArgumentException | MathIllegalStateException e) {
            throw new IllegalArgumentException(
                    "CodeMixture: the fit of " + components + " components to " + rows.length
                            + " codes must succeed, got " + e.getMessage()
                            + "; encode more examples, or use fewer components",
                    e);
        }
    }

    private static void standardize(double[][] rows, double[] center, double[] scale) {
        for (int j = 0; j < center.length; j++) {
            int latent = j;
            center[j] = Arrays.stream(rows)
                    .mapToDouble(row -> row[latent])
                    .average()
                    .orElseThrow();
            double variance = Arrays.stream(rows)
                    .mapToDouble(row -> (row[latent] - center[latent]) * (row[latent] - center[latent]))
                    .average()
                    .orElseThrow();
            scale[j] = variance > 0 ? Math.sqrt(variance) : 1;
        }
        NoiseStream jitter = NoiseStream.of(0, "CodeMixture");
        double[] noise = new double[center.length];
        for (int i = 0; i < rows.length; i++) {
            jitter.normal(i, noise, 0, noise.length);
            for (int j = 0; j < center.length; j++) {
                // acts as the ridge: no covariance that expectation maximization estimates falls below it
                rows[i][j] = (rows[i][j] - center[j]) / scale[j] + Math.sqrt(RIDGE) * noise[j];
            }
        }
    }

    /** Returns the initial mixture: one component for each cluster of k-means++. */
    private static MixtureMultivariateNormalDistribution start(double[][] rows, int components, long seed) {
        JDKRandomGenerator random = new JDKRandomGenerator();
        random.setSeed(seed);
        List<CentroidCluster<DoublePoint>> clusters = new KMeansPlusPlusClusterer<DoublePoint>(
                        components, ITERATIONS, new EuclideanDistance(), random)
                .cluster(Arrays.stream(rows).map(DoublePoint::new).toList());
        int n = rows[0].length;
        RealMatrix ridge = MatrixUtils.createRealIdentityMatrix(n).scalarMultiply(RIDGE);
        RealMatrix whole = new Covariance(rows).getCovarianceMatrix().add(ridge);
        return new MixtureMultivariateNormalDistribution(clusters.stream()
                .map(cluster -> {
                    double[][] members = cluster.getPoints().stream()
                            .map(DoublePoint::getPoint)
                            .toArray(double[][]::new);
                    RealMatrix covariance = members.length > n
                            ? new Covariance(members).getCovarianceMatrix().add(ridge)
                            : whole;
                    return new Pair<>(
                            (double) members.length / rows.length,
                            new MultivariateNormalDistribution(
                                    cluster.getCenter().getPoint(), covariance.getData()));
                })
                .toList());
    }

    /**
     * Samples codes.
     *
     * @param count the number of codes, at least 1
     * @param seed the seed of the samples
     * @return z ~ p(z), {@code [count, n]}, float32, a new array
     * @throws IllegalArgumentException if the count is below 1
     */
    public INDArray sample(int count, long seed) {
        Require.atLeast(1, "CodeMixture", "count", count, "");
        int n = center.length;
        NoiseStream noise = NoiseStream.of(seed, "CodeMixture");
        float[][] codes = new float[count][n];
        double[] normal = new double[n];
        double[] uniform = new double[n];
        for (int i = 0; i < count; i++) {
            noise.at(0, 0, 1).uniform(i, uniform, 0, n);
            int k = component(uniform[0]);
            noise.normal(i, normal, 0, n);
            double[] deviation = factors[k].operate(normal);
            for (int j = 0; j < n; j++) {
                codes[i][j] = (float) (center[j] + scale[j] * (means[k][j] + deviation[j]));
            }
        }
        return Nd4j.createFromArray(codes);
    }

    private int component(double u) {
        double sum = 0;
        for (int k = 0; k < weights.length - 1; k++) {
            sum += weights[k];
            if (u < sum) {
                return k;
            }
        }
        return weights.length - 1;
    }

    /**
     * Returns the weights of the components.
     *
     * @return π, K values that sum to 1, a new array
     */
    public double[] weights() {
        return weights.clone();
    }

    /**
     * Returns the means of the components.
     *
     * @return m, {@code [K, n]}, float32, a new array
     */
    public INDArray means() {
        float[][] all = new float[means.length][center.length];
        IntStream.range(0, means.length).forEach(k -> {
            for (int j = 0; j < center.length; j++) {
                all[k][j] = (float) (center[j] + scale[j] * means[k][j]);
            }
        });
        return Nd4j.createFromArray(all);
    }
}
