package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import io.github.dl4jae.internal.layer.ScheduleClock;
import io.github.dl4jae.internal.layer.TrainingTime;
import io.github.dl4jae.internal.layer.UnitAxis;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link TopKLayer}: a_i = x_i if i ∈ top_k(x), else 0. */
final class TopKLayerImpl extends ParameterFreeLayer<TopKLayer> implements RowLayer {

    private final ScheduleClock clock = new ScheduleClock();
    /** k of the last forward pass, which backprop differentiates. */
    private int kept;

    TopKLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        TrainingTime now = clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), training);
        kept = layerConf().unitsKept(now, training);
        if (training) {
            layerConf().reach(now);
        }
        return keep(input, ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public RowStep rowStep() {
        // the clock's state is the same after every call until training goes on, whichever thread calls
        TrainingTime now = clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), false);
        int k = layerConf().unitsKept(now, false);
        return RowStep.of((row, derivative, n, training) -> new TopKSelection(k).keep(row, row, derivative, n));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        return new Pair<>(new DefaultGradient(), keep(epsilon, ArrayType.ACTIVATION_GRAD, workspaces));
    }

    private INDArray keep(INDArray values, ArrayType type, LayerWorkspaceMgr workspaces) {
        UnitAxis axis = layerConf().unitAxis();
        INDArray x = axis.toMatrix(input); // [N,n]
        INDArray selected = workspaces.createUninitialized(type, values.dataType(), x.shape(), 'c');
        TopKSelection.keep(x, values == input ? x : axis.toMatrix(values), kept, selected);
        return values.rank() == 2
                ? selected
                : workspaces.dup(type, axis.fromMatrix(selected, values), values.ordering());
    }

    @Override
    public void setIterationCount(int iterationCount) {
        super.setIterationCount(iterationCount);
        remember();
    }

    @Override
    public void setEpochCount(int epochCount) {
        super.setEpochCount(epochCount);
        remember();
    }

    private void remember() {
        if (clock.hasTrained()) {
            layerConf().reach(clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), false));
        }
    }
}
