package io.github.dl4jae.anomaly;

import io.github.dl4jae.dense.FastDenseLayer;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Sgd;

/** Deep SVDD with φ(x) = xW in float64, by loops over doubles. */
final class LinearEncoder {

    private LinearEncoder() {}

    static MultiLayerConfiguration configuration(int inputs, int outputs, double rate, double weightDecay) {
        return new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(rate))
                .l2(weightDecay)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("code")
                        .nIn(inputs)
                        .nOut(outputs)
                        .hasBias(false)
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
    }

    static double[][] weights(MultiLayerNetwork network) {
        return network.getParam("0_W").toDoubleMatrix();
    }

    static double[][] initialWeights(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration.clone());
        network.init();
        return weights(network);
    }

    static double[] code(double[] x, double[][] W) {
        double[] code = new double[W[0].length];
        Arrays.setAll(code, k -> {
            double sum = 0;
            for (int j = 0; j < x.length; j++) {
                sum += x[j] * W[j][k];
            }
            return sum;
        });
        return code;
    }

    static double[] center(INDArray X, double[][] W, double margin) {
        double[][] x = X.toDoubleMatrix();
        double[] c = new double[W[0].length];
        Arrays.setAll(c, k -> {
            double mean = Arrays.stream(x)
                    .mapToDouble(row -> code(row, W)[k])
                    .average()
                    .orElseThrow();
            return Math.abs(mean) >= margin ? mean : mean < 0 ? -margin : margin;
        });
        return c;
    }

    static double[] distances(INDArray X, double[][] W, double[] c) {
        return Arrays.stream(X.toDoubleMatrix())
                .mapToDouble(row -> {
                    double[] code = code(row, W);
                    double sum = 0;
                    for (int k = 0; k < c.length; k++) {
                        sum += (code[k] - c[k]) * (code[k] - c[k]);
                    }
                    return sum;
                })
                .toArray();
    }

    /** One step of gradient descent on factor/n Σ_{i: d_i > R²} ‖x_i W − c‖² + λ/2 ‖W‖². */
    static double[][] step(
            INDArray X, double[][] W, double[] c, double squaredRadius, double factor, double rate, double decay) {
        double[][] x = X.toDoubleMatrix();
        double[] d = distances(X, W, c);
        double[][] after = new double[W.length][c.length];
        for (int j = 0; j < W.length; j++) {
            for (int k = 0; k < c.length; k++) {
                double gradient = decay * W[j][k];
                for (int i = 0; i < x.length; i++) {
                    gradient += d[i] > squaredRadius ? 2 * factor / x.length * (code(x[i], W)[k] - c[k]) * x[i][j] : 0;
                }
                after[j][k] = W[j][k] - rate * gradient;
            }
        }
        return after;
    }
}
