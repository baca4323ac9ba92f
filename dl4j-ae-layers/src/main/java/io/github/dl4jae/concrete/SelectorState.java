package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the {@link ConcreteSelectorLayer} of a network has chosen, and how sure it is.
 *
 * <pre>{@code
 * int[] columns = SelectorState.of(network).selectedFeatures();
 * }</pre>
 *
 * <p>A selector's confidence is its largest probability, max_j softmax(ℓ_m)_j, at temperature 1 and without noise. The choice counts as made when the mean over
 * selectors reaches {@value #CONVERGED}.
 *
 * <p>Immutable; a picture of the moment it was taken.
 */
public final class SelectorState {

    /** The mean confidence at which the authors of the method end the training. */
    public static final double CONVERGED = 0.998;

    private static final Logger log = LoggerFactory.getLogger(SelectorState.class);

    /** ℓ, {@code [d, k]}, a copy. */
    private final INDArray logits;

    private final int[] selectedColumns;
    private final double[] confidences;

    private SelectorState(INDArray logits) {
        INDArray P = logits.ulike();
        ColumnSoftmax.softmax(logits, P);
        this.logits = logits;
        this.selectedColumns = HardSelection.of(logits).selectedColumns();
        this.confidences = P.max(0).castTo(DataType.DOUBLE).toDoubleVector();
    }

    /**
     * The choice of a network with one selector layer.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @return what it would pass on now
     * @throws IllegalArgumentException if there is no such layer, or more than one; if a logit is not finite
     */
    public static SelectorState of(Model network) {
        List<ConcreteSelectorLayerImpl> selectors = selectors(network).toList();
        if (selectors.size() != 1) {
            throw new IllegalArgumentException("SelectorState: the network must have one ConcreteSelectorLayer, got "
                    + selectors.size() + (selectors.isEmpty() ? "; put one into it" : "; say which, by its name"));
        }
        return of(selectors.get(0));
    }

    /**
     * The choice of a layer.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param layer the name of a {@link ConcreteSelectorLayer}
     * @return what it would pass on now
     * @throws IllegalArgumentException if there is no such layer; if a logit is not finite
     */
    public static SelectorState of(Model network, String layer) {
        return selectors(network)
                .filter(selector -> layer.equals(selector.layerConf().getLayerName()))
                .findFirst()
                .map(SelectorState::of)
                .orElseThrow(() -> new IllegalArgumentException(
                        "SelectorState: layer must name a ConcreteSelectorLayer of the network, got '" + layer
                                + "'; name the layer on its builder, and use that name here"));
    }

    private static Stream<ConcreteSelectorLayerImpl> selectors(Model network) {
        if (!(network instanceof MultiLayerNetwork || network instanceof ComputationGraph)) {
            throw new IllegalArgumentException(
                    "SelectorState: the network must be a MultiLayerNetwork or a ComputationGraph," + " got " + network
                            + "; pass the network itself");
        }
        return NetworkLayers.of(network)
                .filter(ConcreteSelectorLayerImpl.class::isInstance)
                .map(ConcreteSelectorLayerImpl.class::cast);
    }

    private static SelectorState of(ConcreteSelectorLayerImpl selector) {
        INDArray logits =
                selector.getParam(ConcreteSelectorParamInitializer.LOGITS).dup('f');
        if (!FiniteArrays.isFinite(logits)) {
            throw new IllegalArgumentException(
                    "SelectorState: logits must be finite, got NaN or an infinite value in the"
                            + " layer '" + selector.layerConf().getLayerName()
                            + "'; look for NaN among the features, or lower the learning rate");
        }
        return new SelectorState(logits);
    }

    /**
     * What each selector picks: the columns of the layer's output, in their order.
     *
     * @return k columns, with repetitions if selectors agree; a new array
     */
    public int[] selectedColumns() {
        return selectedColumns.clone();
    }

    /**
     * The features that are passed on, each once. Duplicates are no secret: a warning in the log names them.
     *
     * @return at most k columns, the surest first, a new array
     * @see #withoutDuplicates
     */
    public int[] selectedFeatures() {
        if (!isConverged()) {
            log.warn(
                    "selectors end undecided: mean-max probability {}, below {}; train longer, let the temperature fall lower, or raise"
                            + " the selector's learning rate",
                    String.format(Locale.ROOT, "%.4f", meanConfidence()),
                    CONVERGED);
        }
        int[] distinct = byConfidence().map(m -> selectedColumns[m]).distinct().toArray();
        if (distinct.length < selectedColumns.length) {
            log.warn(
                    "{} selectors picked {} different features: {}; there is a duplicatePenalty, and withoutDuplicates()",
                    selectedColumns.length,
                    distinct.length,
                    duplicates().entrySet().stream()
                            .map(pick -> "feature " + pick.getKey() + " " + pick.getValue() + " times")
                            .collect(Collectors.joining(", ")));
        }
        return distinct;
    }

    /**
     * As many features as there are selectors: the surest selector picks first, and each takes its most probable feature that is still free. They are not what the network
     * passes on if there are duplicates; a decoder that is to use them has to be trained for them.
     *
     * @return k different columns, a new array
     */
    public int[] withoutDuplicates() {
        boolean[] taken = new boolean[Math.toIntExact(logits.size(0))];
        return byConfidence()
                .map(m -> {
                    double[] column =
                            logits.getColumn(m).castTo(DataType.DOUBLE).toDoubleVector();
                    int best = -1;
                    for (int j = 0; j < column.length; j++) {
                        if (!taken[j] && (best < 0 || column[j] > column[best])) {
                            best = j;
                        }
                    }
                    taken[best] = true;
                    return best;
                })
                .toArray();
    }

    private IntStream byConfidence() {
        return IntStream.range(0, selectedColumns.length)
                .boxed()
                .sorted(Comparator.comparingDouble(m -> -confidences[m]))
                .mapToInt(m -> m);
    }

    /**
     * Which features were picked more than once.
     *
     * @return how often, by feature; a new map, empty if all picks differ
     */
    public Map<Integer, Integer> duplicates() {
        Map<Integer, Integer> counts = new TreeMap<>();
        for (int pick : selectedColumns) {
            counts.merge(pick, 1, Integer::sum);
        }
        counts.values().removeIf(count -> count == 1);
        return counts;
    }

    /**
     * How sure each selector is.
     *
     * @return its largest probability, in (0, 1], a new array
     */
    public double[] confidences() {
        return confidences.clone();
    }

    /**
     * How sure selectors are on average.
     *
     * @return the mean of the largest probabilities, in (0, 1]
     */
    public double meanConfidence() {
        return Arrays.stream(confidences).average().orElseThrow();
    }

    /**
     * Whether the choice is made.
     *
     * @return whether the mean confidence has reached {@value #CONVERGED}
     */
    public boolean isConverged() {
        return meanConfidence() >= CONVERGED;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "%d of %d features, mean-max probability %.4f%s%s",
                Arrays.stream(selectedColumns).distinct().count(),
                logits.size(0),
                meanConfidence(),
                isConverged() ? "" : ", undecided",
                duplicates().isEmpty() ? "" : ", picked by several: " + duplicates());
    }
}
