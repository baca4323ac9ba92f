package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a variational autoencoder while it trains: what each latent carries, whether the posterior has collapsed, and, once, whether the loss
 * goes with a Kullback-Leibler term at all.
 *
 * <pre>{@code
 * network.setListeners(new LatentListener("z", 100));
 * }</pre>
 *
 * <p>Reports go to the log at level info, or to a consumer; warnings go to the log at level warn, each at most once. Not to be shared between
 * networks.
 *
 * @see LatentReport
 * @see LossReduction
 */
public final class LatentListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(LatentListener.class);

    private final String layer;
    private final int every;
    private final Consumer<LatentReport> consumer;
    private int iterations;
    private boolean collapseReported;

    /**
     * Reports to the log.
     *
     * @param layer the name of the {@link GaussianLatentLayer}
     * @param every how many minibatches lie between two reports, at least 1
     */
    public LatentListener(String layer, int every) {
        this(layer, every, report -> log.info("{}: {}", layer, report));
    }

    /**
     * Reports to a consumer.
     *
     * @param layer the name of the {@link GaussianLatentLayer}
     * @param every how many minibatches lie between two reports, at least 1
     * @param consumer gets the report of every so many-th minibatch, on the training thread
     * @throws IllegalArgumentException if {@code every} is below 1
     * @throws NullPointerException if the consumer is null
     */
    public LatentListener(String layer, int every, Consumer<LatentReport> consumer) {
        if (every < 1) {
            throw new IllegalArgumentException(
                    "LatentListener: every must be at least 1, got " + every + "; 100 minibatches are usual");
        }
        this.layer = layer;
        this.every = every;
        this.consumer = Objects.requireNonNull(
                consumer, "LatentListener: a consumer must be given, got null; leave it out for the log");
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        GaussianLatentLayerImpl latents = find(model);
        if (iterations == 0) {
            LossReduction.warning(model).ifPresent(log::warn);
        }
        iterations++;
        if (iterations % every == 0) {
            LatentReport report = new LatentReport(latents.divergencePerLatent());
            consumer.accept(report);
            warnOfCollapse(report);
        }
    }

    private void warnOfCollapse(LatentReport report) {
        if (report.isCollapsed() && !collapseReported) {
            log.warn(
                    "{}: posterior collapse: none of {} latents carries more than {} nats, the decoder ignores the code;"
                            + " let beta rise from 0 (LinearSchedule), give free bits, or lower beta",
                    layer,
                    report.perLatent().length,
                    LatentReport.ACTIVE);
            collapseReported = true;
        }
    }

    private GaussianLatentLayerImpl find(Model model) {
        Layer found = NetworkLayers.find(model, layer).orElse(null);
        if (found instanceof GaussianLatentLayerImpl latents) {
            return latents;
        }
        throw new IllegalArgumentException("LatentListener: layer must name a GaussianLatentLayer of the network, got '"
                + layer + "'; its layers are " + NetworkLayers.names(model));
    }
}
