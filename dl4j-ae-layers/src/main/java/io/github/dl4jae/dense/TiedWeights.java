package io.github.dl4jae.dense;

import java.lang.ref.WeakReference;
import java.util.HashMap;
import java.util.Map;
import org.nd4j.linalg.api.buffer.DataBuffer;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Finds the layer whose weights another one is to share.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it. But a network makes its layers one after the other on one
 * thread, in the order in which they were declared, and keeps all their parameters in one array. So layers are noted here by name as they are made; a
 * note counts for the layers whose parameters lie in the same array, so that networks are never mixed up.
 */
final class TiedWeights {

    private static final ThreadLocal<Map<String, WeakReference<FastDenseLayerImpl>>> OF_THREAD =
            ThreadLocal.withInitial(HashMap::new);

    private TiedWeights() {}

    static void made(String name, FastDenseLayerImpl layer) {
        if (name != null) {
            OF_THREAD.get().put(name, new WeakReference<>(layer));
        }
    }

    /**
     * The layer of a name.
     *
     * @param parameters of the layer that asks
     * @return null if the network has none that was made before
     */
    static FastDenseLayerImpl find(String name, INDArray parameters) {
        WeakReference<FastDenseLayerImpl> note = OF_THREAD.get().get(name);
        FastDenseLayerImpl layer = note == null ? null : note.get();
        return layer == null || memory(layer.params()) != memory(parameters) ? null : layer;
    }

    private static DataBuffer memory(INDArray view) {
        DataBuffer original = view.data().originalDataBuffer();
        return original == null ? view.data() : original;
    }
}
