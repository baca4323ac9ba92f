package io.github.dl4jae.sparse;

import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** a = x, score += P(x), ∂score/∂x = ε + ∂P/∂x. */
final class ActivityRegularizationLayerImpl extends AbstractLayer<ActivityRegularizationLayer> {

    /** A plain number, because the score is asked for after the arrays of the forward pass are gone. */
    private double penaltyValue;
    /** What a MultiLayerNetwork announces; 0 in a ComputationGraph, which never does. */
    private int announcedExamples;

    ActivityRegularizationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        INDArray a = layerConf().unitAxis().toMatrix(input); // [N,n]
        penaltyValue = layerConf().getPenalty().value(a, positionMask(), examples());
        return workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray a = layerConf().unitAxis().toMatrix(input); // [N,n]
        INDArray penaltyGradient = layerConf().getPenalty().gradient(a, positionMask(), examples()); // [N,n]
        if (conf.isMiniBatch()) {
            // ε is that of a score summed over examples: the updater divides parameter gradients by B later
            penaltyGradient.muli(examples());
        }
        INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering());
        gradient.addi(layerConf().unitAxis().fromMatrix(penaltyGradient, input));
        return new Pair<>(new DefaultGradient(), gradient);
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        return penaltyValue;
    }

    /** B. Rows of rank 2 may be the time steps of fewer sequences; only a MultiLayerNetwork then says of how many. */
    private long examples() {
        boolean timeStepsInRows = input.rank() == 2 && announcedExamples > 0 && input.size(0) % announcedExamples == 0;
        return timeStepsInRows ? announcedExamples : input.size(0);
    }

    /** The mask as {@code [N, 1]}, in the order of the rows of the activation matrix. */
    private INDArray positionMask() {
        if (maskArray == null) {
            return null;
        }
        INDArray mask = maskArray.castTo(input.dataType());
        long batch = input.size(0);
        if (input.rank() == 3) {
            long time = input.length() / batch / layerConf().unitAxis().units(input);
            mask = spread(mask, batch, time); // [B,T]
        } else if (input.rank() == 4) {
            long heightAxis = layerConf().unitAxis() == UnitAxis.LAST ? 1 : 2;
            long height = input.size((int) heightAxis);
            long width = input.size((int) heightAxis + 1);
            // Deeplearning4j's image masks: one value per example, row, column or pixel; units axis of size 1
            mask = mask.rank() == 4
                    ? spread(
                            mask.reshape(batch, mask.length() / batch / mask.size(-1), mask.size(-1)),
                            batch,
                            height,
                            width)
                    : spread(mask.reshape(batch, 1, 1), batch, height, width);
        }
        return mask.dup('c').reshape('c', mask.length(), 1);
    }

    private static INDArray spread(INDArray mask, long... shape) {
        return Nd4j.createUninitialized(mask.dataType(), shape).assign(mask.broadcast(shape));
    }

    @Override
    public void setInputMiniBatchSize(int size) {
        announcedExamples = size;
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
