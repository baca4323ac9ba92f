package io.github.dl4jae.dense;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toMap;

import io.github.dl4jae.internal.layer.Require;
import java.util.Map;
import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
import org.deeplearning4j.nn.updater.UpdaterBlock.ParamState;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * The state of a network's updaters. Neighboring parameters with equal updaters form a block. Its state is one vector
 * per quantity: with Adam, m of all parameters of the block, then v.
 */
final class UpdaterState {

    private UpdaterState() {}

    /**
     * Copies the state to the updaters of another network with the same parameters. The blocks differ if updaters
     * became equal, as {@code FastAdam} and {@code Adam} next to each other do. The order of weights may differ, too.
     *
     * @throws IllegalArgumentException if the order of weights differs and their updater has no whole values per weight
     */
    static void copy(BaseMultiLayerUpdater<?> from, BaseMultiLayerUpdater<?> to) {
        if (from.getUpdaterStateViewArray() == null) {
            return; // no updater has a state
        }
        INDArray source = from.getUpdaterStateViewArray().reshape(-1);
        INDArray target = source.dup('c');
        for (UpdaterBlock a : from.getUpdaterBlocks()) {
            for (UpdaterBlock b : to.getUpdaterBlocks()) {
                if (!parameters(a).equals(parameters(b))) { // otherwise the copy of source is right
                    copyCommon(source, a, target, b);
                }
            }
        }
        to.setStateViewArray(target);
    }

    /** Returns where the parameters of a block begin, and their orders. */
    private static Map<Integer, Character> parameters(UpdaterBlock block) {
        return block.getLayersAndVariablesInBlock().stream()
                .collect(toMap(
                        ParamState::getParamOffsetStart, each -> values(each).ordering()));
    }

    private static void copyCommon(INDArray source, UpdaterBlock from, INDArray target, UpdaterBlock to) {
        for (ParamState a : from.getLayersAndVariablesInBlock()) {
            for (ParamState b : to.getLayersAndVariablesInBlock()) {
                if (a.getParamOffsetStart() == b.getParamOffsetStart()) {
                    for (int q = 0; q < quantities(from); q++) {
                        part(target, to, q, b).assign(part(source, from, q, a));
                    }
                }
            }
        }
    }

    private static int quantities(UpdaterBlock block) {
        int values = block.getUpdaterViewOffsetEnd() - block.getUpdaterViewOffsetStart();
        Require.that(
                values % length(block) == 0,
                "FastLayers",
                "the updater of weights in 'c' order must have whole values per weight to convert its state",
                values + " values for " + length(block) + " weights",
                "set another updater, or convert the configuration and copy the parameters");
        return values / length(block);
    }

    private static int length(UpdaterBlock block) {
        return block.getParamOffsetEnd() - block.getParamOffsetStart();
    }

    private static INDArray part(INDArray state, UpdaterBlock block, int quantity, ParamState parameter) {
        int base = block.getUpdaterViewOffsetStart() + quantity * length(block) - block.getParamOffsetStart();
        INDArray values = values(parameter);
        return state.get(NDArrayIndex.interval(
                        base + parameter.getParamOffsetStart(), base + parameter.getParamOffsetEnd()))
                .reshape(values.ordering(), values.shape());
    }

    /** Returns a parameter in its shape; its own view is flat. */
    private static INDArray values(ParamState parameter) {
        return requireNonNull(parameter.getLayer().paramTable(false).get(parameter.getParamName()));
    }
}
