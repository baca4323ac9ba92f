package io.github.dl4jae.concrete;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
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
 * A snapshot of the selection of a {@link ConcreteSelectorLayer} and its confidence.
 *
 * <pre>{@code
 * int[] columns = SelectorState.of(network).selectedFeatures();
 * }</pre>
 *
 * <p>The confidence of a selector is its largest probability at temperature 1 and without noise:
 *
 * <pre>
 * c_m = max_j softmax(ℓ_m)_j        converged if mean_m c_m ≥ {@value #CONVERGED}
 * </pre>
 *
 * <p>Immutable: it copies the logits, and every array and map it returns is new.
 *
 * <p>Errors: no such layer in the network, or logits that are not finite.
 */
public final class SelectorState {

    /** The mean confidence at which the authors of the method end training. */
    public static final double CONVERGED = 0.998;

    private static final Logger log = LoggerFactory.getLogger(SelectorState.class);

    /** A copy of ℓ, {@code [d, k]}. */
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
     * Returns the selection of a network with one selector layer.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @return a snapshot of its selection
     * @throws IllegalArgumentException if the network is of another kind or null, if it has no such layer or more than
     *     one, or if a logit is not finite
     */
    public static SelectorState of(Model network) {
        List<ConcreteSelectorLayerImpl> selectors = selectors(network).toList();
        if (selectors.size() != 1) {
            throw new IllegalArgumentException("SelectorState: the network must have one ConcreteSelectorLayer, got "
                    + selectors.size() + (selectors.isEmpty() ? "; add one" : "; pass the name of one of them"));
        }
        return of(selectors.get(0));
    }

    /**
     * Returns the selection of a layer.
     *
     * @param network a {@code MultiLayerNetwork} or {@code ComputationGraph}
     * @param layer the name of a {@link ConcreteSelectorLayer}
     * @return a snapshot of its selection
     * @throws IllegalArgumentException if the network is of another kind or null, if it has no such layer, or if a
     *     logit is not finite
     */
    public static SelectorState of(Model network, String layer) {
        Require.given("SelectorState", "layer", layer, "pass the name of a ConcreteSelectorLayer");
        return selectors(network)
                .filter(selector -> layer.equals(selector.layerConf().getLayerName()))
                .findFirst()
                .map(SelectorState::of)
                .orElseThrow(() -> new IllegalArgumentException(
                        "SelectorState: layer must name a ConcreteSelectorLayer of the network, got '" + layer
                                + "'; set that name on the layer's builder"));
    }

    private static Stream<ConcreteSelectorLayerImpl> selectors(Model network) {
        Require.that(
                network instanceof MultiLayerNetwork || network instanceof ComputationGraph,
                "SelectorState",
                "network must be a MultiLayerNetwork or a ComputationGraph",
                network,
                "pass the network itself");
        return NetworkLayers.of(network)
                .filter(ConcreteSelectorLayerImpl.class::isInstance)
                .map(ConcreteSelectorLayerImpl.class::cast);
    }

    private static SelectorState of(ConcreteSelectorLayerImpl selector) {
        INDArray logits =
                selector.getParam(ConcreteSelectorParamInitializer.LOGITS).dup('f');
        Require.that(
                FiniteArrays.isFinite(logits),
                "SelectorState",
                "logits must be finite",
                "NaN or an infinite value in the layer '" + selector.layerConf().getLayerName() + "'",
                "check the features for NaN, or lower the learning rate");
        return new SelectorState(logits);
    }

    /**
     * Returns the column that each selector picks, in the order of the layer's output.
     *
     * @return k columns, with repetitions where selectors agree; a new array
     */
    public int[] selectedColumns() {
        return selectedColumns.clone();
    }

    /**
     * Returns the distinct columns that selectors pick. Duplicate selections and an undecided selection are logged as a
     * warning.
     *
     * @return at most k columns, the most confident first; a new array
     * @see #withoutDuplicates
     */
    public int[] selectedFeatures() {
        if (!isConverged()) {
            log.warn(
                    "selectors end undecided: mean-max probability {}, below {}; train longer, lower the final"
                            + " temperature, or raise the selector's learning rate",
                    String.format(Locale.ROOT, "%.4f", meanConfidence()),
                    CONVERGED);
        }
        int[] distinct = byConfidence().map(m -> selectedColumns[m]).distinct().toArray();
        if (distinct.length < selectedColumns.length) {
            log.warn(
                    "{} selectors picked {} different features: {}; set a duplicatePenalty or call withoutDuplicates()",
                    selectedColumns.length,
                    distinct.length,
                    duplicates().entrySet().stream()
                            .map(pick -> "feature " + pick.getKey() + " " + pick.getValue() + " times")
                            .collect(Collectors.joining(", ")));
        }
        return distinct;
    }

    /**
     * Returns k distinct columns. The most confident selector picks first, and each one picks its most probable column
     * that is still free.
     *
     * <p>If there are duplicates, these are not the columns that the network passes on. Train a new decoder for them.
     *
     * @return k different columns; a new array
     */
    public int[] withoutDuplicates() {
        return withoutDuplicates(
                IntStream.range(0, Math.toIntExact(logits.size(0))).toArray());
    }

    /**
     * Returns k distinct groups of columns, such as the columns that represent one categorical value. The most
     * confident selector picks first, and each one picks the free group with the largest sum of probabilities.
     *
     * @param groups for each column, the index of its group, counted from 0 without gaps; at least k groups
     * @return k different groups; a new array
     * @throws IllegalArgumentException if the groups do not fit the columns, or are fewer than the selectors
     */
    public int[] withoutDuplicates(int[] groups) {
        int count = requireGroups(groups);
        boolean[] taken = new boolean[count];
        return byConfidence()
                .map(m -> {
                    double[] scores =
                            logSums(logits.getColumn(m).castTo(DataType.DOUBLE).toDoubleVector(), groups, count);
                    int best = -1;
                    for (int group = 0; group < count; group++) {
                        if (!taken[group] && (best < 0 || scores[group] > scores[best])) {
                            best = group;
                        }
                    }
                    taken[best] = true;
                    return best;
                })
                .toArray();
    }

    private int requireGroups(int[] groups) {
        Require.given("SelectorState", "groups", groups, "pass the index of the group of each column");
        int[] distinct = Arrays.stream(groups).sorted().distinct().toArray();
        int count = distinct.length;
        Require.that(
                groups.length == logits.size(0) && distinct[0] == 0 && distinct[count - 1] == count - 1,
                "SelectorState",
                "groups must have an index for each of the " + logits.size(0) + " columns, from 0 without gaps",
                groups.length + " of " + count + " groups",
                "");
        Require.that(
                count >= selectedColumns.length,
                "SelectorState",
                "groups must be at least as many as the " + selectedColumns.length + " selectors",
                count,
                "train with fewer selectors");
        return count;
    }

    /** Returns the logarithm of the sum of e^logit of each group, which does not underflow as probabilities do. */
    private static double[] logSums(double[] column, int[] groups, int count) {
        double[] largest = new double[count];
        Arrays.fill(largest, Double.NEGATIVE_INFINITY);
        for (int j = 0; j < column.length; j++) {
            largest[groups[j]] = Math.max(largest[groups[j]], column[j]);
        }
        double[] sums = new double[count];
        for (int j = 0; j < column.length; j++) {
            sums[groups[j]] += Math.exp(column[j] - largest[groups[j]]);
        }
        Arrays.setAll(sums, group -> largest[group] + Math.log(sums[group])); // of one column, exactly its logit
        return sums;
    }

    private IntStream byConfidence() {
        return IntStream.range(0, selectedColumns.length)
                .boxed()
                .sorted(Comparator.comparingDouble(m -> -confidences[m]))
                .mapToInt(m -> m);
    }

    /**
     * Returns the features that several selectors pick.
     *
     * @return the number of selectors by feature; a new map, empty if all picks differ
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
     * Returns the confidence of each selector.
     *
     * @return the largest probability of each, in (0, 1]; a new array
     */
    public double[] confidences() {
        return confidences.clone();
    }

    /**
     * Returns the mean confidence of the selectors.
     *
     * @return the mean of the largest probabilities, in (0, 1]
     */
    public double meanConfidence() {
        return Arrays.stream(confidences).average().orElseThrow();
    }

    /**
     * Returns whether the selection has converged.
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
