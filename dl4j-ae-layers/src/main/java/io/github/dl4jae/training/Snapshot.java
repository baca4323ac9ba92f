package io.github.dl4jae.training;

import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** What an update changes: a copy of parameters, updater state and counts. */
record Snapshot(INDArray parameters, @Nullable INDArray updaterState, int iterations, int epochs) {

    static Snapshot of(NetworkAdapter network) {
        INDArray state = network.updaterState();
        return new Snapshot(
                network.params().dup(), state == null ? null : state.dup(), network.iterations(), network.epochs());
    }

    void restore(NetworkAdapter network) {
        network.params().assign(parameters);
        INDArray state = network.updaterState();
        if (state != null && updaterState != null) {
            state.assign(updaterState);
        }
        network.setCounts(iterations, epochs);
    }
}
