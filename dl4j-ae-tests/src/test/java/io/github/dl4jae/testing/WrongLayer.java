package io.github.dl4jae.testing;

import io.github.dl4jae.internal.layer.ExampleCount;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.NoParamLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.gradient.DefaultGradient;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.layers.AbstractLayer;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.BooleanIndexing;
import org.nd4j.linalg.indexing.conditions.Conditions;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * a = c·x, score += Σ (c·x)²/B over unmasked rows: correct except for one selected defect.
 *
 * <p>Takes plain features or rows of time steps.
 */
final class WrongLayer extends NoParamLayer {

    enum Defect {
        NONE,
        GRADIENT_DOUBLED,
        GRADIENT_WRONG_WITHOUT_AVERAGE,
        DIFFERENT_IN_A_GRAPH,
        PENALTY_ADDS_UP,
        MASK_IGNORED,
        INPUT_RETURNED,
        INPUT_CHANGED,
        ACTIVATIONS_IN_A_FOREIGN_WORKSPACE,
        FIELD_NOT_SERIALIZED,
        CLONE_DIFFERS,
        STATE_OUTSIDE_THE_FILE,
        NO_MEMORY_REPORT,
        FROZEN_AS_IN_TRAINING,
        FOLLOWS_THE_ITERATION_COUNT,
        INPUT_CHANGED_IN_BACKPROP,
        ROWS_TAKEN_FOR_EXAMPLES,
        COMPUTES_IN_THE_TYPE_OF_THE_INPUT,
        DIVIDES_BY_THE_NUMBER_OF_EXAMPLES,
        NAN_REPLACED,
        NOT_JAVA_SERIALIZABLE,
        PENALTY_IS_NO_MEAN
    }

    private static final Object NOT_SERIALIZABLE = new Object();

    private static int instances;

    private final Defect defect;
    /** Has no accessor and no annotation: Deeplearning4j drops it. */
    @SuppressWarnings("UnusedVariable") // read by reflection
    private double dropped;
    /** Java serialization writes its content. */
    @SuppressWarnings("UnusedVariable")
    private final List<Object> held;

    WrongLayer(@JsonProperty("defect") Defect defect) {
        this.defect = defect;
        this.held = defect == Defect.NOT_JAVA_SERIALIZABLE ? List.of(NOT_SERIALIZABLE) : List.of();
    }

    static WrongLayer with(Defect defect) {
        WrongLayer layer = new WrongLayer(defect);
        layer.dropped = defect == Defect.FIELD_NOT_SERIALIZED ? 7 : 0;
        return layer;
    }

    public Defect getDefect() {
        return defect;
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        Impl layer = new Impl(conf, dataType, defect == Defect.STATE_OUTSIDE_THE_FILE ? 1 + instances++ : 1);
        layer.setListeners(listeners);
        layer.setIndex(layerIndex);
        layer.setParamTable(Map.of());
        return layer;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return new ExampleCountPreProcessor();
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return defect == Defect.NO_MEMORY_REPORT
                ? null
                : new LayerMemoryReport.Builder(getLayerName(), WrongLayer.class, inputType, inputType).build();
    }

    @Override
    public WrongLayer clone() {
        WrongLayer clone = (WrongLayer) super.clone();
        clone.dropped += defect == Defect.CLONE_DIFFERS ? 1 : 0;
        return clone;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WrongLayer that && super.equals(other) && defect == that.defect;
    }

    @Override
    public int hashCode() {
        return Objects.hash(super.hashCode(), defect);
    }

    private static final class Impl extends AbstractLayer<WrongLayer> {
        private final ExampleCount examples = new ExampleCount();
        private final double scale;
        private double penalty;
        private boolean trainingPass;
        private boolean inStack;

        Impl(NeuralNetConfiguration conf, DataType dataType, double scale) {
            super(conf, dataType);
            this.scale = scale;
        }

        private boolean has(Defect defect) {
            return layerConf().defect == defect;
        }

        private double factor() {
            double growth = has(Defect.FOLLOWS_THE_ITERATION_COUNT) ? 1 + 0.1 * getIterationCount() : 1;
            return has(Defect.DIFFERENT_IN_A_GRAPH) && !inStack ? 2 : growth * scale;
        }

