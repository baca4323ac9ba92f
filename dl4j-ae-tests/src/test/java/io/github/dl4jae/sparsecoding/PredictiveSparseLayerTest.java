package io.github.dl4jae.sparsecoding;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.RealImages;
import io.github.dl4jae.pretraining.GreedyLayerwisePretrainer;
import io.github.dl4jae.pretraining.PretrainingListener;
import io.github.dl4jae.testing.LayerContract;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Sgd;

@Tag("slow")
class PredictiveSparseLayerTest {

    @Test
    void contract_withExactInference_holds() {
        LayerContract.verify(new PredictiveSparseLayer.Builder()
                .nOut(4)
                .sparsity(0.2)
                .inference(1_000, 1e-10)
                .build());
        LayerContract.of(new PredictiveSparseLayer.Builder()
                        .nOut(7)
                        .sparsity(0.05)
                        .coupling(0.5)
                        .inference(1_000, 1e-10)
                        .build())
                .verifyPretraining();
    }

    /** Orthonormal atoms decouple: z_j = shrink(⟨x, d_j⟩ + αp_j, λ/2)/(1 + α). */
    @Test
    void codes_inAnOrthonormalDictionary_areShrunk() {
        INDArray x = Nd4j.createFromArray(new double[][] {{3, -0.2, -2}});
        INDArray p = Nd4j.createFromArray(new double[][] {{1, 0, -1}});

        INDArray z =
                new SparseInference(1, 0.5, 1_000, 1e-14).infer(x, Nd4j.eye(3).castTo(DataType.DOUBLE), p);

        assertThat(z.getDouble(0)).isCloseTo((3 + 0.5 - 0.5) / 1.5, within(1e-9));
        assertThat(z.getDouble(1)).isZero();
        assertThat(z.getDouble(2)).isCloseTo((-2 - 0.5 + 0.5) / 1.5, within(1e-9));
        assertThat(new SparseInference(1, 0, 10, 0)
                        .infer(x, Nd4j.zeros(DataType.DOUBLE, 2, 3), null)
                        .toDoubleMatrix()[0])
                .containsOnly(0);
    }

    /** At the optimum, the gradient of the smooth part is −λ·sign(z) where z is not 0, and within ±λ elsewhere. */
    @Test
    void codes_inAnyDictionary_areOptimal() {
        Nd4j.getRandom().setSeed(4);
        double lambda = 0.4;
        double alpha = 0.2;
        INDArray x = Nd4j.randn(DataType.DOUBLE, 5, 6);
        INDArray D = Nd4j.randn(DataType.DOUBLE, 12, 6);
        INDArray p = Nd4j.randn(DataType.DOUBLE, 5, 12).muli(0.1);

        INDArray z = new SparseInference(lambda, alpha, 100_000, 1e-14).infer(x, D, p);

        INDArray gradient =
                z.mmul(D).sub(x).mmul(D.transpose()).mul(2).add(z.sub(p).mul(2 * alpha));
        int zeros = 0;
        for (int i = 0; i < z.length(); i++) {
            double code = z.getDouble(i);
            if (code == 0) {
                zeros++;
                assertThat(Math.abs(gradient.getDouble(i))).isLessThanOrEqualTo(lambda + 1e-9);
            } else {
                assertThat(gradient.getDouble(i)).isCloseTo(-lambda * Math.signum(code), within(1e-8));
            }
        }
        assertThat(zeros).isBetween(5, 55);
    }

    private static MultiLayerNetwork network(IUpdater updater, int... sizes) {
        NeuralNetConfiguration.ListBuilder layers =
                new NeuralNetConfiguration.Builder().seed(2).updater(updater).list();
        for (int i = 1; i < sizes.length; i++) {
            layers.layer(new PredictiveSparseLayer.Builder()
                    .nIn(sizes[i - 1])
                    .nOut(sizes[i])
                    .sparsity(0.3)
                    .build());
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(new Sgd(0.01), new Adam(1e-3));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void pretraining_onRealImages_lowersTheEnergyEpochByEpoch(IUpdater updater) {
        LabeledImages images = RealImages.mnistTrain().first(500);
        INDArray centered =
                images.features().sub(images.features().mean(true, 0).broadcast(500, 784));
        MultiLayerNetwork network = network(updater, 784, 64, 16);
        List<Double> scores = new ArrayList<>();
        new GreedyLayerwisePretrainer.Builder(network)
                .epochs(4, 1)
                .listener(new PretrainingListener() {
                    @Override
                    public void epochDone(int layer, int epoch, double meanScore) {
                        if (layer == 0) {
                            scores.add(meanScore);
                        }
                    }
                })
                .build()
                .fit(new ListDataSetIterator<>(new DataSet(centered, centered).asList(), 50));

        assertThat(scores).hasSize(4).isSortedAccordingTo((a, b) -> Double.compare(b, a));
        assertThat(network.getParam("0_D").norm2(1).maxNumber().doubleValue()).isLessThanOrEqualTo(1 + 1e-5);
        assertThat(network.output(centered).shape()).containsExactly(500, 16);
        // the encoder predicts most of the codes that it is trained on
        INDArray h = network.feedForwardToLayer(0, centered).get(1);
        INDArray z = new SparseInference(0.3, 1, 500, 1e-6).infer(centered, network.getParam("0_D"), h);
        assertThat(z.sub(h).norm2Number().doubleValue())
                .isLessThan(0.7 * z.norm2Number().doubleValue());
        assertThat(zeros(new SparseInference(3, 1, 500, 1e-6).infer(centered, network.getParam("0_D"), h)))
                .isGreaterThan(zeros(z) + 0.2);
    }

    private static double zeros(INDArray codes) {
        return codes.eq(0).castTo(DataType.FLOAT).meanNumber().doubleValue();
    }

    @Test
    void settings_thatCannotBe_areRefused() {
        assertThatThrownBy(
                        () -> new PredictiveSparseLayer.Builder().sparsity(-1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("sparsity must be at least 0");
        assertThatThrownBy(() -> new PredictiveSparseLayer.Builder().coupling(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("coupling must be above 0");
        assertThatThrownBy(() ->
                        new PredictiveSparseLayer.Builder().inference(0, 1).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("steps must be at least 1");
        assertThatThrownBy(() -> new SparseInference(1, 0, 1, 0).infer(Nd4j.ones(1, 3), Nd4j.ones(2, 2), null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got [1, 3] and [2, 2]");
        assertThatThrownBy(() -> network(new Sgd(1), 3, 2).output(Nd4j.ones(1, 4)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("must have the shape [batch, 3], got [1, 4]");
        assertThat(new PredictiveSparseLayer.Builder().nIn(2).nOut(2).build())
                .isEqualTo(new PredictiveSparseLayer.Builder().nIn(2).nOut(2).build())
                .isNotEqualTo(new PredictiveSparseLayer.Builder()
                        .nIn(2)
                        .nOut(2)
                        .sparsity(2)
                        .build())
                .isNotEqualTo(new PredictiveSparseLayer.Builder()
                        .nIn(2)
                        .nOut(2)
                        .coupling(2)
                        .build())
                .isNotEqualTo(new PredictiveSparseLayer.Builder()
                        .nIn(2)
                        .nOut(2)
                        .inference(3, 0)
                        .build());
    }
}
