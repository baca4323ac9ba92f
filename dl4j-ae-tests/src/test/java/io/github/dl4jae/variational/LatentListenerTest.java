package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.variational.SmallModels.examples;
import static io.github.dl4jae.variational.SmallModels.layers;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.testing.CapturedLog;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class LatentListenerTest {

    private static MultiLayerNetwork network(ILossFunction loss) {
        return initialized(layers(DataType.FLOAT, new Sgd(0), new GaussianLatentLayer.Builder(), loss));
    }

    private static void fit(MultiLayerNetwork network, int times) {
        INDArray x = examples(DataType.FLOAT, 6);
        for (int i = 0; i < times; i++) {
            network.fit(x, x);
        }
    }

    @Test
    void reports_giveTheDivergenceOfEachLatent() {
        MultiLayerNetwork network = network(new LossBernoulli());
        List<LatentReport> reports = new ArrayList<>();
        network.setListeners(new LatentListener("z", 2, reports::add));
        fit(network, 5);
        assertThat(reports).hasSize(2);
        INDArray h = network.feedForward(examples(DataType.FLOAT, 6)).get(1);
        GaussianPosterior q = GaussianPosterior.compute(network.getLayer(1), h);
        assertThat(reports.get(0).perLatent()).containsExactly(q.divergencePerLatent(null), within(1e-6));
        assertThat(reports.get(0).total())
                .isCloseTo(Arrays.stream(q.divergence(null)).average().orElseThrow(), within(1e-6));
        assertThat(reports.get(0).toString()).startsWith("KL ").contains("of 3 latents active");
    }

    @Test
    void meanOverFeatures_isWarnedOfOnce() {
        MultiLayerNetwork network = network(new LossMSE());
        network.setListeners(new LatentListener("z", 100));
        String log = CapturedLog.of(() -> fit(network, 3));
        assertThat(log).containsOnlyOnce("LossMSE is a mean over features").contains("LossGaussian");
        assertThat(LossReduction.warning(network(new LossBernoulli()))).isEmpty();
    }

    @Test
    void collapse_isWarnedOfOnce() {
        MultiLayerNetwork network = network(new LossBernoulli());
        network.setParam("1_W", Nd4j.zeros(DataType.FLOAT, 4, 6));
        network.setListeners(new LatentListener(
                "z", 1, report -> assertThat(report.isCollapsed()).isTrue()));
        assertThat(CapturedLog.of(() -> fit(network, 3))).containsOnlyOnce("posterior collapse: none of 3 latents");
    }

    @Test
    void wrongArguments_areClearErrors() {
        assertThatThrownBy(() -> new LatentListener("z", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every must be at least 1, got 0");
        assertThatThrownBy(() -> new LatentListener("z", 1, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("consumer must be given");
        MultiLayerNetwork network = network(new LossBernoulli());
        network.setListeners(new LatentListener("layer0", 1));
        assertThatThrownBy(() -> fit(network, 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("layer must name a GaussianLatentLayer of the network, got 'layer0'");
    }
}
