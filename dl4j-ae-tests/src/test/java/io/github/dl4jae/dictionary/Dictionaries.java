package io.github.dl4jae.dictionary;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.NoOp;

/** Networks of one dictionary, and random data. */
final class Dictionaries {

    private Dictionaries() {}

    /** Returns an initialized network of one layer. */
    static MultiLayerNetwork network(DataType type, IUpdater updater, DictionaryLayer layer) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(7)
                .dataType(type)
                .updater(updater)
                .list()
                .layer((DictionaryLayer) layer.clone())); // training changes its counts
    }

    /** Returns a float64 network whose parameters are all random, so that no term of a gradient vanishes. */
    static MultiLayerNetwork random(DictionaryLayer layer) {
        MultiLayerNetwork network = network(DataType.DOUBLE, new NoOp(), layer);
        network.paramTable().forEach((name, parameter) -> {
            if (!name.equals("0_idle")) {
                parameter.addi(normal(name.hashCode(), DataType.DOUBLE, parameter.shape())
                        .muli(0.15));
            }
        });
        INDArray threshold = network.getParam("0_threshold");
        if (threshold != null) {
            threshold.assign(
                    normal(3, DataType.DOUBLE, threshold.shape()).muli(0.1).addi(0.4));
        }
        return network;
    }

    /** Returns numbers from the normal distribution. */
    static INDArray normal(long seed, DataType type, long... shape) {
        Random random = new Random(seed);
        double[] values = new double[Math.toIntExact(shape.length == 1 ? shape[0] : shape[0] * shape[1])];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextGaussian();
        }
        return Nd4j.createFromArray(values).reshape(shape).castTo(type);
    }

    /** Returns the parameters by the names of the layer. */
    static Map<String, INDArray> parameters(MultiLayerNetwork network) {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        network.paramTable().forEach((name, parameter) -> copies.put(name.substring(2), parameter.dup()));
        return copies;
    }

    /** The score of a training pass, the gradient of the input, and those of the parameters. */
    record Pass(double score, INDArray input, Map<String, INDArray> gradients) {}

    /** Computes gradients without an update. */
    static Pass backward(MultiLayerNetwork network, INDArray x, INDArray y, INDArray mask) {
        Pair<Gradient, INDArray> result = network.calculateGradients(x, y, null, mask);
        Map<String, INDArray> gradients = new LinkedHashMap<>();
        result.getFirst()
                .gradientForVariable()
                .forEach((name, gradient) -> gradients.put(name.substring(name.indexOf('_') + 1), gradient.dup()));
        INDArray input = result.getSecond().dup();
        network.setInput(x);
        network.setLabels(y);
        network.setLayerMaskArrays(null, mask);
        network.computeGradientAndScore();
        network.clearLayerMaskArrays();
        return new Pass(network.score(), input, gradients);
    }

    /** Requires loss and gradients of a naive computation. */
    static void requireEqual(Pass actual, NaiveDictionary expected, double tolerance) {
        assertThat(actual.score()).isCloseTo(expected.loss(), within(tolerance * Math.max(1, expected.loss())));
        assertThat(actual.gradients().keySet()).isEqualTo(expected.gradients().keySet());
        expected.gradients().forEach((name, gradient) -> {
            double size =
                    Math.max(1, Nd4j.createFromArray(gradient).amaxNumber().doubleValue());
            assertThatArray(actual.gradients().get(name).castTo(DataType.DOUBLE))
                    .as(name)
                    .isCloseTo(Nd4j.createFromArray(gradient), tolerance * size);
        });
    }
}
