package io.github.dl4jae.recurrent;

import io.github.dl4jae.internal.inference.SteppedVertex;
import io.github.dl4jae.internal.kernel.SequenceRows;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.api.TrainingConfig;
import org.deeplearning4j.nn.conf.GradientNormalization;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.learning.regularization.Regularization;

/** The implementation of {@link AttentionDecoderVertex}: connects {@link AttentionDecoderPass} to Deeplearning4j. */
@SuppressWarnings("overrides") // how Deeplearning4j declares setInputs
final class AttentionDecoderVertexImpl extends BaseGraphVertex implements SteppedVertex {

    private final AttentionDecoderVertex conf;
    private final INDArray flat;
    private final AttentionDecoderParameters parameters;
    private @Nullable INDArray flatGradient;
    private @Nullable AttentionDecoderParameters gradients;
    private @Nullable INDArray encoderMask;
    private @Nullable AttentionDecoderPass pass;
    private @Nullable AttentionDecoderPass decoding;

    AttentionDecoderVertexImpl(
            ComputationGraph graph,
            String name,
            int index,
            DataType dataType,
            AttentionDecoderVertex conf,
            INDArray flat,
            boolean initialize) {
        super(graph, name, index, null, null, dataType);
        this.conf = conf;
        this.flat = flat;
        this.parameters = new AttentionDecoderParameters(conf, flat);
        if (initialize) {
            parameters.initialize(
                    graph.getConfiguration().getDefaultConfiguration().getSeed(), name);
        }
    }

    private AttentionDecoderPass newPass(INDArray encoded, @Nullable INDArray mask, int steps) {
        if (encoded.rank() != 3 || encoded.size(1) != conf.getEncoderUnits()) {
            throw refused("states of the encoder", conf.getEncoderUnits(), encoded);
        }
        return new AttentionDecoderPass(conf, parameters, encoded, mask, steps);
    }

    private DL4JInvalidInputException refused(String what, int width, INDArray found) {
        return new DL4JInvalidInputException("AttentionDecoderVertex '" + getVertexName() + "': the " + what
                + " must have the shape [batch, " + width + ", time], got " + Arrays.toString(found.shape()));
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray x = inputs[0];
        if (x.rank() != 3 || x.size(1) != conf.getInputs()) {
            throw refused("inputs of the decoder", conf.getInputs(), x);
        }
        INDArray out = workspaces.createUninitialized(
                ArrayType.ACTIVATIONS,
                dataType,
                new long[] {x.size(2), x.size(0), (long) conf.getUnits() + conf.getEncoderUnits()},
                'c');
        // a graph does not tell when masks are cleared
        INDArray mask = graph.getInputMaskArrays() == null ? null : encoderMask;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) { // backprop reads the steps
            AttentionDecoderPass computed = newPass(inputs[1], mask, training ? (int) x.size(2) : 1);
            INDArray rows = SequenceRows.of(x, ArrayType.FF_WORKING_MEM, LayerWorkspaceMgr.noWorkspaces()); // [T·N,n]
            long n = x.size(0);
            for (int i = 0; i < x.size(2); i++) {
                INDArray now = rows.get(NDArrayIndex.interval(i * n, (i + 1) * n), NDArrayIndex.all());
                out.slice(i).assign(computed.step(now, training));
            }
            pass = training ? computed : null;
        }
        return out.permute(1, 2, 0);
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        AttentionDecoderParameters views = Objects.requireNonNull(gradients);
        List<INDArray> below;
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            INDArray errors = SequenceRows.of(
                    epsilon.castTo(dataType), ArrayType.BP_WORKING_MEM, LayerWorkspaceMgr.noWorkspaces());
            below = Objects.requireNonNull(pass, "a forward pass in training").backprop(errors, views);
        }
        pass = null;
        Gradient gradient = new DefaultGradient();
        views.views().forEach((name, view) -> gradient.setGradientFor(name, view));
        long examples = inputs[1].size(0);
        INDArray x = workspaces.dup(ArrayType.ACTIVATION_GRAD, below.get(0), 'c');
        INDArray timeMajor = workspaces.createUninitialized(
                ArrayType.ACTIVATION_GRAD, dataType, new long[] {inputs[1].size(2), examples, inputs[1].size(1)}, 'c');
        timeMajor.assign(below.get(1)
                .reshape('c', examples, inputs[1].size(2), inputs[1].size(1))
                .permute(1, 0, 2));
        return new Pair<>(gradient, new INDArray[] {SequenceRows.asSequences(x, examples), timeMajor.permute(1, 2, 0)});
    }

    @Override
    @SuppressWarnings("NullAway") // a graph accepts a missing mask
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int minibatchSize) {
        encoderMask = masks == null || masks.length < 2 ? null : masks[1];
        return new Pair<>(masks == null ? null : masks[0], state);
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public void begin(INDArray encoded, @Nullable INDArray mask) {
        try (MemoryWorkspace ignored = Nd4j.getMemoryManager().scopeOutOfWorkspaces()) {
            decoding = newPass(encoded, mask, 1);
        }
    }

    @Override
    public INDArray step(INDArray x) {
        return decoding().step(x, false);
    }

    private AttentionDecoderPass decoding() {
        return Objects.requireNonNull(decoding, "begin() comes first");
    }

    @Override
    public void select(int[] rows) {
        decoding().select(rows);
    }

    @Override
    public INDArray weights() {
        return decoding().weights();
    }

    @Override
    public void end() {
        decoding = null;
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    public @Nullable Layer getLayer() {
        return null;
    }

    @Override
    public void clearVertex() {
        super.clearVertex();
        pass = null;
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        flatGradient = view;
        gradients = new AttentionDecoderParameters(conf, view);
    }

    @Override
    @SuppressWarnings("NullAway") // null before a training network is initialized, as in Deeplearning4j
    public INDArray getGradientsViewArray() {
        return flatGradient;
    }

    @Override
    public long numParams() {
        return flat.length();
    }

    @Override
    public INDArray params() {
        return flat;
    }

    @Override
    public Map<String, INDArray> paramTable(boolean backpropOnly) {
        return parameters.views();
    }

    @Override
    public TrainingConfig getConfig() {
        return new Config(getVertexName(), conf.getUpdater());
    }

    @Override
    public String toString() {
        return "AttentionDecoderVertex(name=" + getVertexName() + ")";
    }

    /** How a graph's updater treats the parameters. */
    private record Config(String name, IUpdater updater) implements TrainingConfig {

        @Override
        public String getLayerName() {
            return name;
        }

        @Override
        public List<Regularization> getRegularizationByParam(String parameter) {
            return List.of();
        }

        @Override
        public boolean isPretrainParam(String parameter) {
            return false;
        }

        @Override
        public IUpdater getUpdaterByParam(String parameter) {
            return updater;
        }

        @Override
        public GradientNormalization getGradientNormalization() {
            return GradientNormalization.None;
        }

        @Override
        public double getGradientNormalizationThreshold() {
            return 0;
        }

        @Override
        public void setDataType(DataType type) {
            // parameters are views of the graph's
        }
    }
}
