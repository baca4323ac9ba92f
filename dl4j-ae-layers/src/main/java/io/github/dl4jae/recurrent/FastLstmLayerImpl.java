package io.github.dl4jae.recurrent;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.layers.recurrent.LSTM;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastLstmLayer}: the stock layer, which computes by {@link FastLstmComputation}. */
final class FastLstmLayerImpl extends LSTM {

    private final FastLstmComputation fast = new FastLstmComputation();

    FastLstmLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.helper = fast;
    }

    @Override
    public void setInput(INDArray input, LayerWorkspaceMgr workspaces) {
        super.setInput(input, workspaces);
        fast.forget();
    }

    @Override
    public void clear() {
        super.clear();
        fast.forget();
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        fast.keepNext(training);
        try {
            return super.activate(training, workspaces);
        } finally {
            fast.keepNext(false);
        }
    }
}
