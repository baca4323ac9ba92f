package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.GateWeights;
import io.github.dl4jae.internal.kernel.GruCell;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;

/** The implementation of {@link FastGruLayer}. */
final class FastGruLayerImpl extends GatedLayerImpl<FastGruLayer> {

    FastGruLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType, passes((FastGruLayer) conf.getLayer(), dataType), false);
    }

    private static GatedPasses passes(FastGruLayer layer, DataType type) {
        int units = (int) layer.getNOut();
        IActivation activation = layer.getActivationFn();
        IActivation gate = layer.getGateActivationFn();
        if (!FastGatedPasses.supports(type, activation, gate)) {
            return new StepwiseGru(units, activation, gate);
        }
        return new FastGatedPasses(
                GruCell.kind(units, FastGatedPasses.elementwise(activation), FastGatedPasses.elementwise(gate)),
                GateWeights.ofGru((int) layer.getNIn(), units));
    }
}
