package io.github.dl4jae.variational;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Tells a latent layer that draws several codes per example whether its network has the loss layer that weights them.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it, and a stock output layer would fail with a message about
 * shapes. But a network makes its layers one after the other on one thread, in the order in which they were declared, and sets the iteration count of each when all
 * are there. So layers are noted here as they are made, and forgotten with the first such count.
 */
final class SamplePairing {

    private static final ThreadLocal<SamplePairing> OF_THREAD = ThreadLocal.withInitial(SamplePairing::new);

    /** Weak, as a network that could not be made to its end leaves them here. */
    private final List<WeakReference<GaussianLatentLayerImpl>> latentLayers = new ArrayList<>();

    private boolean hasLossLayer;

    private SamplePairing() {}

    static void made(GaussianLatentLayerImpl layer) {
        SamplePairing pairing = OF_THREAD.get();
        pairing.latentLayers.add(new WeakReference<>(layer));
        pairing.pair();
    }

    static void madeLossLayer() {
        SamplePairing pairing = OF_THREAD.get();
        pairing.hasLossLayer = true;
        pairing.pair();
    }

    /** All layers of the network are made. */
    static void complete() {
        OF_THREAD.remove();
    }

    private void pair() {
        if (hasLossLayer) {
            for (WeakReference<GaussianLatentLayerImpl> reference : latentLayers) {
                GaussianLatentLayerImpl layer = reference.get();
                if (layer != null) {
                    layer.pair();
                }
            }
        }
    }
}
