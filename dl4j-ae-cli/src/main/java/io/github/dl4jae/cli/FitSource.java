package io.github.dl4jae.cli;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The data that {@code fit} trains on: one of two options. */
final class FitSource {

    /** The name of the options that describe a table. */
    static final String TABLE = "table";

    @Option(names = "--csv", paramLabel = "FILE", required = true, description = "A table. It is read several times.")
    private @Nullable Path csv;

    @Option(
            names = "--images",
            paramLabel = "PATH",
            required = true,
            description = "Images of one size: an IDX file, also gzipped, or a folder of PNG files, gray or RGB, with"
                    + " its subfolders. All are in memory.")
    private @Nullable Path images;

    /**
     * Checks what can be checked without reading.
     *
     * @throws ParameterException if an option does not suit the data
     */
    void check(CommandSpec spec) {
        if (images == null) {
            refuse(spec, spec.findOption("--network"), "--images", "--csv");
            require(
                    spec,
                    !"-".equals(String.valueOf(csv)),
                    "--csv must be a file for fit, which reads it several times, got -");
        } else {
            for (OptionSpec option :
                    Objects.requireNonNull(spec.mixins().get(TABLE)).options()) {
                refuse(spec, option, "--csv", "--images");
            }
        }
    }

    private static void refuse(CommandSpec spec, OptionSpec option, String needed, String given) {
        boolean found = spec.commandLine().getParseResult().hasMatchedOption(option.longestName());
        require(spec, !found, option.longestName() + " needs " + needed + ", got " + given + "; leave it out");
    }

    private static void require(CommandSpec spec, boolean holds, String message) {
        if (!holds) {
            throw new ParameterException(spec.commandLine(), message);
        }
    }

    /** Reads the table or the images, and splits them into training and validation examples. */
    FitData read(TableOptions table, NetworkOptions network, double trainingFraction) {
        if (images != null) {
            boolean convolutional = network.layers() == NetworkOptions.Layers.CONVOLUTIONAL;
            return ImageFitData.read(images, convolutional, trainingFraction, network.seed());
        } else if (csv != null) {
            return TableFitData.read(csv, table.reader(), trainingFraction, network.seed());
        }
        throw new IllegalStateException("picocli requires one of both options");
    }
}
