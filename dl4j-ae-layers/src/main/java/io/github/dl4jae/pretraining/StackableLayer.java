package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.layer.DenseChecks;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.layer.AbstractFeedForwardLayer;
import io.github.dl4jae.layer.Settings;
import org.deeplearning4j.nn.api.ParamInitializer;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * A layer that is pretrained to reconstruct its input with its transposed weights, and is a dense layer in a network.
 *
 * <pre>
 * up      h = act(x·W + b)
 * down    x̂ = act_v(h·Wᵀ + vb)
 * </pre>
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}; parameters {@code W [nIn, nOut]}, {@code b [nOut]},
 * {@code vb [nIn]}. The training and output of a network use W and b only.
 *
 * @see GreedyLayerwisePretrainer
 */
public abstract class StackableLayer extends AbstractFeedForwardLayer {

    private final double visibleBiasInit;

    StackableLayer(Builder<?> builder) {
        super(builder);
        this.visibleBiasInit = builder.visibleBiasInit;
    }

    // for JSON
    StackableLayer(double visibleBiasInit) {
        this.visibleBiasInit = visibleBiasInit;
    }

    /**
     * Returns the initial value of vb.
     *
     * @return the same for all visible units
     */
    public final double getVisibleBiasInit() {
        return visibleBiasInit;
    }

    /**
     * Returns the activation of the encoder, which the layer has in a network.
     *
     * @return act
     */
    abstract IActivation encoderActivation();

    /** Returns the activation of the decoder, act_v. */
    abstract IActivation decoderActivation();

    /** Returns the loss of reconstructions. */
    abstract ILossFunction reconstructionLoss();

    final void requireInput(INDArray input, int index) {
        DenseChecks.requireInput(this, input, index);
    }

    final String subject() {
        return LayerSubject.of(this);
    }

    @Override
    public final ParamInitializer initializer() {
        return StackableParamInitializer.INSTANCE;
    }

    @Override
    public final boolean isPretrainParam(String name) {
        return StackableParamInitializer.VISIBLE_BIAS.equals(name);
    }

    /** Returns the report of pretraining, which needs more memory than backprop. */
    @Override
    public final LayerMemoryReport getMemoryReport(InputType inputType) {
        long elements = inputType.arrayElementsPerExample()
                + getOutputType(-1, inputType).arrayElementsPerExample();
        return LayerMemory.of(this, inputType)
                .training(nIn * nOut, 4 * elements)
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none().with("visibleBiasInit", visibleBiasInit);
    }

    /**
     * The options of a dense layer, and the initial bias of the decoder.
     *
     * @param <T> the builder itself
     */
    public abstract static class Builder<T extends Builder<T>> extends FeedForwardLayer.Builder<T> {
        private double visibleBiasInit;

        Builder() {}

        /**
         * Sets the initial value of vb. Default: 0.
         *
         * @param value for all visible units
         * @return this
         */
        @SuppressWarnings("unchecked")
        public T visibleBiasInit(double value) {
            this.visibleBiasInit = value;
            return (T) this;
        }
    }
}
