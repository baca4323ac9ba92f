package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The B·k largest positive pre-activations of a mini-batch of B examples in training, and those above a threshold at
 * inference.
 *
 * <pre>
 * training     f = z where z is among the B·k largest positive values of the mini-batch, else 0
 *              θ ← 0.99·θ + 0.01·min{f &gt; 0}            (the first mini-batch sets θ)
 * inference    f = z where z &gt; θ, else 0
 * </pre>
 *
 * <p>Examples with much to say get more units than others; L0 is k on average. At inference a code does not depend on
 * the other examples. θ is the parameter {@code threshold} of the layer. Training accumulates it in float64, because
 * steps of 1 % of a difference are lost in float32: {@code thresholdRest} holds what float32 rounds off.
 *
 * @see <a href="https://arxiv.org/abs/2412.06410">Bussmann, Leask and Nanda 2024, BatchTopK sparse autoencoders</a>
 */
public final class BatchTopKEncoder extends CountEncoder {

    /** The threshold of inference, {@code [1, 1]}. */
    static final String THRESHOLD = "threshold";

    /** θ in float64 minus θ in the type of the network, {@code [1, 1]}. */
    static final String THRESHOLD_REST = "thresholdRest";

    private static final double RATE = 0.01;

    /**
     * Creates an encoder with a constant k.
     *
     * @param k the mean number of active units, at least 1
     * @throws IllegalArgumentException if it is below 1
     */
    public BatchTopKEncoder(int k) {
        this(count("BatchTopKEncoder", k));
    }

    /**
     * Creates an encoder with a scheduled k.
     *
     * @param k by iteration or epoch; values are rounded
     * @throws IllegalArgumentException if it is null
     */
    public BatchTopKEncoder(@JsonProperty("k") @Nullable ISchedule k) {
        super(k);
    }

    @Override
    List<String> stateParameters() {
        return List.of(THRESHOLD, THRESHOLD_REST);
    }

    @Override
    CodeRule rule(PassContext context) {
        return new Rule(context);
    }

    private static final class Rule extends CodeRule {

        private final PassContext context;
        private final RowVector floors;
        /** The smallest value kept in training; 0 if there is none. */
        private double smallest;

        Rule(PassContext context) {
            this.context = context;
            this.floors = RowVector.of(context.type(), context.units());
            raise(context.training() ? 0 : threshold().getDouble(0));
        }

        private void raise(double floor) {
            for (int j = 0; j < floors.length(); j++) {
                floors.set(j, floor);
            }
        }

        private long most() {
            return Math.round(context.sparsity()) * context.examples();
        }

        private INDArray threshold() {
            return context.parameter(THRESHOLD);
        }

        @Override
        void select(RowVector z, Scratch scratch, PairList pairs) {
            addAbove(floors, z, scratch, pairs);
        }

        /** Once there are B·k values, later ones must be above the smallest of these. */
        @Override
        void prune(List<PairList> parts) {
            if (context.training()) {
                PairList kept = choose(PairList.join(floors.length(), parts));
                parts.clear();
                parts.add(kept);
                if (kept.size() == most()) {
                    raise(smallest);
                }
            }
        }

        /** Among values equal to the smallest one kept, the first examples and units win. */
        @Override
        PairList choose(PairList pairs) {
            long most = most();
            if (!context.training() || pairs.size() == 0) {
                return pairs;
            }
            double[] values = new double[pairs.size()];
            Arrays.setAll(values, pairs::value);
            if (Arrays.stream(values).anyMatch(Double::isNaN)) {
                return pairs; // NaN must show
            }
            if (pairs.size() <= most) {
                smallest = Arrays.stream(values).min().orElseThrow();
                return pairs;
            }
            smallest = Quickselect.largest(values, (int) most);
            long above = 0;
            for (int p = 0; p < pairs.size(); p++) {
                above += pairs.value(p) > smallest ? 1 : 0;
            }
            long ties = most - above;
            PairList chosen = new PairList(pairs.units());
            for (int b = 0; b < pairs.examples(); b++) {
                for (int p = pairs.start(b); p < pairs.start(b + 1); p++) {
                    boolean tie = pairs.value(p) == smallest && ties > 0;
                    if (pairs.value(p) > smallest || tie) {
                        chosen.add(pairs.unit(p), pairs.pre(p), pairs.value(p));
                        ties -= tie ? 1 : 0;
                    }
                }
                chosen.endExample();
            }
            return chosen;
        }

        @Override
        double updateState(double running) {
            if (smallest <= 0) {
                return running;
            }
            return running == 0 ? smallest : (1 - RATE) * running + RATE * smallest;
        }
    }
}
