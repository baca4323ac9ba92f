package io.github.dl4jae.cli;

import io.github.dl4jae.compression.ImageCompressor;
import io.github.dl4jae.plot.PngFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Decompresses what {@link CompressCommand} has written. */
@Command(
        name = "decompress",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Decompresses .dae files of compress to PNG files, with the model that compressed them.")
final class DecompressCommand implements Callable<Integer> {

    private static final String PNG = ".png";
    /** Larger than a stream of the largest image can be. */
    private static final int MOST_BYTES = 1 << 27;

    private final Console console;

    @Option(names = "--model", paramLabel = "FILE", required = true, description = "Model of fit-compressor.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path model;

    @Option(
            names = "--in",
            paramLabel = "PATH",
            required = true,
            description = "File of compress, or a folder of them.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path in;

    @Option(names = "--out", paramLabel = "DIR", required = true, description = "Folder to write to.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Option(names = "--overwrite", description = "Replace existing files.")
    private boolean overwrite;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    DecompressCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ImageCompressor compressor = ImageCompressor.load(model);
        FilePairs files = FilePairs.of(
                in,
                name -> name.endsWith(CompressCommand.SUFFIX),
                "files of compress, whose names end in " + CompressCommand.SUFFIX,
                DecompressCommand::pngName,
                out,
                overwrite);
        for (FilePairs.Pair file : files.all()) {
            PngFile.write(decompressed(compressor, file.from()), file.to());
        }
        new Summary().add("images", files.all().size()).print(console.text(), json);
        return 0;
    }

    /** Returns {@code a.png} for {@code a.png.dae}, and {@code a.jpg.png} for {@code a.jpg.dae}. */
    private static String pngName(String name) {
        String original = name.substring(0, name.length() - CompressCommand.SUFFIX.length());
        return original.toLowerCase(Locale.ROOT).endsWith(PNG) ? original : original + PNG;
    }

    private static BufferedImage decompressed(ImageCompressor compressor, Path file) throws IOException {
        try (InputStream input = Files.newInputStream(file)) {
            return compressor.decompress(input.readNBytes(MOST_BYTES));
        } catch (DL4JInvalidInputException e) {
            throw new IllegalArgumentException(
                    file + " must be an intact file of compress with this model: " + e.getMessage(), e);
        }
    }
}
