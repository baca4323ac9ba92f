package io.github.dl4jae.testing;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.buffer.util.DataTypeUtil;
import org.nd4j.linalg.api.rng.Random;
import org.nd4j.linalg.factory.Nd4j;

/** Makes float64 ND4J's default while open; puts back the default types and the state of the random generator. */
final class GlobalState implements AutoCloseable {

    // first: it makes ND4J set its defaults, which can't be read before
    private final DataType floatingPointType = Nd4j.defaultFloatingPointType();
    private final DataType defaultType = DataTypeUtil.getDtypeFromContext();
    private final long rootState = Nd4j.getRandom().rootState();
    private final long nodeState = Nd4j.getRandom().nodeState();

    private GlobalState() {}

    static GlobalState float64() {
        GlobalState before = new GlobalState();
        Nd4j.setDefaultDataTypes(DataType.DOUBLE, DataType.DOUBLE);
        return before;
    }

    @Override
    public void close() {
        Nd4j.setDefaultDataTypes(defaultType, floatingPointType);
        Random random = Nd4j.getRandom();
        random.setStates(rootState, nodeState);
    }
}
