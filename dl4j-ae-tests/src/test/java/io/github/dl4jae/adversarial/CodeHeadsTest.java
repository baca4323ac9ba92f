package io.github.dl4jae.adversarial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class CodeHeadsTest {

    private static final double STEP = 1e-6;
    private static final AdversarialMode MODE = new AdversarialMode.Clustering(3, 2);

    static Stream<CodePosterior> posteriors() {
        return Stream.of(new CodePosterior.Deterministic(), new CodePosterior.Noisy(0.4), new CodePosterior.Gaussian());
    }

    private static double weighted(double[][] codes, double[][] weights) {
        double sum = 0;
        for (int i = 0; i < codes.length; i++) {
            for (int j = 0; j < codes[i].length; j++) {
                sum += codes[i][j] * weights[i][j];
            }
        }
        return sum;
    }

    @ParameterizedTest
    @MethodSource("posteriors")
    void backward_ofEachPosterior_isTheSlopeOfTheCodes(CodePosterior posterior) {
        CodeHeads heads = new CodeHeads(MODE, posterior, 7);
        double[][] weights = {{0.3, -1, 2, 0.7, -0.2}, {1, 0.1, 0.4, -0.6, 1.5}};
        double[][] outputs = new double[2][heads.outputs()];
        for (int i = 0; i < 2; i++) {
            for (int j = 0; j < outputs[i].length; j++) {
                outputs[i][j] = Math.sin(1 + i * 10 + j);
            }
        }

        double[][] gradient = heads.backward(heads.draw(Nd4j.createFromArray(outputs), 5), weights);

        for (int j = 0; j < heads.outputs(); j++) {
            double value = outputs[1][j];
            outputs[1][j] = value + STEP;
            double up = weighted(heads.draw(Nd4j.createFromArray(outputs), 5).codes(), weights);
            outputs[1][j] = value - STEP;
            double down = weighted(heads.draw(Nd4j.createFromArray(outputs), 5).codes(), weights);
            outputs[1][j] = value;
            assertThat(gradient[1][j]).isCloseTo((up - down) / (2 * STEP), within(1e-8));
        }
    }

    @Test
    void crossEntropy_ofKnownLogits_hasLossAndSlopeOfTheFormula() {
        CodeHeads heads = new CodeHeads(MODE, new CodePosterior.Deterministic(), 0);
        double[] loss = new double[1];

        double[][] gradient =
                heads.crossEntropy(Nd4j.createFromArray(new double[][] {{1, 2, 3, 9, 9}}), new int[] {1}, loss);

        double sum = Math.exp(1) + Math.exp(2) + Math.exp(3);
        assertThat(loss[0]).isCloseTo(Math.log(sum) - 2, within(1e-12));
        assertThat(gradient[0])
                .containsExactly(
                        new double[] {Math.exp(1) / sum, Math.exp(2) / sum - 1, Math.exp(3) / sum, 0, 0},
                        within(1e-12));
    }

    @Test
    void means_haveProbabilitiesAndNoNoise() {
        INDArray codes = new CodeHeads(MODE, new CodePosterior.Noisy(0.5), 0)
                .means(Nd4j.createFromArray(new double[][] {{0, 0, 1000, 4, 5}}));

        assertThat(codes.toDoubleVector()).containsExactly(0, 0, 1, 4, 5);
    }

    @Test
    void noise_ofTheNoisyPosterior_hasItsDeviation() {
        CodeHeads heads = new CodeHeads(new AdversarialMode.Unsupervised(2), new CodePosterior.Noisy(0.4), 3);

        INDArray codes = Nd4j.createFromArray(heads.draw(Nd4j.zeros(5000, 2), 1).codes());

        assertThat(codes.std(0).toDoubleVector()).containsExactly(new double[] {0.4, 0.4}, within(0.02));
    }
}
