package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.ShapedParamInitializer;
import java.util.List;
import java.util.Map;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.weights.IWeightInit;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Initializes the only parameter, U. */
final class PseudoInputParamInitializer extends ShapedParamInitializer {

    static final PseudoInputParamInitializer INSTANCE = new PseudoInputParamInitializer();
    static final String PSEUDO_INPUTS = "U";

    private PseudoInputParamInitializer() {
        super(List.of(PSEUDO_INPUTS), List.of());
    }

    @Override
    protected Map<String, long[]> shapes(Layer configuration) {
        PseudoInputLayer layer = (PseudoInputLayer) configuration;
        return Map.of(PSEUDO_INPUTS, new long[] {layer.getPseudoInputs(), layer.getNIn()});
    }

    @Override
    protected void initialize(NeuralNetConfiguration conf, Map<String, INDArray> parameters, INDArray flat) {
        PseudoInputLayer layer = (PseudoInputLayer) conf.getLayer();
        layer.getWeightInitFn()
                .init(
                        (double) layer.getPseudoInputs(),
                        (double) layer.getNIn(),
                        parameter(parameters, PSEUDO_INPUTS).shape(),
                        IWeightInit.DEFAULT_WEIGHT_INIT_ORDER,
                        flat);
    }
}
