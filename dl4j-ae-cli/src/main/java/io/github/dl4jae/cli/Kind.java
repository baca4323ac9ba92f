package io.github.dl4jae.cli;

import io.github.dl4jae.zoo.ContractiveAutoencoder;
import io.github.dl4jae.zoo.DataShape;
import io.github.dl4jae.zoo.DenoisingAutoencoder;
import io.github.dl4jae.zoo.KLSparseAutoencoder;
import io.github.dl4jae.zoo.KSparseAutoencoder;
import io.github.dl4jae.zoo.UndercompleteAutoencoder;
import io.github.dl4jae.zoo.VariationalAutoencoder;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.util.Locale;

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

    /** Returns the name on the command line. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
