package io.github.dl4jae.variational;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.Require;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The conditions y that are bound to the side inputs of a graph, all inputs after the first.
 *
 * <p>A condition has one row, or N rows of which row i belongs to rows i, N + i, 2N + i … of a mini-batch.
 */
final class Conditions {

    private final ForwardPass pass;
    private final List<INDArray> arrays;

    private Conditions(ForwardPass pass, List<INDArray> arrays) {
        this.pass = pass;
        this.arrays = arrays;
    }

    /** Returns no conditions. */
    static Conditions none(ForwardPass pass) {
        return new Conditions(pass, List.of());
    }

    /**
     * Binds all side inputs.
     *
     * @throws IllegalArgumentException if the number of conditions is not that of the side inputs, or one is null
     */
    Conditions bind(INDArray... conditions) {
        for (INDArray condition : Require.given("VariationalModel", "conditions", conditions, "")) {
            Require.given("VariationalModel", "condition", condition, "pass one array per side input");
        }
        Require.that(
                conditions.length == 0 || !sideInputs().isEmpty(),
                "VariationalModel",
                "a network without side inputs has no conditions",
                conditions.length,
                "use a ComputationGraph with more inputs than x");
        if (conditions.length != sideInputs().size()) {
            throw new IllegalArgumentException(
                    "VariationalModel: there must be a condition for each of the side inputs " + sideInputs() + ", got "
                            + conditions.length + "; pass one array per input, in this order");
        }
        return new Conditions(pass, List.of(conditions));
    }

    private List<String> sideInputs() {
        return pass.inputs().stream().skip(1).map(pass::name).toList();
    }

    /**
     * Requires conditions that fit a number of rows.
     *
     * @param what the rows, for the message
     * @throws IllegalArgumentException if the rows of a condition do not divide them
     */
    void requireRows(String what, long rows) {
        for (INDArray condition : arrays) {
            if (rows % condition.size(0) != 0) {
                throw new IllegalArgumentException("VariationalModel: a condition must have one row, or one for each"
                        + " of the " + rows + " " + what + ", got " + condition.size(0)
                        + "; bind the conditions of these " + what + " with given(…)");
            }
        }
    }

    /** Returns whether all conditions are those of every example. */
    boolean areShared() {
        return arrays.stream().allMatch(condition -> condition.size(0) == 1);
    }

    /** Returns the conditions of one example. */
    Conditions ofExample(long row) {
        return new Conditions(
                pass,
                arrays.stream().map(condition -> ofExample(condition, row)).toList());
    }

    private static INDArray ofExample(INDArray condition, long row) {
        long rows = condition.size(0);
        Require.that(
                rows == 1 || (row >= 0 && row < rows),
                "VariationalModel",
                "a condition must have one row, or one for example " + row,
                rows,
                "bind the conditions of these examples with given(…)");
        return rows == 1 ? condition : Batches.copy(condition, row, row + 1, condition.dataType());
    }

    /** Returns copies of the conditions of some rows, by input. */
    Map<Integer, INDArray> ofRows(long from, long to) {
        if (arrays.size() != sideInputs().size()) {
            throw new IllegalStateException("VariationalModel: the side inputs " + sideInputs()
                    + " must be bound, got no conditions; call given(…) first");
        }
        Map<Integer, INDArray> known = new HashMap<>();
        for (int i = 0; i < arrays.size(); i++) {
            INDArray condition = arrays.get(i);
            long first = from % condition.size(0);
            known.put(pass.inputs().get(i + 1), Batches.copy(condition, first, first + to - from, pass.type()));
        }
        return known;
    }
}
