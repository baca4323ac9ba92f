package io.github.dl4jae.internal.layer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.contractive.EncoderContraction;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.dense.TransposedDenseLayer;
import io.github.dl4jae.likelihood.LossGaussian;
import java.util.List;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.factory.Nd4j;

/** The registry of parts of one network, and its one lifetime rule. */
class NetworkConstructionTest {

    @BeforeEach
    @AfterEach
    void noNetworkIsUnderConstruction() {
        NetworkConstruction.complete();
    }

    @Test
    void parts_ofOneConstruction_findEachOtherByType() {
        NetworkConstruction construction = NetworkConstruction.register("first");
        String late = "last";
        NetworkConstruction.register(late);
        NetworkConstruction.register(7);

        assertThat(construction.find(String.class)).containsExactly("first", "last");
        assertThat(construction).isSameAs(NetworkConstruction.current());
    }

    @Test
    void complete_beginsAnotherConstruction_andKeepsTheParts() {
        NetworkConstruction construction = NetworkConstruction.register("part");
        NetworkConstruction.complete();

        assertThat(NetworkConstruction.current().find(Object.class)).isEmpty();
        assertThat(construction.find(String.class)).containsExactly("part");
    }

    @Test
    void constructions_ofTwoThreads_areApart() throws InterruptedException {
        NetworkConstruction.register("here");
        List<?>[] there = new List<?>[1];
        Thread other = new Thread(() ->
                there[0] = NetworkConstruction.current().find(Object.class).toList());
        other.start();
        other.join();

        assertThat(there[0]).isEmpty();
    }

    @Test
    void network_onceInitialized_leavesNothingToTheNext() {
        network(
                encoder(),
                new TransposedDenseLayer.Builder("encoder").nIn(3).nOut(4).build());

        assertThat(NetworkConstruction.current().find(Object.class)).isEmpty();
        assertThatThrownBy(() -> network(
                        dense(4, 3),
                        new TransposedDenseLayer.Builder("encoder")
                                .nIn(3)
                                .nOut(4)
                                .build()))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("tiedTo must name a FastDenseLayer that was added to the network before");
    }

    @Test
    void network_afterOneThatFailed_isTiedToItsOwnLayers() {
        assertThatThrownBy(() -> network(
                        encoder(),
                        new TransposedDenseLayer.Builder("missing")
                                .nIn(3)
                                .nOut(4)
                                .build()))
                .isInstanceOf(DL4JInvalidConfigException.class);
        MultiLayerNetwork network = network(
                encoder(),
                new TransposedDenseLayer.Builder("encoder").nIn(3).nOut(4).build());
        network.setParam("0_b", Nd4j.zeros(1, 3));
        network.getLayer(0).getParam("W").assign(0);

        assertThat(network.output(Nd4j.ones(1, 4)).sumNumber().doubleValue()).isZero();
    }

    @Test
    void closingEnd_withoutItsOpening_isRefused() {
        List<Layer> ends = new EncoderContraction("c", 0.1).around(encoder());

        assertThatThrownBy(() -> network(ends.get(1), ends.get(2), dense(3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the closing end must follow an opening end of that name, got none");
    }

    @Test
    void closingEnd_ofAnOpeningThatIsClosed_isRefused() {
        List<Layer> ends = new EncoderContraction("c", 0.1).around(encoder());

        assertThatThrownBy(() -> network(ends.get(0), ends.get(1), ends.get(2), ends.get(2), dense(3, 4)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the closing end must follow an opening end of that name, got none");
    }

    private static FastDenseLayer encoder() {
        return new FastDenseLayer.Builder()
                .name("encoder")
                .nIn(4)
                .nOut(3)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static FastDenseLayer dense(int nIn, int nOut) {
        return new FastDenseLayer.Builder()
                .nIn(nIn)
                .nOut(nOut)
                .activation(Activation.IDENTITY)
                .build();
    }

    private static MultiLayerNetwork network(Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = new NeuralNetConfiguration.Builder()
                .seed(1)
                .dataType(DataType.DOUBLE)
                .activation(Activation.IDENTITY)
                .list();
        for (Layer layer : layers) {
            list.layer(layer);
        }
        MultiLayerConfiguration configuration = list.layer(new FastOutputLayer.Builder(new LossGaussian())
                        .nIn(4)
                        .nOut(4)
                        .build())
                .build();
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }
}
