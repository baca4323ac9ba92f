package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.RefusesNull.call;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.RefusesNull;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.Arguments;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.schedule.ISchedule;

class SelectorArgumentsTest implements RefusesNull {

    static Stream<Arguments> nulls() {
        return Stream.of(
                call("temperature must be given", () -> selector().temperature((ISchedule) null)),
                call("initialization must be given", () -> selector().initialization(null)),
                call("initialColumns must be given", () -> selector().initialColumns((int[]) null)),
                call("network must be a MultiLayerNetwork or a ComputationGraph", () -> SelectorState.of(null)),
                call("layer must be given", () -> SelectorState.of(network(selector(), 3, 2, DataType.FLOAT), null)),
                call("layer must be given", () -> new SelectionListener(null, 1)),
                call("consumer must be given", () -> new SelectionListener("selector", 1, 0.9, null)),
                call("iterator must be given", () -> new SelectionListener("selector", 1).untilConverged(null)));
    }

    @Test
    void initialColumns_ofSeveralCalls_addUp() {
        ConcreteSelectorLayer layer =
                selector().initialColumns(3, 1).initialColumns(2).nIn(4).nOut(3).build();
        assertThat(layer.getInitialColumns()).containsExactly(3, 1, 2);
    }

    @Test
    void initialColumns_changedOutside_stayInTheLayer() {
        int[] columns = {3, 1};
        ConcreteSelectorLayer layer =
                selector().initialColumns(columns).nIn(4).nOut(2).build();
        columns[0] = 0;
        layer.getInitialColumns()[1] = 0;
        assertThat(layer.getInitialColumns()).containsExactly(3, 1);
    }
}
