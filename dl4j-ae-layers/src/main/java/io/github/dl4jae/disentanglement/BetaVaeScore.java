package io.github.dl4jae.disentanglement;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;

/**
 * The β-VAE score: can a linear classifier tell which factor pairs of examples agree in from how their codes differ?
 *
 * <pre>
 * for each point: draw a factor k and 64 pairs of examples that agree in it; feature = mean over pairs of |z_1 − z_2|/σ
 * score = accuracy of a softmax regression from 1,000 such points to k, on 500 other points        σ: deviation of each latent
 * </pre>
 *
 * Between 1/K (chance) and 1. Easier to pass than the other scores: a factor may be spread over several latents.
 *
 * @see <a href="https://openreview.net/forum?id=Sy2fzU9gl">Higgins et al. 2017</a>
 */
public final class BetaVaeScore {

    private static final int TRAIN = 1000;
    private static final int TEST = 500;
    private static final int PAIRS = 64;
    private static final int STEPS = 500;

    private BetaVaeScore() {}

    /**
     * Evaluates the score.
     *
     * @param codes {@code [N, n]}, usually posterior means
     * @param factors of the same N examples
     * @param seed decides the pairs
     * @return an accuracy
     * @throws IllegalArgumentException if there is not one code per example
     */
    public static double of(INDArray codes, Factors factors, long seed) {
        double[][] rows = factors.requireCodes("BetaVaeScore", codes);
        FactorSampler sampler = new FactorSampler(factors, seed);
        int n = rows[0].length;
        double[] deviations = new double[n];
        for (int j = 0; j < n; j++) {
            deviations[j] = Math.sqrt(Factors.variance(Factors.column(rows, j)));
        }
        INDArray features = Nd4j.zeros(DataType.FLOAT, TRAIN + TEST, n);
        INDArray targets = Nd4j.zeros(DataType.FLOAT, TRAIN + TEST, factors.count());
        int[] answers = new int[TRAIN + TEST];
        for (int point = 0; point < TRAIN + TEST; point++) {
            answers[point] = sampler.anyFactor();
            targets.putScalar(point, answers[point], 1);
            double[] differences = new double[n];
            for (int pair = 0; pair < PAIRS; pair++) {
                int[] two = sampler.agreeingIn(answers[point], 2);
                for (int j = 0; j < n; j++) {
                    differences[j] += Math.abs(rows[two[0]][j] - rows[two[1]][j]) / PAIRS;
                }
            }
            for (int j = 0; j < n; j++) {
                features.putScalar(point, j, deviations[j] > 0 ? differences[j] / deviations[j] : 0);
            }
        }
        return accuracy(features, targets, answers, seed);
    }

    private static double accuracy(INDArray features, INDArray targets, int[] answers, long seed) {
        MultiLayerNetwork classifier = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(seed)
                .updater(new Adam(0.05))
                .list()
                .layer(new OutputLayer.Builder(LossFunction.MCXENT)
                        .nIn(features.size(1))
                        .nOut(targets.size(1))
                        .activation(Activation.SOFTMAX)
                        .build())
                .build());
        classifier.init();
        INDArray train = features.get(NDArrayIndex.interval(0, TRAIN), NDArrayIndex.all());
        INDArray trainTargets = targets.get(NDArrayIndex.interval(0, TRAIN), NDArrayIndex.all());
        for (int step = 0; step < STEPS; step++) {
            classifier.fit(train, trainTargets);
        }
        int[] predicted = classifier.predict(features);
        int right = 0;
        for (int point = TRAIN; point < TRAIN + TEST; point++) {
            right += predicted[point] == answers[point] ? 1 : 0;
        }
        return (double) right / TEST;
    }
}
