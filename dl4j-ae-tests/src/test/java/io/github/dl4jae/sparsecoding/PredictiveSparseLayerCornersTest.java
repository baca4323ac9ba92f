package io.github.dl4jae.sparsecoding;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.Surrounded;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

class PredictiveSparseLayerCornersTest {

    @DefaultType(DataType.DOUBLE)
    @Test
    void gradientBelowAFrozenLayerWithDropout_isThatOfTheScore() {
        PredictiveSparseLayer layer =
                new PredictiveSparseLayer.Builder().nIn(4).nOut(3).dropOut(0.5).build();
        MultiLayerNetwork network = Surrounded.network(5, 4, new FrozenLayerWithBackprop(layer), 3, 2);
        Nd4j.getRandom().setSeed(6);
        requireGradient(
                network,
                Nd4j.rand(DataType.DOUBLE, 4, 5),
                Nd4j.rand(DataType.DOUBLE, 4, 2),
                "1_W",
                "1_b",
                "1_g",
                "1_D");
    }

    @Test
    void activation_isRefused() {
        PredictiveSparseLayer.Builder builder = new PredictiveSparseLayer.Builder();
        builder.nIn(4).nOut(3).activation(Activation.RELU);
        assertThatThrownBy(builder::build)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("PredictiveSparseLayer: activation must not be set, got relu")
                .hasMessageContaining("the encoder is g ⊙ tanh(x·W + b)");
    }

    /**
     * The step is 1/L with L from the largest eigenvalue of D·Dᵀ. Here L = 25, and the vector (1, 1.01), a possible
     * start of a power iteration, is the eigenvector of the other eigenvalue, 1. D is symmetric, so without sparsity
     * z* = x·D⁻¹.
     */
    @Test
    void codes_whereAPowerIterationWouldFindASmallerEigenvalue_areOptimal() {
        double length = Math.sqrt(1 + 1.01 * 1.01);
        INDArray small = Nd4j.createFromArray(new double[][] {{1 / length, 1.01 / length}});
        INDArray large = Nd4j.createFromArray(new double[][] {{1.01 / length, -1 / length}});
        INDArray dictionary =
                large.transpose().mmul(large).mul(5).add(small.transpose().mmul(small));
        INDArray inverse =
                large.transpose().mmul(large).mul(0.2).add(small.transpose().mmul(small));
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2}, {-3, 0.5}});

        INDArray codes = new SparseInference(0, 0, 10_000, 1e-14).infer(x, dictionary, null);

        assertThat(codes.isNaN().any()).isFalse();
        assertThat(codes.distance2(x.mmul(inverse))).isCloseTo(0, within(1e-8));
    }
}
