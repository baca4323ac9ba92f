package io.github.dl4jae.examples.support;

import java.nio.file.Files;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The options of examples of sequences. */
public final class SequenceOptions {

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Number of passes over the training pairs. Default: depends on the task.")
    private Integer epochs;

    @Option(names = "--seed", paramLabel = "N", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--out", paramLabel = "DIR", description = "Output directory. Default: out/EXAMPLE.")
    private Path out;

    @Option(names = "--resume", description = "Continue the run whose checkpoint is in the output directory.")
    private boolean resume;

    @SuppressWarnings("UnusedVariable") // read by picocli
    @Option(names = "--help", usageHelp = true, description = "Show this help and exit.")
    private boolean help;

    /** Creates options for picocli to set. */
    public SequenceOptions() {}

    /**
     * Returns the number of epochs.
     *
     * @param usual the default
     * @return the value of {@code --epochs}, or the default
     */
    public int epochs(int usual) {
        if (epochs != null && epochs < 1) {
            throw new IllegalArgumentException("--epochs must be at least 1, got " + epochs);
        }
        return epochs == null ? usual : epochs;
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
     * Returns the output directory. If the run resumes no other, an existing checkpoint is renamed.
     *
     * @param example the default name
     * @return a directory that exists and can be written
     */
    public Path out(String example) {
        Path directory = out == null ? Path.of("out", example) : out;
        OutputDirectory.require(directory);
        Path checkpoint = directory.resolve(CheckpointFile.NAME);
        if (resume && Files.notExists(checkpoint)) {
            throw new IllegalArgumentException("--resume: there must be a checkpoint to continue, got none at "
                    + checkpoint + "; leave out --resume to start a run, or name its directory with --out");
        }
        CheckpointFile.of(directory, resume);
        return directory;
    }
}
