package io.github.dl4jae.cli;

import io.github.dl4jae.zoo.ContractiveAutoencoder;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.DenoisingAutoencoder;
import io.github.dl4jae.zoo.KLSparseAutoencoder;
import io.github.dl4jae.zoo.KSparseAutoencoder;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.VariationalAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The kinds of autoencoders that {@code fit} knows. */
enum Kind {
    UNDERCOMPLETE,
    DENOISING,
    K_SPARSE,
    KL_SPARSE,
    CONTRACTIVE,
    VAE;

    /** Returns an autoencoder for rows of a shape, with the settings that all kinds have. */
    ZooAutoencoder autoencoder(DataShape shape, Settings settings) {
        return switch (this) {
            case UNDERCOMPLETE ->
                settings.applyTo(new UndercompleteAutoencoder.Builder(shape)).build();
            case DENOISING ->
                settings.applyTo(new DenoisingAutoencoder.Builder(shape)).build();
            case K_SPARSE ->
                settings.applyTo(new KSparseAutoencoder.Builder(shape)).build();
            case KL_SPARSE ->
                settings.applyTo(new KLSparseAutoencoder.Builder(shape)).build();
            case CONTRACTIVE ->
                settings.applyTo(new ContractiveAutoencoder.Builder(shape)).build();
            case VAE ->
                settings.applyTo(new VariationalAutoencoder.Builder(shape)).build();
        };
    }

    /** Settings that builders of all kinds have. */
    @FunctionalInterface
    interface Settings {
        <B extends ZooAutoencoder.Builder<B>> B applyTo(B builder);
    }

    /** Reads a name. */
    static final class Converter implements ITypeConverter<Kind> {
        @Override
        public Kind convert(String value) {
            return Arrays.stream(values())
                    .filter(kind -> kind.toString().equalsIgnoreCase(value))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "must be one of " + Arrays.toString(values()) + ", got '" + value + "'"));
        }
    }

    /** The names, for help and completion. */
    static final class Names extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Names() {
            super(Arrays.stream(values()).map(Kind::toString).toList());
        }
    }

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
