package io.github.dl4jae.variational;

import io.github.dl4jae.internal.layer.ParameterLayer;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The layer out = [x ; act(U)]. */
final class PseudoInputLayerImpl extends ParameterLayer<PseudoInputLayer> {

    PseudoInputLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
    }

    private IActivation activation() {
        return layerConf().getActivationFn();
    }

    private INDArray parameter() {
        return getParam(PseudoInputParamInitializer.PSEUDO_INPUTS); // [K,n]
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        long batch = input.size(0);
        if (input.length() / batch != layerConf().getNIn() || input.rank() == 3 || maskArray != null) {
            throw new DL4JInvalidInputException(
                    "PseudoInputLayer '" + layerConf().getLayerName()
                            + "': the input must be features or images of "
                            + layerConf().getNIn()
                            + " values without a mask, got shape " + Arrays.toString(input.shape())
                            + (maskArray == null ? "" : " with a mask")
                            + "; set nIn to the number of values of an example");
        }
        applyDropOutIfNecessary(training, workspaces);
        long[] shape = input.shape().clone();
        shape[0] += layerConf().getPseudoInputs();
        INDArray out = workspaces.createUninitialized(ArrayType.ACTIVATIONS, dataType, shape, 'c');
        out.get(NDArrayIndex.interval(0, batch)).assign(input);
        INDArray pseudo = activation().getActivation(parameter().dup('c'), training);
        INDArray rest = out.get(NDArrayIndex.interval(batch, shape[0]));
        rest.assign(pseudo.reshape('c', rest.shape()));
        return out;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        assertInputSet(true);
        long batch = input.size(0);
        INDArray toPseudo = epsilon.get(NDArrayIndex.interval(batch, epsilon.size(0)))
                .dup('c')
                .reshape('c', parameter().shape());
        INDArray view = gradientView(PseudoInputParamInitializer.PSEUDO_INPUTS);
        view.assign(activation().backprop(parameter().dup('c'), toPseudo).getFirst());
        Gradient gradient = new DefaultGradient();
        gradient.gradientForVariable().put(PseudoInputParamInitializer.PSEUDO_INPUTS, view);
        INDArray next = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon.get(NDArrayIndex.interval(0, batch)), 'c');
        return new Pair<>(gradient, dropoutApplied ? backpropDropOutIfPresent(next) : next);
    }

    @Override
    public boolean hasBias() {
        return false;
    }
}
