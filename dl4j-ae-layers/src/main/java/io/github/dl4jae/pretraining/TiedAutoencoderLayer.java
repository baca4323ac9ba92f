package io.github.dl4jae.pretraining;

import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.penalty.ActivityPenalty;
import io.github.dl4jae.penalty.KLSparsityPenalty;
import io.github.dl4jae.sparse.ActivationTopK;
import java.util.Collection;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.IDropout;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * An autoencoder with one hidden layer and tied weights, to be pretrained and stacked. It replaces Deeplearning4j's
 * {@code AutoEncoder}, whose {@code pretrain} climbs its loss instead of descending it.
 *
 * <pre>
 * x̃ = corruption(x)    h = act(x̃·W + b)    x̂ = act_v(h·Wᵀ + vb)
 * score = 1/B · Σ_i L(x_i, x̂_i) + P(h) + λ/B · Σ_i ‖∂h_i/∂x̃_i‖_F²
 *
 * δ₂ = ∂L/∂(h·Wᵀ + vb)     ε = δ₂·W + ∂P/∂h     δ₁ = ε ⊙ act′ + λ·∂‖J‖²/∂z
 * ∂W = x̃ᵀ·δ₁ + δ₂ᵀ·h + λ·∂‖J‖²/∂W     ∂b = Σ_rows δ₁     ∂vb = Σ_rows δ₂
 * </pre>
 *
 * <pre>{@code
 * .layer(new TiedAutoencoderLayer.Builder().nIn(784).nOut(500).corruption(new MaskingNoise(0.25)).build())
 * …
 * new GreedyLayerwisePretrainer.Builder(network).epochs(15).build().fit(iterator);
 * }</pre>
 *
 * <p>One layer for several methods, alone or combined: denoising ({@link Builder#corruption}), contractive
 * ({@link Builder#contraction}), k-sparse ({@code activation(new ActivationTopK(k))}), sparse
 * ({@link Builder#penalty}), or plain. The corruption applies in pretraining only, with the clean input as the target.
 *
 * <p>Errors: nIn or nOut not above 0, a contraction with an activation that is not elementwise, {@code ActivationTopK}
 * without {@link Builder#outputActivation}, when the network is initialized; an input that is not {@code [batch, nIn]};
 * and the errors of the loss and the penalty. Masks apply in a network, not in pretraining.
 *
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010, Stacked denoising
 *     autoencoders</a>
 */
public final class TiedAutoencoderLayer extends StackableLayer {

    private final @Nullable IActivation outputActivation;
    private final ILossFunction lossFunction;
    private final @Nullable IDropout corruption;
    private final @Nullable ActivityPenalty penalty;
    private final double contraction;

    private TiedAutoencoderLayer(Builder builder) {
        super(builder);
        this.outputActivation = builder.outputActivation;
        this.lossFunction = requireLoss(builder.lossFunction);
        this.corruption = builder.corruption;
        this.penalty = builder.penalty;
        this.contraction = requireContraction(builder.contraction);
        initializeConstraints(builder);
    }

    // for JSON
    TiedAutoencoderLayer(
            @JsonProperty("visibleBiasInit") double visibleBiasInit,
            @JsonProperty("outputActivation") @Nullable IActivation outputActivation,
            @JsonProperty("lossFunction") ILossFunction lossFunction,
            @JsonProperty("corruption") @Nullable IDropout corruption,
            @JsonProperty("penalty") @Nullable ActivityPenalty penalty,
            @JsonProperty("contraction") double contraction) {
        super(visibleBiasInit);
        this.outputActivation = outputActivation;
        this.lossFunction = requireLoss(lossFunction);
        this.corruption = corruption;
        this.penalty = penalty;
        this.contraction = requireContraction(contraction);
    }

    private static ILossFunction requireLoss(ILossFunction loss) {
        return Require.given("TiedAutoencoderLayer", "lossFunction", loss, "leave it out for LossBernoulli");
    }

    private static double requireContraction(double weight) {
        return Require.nonNegative(
                "TiedAutoencoderLayer", "contraction", weight, "0.1 is usual, 0 leaves the term out");
    }

    /**
     * Returns the activation of the reconstruction.
     *
     * @return act_v, or null if it is the activation of the code
     */
    public @Nullable IActivation getOutputActivation() {
        return outputActivation;
    }

    /**
     * Returns the loss of reconstructions.
     *
     * @return L
     */
    public ILossFunction getLossFunction() {
        return lossFunction;
    }

    /**
     * Returns the corruption of the input in pretraining.
     *
     * @return the corruption, or null for none
     */
    public @Nullable IDropout getCorruption() {
        return corruption;
    }

    /**
     * Returns the penalty on the code in pretraining.
     *
     * @return P, or null for none
     */
    public @Nullable ActivityPenalty getPenalty() {
        return penalty;
    }

    /**
     * Returns the weight of the squared norm of the Jacobian in pretraining.
     *
     * @return λ
     */
    public double getContraction() {
        return contraction;
    }

    @Override
    IActivation encoderActivation() {
        return activationFn;
    }

    @Override
    IActivation decoderActivation() {
        return outputActivation == null ? activationFn : outputActivation;
    }

    @Override
    ILossFunction reconstructionLoss() {
        return lossFunction;
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        super.requireFits(listeners, layerIndex);
        if (outputActivation == null && activationFn instanceof ActivationTopK) {
            throw new DL4JInvalidConfigException(subject() + ": outputActivation must be given with ActivationTopK,"
                    + " which is for codes, got none; call outputActivation(Activation.IDENTITY) or SIGMOID");
        }
        if (penalty != null) {
            penalty.requireActivation(subject(), activationFn);
        }
        if (contraction > 0) {
            JacobianNorm.requireElementwise(subject(), activationFn, nOut);
        }
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new TiedAutoencoderLayerImpl(conf, dataType);
    }

    @Override
    protected Settings settings() {
        return super.settings()
                .with("outputActivation", outputActivation)
                .with("lossFunction", lossFunction)
                .with("corruption", corruption)
                .with("penalty", penalty)
                .with("contraction", contraction);
    }

    /** Builds a {@link TiedAutoencoderLayer}: the options of the stock {@code AutoEncoder}, and more. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends StackableLayer.Builder<Builder> {
        private @Nullable IActivation outputActivation;
        private ILossFunction lossFunction = new LossBernoulli();
        private @Nullable IDropout corruption;
        private @Nullable ActivityPenalty penalty;
        private double contraction;

        /**
         * Creates a builder of a plain autoencoder with a Bernoulli likelihood. Unlike the stock layer, whose default
         * corruption is 0.3, it has no corruption.
         */
        public Builder() {}

        /**
         * Sets the activation of the reconstruction. Default: the activation of the code.
         *
         * @param activation act_v
         * @return this
         */
        public Builder outputActivation(IActivation activation) {
            this.outputActivation = activation;
            return this;
        }

        /**
         * Sets the activation of the reconstruction. Default: the activation of the code.
         *
         * @param activation act_v
         * @return this
         */
        public Builder outputActivation(Activation activation) {
            return outputActivation(activation.getActivationFunction());
        }

        /**
         * Sets the loss of reconstructions. Default: {@code LossBernoulli}.
         *
         * @param loss L
         * @return this
         */
        public Builder lossFunction(ILossFunction loss) {
            this.lossFunction = loss;
            return this;
        }

        /**
         * Sets the loss of reconstructions by its stock name. {@code RECONSTRUCTION_CROSSENTROPY} and {@code XENT}
         * become {@code LossBernoulli}, which has the same value and does not fail at saturated outputs.
         *
         * @param loss one of Deeplearning4j's
         * @return this
         */
        public Builder lossFunction(LossFunctions.LossFunction loss) {
            boolean crossEntropy = loss == LossFunctions.LossFunction.RECONSTRUCTION_CROSSENTROPY
                    || loss == LossFunctions.LossFunction.XENT;
            return lossFunction(crossEntropy ? new LossBernoulli() : loss.getILossFunction());
        }

        /**
         * Corrupts the input in pretraining. Default: none.
         *
         * @param corruption such as {@code MaskingNoise}, or null for none
         * @return this
         */
        public Builder corruption(@Nullable IDropout corruption) {
            this.corruption = corruption;
            return this;
        }

        /**
         * Masks a fraction of the input in pretraining, as the stock layer does.
         *
         * @param fraction in [0, 1]; 0 for none
         * @return this
         */
        public Builder corruptionLevel(double fraction) {
            return corruption(fraction == 0 ? null : new MaskingNoise(fraction));
        }

        /**
         * Adds a penalty on the code in pretraining. Default: none.
         *
         * @param penalty such as {@code KLSparsityPenalty}, or null for none
         * @return this
         */
        public Builder penalty(@Nullable ActivityPenalty penalty) {
            this.penalty = penalty;
            return this;
        }

        /**
         * Sets a target for the mean activation of each unit, by a {@code KLSparsityPenalty} of weight 1. The stock
         * layer's option of this name has no stated objective.
         *
         * @param targetRate ρ, strictly between 0 and 1; 0 for none
         * @return this
         */
        public Builder sparsity(double targetRate) {
            return penalty(targetRate == 0 ? null : new KLSparsityPenalty(targetRate, 1));
        }

        /**
         * Adds a penalty on the squared norm of the Jacobian in pretraining. Default: 0.
         *
         * @param lambda λ, at least 0
         * @return this
         */
        public Builder contraction(double lambda) {
            this.contraction = lambda;
            return this;
        }

        @Override
        public TiedAutoencoderLayer build() {
            return new TiedAutoencoderLayer(this);
        }
    }
}
