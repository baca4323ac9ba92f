package io.github.dl4jae.cli;

import io.github.dl4jae.tabular.TableReader;
import java.nio.file.Path;
import java.util.List;
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
     * @param ofTables the options of the command for tables alone, beside those of {@link TableOptions}
     * @param ofImages the options for images alone
     * @throws ParameterException if an option does not suit the data
     */
    void check(CommandSpec spec, List<String> ofTables, List<String> ofImages) {
        if (images == null) {
            refuse(spec, ofImages, "--images", "--csv");
            Usage.require(
                    spec,
                    !"-".equals(String.valueOf(csv)),
                    "--csv must be a file for " + spec.name() + ", which reads it several times, got -");
        } else {
            refuse(spec, ofTables, "--csv", "--images");
            refuse(
                    spec,
                    Objects.requireNonNull(spec.mixins().get(TABLE)).options().stream()
                            .map(OptionSpec::longestName)
                            .toList(),
                    "--csv",
                    "--images");
        }
    }

    private static void refuse(CommandSpec spec, List<String> options, String needed, String given) {
        for (String option : options) {
            boolean found = spec.commandLine().getParseResult().hasMatchedOption(option);
            Usage.require(spec, !found, option + " needs " + needed + ", got " + given + "; leave it out");
        }
    }

    /** Reads the table or the images, and splits them into training and validation examples. */
    FitData read(TableReader table, boolean isConvolutional, double trainingFraction, long seed) {
        if (images != null) {
            return ImageFitData.read(images, isConvolutional, trainingFraction, seed);
        } else if (csv != null) {
            return TableFitData.read(csv, table, trainingFraction, seed);
        }
        throw new IllegalStateException("picocli requires one of both options");
    }
}
