package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.penalty.ActivityPenalty;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * A restricted Boltzmann machine as a layer, pretrained by contrastive divergence. In a network it is a dense layer.
 *
 * <pre>
 * E(v, h) = −v·W·h − b·h − vb·v     (binary; for Gaussian units ½(v − vb)² replaces −vb·v, and ½(h − b)² replaces −b·h)
 *
 *                p(h | v), with z = v·W + b                  p(v | h), with z = h·Wᵀ + vb
 * binary         σ(z)                                        σ(z)
 * Gaussian       N(z, 1)                                     N(z, 1)
 * rectified      max(0, z + N(0, σ(z))), mean ln(1 + e^z)    not for visible units
 *
 * gradient of −ln p:  ∂W = −⟨v·h⟩_data + ⟨v·h⟩_model,  ∂b = −⟨h⟩_data + ⟨h⟩_model,  ∂vb = −⟨v⟩_data + ⟨v⟩_model
 * </pre>
 *
 * <p>The averages of the model come from k steps of Gibbs sampling that start at the data (CD-k), or at the end of the
 * chains of the last step ({@link Builder#persistentChains}). Learning rate and momentum are those of the updater,
 * weight decay is {@code l2} of the layer or network:
 *
 * <pre>{@code
 * .updater(new Nesterovs(0.1, new StepSchedule(...)))  .l2(2e-4)
 * .layer(new RestrictedBoltzmannLayer.Builder().nIn(784).nOut(1000).build())
 * }</pre>
 *
 * <p>The score is the mean error of a reconstruction in one step, which is easy to monitor but is not the objective.
 * See {@link RestrictedBoltzmannMachine} for the free energy, likelihoods and samples.
 *
 * <p>Shapes: in {@code [batch, nIn]}, out {@code [batch, nOut]}. Binary visible units expect probabilities, such as
 * gray values in [0, 1]; Gaussian ones expect data of unit variance. In a network the layer computes σ(z), z or max(0,
 * z). An activation on the builder is refused; the activation of the network is not used.
 *
 * <p>Errors: rectified visible units; k or chains out of range; values outside [0, 1] on binary units.
 *
 * <p>When not to use it: with today's initialization and Adam, a deep autoencoder trains without pretraining. The
 * machine remains useful as a generative model, and as a start where steps are few or labels are rare.
 *
 * @see <a href="https://doi.org/10.1126/science.1127647">Hinton and Salakhutdinov 2006</a>
 * @see <a href="https://www.cs.toronto.edu/~hinton/absps/guideTR.pdf">Hinton 2010, A practical guide to training
 *     restricted Boltzmann machines</a>
 * @see <a href="https://doi.org/10.1145/1390156.1390290">Tieleman 2008, persistent contrastive divergence</a>
 * @see <a href="https://icml.cc/Conferences/2010/papers/432.pdf">Nair and Hinton 2010, rectified units</a>
 */
public final class RestrictedBoltzmannLayer extends StackableLayer {

    // longer than 300 lines: six options, each with a getter and a builder method that document it

    /** A kind of unit. */
    public enum Unit {
        /** 0 or 1. */
        BINARY(Activation.SIGMOID),
        /** Real, with unit variance. */
        GAUSSIAN(Activation.IDENTITY),
        /** 0 or above; hidden units only. */
        RECTIFIED(Activation.RELU);

        private final Activation activation;

        Unit(Activation activation) {
            this.activation = activation;
        }

        IActivation activation() {
            return activation.getActivationFunction();
        }

        /** Returns the function from the total input to the mean, which a penalty applies to. */
        IActivation meanActivation() {
            return this == RECTIFIED ? Activation.SOFTPLUS.getActivationFunction() : activation();
        }
    }

    private final Unit visible;
    private final Unit hidden;
    private final int steps;
    private final int persistentChains;
    private final boolean visibleSampling;
    private final @Nullable ActivityPenalty penalty;

    private RestrictedBoltzmannLayer(Builder builder) {
        super(builder);
        IgnoredOptions.requireNoActivation(
                "RestrictedBoltzmannLayer", builder, "the activation follows from hidden(Unit)");
        this.visible = requireVisible(builder.visible);
        this.hidden = requireHidden(builder.hidden);
        this.steps = requireSteps(builder.steps);
        this.persistentChains = requireChains(builder.persistentChains);
        this.visibleSampling = builder.visibleSampling;
        this.penalty = requirePenalty(builder.penalty, hidden);
        setActivationFn(hidden.activation());
        initializeConstraints(builder);
    }

    // for JSON
    RestrictedBoltzmannLayer(
            @JsonProperty("visibleBiasInit") double visibleBiasInit,
            @JsonProperty("visible") Unit visible,
            @JsonProperty("hidden") Unit hidden,
            @JsonProperty("steps") int steps,
            @JsonProperty("persistentChains") int persistentChains,
            @JsonProperty("visibleSampling") boolean visibleSampling,
            @JsonProperty("penalty") @Nullable ActivityPenalty penalty) {
        super(visibleBiasInit);
        this.visible = requireVisible(visible);
        this.hidden = requireHidden(hidden);
        this.steps = requireSteps(steps);
        this.persistentChains = requireChains(persistentChains);
        this.visibleSampling = visibleSampling;
        this.penalty = requirePenalty(penalty, this.hidden);
    }

    private static Unit requireVisible(Unit unit) {
        Require.that(
                unit != null && unit != Unit.RECTIFIED,
                "RestrictedBoltzmannLayer",
                "visible must be BINARY or GAUSSIAN",
                unit,
                "rectified units are for the hidden layer");
        return unit;
    }

    private static Unit requireHidden(Unit unit) {
        return Require.given("RestrictedBoltzmannLayer", "hidden", unit, "leave it out for BINARY");
    }

    private static @Nullable ActivityPenalty requirePenalty(@Nullable ActivityPenalty penalty, Unit hidden) {
        if (penalty != null) {
            penalty.requireActivation(
                    "RestrictedBoltzmannLayer with " + hidden + " hidden units", hidden.meanActivation());
        }
        return penalty;
    }

    private static int requireSteps(int steps) {
        return Require.atLeast(1, "RestrictedBoltzmannLayer", "steps", steps, "CD-1 is usual");
    }

    private static int requireChains(int chains) {
        return Require.atLeast(
                0, "RestrictedBoltzmannLayer", "persistentChains", chains, "0 is CD, 100 is usual for persistent CD");
    }

    /**
     * Returns the kind of the visible units.
     *
     * @return BINARY or GAUSSIAN
     */
    public Unit getVisible() {
        return visible;
    }

    /**
     * Returns the kind of the hidden units.
     *
     * @return any kind
     */
    public Unit getHidden() {
        return hidden;
    }

    /**
     * Returns the number of steps of Gibbs sampling per update.
     *
     * @return k
     */
    public int getSteps() {
        return steps;
    }

    /**
     * Returns the number of persistent chains.
     *
     * @return 0 for CD
     */
    public int getPersistentChains() {
        return persistentChains;
    }

    /**
     * Returns whether chains of CD sample the visible units.
     *
     * @return false if they use the means
     */
    public boolean isVisibleSampling() {
        return visibleSampling;
    }

    /**
     * Returns the penalty on the hidden means of the data.
     *
     * @return P, or null
     */
    public @Nullable ActivityPenalty getPenalty() {
        return penalty;
    }

    @Override
    IActivation encoderActivation() {
        return hidden.activation();
    }

    @Override
    IActivation decoderActivation() {
        return visible.activation();
    }

    @Override
    ILossFunction reconstructionLoss() {
        return visible == Unit.BINARY ? new LossBernoulli() : new LossGaussian();
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType, INDArray parameters) {
        return new RestrictedBoltzmannLayerImpl(conf, dataType);
    }

    @Override
    protected Settings settings() {
        return super.settings()
                .with("visible", visible)
                .with("hidden", hidden)
                .with("steps", steps)
                .with("persistentChains", persistentChains)
                .with("visibleSampling", visibleSampling)
                .with("penalty", penalty);
    }

    /** Builds a {@link RestrictedBoltzmannLayer}. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends StackableLayer.Builder<Builder> {
        private Unit visible = Unit.BINARY;
        private Unit hidden = Unit.BINARY;
        private int steps = 1;
        private int persistentChains;
        private boolean visibleSampling;
        private @Nullable ActivityPenalty penalty;

        /** Creates a builder of a binary machine that is trained by CD-1. */
        public Builder() {}

        /**
         * Sets the kind of the visible units. Default: BINARY.
         *
         * @param unit BINARY or GAUSSIAN
         * @return this
         */
        public Builder visible(Unit unit) {
            this.visible = unit;
            return this;
        }

        /**
         * Sets the kind of the hidden units. Default: BINARY.
         *
         * @param unit BINARY, GAUSSIAN for a linear code, or RECTIFIED
         * @return this
         */
        public Builder hidden(Unit unit) {
            this.hidden = unit;
            return this;
        }

        /**
         * Sets the number of steps of Gibbs sampling per update. Default: 1.
         *
         * @param k at least 1
         * @return this
         */
        public Builder steps(int k) {
            this.steps = k;
            return this;
        }

        /**
         * Continues chains from update to update (persistent CD) instead of starting at the data. The gradient of the
         * likelihood is better, with learning rates that fall to 0. Chains start at the first mini-batch, and again
         * after a restart. Default: 0, which is CD.
         *
         * @param chains the number of chains
         * @return this
         */
        public Builder persistentChains(int chains) {
            this.persistentChains = chains;
            return this;
        }

        /**
         * Sets whether chains that start at the data sample the visible units instead of using their means. Means learn
         * faster and are what Hinton and Salakhutdinov used. Persistent chains always sample. Default: false.
         *
         * @param sampling whether to sample
         * @return this
         */
        public Builder visibleSampling(boolean sampling) {
            this.visibleSampling = sampling;
            return this;
        }

        /**
         * Adds a penalty on the hidden means of the data, such as a {@code KLSparsityPenalty} with a target for the
         * mean activation. Default: none.
         *
         * @param penalty P, or null for none
         * @return this
         */
        public Builder penalty(@Nullable ActivityPenalty penalty) {
            this.penalty = penalty;
            return this;
        }

        @Override
        public RestrictedBoltzmannLayer build() {
            return new RestrictedBoltzmannLayer(this);
        }
    }
}
