package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.GateWeights;
import io.github.dl4jae.internal.kernel.LstmCell;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;

/** The implementation of {@link FastLstmLayer}. */
final class FastLstmLayerImpl extends GatedLayerImpl<FastLstmLayer> {

    FastLstmLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType, passes((FastLstmLayer) conf.getLayer(), dataType), true);
    }

    private static GatedPasses passes(FastLstmLayer layer, DataType type) {
        int units = (int) layer.getNOut();
        IActivation activation = layer.getActivationFn();
        IActivation gate = layer.getGateActivationFn();
        if (!FastGatedPasses.supports(type, activation, gate)) {
            return new StepwiseLstm(units, activation, gate);
        }
        return new FastGatedPasses(
                LstmCell.kind(units, FastGatedPasses.elementwise(activation), FastGatedPasses.elementwise(gate)),
                GateWeights.ofLstm((int) layer.getNIn(), units));
    }
}
