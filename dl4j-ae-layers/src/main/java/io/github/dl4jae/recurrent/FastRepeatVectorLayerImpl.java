package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.kernel.SequenceRows;
import io.github.dl4jae.internal.layer.LayerSubject;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.RepeatVector;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link FastRepeatVectorLayer}: y_t = x, step by step in memory. */
final class FastRepeatVectorLayerImpl extends RepeatVector {

    FastRepeatVectorLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    private boolean isTimeLast() {
        return getDataFormat() == RNNFormat.NCW;
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        if (input.rank() != 2) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": the input must have the shape [batch, n], got " + Arrays.toString(input.shape()));
        }
        INDArray rows = SequenceRows.repeat(input.castTo(dataType), getN(), workspaces); // [T·B,n]
        INDArray timeLast = SequenceRows.asSequences(rows, input.size(0));
        return isTimeLast() ? timeLast : timeLast.permute(0, 2, 1);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray timeLast = isTimeLast() ? epsilon : epsilon.permute(0, 2, 1);
        INDArray rows = SequenceRows.of(timeLast.castTo(dataType), ArrayType.BP_WORKING_MEM, workspaces); // [T·B,n]
        INDArray sum = SequenceRows.sumOverSteps(rows, epsilon.size(0), workspaces); // [B,n]
        return new Pair<>(new DefaultGradient(), dropoutApplied ? backpropDropOutIfPresent(sum) : sum);
    }
}
