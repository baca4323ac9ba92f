package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.inference.RowLayer;
import io.github.dl4jae.internal.kernel.RowStep;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.ParameterFreeLayer;
import io.github.dl4jae.noise.NoiseStream;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** x → [x; x + σv] in training. */
final class PerturbationLayerImpl extends ParameterFreeLayer<PerturbationLayer>
        implements ContractionOpening, RowLayer {

    /** Number of copies in the last pass. */
    private int copies = 1;

    private long rows;

    PerturbationLayerImpl(NeuralNetConfiguration conf, DataType dataType) {
        super(conf, dataType);
        NetworkConstruction.register(this);
    }

    @Override
    public String pair() {
        return layerConf().getPair();
    }

    @Override
    public int index() {
        return getIndex();
    }

    @Override
    public int copies() {
        return copies;
    }

    @Override
    public long rows() {
        return rows;
    }

    @Override
    public int copiesInTraining() {
        return layerConf().getCopies();
    }

    @Override
    public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
        assertInputSet(false);
        if (!training && maskArray == null) {
            copies = 1;
            rows = input.size(0);
            return workspaces.dup(ArrayType.ACTIVATIONS, input, input.ordering());
        }
        // at inference, the mask is stacked before it is known whether copies are needed
        copies = layerConf().getCopies();
        rows = copies * input.size(0);
        return layerConf()
                .stackedCopies()
                .stack(
                        input,
                        NoiseStream.of(conf.getSeed(), layerConf().getPair()),
                        getIterationCount(),
                        getEpochCount(),
                        workspaces);
    }

    @Override
    public RowStep rowStep() {
        return RowStep.IDENTITY;
    }

    @Override
    public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
        INDArray below = copies == 1
                ? workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering())
                : layerConf().stackedCopies().sum(epsilon, workspaces);
        return new Pair<>(new DefaultGradient(), below);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int minibatchSize) {
        super.feedForwardMaskArray(mask, state, minibatchSize);
        return new Pair<>(mask == null ? null : layerConf().stackedCopies().stackMask(mask), state);
    }
}
