package io.github.dl4jae.examples.support;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.internal.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The options that all examples share: data, epochs, seed, output directory. */
public final class ExampleOptions {

    /** Options that may differ between a run and its continuation. */
    private static final Set<String> NOT_DECISIVE = Set.of("--out", "--resume", "--help", "--epochs", "--data-dir");

    private static final String ALL_IMAGES = String.valueOf(Integer.MAX_VALUE);

    @Option(
            names = "--data",
            paramLabel = "NAME",
            description = "Data set: digits (synthetic), mnist or fashion-mnist. Default: ${DEFAULT-VALUE}.",
            defaultValue = "digits",
            converter = SourceConverter.class)
    private ExampleData.Source source;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description = "Directory with the subdirectories mnist and fashion-mnist. Default: the system property"
                    + " dl4jae.data, then the variable DL4JAE_DATA, then .cache/dl4j-ae in the home directory.")
    private Path dataDirectory;

    @Option(
            names = "--train-images",
            paramLabel = "N",
            description = "Train on the first N training images. Default: all.")
    private int trainingImages = Integer.MAX_VALUE;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Maximum number of passes over the training images. Default: depends on example and data.")
    private Integer epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of weights, order and synthetic images. Default: ${DEFAULT-VALUE}.",
            defaultValue = "42")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Directory for pictures, report and checkpoints. Default: out/EXAMPLE-DATA.")
    private Path out;

    @Option(names = "--resume", description = "Continue the run whose checkpoint is in the output directory.")
    private boolean resume;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The options of the run to resume; empty if there is no record of them. */
    private Map<String, String> before = Map.of();

    /** Creates options for picocli to set. */
    public ExampleOptions() {}

    /**
     * Loads the images that {@code --data} names, and downloads missing files with a progress bar.
     *
     * @return the images, of which {@code --train-images} are for training
     */
    public ExampleData loadData() {
        DataDirectory directory = dataDirectory == null ? DataDirectory.find() : DataDirectory.of(dataDirectory);
        if (trainingImages < 1) {
            throw new IllegalArgumentException(
                    "--train-images must be at least 1, got " + trainingImages + "; leave it out for all images");
        }
        return source.load(directory.onDownload(new DownloadBar()), seed, trainingImages);
    }

    /**
     * Returns the data set.
     *
     * @return the value of {@code --data}
     */
    public ExampleData.Source source() {
        return source;
    }

    /**
     * Returns the seed.
     *
     * @return the value of {@code --seed}
     */
    public long seed() {
        return seed;
    }

    /**
     * Returns the number of epochs.
     *
     * @param forDigits default for synthetic digits
     * @param forRealImages default for the larger data sets
     * @return the value of {@code --epochs}, or the default
     */
    public int epochs(int forDigits, int forRealImages) {
        if (epochs != null) {
            if (epochs < 1) {
                throw new IllegalArgumentException(
                        "--epochs must be at least 1, got " + epochs + "; leave it out for the default");
            }
            return epochs;
        }
        return source == ExampleData.Source.DIGITS ? forDigits : forRealImages;
    }

    /**
     * Returns the output directory and records the options in it. Unless the run resumes another, existing checkpoints
     * are renamed.
     *
     * @param example first part of the default name
     * @return a directory that exists and can be written
     */
    public Path out(String example) {
        Path directory = out == null ? Path.of("out", example + "-" + source) : out;
        if (!resume && Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.filter(file -> file.endsWith("checkpoint.zip") || file.endsWith("pretraining.zip"))
                        .toList()
                        .forEach(CheckpointFile::setAside);
            } catch (IOException e) {
                throw new UncheckedIOException(directory + " cannot be read", e);
            }
        }
        recordOptions(directory);
        return directory;
    }

    /** Runs before training, so that a directory that cannot be written is refused early. */
    private void recordOptions(Path directory) {
        Path file = directory.resolve("options.txt");
        try {
            if (resume && Files.exists(file)) {
                before = Files.readAllLines(file).stream()
                        .map(line -> line.split("=", 2))
                        .collect(Collectors.toMap(parts -> parts[0], parts -> parts[1]));
            } else {
                List<String> lines = decisive().entrySet().stream()
                        .map(option -> option.getKey() + "=" + option.getValue())
                        .toList();
                AtomicFile.write(file, part -> Files.write(part, lines));
            }
        } catch (IOException | UncheckedIOException e) {
            throw OutputDirectory.refused(directory, e);
        }
    }

    /** The options that decide what is trained, by name. */
    private Map<String, String> decisive() {
        Map<String, String> values = new TreeMap<>();
        command.options().stream()
                .filter(option -> !NOT_DECISIVE.contains(option.longestName()))
                .forEach(option -> values.put(option.longestName(), Objects.toString(option.getValue())));
        values.computeIfPresent("--train-images", (name, count) -> count.equals(ALL_IMAGES) ? "all" : count);
        return values;
    }

    /** Lists the options that differ from those of the run to resume: {@code --seed 42 there, 7 here}. */
    String differences() {
        return decisive().entrySet().stream()
                .filter(option -> before.containsKey(option.getKey())
                        && !before.get(option.getKey()).equals(option.getValue()))
                .map(option ->
                        option.getKey() + " " + before.get(option.getKey()) + " there, " + option.getValue() + " here")
                .collect(Collectors.joining("; "));
    }

    /**
     * Returns whether the run continues another.
     *
     * @return true if {@code --resume} is given
     */
    public boolean resume() {
        return resume;
    }

    /** Reads the value of {@code --data}. */
    static final class SourceConverter implements ITypeConverter<ExampleData.Source> {
        @Override
        public ExampleData.Source convert(String value) {
            try {
                return ExampleData.Source.named(value);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(e.getMessage());
            }
        }
    }
}
