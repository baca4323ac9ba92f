package io.github.dl4jae.quantized;

import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import io.github.dl4jae.layer.StraightThrough;
import java.util.Objects;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The base of quantizers without parameters: a smooth function s of each value, and a step function of that. Backprop
 * is ε·s′(z), the derivative of the surrogate s(z) + c.
 *
 * @param <C> the configuration
 */
abstract class SteppedLayerImpl<C extends org.deeplearning4j.nn.conf.layers.Layer> extends ParameterFreeLayer<C>
        implements StraightThrough, CodedLayer {

    /** Holds q − s. */
    private final HeldSurrogate<double[]> surrogate = new HeldSurrogate<>();
    /** The outputs of the last training pass. */
    private double @Nullable [] last;

    SteppedLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    /** Returns s(z). */
    abstract double[] smooth(double[] z, boolean training);

    /** Returns the output at z, NaN where z is. */
    abstract double[] stepped(double[] z, double[] smooth, boolean training);

    /** Returns s′(z). */
    abstract double[] derivative(double[] smooth, boolean training);

    /** Returns the indices of outputs of a training pass. */
    abstract int[] indicesOf(double[] outputs);

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        PositionRows.require(LayerSubject.of(layerConf()), unitAxis(), input, table().width());
        trainingPass = training;
        PositionRows positions = positions();
        double[] z = positions.of(input);
        double[] s = smooth(z, training);
        double[] outputs;
        if (surrogate.isSet()) {
            outputs = sum(s, surrogate.constants(), 1);
        } else {
            outputs = stepped(z, s, training);
            surrogate.offer(sum(outputs, s, -1));
            last = training ? outputs : last;
        }
        return positions.array(outputs, dataType, ArrayType.ACTIVATIONS, workspaces);
    }

    private static double[] sum(double[] a, double[] b, double factor) {
        double[] sum = new double[a.length];
        for (int i = 0; i < sum.length; i++) {
            sum[i] = a[i] + factor * b[i];
        }
        return sum;
    }

    private PositionRows positions() {
        return new PositionRows(unitAxis(), input, maskArray);
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        PositionRows positions = positions();
        double[] next = positions.of(epsilon);
        double[] derivative = derivative(smooth(positions.of(input), trainingPass), trainingPass);
        for (int i = 0; i < next.length; i++) {
            next[i] *= derivative[i];
        }
        return new Pair<>(
                new DefaultGradient(), positions.array(next, dataType, ArrayType.ACTIVATION_GRAD, workspaces));
    }

    @Override
    public int @Nullable [] lastIndices() {
        return last == null ? null : indicesOf(Objects.requireNonNull(last));
    }

    @Override
    public void holdSurrogate() {
        surrogate.hold();
    }

    @Override
    public void releaseSurrogate() {
        surrogate.release();
    }
}
