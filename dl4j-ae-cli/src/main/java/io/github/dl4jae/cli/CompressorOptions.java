package io.github.dl4jae.cli;

import io.github.dl4jae.compression.ImageCompressor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import picocli.CommandLine.Option;

/** Options of the commands that turn files of one folder into files of another with an image compressor. */
final class CompressorOptions {

    /** How the names of compressed files end. */
    static final String SUFFIX = ".dae";

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Model of fit-compressor.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path model;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder to write to.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Option(names = "--overwrite", description = "Replace existing files.")
    private boolean overwrite;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    ImageCompressor compressor() {
        return ImageCompressor.load(model);
    }

    /** Returns the files to read, each with the one to write. */
    FilePairs files(Path source, Predicate<String> fits, String kind, UnaryOperator<String> renamed) {
        return FilePairs.of(source, fits, kind, renamed, out, overwrite);
    }

    void print(Summary summary, Console console) throws IOException {
        summary.print(console.text(), json);
    }
}
