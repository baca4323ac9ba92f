package io.github.dl4jae.selection;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Tables without rows. */
class FeatureSelectorCornersTest {

    static Stream<FeatureSelector> selectors() {
        return SelectionTables.selectors();
    }

    @ParameterizedTest
    @MethodSource("selectors")
    void everySelector_refusesNoExamples(FeatureSelector selector) {
        String name = selector.getClass().getSimpleName();
        assertThatThrownBy(() -> selector.select(Nd4j.create(DataType.DOUBLE, 0, 5), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": examples must be [N, d] with at least one row and column, got [0, 5]");
        assertThatThrownBy(() -> selector.select(Nd4j.empty(DataType.DOUBLE), 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("with at least one row and column, got []");
        assertThatThrownBy(() -> selector.select((INDArray) null, 2))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(name + ": examples must be given, got null; pass an array [N, d]");
    }

    @Test
    void linearReconstruction_refusesNoExamples() {
        assertThatThrownBy(() -> LinearReconstruction.fit(Nd4j.create(DataType.DOUBLE, 0, 5), 1))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("LinearReconstruction: examples must be [N, d] with at least one row and column,"
                        + " got [0, 5]");
    }

    @Test
    void supervisedHead_refusesNoExamples() {
        SupervisedHead head = new SupervisedHead(
                new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new OutputLayer.Builder(new LossMCXENT())
                                .nIn(3)
                                .nOut(2)
                                .activation(Activation.SOFTMAX)
                                .build())
                        .build(),
                1,
                4,
                1);
        INDArray none = Nd4j.create(DataType.FLOAT, 0, 3);
        INDArray noLabels = Nd4j.create(DataType.FLOAT, 0, 2);

        assertThatThrownBy(() -> head.classify(none, noLabels, none, noLabels))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("SupervisedHead: examples must be [N, d] with at least one row and column");
    }
}
