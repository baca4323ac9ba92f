package io.github.dl4jae.concrete;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.schedule.GeometricSchedule;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;

class SelectionListenerTest {

    private static final int BATCHES = 16;

    /** Columns 0 and 1 vary, 2 to 5 are zero: there is something to choose. */
    private static DataSetIterator data() {
        Nd4j.getRandom().setSeed(5);
        INDArray x = Nd4j.zeros(DataType.FLOAT, 16 * BATCHES, 6);
        x.getColumn(0).assign(Nd4j.randn(DataType.FLOAT, 16 * BATCHES));
        x.getColumn(1).assign(Nd4j.randn(DataType.FLOAT, 16 * BATCHES));
        return new ListDataSetIterator<>(new DataSet(x, x).asList(), 16);
    }

    private static MultiLayerNetwork network() {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.05))
                .list()
                .layer(new ConcreteSelectorLayer.Builder()
                        .name("selector")
                        .nIn(6)
                        .nOut(2)
                        .temperature(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.1, 20 * BATCHES))
                        .build())
                .layer(output(new LossMSE(), 2, 6, Activation.IDENTITY)));
    }

    @Test
    void training_endsWhenTheChoiceIsMade() {
        MultiLayerNetwork network = network();
        List<SelectorState> reports = new ArrayList<>();
        SelectionListener listener = new SelectionListener("selector", 10, 0.9, reports::add);
        network.setListeners(listener);
        network.fit(listener.untilConverged(data()), 100);

        assertThat(listener.isConverged()).isTrue();
        assertThat(network.getEpochCount()).as("epochs that are left are empty").isEqualTo(100);
        assertThat(network.getIterationCount()).isLessThan(50 * BATCHES);
        assertThat(reports.get(reports.size() - 1).meanConfidence()).isGreaterThanOrEqualTo(0.9);
        assertThat(reports.get(0).meanConfidence()).isLessThan(0.5);
        assertThat(SelectorState.of(network).selectedFeatures()).containsExactlyInAnyOrder(0, 1);
    }

    @Test
    void training_withoutTheIterator_goesOn() {
        MultiLayerNetwork network = network();
        SelectionListener listener = new SelectionListener("selector", 1, 1e-6, selection -> {});
        network.setListeners(listener);
        network.fit(data(), 2);

        assertThat(listener.isConverged()).isTrue();
        assertThat(network.getIterationCount()).isEqualTo(2 * BATCHES);
    }

    @Test
    void settings_outOfRange_areRefused() {
        assertThatThrownBy(() -> new SelectionListener("selector", 0))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("every must be at least 1, got 0");
        assertThatThrownBy(() -> new SelectionListener("selector", 1, 1.5, selection -> {}))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("threshold must be in (0, 1], got 1.5");
        MultiLayerNetwork network = network();
        network.setListeners(new SelectionListener("code", 1000));
        assertThatThrownBy(() -> network.fit(data()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got 'code'");
        assertThat(network.getIterationCount()).as("refused at once").isLessThanOrEqualTo(1);
        assertThatThrownBy(() -> new SelectionListener("selector", 1, 0.9, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("consumer must be given");
    }
}