        private double examples() {
            if (has(Defect.PENALTY_IS_NO_MEAN)) {
                return 1;
            }
            long rows = input.size(0);
            return has(Defect.ROWS_TAKEN_FOR_EXAMPLES) ? rows : examples.of(rows);
        }

        /** Returns the divisor of the updater. */
        private double divisor() {
            boolean averaged = conf.isMiniBatch() || has(Defect.GRADIENT_WRONG_WITHOUT_AVERAGE);
            long rows = input.size(0);
            return !averaged ? 1 : has(Defect.ROWS_TAKEN_FOR_EXAMPLES) ? rows : examples.of(rows);
        }

        /** c·x. */
        private INDArray scaled() {
            INDArray x = has(Defect.COMPUTES_IN_THE_TYPE_OF_THE_INPUT) ? input : input.castTo(dataType);
            if (has(Defect.NAN_REPLACED)) {
                x = x.dup();
                BooleanIndexing.replaceWhere(x, 0, Conditions.isNan());
            }
            return x.mul(factor());
        }

        /** c·x with zeros in masked rows; x is {@code [N, n]} or {@code [B, n, T]}. */
        private INDArray counted() {
            INDArray activations = scaled();
            if (maskArray == null || has(Defect.MASK_IGNORED)) {
                return activations;
            }
            INDArray mask = maskArray.castTo(dataType);
            return input.rank() == 2
                    ? activations.muliColumnVector(mask.reshape(mask.length(), 1))
                    : activations.muli(
                            mask.reshape(mask.size(0), 1, mask.size(1)).broadcast(input.shape()));
        }

        @Override
        public INDArray activate(boolean training, LayerWorkspaceMgr workspaces) {
            if (has(Defect.DIVIDES_BY_THE_NUMBER_OF_EXAMPLES)) {
                Math.floorMod(1, (int) input.size(0));
            }
            examples.begin(training, input.size(0));
            trainingPass = training || has(Defect.FROZEN_AS_IN_TRAINING);
            INDArray counted = counted();
            double value = counted.mul(counted).sumNumber().doubleValue() / examples();
            penalty = has(Defect.PENALTY_ADDS_UP) ? penalty + value : value;
            if (has(Defect.INPUT_RETURNED)) {
                return input;
            }
            if (has(Defect.ACTIVATIONS_IN_A_FOREIGN_WORKSPACE)) {
                return inAForeignWorkspace(scaled());
            }
            INDArray activations = workspaces.dup(ArrayType.ACTIVATIONS, scaled(), input.ordering());
            if (has(Defect.INPUT_CHANGED)) {
                input.addi(0.1);
            }
            return activations;
        }

        /** The memory is reused after the workspace closes. */
        @SuppressWarnings("try") // the workspace is open, not used by name
        private static INDArray inAForeignWorkspace(INDArray array) {
            WorkspaceConfiguration small =
                    WorkspaceConfiguration.builder().initialSize(1 << 16).build();
            try (MemoryWorkspace workspace = Nd4j.getWorkspaceManager().getAndActivateWorkspace(small, "FOREIGN")) {
                return array.dup();
            }
        }

        @Override
        public Pair<Gradient, INDArray> backpropGradient(INDArray epsilon, LayerWorkspaceMgr workspaces) {
            INDArray gradient = workspaces.dup(ArrayType.ACTIVATION_GRAD, epsilon, epsilon.ordering());
            if (trainingPass) { // else it is frozen, and its penalty is not in the score
                gradient.addi(counted().muli(2 * divisor() / examples()));
            }
            gradient.muli(has(Defect.GRADIENT_DOUBLED) ? 2 * factor() : factor());
            if (has(Defect.INPUT_CHANGED_IN_BACKPROP)) {
                input.addi(0.1);
            }
            return new Pair<>(new DefaultGradient(), gradient);
        }

        @Override
        public double calcRegularizationScore(boolean backpropParamsOnly) {
            return penalty;
        }

        @Override
        public void setInputMiniBatchSize(int size) {
            examples.announce(size);
            inStack = true;
        }

        @Override
        public void setInput(INDArray array, LayerWorkspaceMgr workspaces) {
            super.setInput(array, workspaces);
            examples.receive(array);
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
}
