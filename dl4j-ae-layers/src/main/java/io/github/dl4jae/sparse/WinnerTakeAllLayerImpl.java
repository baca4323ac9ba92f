package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import io.github.dl4jae.internal.layer.UnitAxis;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link WinnerTakeAllLayer}: a_i = x_i if i is a winner, else 0. */
final class WinnerTakeAllLayerImpl extends ParameterFreeLayer<WinnerTakeAllLayer> {

    /** The indices that the last forward pass kept; null if it kept all. */
    private int @Nullable [] winners;

    WinnerTakeAllLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        winners = null;
        if (input.isEmpty() || !(training || layerConf().isSpatialSparsityAtTestTime())) {
            return workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
        }
        UnitAxis units = layerConf().unitAxis();
        INDArray x = UnitRows.of(input, units, ArrayType.FF_WORKING_MEM, workspaces); // [N,n]
        MatrixValues values = MatrixValues.of(x);
        winners = winners(values, x, training);
        return only(values, winners, x, input, ArrayType.ACTIVATIONS, workspaces);
    }

    private int[] winners(MatrixValues values, INDArray x, boolean training) {
        int positions = (int) (x.size(0) / input.size(0));
        INDArray mask = maskArray == null ? null : layerConf().unitAxis().positionMask(maskArray, input); // [N,1]
        Winners search = new Winners((int) x.size(0), (int) x.size(1), positions, mask);
        int[] candidates = layerConf().isSpatialSparsity() ? search.ofMaps(values) : search.all();
        double fraction = layerConf().getLifetimeSparsity();
        return training && fraction < 1 ? search.ofMinibatch(values, candidates, fraction) : candidates;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        int[] kept = winners;
        if (kept == null) {
            INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering());
            return new Pair<>(new DefaultGradient(), gradient);
        }
        INDArray rows = UnitRows.of(epsilon, layerConf().unitAxis(), ArrayType.BP_WORKING_MEM, workspaces); // [N,n]
        INDArray gradient = only(MatrixValues.of(rows), kept, rows, epsilon, ArrayType.ACTIVATION_GRAD, workspaces);
        return new Pair<>(new DefaultGradient(), gradient);
    }

    private INDArray only(
            MatrixValues values,
            int[] kept,
            INDArray rows,
            INDArray like,
            ArrayType type,
            LayerWorkspaceMgr workspaces) {
        INDArray result = workspaces.createUninitialized(type, rows.dataType(), rows.shape(), 'c');
        values.writeOnly(kept, kept.length, result);
        return UnitRows.like(result, layerConf().unitAxis(), like, type, workspaces);
    }
}
