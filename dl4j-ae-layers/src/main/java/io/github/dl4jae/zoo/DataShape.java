package io.github.dl4jae.zoo;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.likelihood.LossMixed;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/**
 * The shape of examples, and the loss of their reconstructions.
 *
 * <pre>
 * features(d)                 [N, d]            standardized numbers           squared error
 * pixels(d)                   [N, d]            values in [0, 1]               Bernoulli
 * columns(loss)               [N, d]            a table with its likelihood    that likelihood
 * image(h, w, c)              [N, c·h·w]        values in [0, 1]               Bernoulli
 * sequence(n, t)              [N, n, t]         standardized numbers           squared error
 * </pre>
 *
 * <p>Labels are the examples, in the same shape. A variational autoencoder takes a Gaussian with a learned variance in
 * place of the squared error, because that must be a likelihood.
 *
 * <p>Immutable.
 */
public final class DataShape {

    private static final String NAME = "DataShape";

    private final Body body;
    private final int size;
    private final @Nullable ILossFunction loss;
    private final boolean isNumeric;

    private DataShape(Body body, int size, @Nullable ILossFunction loss, boolean isNumeric) {
        this.body = body;
        this.size = size;
        this.loss = loss;
        this.isNumeric = isNumeric;
    }

    /**
     * Returns the shape of rows of standardized numbers.
     *
     * @param count the number of features, at least 1
     * @return the shape
     * @throws IllegalArgumentException if there are no features
     */
    public static DataShape features(int count) {
        return vector(Require.atLeast(1, NAME, "count", count, ""), null, true);
    }

    /**
     * Returns the shape of rows of values between 0 and 1, such as the pixels of small images, for dense layers.
     *
     * @param count the number of values, at least 1
     * @return the shape
     * @throws IllegalArgumentException if there are no values
     */
    public static DataShape pixels(int count) {
        return vector(Require.atLeast(1, NAME, "count", count, ""), new LossBernoulli(), false);
    }

    /**
     * Returns the shape of the rows of a table.
     *
     * @param likelihood the likelihood of its columns, as {@code TableSchema.likelihood()} returns it
     * @return the shape
     * @throws IllegalArgumentException if it is null
     */
    public static DataShape columns(LossMixed likelihood) {
        Require.given(NAME, "likelihood", likelihood, "take schema.likelihood()");
        return vector(likelihood.labelColumns(), likelihood, false);
    }

    private static DataShape vector(int size, @Nullable ILossFunction loss, boolean isNumeric) {
        return new DataShape(new DenseBody(size), size, loss, isNumeric);
    }

    /**
     * Returns the shape of images as rows of values between 0 and 1, channel by channel, for convolutions.
     *
     * @param height the number of rows of pixels, even and at least 8
     * @param width the number of columns of pixels, even and at least 8
     * @param channels 1 for gray, 3 for colors
     * @return the shape
     * @throws IllegalArgumentException if a size is out of range
     */
    public static DataShape image(int height, int width, int channels) {
        requireSide("height", height);
        requireSide("width", width);
        Require.atLeast(1, NAME, "channels", channels, "");
        return new DataShape(
                new ConvolutionalBody(height, width, channels), height * width * channels, new LossBernoulli(), false);
    }

    private static void requireSide(String name, int side) {
        Require.that(
                side >= 8 && side % 2 == 0,
                NAME,
                name + " must be even and at least 8",
                side,
                "scale or pad the images, or take pixels(…) and dense layers");
    }

    /**
     * Returns the shape of sequences of standardized numbers.
     *
     * @param features the number of values in each step, at least 1
     * @param steps the length of the sequences, at least 2
     * @return the shape
     * @throws IllegalArgumentException if a number is out of range
     */
    public static DataShape sequence(int features, int steps) {
        Require.atLeast(1, NAME, "features", features, "");
        Require.atLeast(2, NAME, "steps", steps, "take features(…) for single steps");
        return new DataShape(new RecurrentBody(features, steps), features * steps, null, true);
    }

    /** Returns the number of values of an example. */
    int size() {
        return size;
    }

    Body body() {
        return body;
    }

    boolean isVector() {
        return body instanceof DenseBody;
    }

    /** Returns whether values are standardized numbers rather than in [0, 1] or of several kinds. */
    boolean isNumeric() {
        return isNumeric;
    }

    Reconstruction reconstruction(boolean isLikelihood) {
        ILossFunction chosen = loss != null ? loss : isLikelihood ? new LossGaussianLearnedVariance() : new LossL2();
        return new Reconstruction(chosen, activation(chosen));
    }

    private static IActivation activation(ILossFunction loss) {
        if (loss instanceof LossMixed mixed) {
            return mixed.activation();
        }
        return (loss instanceof LossBernoulli ? Activation.SIGMOID : Activation.IDENTITY).getActivationFunction();
    }

    /** The loss of an output layer and its activation. */
    record Reconstruction(ILossFunction loss, IActivation activation) {

        /** Returns the number of outputs for a number of values. */
        int outputs(int values) {
            if (loss instanceof LossMixed mixed) {
                return mixed.outputs();
            }
            return loss instanceof LossGaussianLearnedVariance ? 2 * values : values;
        }
    }

    /** Returns the shape as text, as in {@code image(28, 28, 1)}. */
    @Override
    public String toString() {
        return body.toString();
    }
}
