package io.github.dl4jae.sequence;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.recurrent.FastRnnOutputLayer;
import java.util.function.IntFunction;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** The distribution of a step given the state of the decoder, and with it the loss. */
public final class StepLikelihood {

    private final String name;
    private final IntFunction<ILossFunction> loss;
    private final Activation activation;
    private final int outputs;

    private StepLikelihood(String name, IntFunction<ILossFunction> loss, Activation activation, int outputs) {
        this.name = name;
        this.loss = loss;
        this.activation = activation;
        this.outputs = outputs;
    }

    /**
     * Returns the likelihood of one-hot tokens.
     *
     * @return a softmax over the features
     */
    public static StepLikelihood categorical() {
        return new StepLikelihood("categorical", LossCategorical::new, Activation.IDENTITY, 1);
    }

    /**
     * Returns the likelihood of binary features, such as the notes of a chord.
     *
     * @return independent Bernoulli variables
     */
    public static StepLikelihood bernoulli() {
        return new StepLikelihood("bernoulli", features -> new LossBernoulli(), Activation.SIGMOID, 1);
    }

    /**
     * Returns the likelihood of real values with noise of known size.
     *
     * @param standardDeviation σ, above 0
     * @return N(y_t, σ²·I)
     * @throws IllegalArgumentException if it is not above 0 and finite
     */
    public static StepLikelihood gaussian(double standardDeviation) {
        Require.positive("StepLikelihood", "standardDeviation", standardDeviation, "1 is usual");
        return new StepLikelihood(
                "gaussian(" + standardDeviation + ")",
                features -> new LossGaussian(standardDeviation),
                Activation.IDENTITY,
                1);
    }

    /**
     * Returns the likelihood of real values with noise that the decoder predicts.
     *
     * @return N(y_t, diag σ_t²)
     */
    public static StepLikelihood gaussianLearnedVariance() {
        return new StepLikelihood(
                "gaussianLearnedVariance", features -> new LossGaussianLearnedVariance(), Activation.IDENTITY, 2);
    }

    /**
     * Returns the squared error of real values. It is no normalized likelihood, so variational models refuse it.
     *
     * @return Σ (x − y)²
     */
    public static StepLikelihood squaredError() {
        return new StepLikelihood("squaredError", features -> new LossL2(), Activation.IDENTITY, 1);
    }

    boolean isNormalized() {
        return !(loss.apply(2) instanceof LossL2);
    }

    /** Returns the output layer of a decoder. */
    FastRnnOutputLayer layer(int features) {
        return new FastRnnOutputLayer.Builder(loss.apply(features))
                .nOut((long) outputs * features)
                .activation(activation)
                .build();
    }

    /** Returns the name of the likelihood. */
    @Override
    public String toString() {
        return "StepLikelihood." + name;
    }
}
