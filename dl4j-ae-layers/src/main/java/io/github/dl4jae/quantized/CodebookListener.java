package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A training listener that reports usage and perplexity of a codebook after each epoch.
 *
 * <pre>{@code
 * network.setListeners(new CodebookListener("vq"));
 * }</pre>
 *
 * <p>Codes change during the epoch that it counts. {@link QuantizedModel#report} counts with fixed codes. A listener
 * must not be shared between networks.
 *
 * <p>Errors: at the first iteration, {@code IllegalArgumentException} if the network has no quantizer of that name.
 */
public final class CodebookListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(CodebookListener.class);

    private final String layer;
    private final Consumer<CodebookReport> consumer;
    private final CodeCounts counts = new CodeCounts();

    /**
     * Creates a listener that reports to the log.
     *
     * @param layer name of the quantizer
     * @throws IllegalArgumentException if it is null
     */
    public CodebookListener(String layer) {
        this(layer, report -> log.info("{}: {}", layer, report));
    }

    /**
     * Creates a listener that reports to a consumer.
     *
     * @param layer name of the quantizer
     * @param consumer receives the reports, on the training thread
     * @throws IllegalArgumentException if an argument is null
     */
    public CodebookListener(String layer, Consumer<CodebookReport> consumer) {
        this.layer = Require.given("CodebookListener", "layer", layer, "pass the name of the quantizer");
        this.consumer = Require.given("CodebookListener", "consumer", consumer, "omit it to report to the log");
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        CodedLayer quantizer = find(model);
        int[] indices = quantizer.lastIndices();
        if (indices != null) {
            counts.add(quantizer.table(), indices);
        }
    }

    @Override
    public void onEpochEnd(Model model) {
        CodebookReport report = counts.takeReport();
        if (report != null) {
            consumer.accept(report);
        }
    }

    private CodedLayer find(Model model) {
        Layer found = NetworkLayers.find(model, layer).orElse(null);
        if (found instanceof CodedLayer quantizer) {
            return quantizer;
        }
        throw new IllegalArgumentException("CodebookListener: layer must name a quantizer of the network, got '" + layer
                + "'; its layers are " + NetworkLayers.names(model));
    }
}
