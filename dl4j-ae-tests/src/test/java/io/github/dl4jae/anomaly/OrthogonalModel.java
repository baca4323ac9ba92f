package io.github.dl4jae.anomaly;

import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LatentPrior;
import io.github.dl4jae.variational.VariationalModel;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.apache.commons.math3.distribution.MultivariateNormalDistribution;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The model x = z·V + c + s·n with orthogonal rows of V, whose posterior is a diagonal Gaussian with a closed form:
 * N(V_j·(x − c)/(|V_j|² + s²), s²/(|V_j|² + s²)).
 *
 * @param meanFactor the encoder's means, as multiples of those of the posterior
 * @param varianceFactor the encoder's variances, as multiples of those of the posterior
 */
record OrthogonalModel(double meanFactor, double varianceFactor) {

    static final double[][] LOADINGS = {{0.9, 0.3, -0.6, 0}, {0.2, 0.4, 0.5, 0.8}};
    static final double[] CENTER = {0.1, -0.2, 0.3, 0};
    static final double DEVIATION = 0.6;

    static INDArray examples(int count) {
        Nd4j.getRandom().setSeed(4);
        return Nd4j.randn(DataType.DOUBLE, count, 4);
    }

    VariationalModel model() {
        return model(new LatentPrior.StandardNormal());
    }

    VariationalModel model(LatentPrior prior) {
        return VariationalModel.of(network(prior), "z");
    }

    MultiLayerNetwork network(LatentPrior prior) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .list()
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(4)
                        .nOut(2)
                        .prior(prior)
                        .build())
                .layer(new OutputLayer.Builder(new LossGaussian(DEVIATION))
                        .nIn(2)
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        double[][] w = new double[4][4];
        double[][] b = new double[1][4];
        for (int j = 0; j < 2; j++) {
            double slope = meanFactor / (norm(j) + DEVIATION * DEVIATION);
            for (int d = 0; d < 4; d++) {
                w[d][j] = slope * LOADINGS[j][d];
                b[0][j] -= slope * LOADINGS[j][d] * CENTER[d];
            }
            b[0][2 + j] = Math.log(varianceFactor * posteriorVariance(j));
        }
        network.setParam("0_W", Nd4j.createFromArray(w));
        network.setParam("0_b", Nd4j.createFromArray(b));
        network.setParam("1_W", Nd4j.createFromArray(LOADINGS));
        network.setParam("1_b", Nd4j.createFromArray(new double[][] {CENTER}));
        return network;
    }

    static double norm(int j) {
        return Arrays.stream(LOADINGS[j]).map(v -> v * v).sum();
    }

    static double posteriorVariance(int j) {
        return DEVIATION * DEVIATION / (norm(j) + DEVIATION * DEVIATION);
    }

    static double posteriorMean(double[] x, int j) {
        return IntStream.range(0, 4)
                        .mapToDouble(d -> LOADINGS[j][d] * (x[d] - CENTER[d]))
                        .sum()
                / (norm(j) + DEVIATION * DEVIATION);
    }

    /** Returns ln N(x; c + mean·V, Vᵀ diag(variance) V + s² I). */
    private static double logDensity(double[] x, double[] mean, double[] variance) {
        double[] center = CENTER.clone();
        double[][] covariance = new double[4][4];
        for (int a = 0; a < 4; a++) {
            covariance[a][a] = DEVIATION * DEVIATION;
            for (int j = 0; j < 2; j++) {
                center[a] += mean[j] * LOADINGS[j][a];
                for (int b = 0; b < 4; b++) {
                    covariance[a][b] += variance[j] * LOADINGS[j][a] * LOADINGS[j][b];
                }
            }
        }
        return Math.log(new MultivariateNormalDistribution(center, covariance).density(x));
    }

    /** Returns ln p(x). */
    static double logLikelihood(double[] x) {
        return logDensity(x, new double[2], new double[] {1, 1});
    }

    private double[] encodedMean(double[] x) {
        return new double[] {meanFactor * posteriorMean(x, 0), meanFactor * posteriorMean(x, 1)};
    }

    private double[] encodedVariance() {
        return new double[] {varianceFactor * posteriorVariance(0), varianceFactor * posteriorVariance(1)};
    }

    /** Returns ln E_q[p(x|z)]. */
    double logMeanProbability(double[] x) {
        return logDensity(x, encodedMean(x), encodedVariance());
    }

    /** Returns E_q[ln p(x|z)]. */
    double meanLogProbability(double[] x) {
        double spread = IntStream.range(0, 2)
                .mapToDouble(j -> norm(j) * encodedVariance()[j])
                .sum();
        return logDensity(x, encodedMean(x), new double[2]) - spread / (2 * DEVIATION * DEVIATION);
    }

    /** Returns KL(q(z|x)‖p(z|x)), the gap between bound and likelihood. */
    double gap(double[] x) {
        return IntStream.range(0, 2)
                .mapToDouble(j -> {
                    double difference = (meanFactor - 1) * posteriorMean(x, j);
                    return 0.5
                            * (varianceFactor
                                    + difference * difference / posteriorVariance(j)
                                    - 1
                                    - Math.log(varianceFactor));
                })
                .sum();
    }
}
