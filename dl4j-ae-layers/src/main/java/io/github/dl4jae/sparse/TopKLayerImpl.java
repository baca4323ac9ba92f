package io.github.dl4jae.sparse;

import io.github.dl4jae.kernel.UnitAxis;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** a_i = x_i if i ∈ top_k(x), else 0. */
final class TopKLayerImpl extends AbstractLayer<TopKLayer> {

    TopKLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        return keep(input, training, ArrayType.ACTIVATIONS, workspaces);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        return new Pair<>(new DefaultGradient(), keep(epsilon, true, ArrayType.ACTIVATION_GRAD, workspaces));
    }

    private INDArray keep(INDArray values, boolean training, ArrayType type, LayerWorkspaceMgr workspaces) {
        UnitAxis axis = layerConf().unitAxis();
        int k = layerConf().unitsKept(getIterationCount(), getEpochCount(), training);
        INDArray x = axis.toMatrix(input); // [N,n]
        INDArray kept = workspaces.createUninitialized(type, values.dataType(), x.shape(), 'c');
        TopKSelection.keep(x, values == input ? x : axis.toMatrix(values), k, kept);
        return values.rank() == 2 ? kept : workspaces.dup(type, axis.fromMatrix(kept, values), values.ordering());
    }

    @Override
    public boolean isPretrainLayer() {
        return false;
    }

    @Override
    public void clearNoiseWeightParams() {
        // no parameters
    }
}
