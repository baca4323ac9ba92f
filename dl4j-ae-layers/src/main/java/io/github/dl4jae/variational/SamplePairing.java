package io.github.dl4jae.variational;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;

/**
 * Brings together a latent layer that draws several codes per example and the loss layer that weights them.
 *
 * <p>How it works: Deeplearning4j tells a layer nothing about the network around it, and a stock output layer would fail with a message about
 * shapes. But a network makes its layers one after the other on one thread, in the order in which they were declared. So the one that is made first is noted here,
 * and the other takes the note away.
 */
final class SamplePairing {

    private static final ThreadLocal<SamplePairing> OF_THREAD = ThreadLocal.withInitial(SamplePairing::new);

    private final List<WeakReference<GaussianLatentLayerImpl>> latentLayers = new ArrayList<>();
    private WeakReference<MultiSampleLossLayerImpl> lossLayer = new WeakReference<>(null);

    private SamplePairing() {}

    static void made(GaussianLatentLayerImpl layer) {
        SamplePairing pairing = OF_THREAD.get();
        if (pairing.lossLayer.get() != null) {
            layer.pair();
            OF_THREAD.remove();
            return;
        }
        pairing.latentLayers.removeIf(reference -> reference.get() == null);
        pairing.latentLayers.add(new WeakReference<>(layer));
    }

    static void made(MultiSampleLossLayerImpl layer) {
        SamplePairing pairing = OF_THREAD.get();
        if (pairing.latentLayers.isEmpty()) {
            pairing.lossLayer = new WeakReference<>(layer);
            return;
        }
        for (WeakReference<GaussianLatentLayerImpl> reference : pairing.latentLayers) {
            GaussianLatentLayerImpl latents = reference.get();
            if (latents != null) {
                latents.pair();
            }
        }
        OF_THREAD.remove();
    }
}
