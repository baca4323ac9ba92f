package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training listener that reports the KL divergence per latent dimension and warns of posterior collapse. At the first
 * iteration it also warns if the loss is a mean over features, which makes β too large.
 *
 * <pre>{@code
 * network.setListeners(new LatentListener("z", 100));
 * }</pre>
 *
 * <p>Reports go to the log at level info, or to a consumer. Warnings go to the log at level warn, each at most once. A
 * listener counts mini-batches and must not be shared between networks.
 *
 * <p>Errors: at the first iteration, {@code IllegalArgumentException} if the network has no latent layer of that name.
 *
 * @see LatentReport
 */
public final class LatentListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(LatentListener.class);

    private final String layer;
    private final int every;
    private final Consumer<LatentReport> consumer;
    private int iterations;
    private boolean collapseReported;

    /**
     * Creates a listener that reports to the log.
     *
     * @param layer name of the {@link GaussianLatentLayer}
     * @param every number of mini-batches from one report to the next, at least 1
     * @throws IllegalArgumentException if the name is null or {@code every} is below 1
     */
    public LatentListener(String layer, int every) {
        this(layer, every, report -> log.info("{}: {}", layer, report));
    }

    /**
     * Creates a listener that reports to a consumer.
     *
     * @param layer name of the {@link GaussianLatentLayer}
     * @param every number of mini-batches from one report to the next, at least 1
     * @param consumer receives the reports, on the training thread
     * @throws IllegalArgumentException if an argument is null or {@code every} is below 1
     */
    public LatentListener(String layer, int every, Consumer<LatentReport> consumer) {
        this.layer = Require.given("LatentListener", "layer", layer, "pass the name of the GaussianLatentLayer");
        this.every = Require.atLeast(1, "LatentListener", "every", every, "start with 100 mini-batches");
        this.consumer = Require.given("LatentListener", "consumer", consumer, "omit it to report to the log");
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        GaussianLatentLayerImpl latents = find(model);
        if (iterations == 0) {
            LossReduction.warning(model).ifPresent(log::warn);
        }
        iterations++;
        if (iterations % every == 0) {
            LatentReport report = new LatentReport(Objects.requireNonNull(latents.divergencePerLatent()));
            consumer.accept(report);
            warnOfCollapse(report);
        }
    }

    private void warnOfCollapse(LatentReport report) {
        if (report.isCollapsed() && !collapseReported) {
            log.warn(
                    "{}: posterior collapse: none of {} latents has a KL divergence above {} nats, the decoder ignores"
                            + " the code; warm up beta from 0 (LinearSchedule), set freeBits, or lower beta",
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
