package io.github.dl4jae.dense;

import org.deeplearning4j.nn.updater.BaseMultiLayerUpdater;
import org.deeplearning4j.nn.updater.UpdaterBlock;
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
     * became equal, as {@code FastAdam} and {@code Adam} next to each other do.
     */
    static void copy(BaseMultiLayerUpdater<?> from, BaseMultiLayerUpdater<?> to) {
        if (from.getUpdaterStateViewArray() == null) {
            return; // no updater has a state
        }
        INDArray source = from.getUpdaterStateViewArray().reshape(-1);
        INDArray target = source.dup('c');
        for (UpdaterBlock a : from.getUpdaterBlocks()) {
            for (UpdaterBlock b : to.getUpdaterBlocks()) {
                copyCommon(source, a, target, b);
            }
        }
        to.setStateViewArray(target);
    }

    private static void copyCommon(INDArray source, UpdaterBlock from, INDArray target, UpdaterBlock to) {
        int start = Math.max(from.getParamOffsetStart(), to.getParamOffsetStart());
        int end = Math.min(from.getParamOffsetEnd(), to.getParamOffsetEnd());
        boolean same = parameters(from) == end - start && parameters(to) == end - start;
        if (start >= end || same) {
            return; // target is a copy of source, and blocks keep their place
        }
        int quantities = (from.getUpdaterViewOffsetEnd() - from.getUpdaterViewOffsetStart()) / parameters(from);
        for (int q = 0; q < quantities; q++) {
            part(target, to, q, start, end).assign(part(source, from, q, start, end));
        }
    }

    private static int parameters(UpdaterBlock block) {
        return block.getParamOffsetEnd() - block.getParamOffsetStart();
    }

    private static INDArray part(INDArray state, UpdaterBlock block, int quantity, int start, int end) {
        int first = block.getUpdaterViewOffsetStart() + quantity * parameters(block) - block.getParamOffsetStart();
        return state.get(NDArrayIndex.interval(first + start, first + end));
    }
}
