package io.github.dl4jae.penalty;

import io.github.dl4jae.internal.layer.ExampleCount;
import java.util.Objects;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A preprocessor that passes the number of examples in a mini-batch to the next layer and leaves activations unchanged.
 *
 * <p>Layers that add a mean over examples to the score need this number, and a {@code ComputationGraph} gives it to
 * preprocessors only. In a network with input types such layers insert this preprocessor themselves. In a graph without
 * input types, add it explicitly:
 *
 * <pre>{@code
 * GaussianLatentLayer z = new GaussianLatentLayer.Builder().nIn(400).nOut(20).build();
 * graph.addLayer("z", z, new ExampleCountPreProcessor(), "encoder");
 * }</pre>
 *
 * <p>Shapes: input and output are the same, or those of the wrapped preprocessor.
 */
public final class ExampleCountPreProcessor implements InputPreProcessor {

    private static final long serialVersionUID = 1L;

    private final @Nullable InputPreProcessor inner;

    /** Creates a preprocessor that wraps no other. */
    public ExampleCountPreProcessor() {
        this(null);
    }

    /**
     * Creates a preprocessor that wraps another.
     *
     * @param inner the wrapped preprocessor, or null for none
     */
    public ExampleCountPreProcessor(@JsonProperty("inner") @Nullable InputPreProcessor inner) {
        this.inner = inner;
    }

    /**
     * Removes the wrapper from a preprocessor.
     *
     * @param preProcessor any preprocessor, or null
     * @return the wrapped preprocessor if the argument is of this class, else the argument; null for none
     */
    public static @Nullable InputPreProcessor unwrapped(@Nullable InputPreProcessor preProcessor) {
        return preProcessor instanceof ExampleCountPreProcessor counting ? counting.inner : preProcessor;
    }

    /**
     * Returns the wrapped preprocessor.
     *
     * @return the preprocessor, or null for none
     */
    public @Nullable InputPreProcessor getInner() {
        return inner;
    }

    @Override
    public INDArray preProcess(INDArray input, int miniBatchSize, LayerWorkspaceMgr workspaces) {
        INDArray output = inner == null ? input : inner.preProcess(input, miniBatchSize, workspaces);
        ExampleCount.tell(output, miniBatchSize);
        return output;
    }

    @Override
    public INDArray backprop(INDArray output, int miniBatchSize, LayerWorkspaceMgr workspaces) {
        return inner == null ? output : inner.backprop(output, miniBatchSize, workspaces);
    }

    @Override
    public InputType getOutputType(InputType inputType) {
        return inner == null ? inputType : inner.getOutputType(inputType);
    }

    @Override
    public Pair<INDArray, MaskState> feedForwardMaskArray(INDArray mask, MaskState state, int miniBatchSize) {
        return inner == null ? new Pair<>(mask, state) : inner.feedForwardMaskArray(mask, state, miniBatchSize);
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ExampleCountPreProcessor clone() {
        return new ExampleCountPreProcessor(inner == null ? null : inner.clone());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ExampleCountPreProcessor that && Objects.equals(inner, that.inner);
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(inner);
    }

    @Override
    public String toString() {
        return "ExampleCountPreProcessor(" + (inner == null ? "" : inner) + ")";
    }
}
