package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.LargestValues;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import io.github.dl4jae.internal.layer.ScheduleClock;
import io.github.dl4jae.internal.layer.ScheduledLayer;
import io.github.dl4jae.internal.layer.TrainingTime;
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
import org.nd4j.linalg.schedule.ISchedule;

/** The implementation of {@link TopKLayer}: a_i = x_i if i ∈ top_k(x), else 0. */
final class TopKLayerImpl extends ParameterFreeLayer<TopKLayer> implements RowLayer, ScheduledLayer {

    private final ScheduleClock clock = new ScheduleClock();
    /** k of the last forward pass, which backprop differentiates. */
    private int k;

    TopKLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public ISchedule schedule() {
        return layerConf().getK();
    }

    @Override
    public ScheduleClock clock() {
        return clock;
    }

    @Override
    public TrainingTime reached() {
        return layerConf().reached();
    }

    @Override
    public void reach(TrainingTime time) {
        layerConf().reach(time);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        TrainingTime now = clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), training);
        k = layerConf().unitsKept(now, training);
        if (training) {
            layerConf().reach(now);
        }
        return keep(input, ArrayType.ACTIVATIONS, ArrayType.FF_WORKING_MEM, workspaces);
    }

    @Override
    public @Nullable RowStep rowStep() {
        if (layerConf().getAxis() != SparsityAxis.UNITS) {
            return null;
        }
        // the clock's state is the same after every call until training goes on, whichever thread calls
        TrainingTime now = clock.at(layerConf().reached(), getIterationCount(), getEpochCount(), false);
        int k = layerConf().unitsKept(now, false);
        return RowStep.of(
                (row, derivative, n, training) -> new LargestValues(Math.min(k, n)).keep(row, row, derivative, n));
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        return new Pair<>(
                new DefaultGradient(), keep(epsilon, ArrayType.ACTIVATION_GRAD, ArrayType.BP_WORKING_MEM, workspaces));
    }

    private INDArray keep(INDArray values, ArrayType type, ArrayType working, LayerWorkspaceMgr workspaces) {
        UnitAxis units = layerConf().unitAxis();
        SparsityAxis axis = layerConf().getAxis();
        INDArray order = UnitRows.of(input, units, working, workspaces); // [N,n]
        INDArray kept = values == input ? order : UnitRows.of(values, units, working, workspaces);
        if (maskArray != null && axis != SparsityAxis.UNITS) {
            INDArray mask = units.positionMask(maskArray, input); // [N,1]
            order = masked(FloatingPoint.of(order), mask, Double.NEGATIVE_INFINITY);
            kept = masked(kept, mask, 0);
        }
        INDArray selected = workspaces.createUninitialized(type, values.dataType(), order.shape(), 'c');
        long most = axis.choices(units, input);
        TopKSelection.keep(order, kept, axis, input.size(0), (int) Math.min(k, most), selected);
        return UnitRows.like(selected, units, values, type, workspaces);
    }

    private static INDArray masked(INDArray rows, INDArray mask, double value) {
        INDArray copy = rows.dup('c');
        for (long i = 0; i < mask.length(); i++) {
            if (mask.getDouble(i) == 0) {
                copy.getRow(i).assign(value);
            }
        }
        return copy;
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
