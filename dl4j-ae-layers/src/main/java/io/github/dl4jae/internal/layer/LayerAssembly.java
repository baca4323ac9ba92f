package io.github.dl4jae.internal.layer;

import io.github.dl4jae.internal.runtime.Startup;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Wires the implementation of a layer, as Deeplearning4j expects it from {@code instantiate}. */
public final class LayerAssembly {

    private LayerAssembly() {}

    /**
     * Sets listeners, index, parameters and configuration of a layer.
     *
     * @param layer a new implementation
     * @param conf as passed to {@code instantiate}
     * @param listeners as passed to {@code instantiate}
     * @param index as passed to {@code instantiate}
     * @param parameters the view of the layer's parameters; null if it has none
     * @param initialize whether to give the parameters their first values
     * @param <L> the implementation
     * @return the layer
     */
    public static <L extends Layer> L assemble(
            L layer,
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int index,
            INDArray parameters,
            boolean initialize) {
        Startup.atFirstUse();
        layer.setListeners(listeners);
        layer.setIndex(index);
        layer.setParamsViewArray(parameters);
        layer.setParamTable(conf.getLayer().initializer().init(conf, parameters, initialize));
        layer.setConf(conf);
        return layer;
    }
}
