package io.github.dl4jae.concrete;

import java.util.Objects;
import java.util.function.Consumer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches a {@link ConcreteSelectorLayer} while it trains, and ends the training when its choice is made.
 *
 * <pre>{@code
 * SelectionListener listener = new SelectionListener("selector", 100);
 * network.setListeners(listener);
 * network.fit(listener.untilConverged(iterator), epochs);       // ends early at a mean-max probability of 0.998
 * }</pre>
 *
 * <p>Deeplearning4j's {@code fit} knows no listener that ends it. An iterator that has nothing more to give does: {@link #untilConverged} wraps one. Epochs that
 * are left are then empty. Where the iterator is read ahead, the few minibatches that were read already are trained on.
 *
 * <p>Reports go to the log at level info, or to a consumer. The choice is made when the mean over selectors of the largest probability reaches a threshold, {@link
 * SelectorState#CONVERGED} by default, and is compared at each report. Must not be shared between networks.
 */
public final class SelectionListener extends BaseTrainingListener {

    private static final Logger log = LoggerFactory.getLogger(SelectionListener.class);

    private final String layer;
    private final int every;
    private final double threshold;
    private final Consumer<SelectorState> consumer;
    private int iterations;
    private volatile boolean converged; // read by the thread that prefetches

    /**
     * Reports to the log, with the threshold of the paper.
     *
     * @param layer the name of the {@link ConcreteSelectorLayer}
     * @param every how many minibatches lie between two reports, at least 1
     */
    public SelectionListener(String layer, int every) {
        this(layer, every, SelectorState.CONVERGED, selection -> log.info("{}: {}", layer, selection));
    }

    /**
     * Reports to a consumer.
     *
     * @param layer the name of the {@link ConcreteSelectorLayer}
     * @param every how many minibatches lie between two reports, at least 1
     * @param threshold of the mean-max probability, in (0, 1]
     * @param consumer gets the reports, on the training thread
     * @throws IllegalArgumentException if {@code every} is below 1 or the threshold out of range
     * @throws NullPointerException if the consumer is null
     */
    public SelectionListener(String layer, int every, double threshold, Consumer<SelectorState> consumer) {
        if (every < 1) {
            throw new IllegalArgumentException(
                    "SelectionListener: every must be at least 1, got " + every + "; 100 minibatches are usual");
        }
        if (!(threshold > 0 && threshold <= 1)) {
            throw new IllegalArgumentException(
                    "SelectionListener: threshold must be in (0, 1], got " + threshold + "; 0.998 is usual");
        }
        this.layer = layer;
        this.every = every;
        this.threshold = threshold;
        this.consumer = Objects.requireNonNull(
                consumer, "SelectionListener: a consumer must be given, got null; leave it out for the log");
    }

    @Override
    public void iterationDone(Model model, int iteration, int epoch) {
        if (iterations == 0) {
            SelectorState.of(model, layer); // a layer that is not there shows at once
        }
        iterations++;
        if (iterations % every == 0) {
            SelectorState selection = SelectorState.of(model, layer);
            converged = selection.meanConfidence() >= threshold;
            consumer.accept(selection);
        }
    }

    /**
     * Whether the choice was made at the last report.
     *
     * @return false before the first
     */
    public boolean isConverged() {
        return converged;
    }

    /**
     * The same minibatches, up to the one at which the choice is made.
     *
     * @param iterator what to train on
     * @return an iterator on it that has nothing more to give from then on
     */
    public DataSetIterator untilConverged(DataSetIterator iterator) {
        return new EarlyStopIterator(iterator, this::isConverged);
    }
}
