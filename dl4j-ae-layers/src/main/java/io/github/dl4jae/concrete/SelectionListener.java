package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.layer.Require;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A listener that reports the selection of a {@link ConcreteSelectorLayer} and can end the training when it converges.
 *
 * <pre>{@code
 * SelectionListener listener = new SelectionListener("selector", 100);
 * network.setListeners(listener);
 * network.fit(listener.untilConverged(iterator), epochs);       // ends early at a mean-max probability of 0.998
 * }</pre>
 *
 * <p>A listener cannot end Deeplearning4j's {@code fit}, but an exhausted iterator can. {@link #untilConverged} wraps
 * an iterator accordingly. The remaining epochs are then empty. Mini-batches that were prefetched are still trained on.
 *
 * <p>Reports go to the log at level info or to a consumer. Each report compares the mean over selectors of the largest
 * probability with a threshold. Default: {@link SelectorState#CONVERGED}.
 *
 * <p>Errors: no layer of that name in the network, at the first iteration.
 *
 * <p>When not to use it: for several networks at once. Each needs a listener of its own.
 */
public final class SelectionListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(SelectionListener.class);

    private final String layer;
    private final int every;
    private final double threshold;
    private final Consumer<SelectorState> consumer;
    private int iterations;
    private volatile boolean converged; // the prefetch thread reads it

    /**
     * Creates a listener that reports to the log and uses the threshold of the paper.
     *
     * @param layer the name of the {@link ConcreteSelectorLayer}
     * @param every the number of mini-batches between two reports, at least 1
     * @throws IllegalArgumentException if the layer is null or {@code every} is below 1
     */
    public SelectionListener(String layer, int every) {
        this(layer, every, SelectorState.CONVERGED, selection -> log.info("{}: {}", layer, selection));
    }

    /**
     * Creates a listener that reports to a consumer.
     *
     * @param layer the name of the {@link ConcreteSelectorLayer}
     * @param every the number of mini-batches between two reports, at least 1
     * @param threshold the mean-max probability of a converged selection, in (0, 1]
     * @param consumer receives the reports on the training thread
     * @throws IllegalArgumentException if the layer or the consumer is null, {@code every} is below 1 or the threshold
     *     is out of range
     */
    public SelectionListener(String layer, int every, double threshold, Consumer<SelectorState> consumer) {
        String subject = "SelectionListener";
        this.layer = Require.given(subject, "layer", layer, "pass the name of a ConcreteSelectorLayer");
        this.every = Require.atLeast(1, subject, "every", every, "100 mini-batches are usual");
        Require.that(
                threshold > 0 && threshold <= 1,
                subject,
                "threshold must be in (0, 1]",
                threshold,
                SelectorState.CONVERGED + " is usual");
        this.threshold = threshold;
        this.consumer = Require.given(subject, "consumer", consumer, "leave it out to report to the log");
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (iterations == 0) {
            SelectorState.of(model, layer); // refuses an unknown layer at the first iteration
        }
        iterations++;
        if (iterations % every == 0) {
            SelectorState selection = SelectorState.of(model, layer);
            converged = selection.meanConfidence() >= threshold;
            consumer.accept(selection);
        }
    }

    /**
     * Returns whether the selection had converged at the last report.
     *
     * @return true if the threshold was reached; false before the first report
     */
    public boolean isConverged() {
        return converged;
    }

    /**
     * Wraps an iterator so that it ends when the selection converges.
     *
     * @param iterator the training data
     * @return an iterator over the same mini-batches that ends at convergence
     * @throws IllegalArgumentException if the iterator is null
     */
    public DataSetIterator untilConverged(DataSetIterator iterator) {
        Require.given("SelectionListener", "iterator", iterator, "pass the training data");
        return new EarlyStopIterator(iterator, this::isConverged);
    }
}
