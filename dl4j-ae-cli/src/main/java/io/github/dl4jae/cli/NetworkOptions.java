package io.github.dl4jae.cli;

import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.KSparseAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Spec.Target;

/** The options of the network that {@code fit} trains. */
final class NetworkOptions {

    @Spec(Target.MIXEE)
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--kind",
            paramLabel = "KIND",
            required = true,
            description = "Kind of autoencoder: ${COMPLETION-CANDIDATES}.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Kind kind;

    @Option(
            names = "--network",
            paramLabel = "NAME",
            description = "Layers of a network for images: ${COMPLETION-CANDIDATES}. Default: dense.")
    private @Nullable Layers layers;

    /** The kinds of layers of a network for images. */
    enum Layers {
        DENSE,
        CONVOLUTIONAL;

        /** Returns the name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(names = "--code", paramLabel = "N", description = "Units of the code. Default: depends on the kind.")
    private @Nullable Integer code;

    @Option(
            names = "--hidden",
            paramLabel = "N",
            split = ",",
            description =
                    "Units of the hidden layers of the encoder, or channels of convolutions. The decoder has them in"
                            + " reverse. Default: depends on the kind.")
    private int @Nullable [] hidden;

    @Option(
            names = "--k",
            paramLabel = "N",
            description = "Active units of a k-sparse code. Default: the square root of the number of features.")
    private @Nullable Integer k;

    @Option(
            names = "--learning-rate",
            paramLabel = "RATE",
            description = "Learning rate of Adam. Default: ${DEFAULT-VALUE}.")
    private double learningRate = 1e-3;

    @Option(
            names = "--seed",
            paramLabel = "S",
            description = "Seed of initial parameters, noise, order and choice of validation examples. Default:"
                    + " ${DEFAULT-VALUE}.")
    private long seed = 42;

    long seed() {
        return seed;
    }

    Kind kind() {
        return kind;
    }

    /** Returns whether images get convolutions instead of dense layers. */
    boolean isConvolutional() {
        return layers == Layers.CONVOLUTIONAL;
    }

    /**
     * Checks what can be checked without data.
     *
     * @throws ParameterException if an option is out of range
     */
    void check() {
        positive("--code", code);
        positive("--k", k);
        if (hidden != null) {
            for (int width : hidden) {
                positive("--hidden", width);
            }
        }
        Usage.require(spec, k == null || kind == Kind.K_SPARSE, "--k needs --kind k-sparse, got " + kind);
        Usage.require(
                spec, k == null || code == null || k <= code, "--k must be at most --code " + code + ", got " + k);
        Usage.require(
                spec,
                layers != Layers.CONVOLUTIONAL || kind != Kind.CONTRACTIVE,
                "--kind contractive needs --network dense, got convolutional");
        Usage.require(spec, learningRate > 0, "--learning-rate must be above 0, got " + learningRate);
    }

    private void positive(String name, @Nullable Integer value) {
        Usage.require(spec, value == null || value >= 1, name + " must be at least 1, got " + value);
    }

    /** Returns the autoencoder for rows of a shape. */
    ZooAutoencoder autoencoder(DataShape shape) {
        return kind.autoencoder(shape, new Kind.Settings() {
            @Override
            public <B extends ZooAutoencoder.Builder<B>> B applyTo(B builder) {
                builder.seed(seed).updater(new FastAdam(learningRate));
                if (code != null) {
                    builder.code(code);
                }
                if (hidden != null) {
                    builder.hidden(hidden);
                }
                if (k != null && builder instanceof KSparseAutoencoder.Builder sparse) {
                    sparse.k(k);
                }
                return builder;
            }
        });
    }
}
