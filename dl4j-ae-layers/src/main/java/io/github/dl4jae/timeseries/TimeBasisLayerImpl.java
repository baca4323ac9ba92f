package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.kernel.Products;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The implementation of {@link TimeBasisLayer}: one product, with a row for each feature of each example. */
final class TimeBasisLayerImpl extends ParameterFreeLayer<TimeBasisLayer> {

    /** v, {@code [K, T]}. */
    private final INDArray values;

    TimeBasisLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        this.values = values(layerConf().getBasis(), layerConf().getSteps()).castTo(dataType);
    }

    private static INDArray values(TimeBasis basis, int steps) {
        double[][] values = new double[basis.functions()][steps];
        for (int k = 0; k < values.length; k++) {
            int function = k;
            Arrays.setAll(values[k], step -> basis.value(function, step, steps));
        }
        return Nd4j.createFromArray(values);
    }

    @Override
    public void allowInputModification(boolean allow) {
        // dropout goes to an array of its own
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        applyDropOutIfNecessary(training, workspaces);
        if (input.rank() != 2) {
            throw new DL4JInvalidInputException(LayerSubject.of(layerConf())
                    + ": the input must have the shape [batch, n], got " + Arrays.toString(input.shape()));
        }
        long features = layerConf().features(input.size(1));
        INDArray theta = input.castTo(dataType).dup('c').reshape('c', input.length() / values.rows(), values.rows());
        long[] shape = {input.size(0), features, values.columns()};
        INDArray y = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        Products.forward(theta, values, y.reshape('c', theta.rows(), values.columns())); // [B·F,K]·[K,T]
        return y;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        long rows = input.length() / values.rows();
        INDArray delta = epsilon.castTo(dataType).dup('c').reshape('c', rows, values.columns());
        INDArray next = workspaces.createUninitialized(ArrayType.ACTIVATION_GRAD, dataType, input.shape(), 'c');
        Products.inputGradient(delta, values, next.reshape('c', rows, values.rows())); // [B·F,T]·[T,K]
        return new Pair<>(new DefaultGradient(), dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    /** A mask of coefficients is none of the series. */
    @Override
    @SuppressWarnings("NullAway") // Deeplearning4j expects null where there is no mask
    public @Nullable Pair<INDArray, MaskState> feedForwardMaskArray(
            @Nullable INDArray mask, MaskState state, int examples) {
        return null;
    }
}
