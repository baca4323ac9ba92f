package io.github.dl4jae.convolutional;

import io.github.dl4jae.internal.layer.BuilderSettings;
import io.github.dl4jae.internal.layer.IgnoredOptions;
import io.github.dl4jae.internal.layer.LayerAssembly;
import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.LayerSubject;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.LayerConstraint;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.params.BatchNormalizationParamInitializer;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Batch normalization with the numbers, parameters and options of the stock {@code BatchNormalization}, many times as
 * fast on the CPU.
 *
 * <pre>
 * training    μ = 1/M · Σ x      v = 1/M · Σ (x − μ)²      M values per channel
 * inference   μ and v are the running mean and variance
 * y = γ·x̂ + β      x̂ = (x − μ)/√(v + eps)
 * ∂γ = Σ ε·x̂      ∂β = Σ ε      ∂x = γ/√(v + eps) · (ε − ∂β/M − x̂·∂γ/M); at inference without the sums
 * running ← decay·running + (1 − decay)·batch
 * </pre>
 *
 * <p>Shapes: in and out {@code [batch, nOut]}, or images {@code [batch, nOut, height, width]}, with {@code
 * CNN2DFormat.NHWC} {@code [batch, height, width, nOut]}. Masks of images are ignored, as in the stock layer.
 *
 * <p>Parameters as in the stock layer: {@code gamma [nOut]} and {@code beta [nOut]}, unless they are locked, then
 * {@code mean [nOut]} and {@code log10stdev [nOut]}, or {@code var [nOut]} without {@code useLogStd}. The running
 * values change with the update of the parameters, as there.
 *
 * <p>Defects of the stock layer that are corrected:
 *
 * <ul>
 *   <li>Locked γ and β are left out of the forward pass unless both differ from 1 and 0, but backprop uses γ. With
 *       channels last, training throws.
 *   <li>{@code minibatch(false)} is ignored. Here the running values are then those of the last batch.
 *   <li>Backprop after a pass at inference, as in a {@code FrozenLayerWithBackprop}, is that of training.
 *   <li>Constraints of γ or β alone are ignored.
 *   <li>Sequences fail. Here every time step is a row, and masked steps are left out of the statistics.
 * </ul>
 *
 * <p>The layer keeps images with channels last in memory, and returns a permuted view of them. Another fast layer reads
 * it without a copy. Types other than float32, and backends other than the CPU, take ND4J's operations in float64.
 *
 * <pre>{@code
 * .layer(new FastBatchNormalizationLayer.Builder().build())
 * }</pre>
 *
 * <p>When not to use it: with small mini-batches, whose statistics are poor.
 *
 * <p>Errors: nOut not above 0, an activation or dropout on the builder, decay outside [0, 1), eps not above 0, and an
 * input of another shape.
 *
 * @see <a href="https://arxiv.org/abs/1502.03167">Ioffe and Szegedy 2015, Batch normalization</a>
 */
public final class FastBatchNormalizationLayer extends BatchNormalization {

    private FastBatchNormalizationLayer(Builder builder) {
        BuilderSettings.copy(builder, this);
        setDecay(builder.decay);
        setEps(builder.eps);
        setMinibatch(builder.minibatch);
        setGamma(builder.gamma);
        setBeta(builder.beta);
        setLockGammaBeta(builder.lockGammaBeta);
        setUseLogStd(builder.useLogStd);
        setCnn2DFormat(builder.dataFormat);
        initializeConstraints(builder);
        addConstraints(builder.gammaConstraints, BatchNormalizationParamInitializer.GAMMA);
        addConstraints(builder.betaConstraints, BatchNormalizationParamInitializer.BETA);
    }

    // for JSON
    FastBatchNormalizationLayer() {}

    private void addConstraints(List<LayerConstraint> constraints, String parameter) {
        if (!constraints.isEmpty()) {
            List<LayerConstraint> all =
                    getConstraints() == null ? new ArrayList<>() : new ArrayList<>(getConstraints());
            for (LayerConstraint each : constraints) {
                LayerConstraint constraint = each.clone();
                constraint.setParams(Set.of(parameter));
                all.add(constraint);
            }
            setConstraints(all);
        }
    }

    @Override
    public FastBatchNormalizationLayer clone() {
        return (FastBatchNormalizationLayer) super.clone();
    }

    @Override
    public Layer instantiate(
            NeuralNetConfiguration conf,
            Collection<TrainingListener> listeners,
            int layerIndex,
            INDArray parametersView,
            boolean initializeParameters,
            DataType dataType) {
        if (getNOut() <= 0) {
            throw new DL4JInvalidConfigException(LayerSubject.of(this) + ": nOut must be above 0, got " + getNOut()
                    + "; set it on the builder, or the input type on the network");
        }
        return LayerAssembly.assemble(
                new FastBatchNormalizationLayerImpl(conf, dataType),
                conf,
                listeners,
                layerIndex,
                parametersView,
                initializeParameters);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        InputType.Type type = inputType == null ? null : inputType.getType();
        if (type != InputType.Type.FF && type != InputType.Type.CNN && type != InputType.Type.CNNFlat) {
            throw new DL4JInvalidConfigException(
                    LayerSubject.of(this) + ": the input must be features or images, got " + inputType);
        }
        return inputType;
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return inputType instanceof InputType.InputTypeRecurrent sequences
                ? new RnnToFeedForwardPreProcessor(sequences.getFormat())
                : super.getPreProcessorForInputType(inputType);
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        // images with channels last
        return LayerMemory.of(this, inputType)
                .training(2 * getNOut(), inputType.arrayElementsPerExample())
                .report();
    }

