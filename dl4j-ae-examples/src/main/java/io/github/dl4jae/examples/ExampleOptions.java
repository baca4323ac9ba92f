package io.github.dl4jae.examples;

import io.github.dl4jae.data.DataDirectory;
import io.github.dl4jae.internal.io.AtomicFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
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

/** The options that all examples share. */
final class ExampleOptions {

    private static final Set<String> NOT_DECISIVE = Set.of("--out", "--resume", "--help", "--epochs", "--data-dir");

    private static final String ALL_IMAGES = String.valueOf(Integer.MAX_VALUE);

    @Option(
            names = "--data",
            paramLabel = "NAME",
            description = "digits (synthetic, drawn by the library), mnist or fashion-mnist; default: ${DEFAULT-VALUE}",
            defaultValue = "digits",
            converter = SourceConverter.class)
    private ExampleData.Source source;

    @Option(
            names = "--data-dir",
            paramLabel = "DIR",
            description =
                    "where the subdirectories mnist and fashion-mnist are; default: the system property dl4jae.data,"
                            + " the variable DL4JAE_DATA, or .cache/dl4j-ae in the home directory")
    private Path dataDirectory;

    @Option(names = "--train-images", paramLabel = "N", description = "only the first N training images; default: all")
    private int trainingImages = Integer.MAX_VALUE;

    @Option(names = "--epochs", paramLabel = "N", description = "passes over the training images, at most")
    private Integer epochs;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "decides weights, order and synthetic images; default: ${DEFAULT-VALUE}",
            defaultValue = "42")
    private long seed;

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "where pictures, report and checkpoints go; default: out/EXAMPLE-DATA")
    private Path out;

    @Option(names = "--resume", description = "continue the run whose checkpoint is in the output directory")
    private boolean resume;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /** The options of the run to be continued; empty where none are kept. */
    private Map<String, String> before = Map.of();

    @SuppressWarnings("UnusedVariable") // picocli answers it
    @Option(names = "--help", usageHelp = true, description = "show this and leave")
    private boolean help;

    ExampleData loadData() {
        DataDirectory directory = dataDirectory == null ? DataDirectory.find() : DataDirectory.of(dataDirectory);
        if (trainingImages < 1) {
            throw new IllegalArgumentException(
                    "--train-images must be at least 1, got " + trainingImages + "; leave it out for all");
        }
        return source.load(directory.onDownload(new DownloadBar()), seed, trainingImages);
    }

    ExampleData.Source source() {
        return source;
    }

    long seed() {
        return seed;
    }

    /** How many epochs to train: what the user says, else one number for digits and one for the larger sets. */
    int epochs(int forDigits, int forRealImages) {
        if (epochs != null) {
            if (epochs < 1) {
                throw new IllegalArgumentException(
                        "--epochs must be at least 1, got " + epochs + "; leave it out for a good" + " default");
            }
            return epochs;
        }
        return source == ExampleData.Source.DIGITS ? forDigits : forRealImages;
    }

    /** Where files go. Checkpoints of a run before are set aside, unless it is to be continued. */
    Path out(String example) {
        Path directory = out == null ? Path.of("out", example + "-" + source) : out;
        if (!resume && Files.isDirectory(directory)) {
            try (Stream<Path> files = Files.walk(directory)) {
                files.filter(file -> file.endsWith("checkpoint.zip") || file.endsWith("pretraining.zip"))
                        .toList()
                        .forEach(ExampleOptions::setAside);
            } catch (IOException e) {
                throw new UncheckedIOException(directory + " can't be read", e);
            }
        }
        keepOptions(directory);
        return directory;
    }

    /** Before any work: that the directory can be written shows here. */
    private void keepOptions(Path directory) {
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
            Throwable reason = e instanceof UncheckedIOException ? e.getCause() : e;
            throw new IllegalArgumentException(
                    "--out must be a directory that can be written, got " + directory + " (" + reason
                            + "); name another",
                    e);
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

    /** Which options are not those of the run to be continued, for a message: {@code --seed 42 there, 7 here}. */
    String differences() {
        return decisive().entrySet().stream()
                .filter(option -> before.containsKey(option.getKey())
                        && !before.get(option.getKey()).equals(option.getValue()))
                .map(option ->
                        option.getKey() + " " + before.get(option.getKey()) + " there, " + option.getValue() + " here")
                .collect(Collectors.joining("; "));
    }

    private static void setAside(Path checkpoint) {
        Path aside =
                checkpoint.resolveSibling(checkpoint.getFileName().toString().replace(".zip", ".previous.zip"));
        try {
            Files.move(checkpoint, aside, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(checkpoint + " can't be moved to " + aside, e);
        }
        System.out.println("Starting anew; the checkpoint of the run before is kept as " + aside
                + " (--resume would have continued it)");
    }

    boolean resume() {
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
