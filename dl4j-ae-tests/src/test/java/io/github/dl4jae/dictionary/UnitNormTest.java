package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.Dictionaries.backward;
import static io.github.dl4jae.dictionary.Dictionaries.network;
import static io.github.dl4jae.dictionary.Dictionaries.normal;
import static io.github.dl4jae.dictionary.Dictionaries.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.fit;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.updater.FastAdam;
import java.util.stream.Stream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.learning.config.Sgd;

/** Decoder rows of length 1, with gradients projected on the sphere. */
class UnitNormTest {

    private static final int IN = 6;
    private static final int UNITS = 20;

    private static DictionaryLayer layer(DictionaryEncoder encoder, boolean unitNorm) {
        return new DictionaryLayer.Builder()
                .nIn(IN)
                .nOut(IN)
                .units(UNITS)
                .encoder(encoder)
                .unitNorm(unitNorm)
                .build();
    }

    static Stream<DictionaryEncoder> encoders() {
        return Stream.of(
                new TopKEncoder(3),
                new AbsTopKEncoder(3),
                new BatchTopKEncoder(3),
                new L1Encoder(0.2),
                new GatedEncoder(0.2),
                JumpReLUEncoder.step(0.2),
                JumpReLUEncoder.tanh(0.2),
                new MatchingPursuitEncoder(3));
    }

    @ParameterizedTest
    @MethodSource("encoders")
    void gradient_isTheProjectionOfTheFreeOne(DictionaryEncoder encoder) {
        MultiLayerNetwork bound = random(layer(encoder, true));
        MultiLayerNetwork free = random(layer(encoder, false));
        free.setParams(bound.params());
        INDArray x = normal(1, DataType.DOUBLE, 10, IN);

        INDArray projected = backward(bound, x, x, null).gradients().get("Wdec");
        INDArray whole = backward(free, x, x, null).gradients().get("Wdec");

        INDArray rows = bound.getParam("0_Wdec");
        INDArray directions = rows.divColumnVector(rows.norm2(true, 1));
        INDArray along = whole.mul(directions).sum(true, 1);
        assertThat(along.amaxNumber().doubleValue()).isGreaterThan(1e-3);
        assertThatArray(projected.mul(directions).sum(1)).isCloseTo(Nd4j.zeros(DataType.DOUBLE, UNITS), 1e-14);
        assertThatArray(projected).isCloseTo(whole.sub(directions.mulColumnVector(along)), 1e-14);
    }

    static Stream<IUpdater> updaters() {
        return Stream.of(new FastAdam(0.1), new Sgd(0.1), new Nesterovs(0.1, 0.9));
    }

    @ParameterizedTest
    @MethodSource("updaters")
    void rows_haveLengthOneAfterEveryUpdate(IUpdater updater) {
        MultiLayerNetwork network = network(DataType.FLOAT, updater, layer(new TopKEncoder(2), true));
        INDArray start = network.getParam("0_Wdec").dup();
        for (int i = 0; i < 5; i++) {
            INDArray x = normal(i, DataType.FLOAT, 4, IN);
            fit(network, new DataSet(x, x), 1);
            assertThatArray(network.getParam("0_Wdec").norm2(1)).isCloseTo(Nd4j.ones(DataType.FLOAT, UNITS), 1e-6);
        }
        assertThat(network.getParam("0_Wdec").sub(start).amaxNumber().doubleValue())
                .isGreaterThan(0.05);
    }
}
