package io.github.dl4jae.variational;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings together a latent layer that draws several codes per example and the loss layer that weights them.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it, and a stock output layer would fail with a message about
 * shapes. But a network makes its layers one after the other on one thread, the loss layer behind what it depends on. So a
 * latent layer that is made is noted here, and the next loss layer made on the same thread takes the note away and tells the latent layer.
 */
final class SamplePairing {

    private static final ThreadLocal<List<WeakReference<GaussianLatentLayerImpl>>> WAITING =
            ThreadLocal.withInitial(ArrayList::new);

    private SamplePairing() {}

    static void awaitLossLayer(GaussianLatentLayerImpl layer) {
        List<WeakReference<GaussianLatentLayerImpl>> waiting = WAITING.get();
        waiting.removeIf(reference -> reference.get() == null);
        waiting.add(new WeakReference<>(layer));
    }

    static void lossLayerIsThere() {
        for (WeakReference<GaussianLatentLayerImpl> reference : WAITING.get()) {
            GaussianLatentLayerImpl layer = reference.get();
            if (layer != null) {
                layer.pair();
            }
        }
        WAITING.remove();
    }
}
