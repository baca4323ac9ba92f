package io.github.dl4jae;

import static io.github.dl4jae.SmallAutoencoders.base;
import static io.github.dl4jae.SmallAutoencoders.codePerTimeStep;
import static io.github.dl4jae.SmallAutoencoders.dense;
import static io.github.dl4jae.SmallAutoencoders.variational;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.factory.Nd4j;

class AutoencoderArgumentsTest {
    @ParameterizedTest
    @ValueSource(ints = {-1, 5})
    void codeLayer_outOfRange_isRefused(int index) {
        assertThatThrownBy(() -> Autoencoders.of(dense(), index))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codeLayer must be in [0, 4] (the network has 5 layers), got " + index);
    }

    @Test
    void codeLayer_unknownName_isRefusedWithTheNames() {
        assertThatThrownBy(() -> Autoencoders.of(dense(), "kode"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'kode'; its layers are [hidden, layer1, code");
    }

    @Test
    void codeLayer_withNothingBehind_isRefused() {
        assertThatThrownBy(() -> Autoencoders.of(dense(), 4))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have layers after it that decode, got 4");
    }

    @Test
    void network_withoutParameters_isRefused() {
        MultiLayerNetwork network =
                new MultiLayerNetwork(base().list().layer(variational()).build());

        assertThatThrownBy(() -> Autoencoders.of(network, 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("call init() on it");
    }

    @Test
    void arrays_ofTheWrongShape_areRefused() {
        Autoencoder autoencoder = Autoencoders.of(dense(), "code");

        assertThatThrownBy(() -> autoencoder.encode(Nd4j.ones(3, 11)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "Autoencoder: examples must have shape [N, 12], got [3, 11]; layer 'hidden' takes 12 values");
        assertThatThrownBy(() -> autoencoder.decode(Nd4j.ones(3, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must have shape [N, 6], got [3, 5]");
        assertThatThrownBy(() -> autoencoder.encode(Nd4j.ones(12)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("examples must have rank 2 or more")
                .hasMessageContaining("got shape [12]");
        assertThatThrownBy(() -> autoencoder.reconstruct(null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got null");
        assertThatThrownBy(() -> Autoencoders.of(codePerTimeStep(), "code").decode(Nd4j.ones(4, 2)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("codes must be sequences [N, code, time], got [4, 2]");
    }
}
