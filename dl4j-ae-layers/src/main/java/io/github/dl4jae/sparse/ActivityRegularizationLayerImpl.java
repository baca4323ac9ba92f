package io.github.dl4jae.sparse;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.FloatingPoint;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The implementation of {@link ActivityRegularizationLayer}: a = x, score += P(x), ∂score/∂x = ε + ∂P/∂x. */
final class ActivityRegularizationLayerImpl extends ParameterFreeLayer<ActivityRegularizationLayer>
        implements RowLayer {

    /** P of the last forward pass, cached because its arrays are released before the score is read. */
    private double penaltyValue;

    ActivityRegularizationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (training) {
            examples.requireKnown(LayerSubject.of(layerConf()));
        }
        trainingPass = training;
        INDArray x = FloatingPoint.of(input);
        examples.begin(training, x.size(0));
        INDArray a = layerConf().unitAxis().toMatrix(x); // [N,n]
        penaltyValue = layerConf().getPenalty().value(a, positionMask(x), examples.of(x.size(0)));
        return workspaces.dup(ArrayType.ACTIVATIONS, x, x.ordering());
    }

    @Override
    public RowStep rowStep() {
        return RowStep.IDENTITY;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering());
        if (!trainingPass) {
            return new Pair<>(new DefaultGradient(), gradient); // frozen: the penalty is not in the score
        }
        INDArray x = FloatingPoint.of(input);
        INDArray a = layerConf().unitAxis().toMatrix(x); // [N,n]
        INDArray penaltyGradient =
                layerConf().getPenalty().gradient(a, positionMask(x), examples.of(x.size(0))); // [N,n]
        if (conf.isMiniBatch()) {
            // ε belongs to a score summed over examples, because the updater divides parameter gradients by B
            penaltyGradient.muli(examples.of(x.size(0)));
        }
        gradient.addi(layerConf().unitAxis().fromMatrix(penaltyGradient, x));
        return new Pair<>(new DefaultGradient(), gradient);
    }

    @Override
    public double calcRegularizationScore(boolean backpropParamsOnly) {
        return penaltyValue;
    }

    private @Nullable INDArray positionMask(INDArray x) {
        return maskArray == null ? null : layerConf().unitAxis().positionMask(maskArray.castTo(x.dataType()), x);
    }
}