    @Override
    protected boolean canEqual(Object other) {
        return other instanceof FastBatchNormalizationLayer;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof FastBatchNormalizationLayer && super.equals(other);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode();
    }

    @Override
    public String toString() {
        return "FastBatchNormalizationLayer(" + super.toString() + ")";
    }

    /** Builds a {@link FastBatchNormalizationLayer} with the options of the stock layer's builder. */
    @SuppressWarnings("unchecked") // the return type of build() is how Deeplearning4j declares it
    public static final class Builder extends FeedForwardLayer.Builder<Builder> {
        private double decay = 0.9;
        private double eps = 1e-5;
        private boolean minibatch = true;
        private boolean lockGammaBeta;
        private double gamma = 1;
        private double beta;
        private List<LayerConstraint> gammaConstraints = List.of();
        private List<LayerConstraint> betaConstraints = List.of();
        private boolean useLogStd = true;
        private CNN2DFormat dataFormat = CNN2DFormat.NCHW;

        /** Creates a builder. The number of channels follows from the network's input type, or from {@code nOut}. */
        public Builder() {}

        /**
         * Sets the share of the running mean and variance that an update keeps. Default: 0.9.
         *
         * @param decay from 0 to below 1
         * @return this
         */
        public Builder decay(double decay) {
            Require.that(
                    decay >= 0 && decay < 1,
                    "FastBatchNormalizationLayer",
                    "decay must be at least 0 and below 1",
                    decay,
                    "0.9 is usual");
            this.decay = decay;
            return this;
        }

        /**
         * Sets the number that is added to the variance. Default: 1e-5.
         *
         * @param eps above 0
         * @return this
         */
        public Builder eps(double eps) {
            this.eps = Require.positive("FastBatchNormalizationLayer", "eps", eps, "1e-5 is usual");
            return this;
        }

        /**
         * Sets whether a batch is only a part of the training data. Default: true. With false, inference uses the mean
         * and variance of the last batch, and {@code decay} has no effect.
         *
         * @param minibatch whether to average over batches
         * @return this
         */
        public Builder minibatch(boolean minibatch) {
            this.minibatch = minibatch;
            return this;
        }

        /**
         * Sets whether γ and β are constants instead of parameters. Default: false.
         *
         * @param lockGammaBeta whether they are constants
         * @return this
         */
        public Builder lockGammaBeta(boolean lockGammaBeta) {
            this.lockGammaBeta = lockGammaBeta;
            return this;
        }

        /**
         * Sets γ, or its initial value. Default: 1.
         *
         * @param gamma the value for all channels
         * @return this
         */
        public Builder gamma(double gamma) {
            this.gamma = Require.finite("FastBatchNormalizationLayer", "gamma", gamma, "");
            return this;
        }

        /**
         * Sets β, or its initial value. Default: 0.
         *
         * @param beta the value for all channels
         * @return this
         */
        public Builder beta(double beta) {
            this.beta = Require.finite("FastBatchNormalizationLayer", "beta", beta, "");
            return this;
        }

        /**
         * Sets constraints of γ.
         *
         * @param constraints applied after each update
         * @return this
         */
        public Builder constrainGamma(LayerConstraint... constraints) {
            this.gammaConstraints = List.of(constraints);
            return this;
        }

        /**
         * Sets constraints of β.
         *
         * @param constraints applied after each update
         * @return this
         */
        public Builder constrainBeta(LayerConstraint... constraints) {
            this.betaConstraints = List.of(constraints);
            return this;
        }

        /**
         * Sets whether the running variance is stored as log10 of the standard deviation. Default: true. The JSON of
         * a configuration forgets {@code false} until a network has been initialized with it; stored models keep it.
         *
         * @param useLogStd whether it is a logarithm
         * @return this
         */
        public Builder useLogStd(boolean useLogStd) {
            this.useLogStd = useLogStd;
            return this;
        }

        /**
         * Sets the order of dimensions. Default: NCHW, or that of the network's input type.
         *
         * @param format NCHW or NHWC
         * @return this
         */
        public Builder dataFormat(CNN2DFormat format) {
            this.dataFormat = format;
            return this;
        }

        @Override
        public FastBatchNormalizationLayer build() {
            IgnoredOptions.requireNoActivation("FastBatchNormalizationLayer", this, "the identity");
            IgnoredOptions.requireNoDropout("FastBatchNormalizationLayer", this);
            return new FastBatchNormalizationLayer(this);
        }
    }
}
