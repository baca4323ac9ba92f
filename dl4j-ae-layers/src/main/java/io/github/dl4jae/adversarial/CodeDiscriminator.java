package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.inference.TrainingPass;
import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A discriminator of samples of a prior and codes, a network with one output, the logit D.
 *
 * <pre>
 * L_D = softplus(−D(p)) + softplus(D(c))        ∂/∂D(p) = σ(D) − 1,  ∂/∂D(c) = σ(D)
 * L_E = softplus(−D(c))                         ∂/∂D(c) = σ(D) − 1
 * </pre>
 */
final class CodeDiscriminator {

    private final TrainingPass network;
    /** The mean losses of the last step. */
    double loss;

    double encoderLoss;

    CodeDiscriminator(TrainingPass network) {
        this.network = network;
    }

    /** Takes a step of L_D. */
    void train(INDArray samples, INDArray codes) {
        int half = (int) samples.size(0);
        double[] logits = network.forward(Nd4j.concat(0, samples, codes))
                .reshape(2L * half)
                .toDoubleVector();
        loss = 0;
        double[] gradient = new double[2 * half];
        for (int i = 0; i < 2 * half; i++) {
            boolean real = i < half;
            loss += softplus(real ? -logits[i] : logits[i]) / half;
            gradient[i] = sigmoid(logits[i]) - (real ? 1 : 0);
        }
        network.backward(column(gradient, codes));
        network.update();
    }

    /** Returns ∂L_E/∂codes, a sum over rows. */
    INDArray deceive(INDArray codes) {
        double[] logits = network.forward(codes).reshape(codes.size(0)).toDoubleVector();
        encoderLoss = Arrays.stream(logits).map(d -> softplus(-d)).average().orElseThrow();
        return network.backward(
                column(Arrays.stream(logits).map(d -> sigmoid(d) - 1).toArray(), codes));
    }

    private static INDArray column(double[] values, INDArray like) {
        return Nd4j.createFromArray(values).castTo(like.dataType()).reshape(values.length, 1);
    }

    static double softplus(double x) {
        return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
    }

    static double sigmoid(double x) {
        double e = Math.exp(-Math.abs(x));
        return (x >= 0 ? 1 : e) / (1 + e);
    }
}
