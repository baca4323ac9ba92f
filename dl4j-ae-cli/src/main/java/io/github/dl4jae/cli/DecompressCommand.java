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
import picocli.CommandLine.Mixin;
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

    @Option(
            names = "--in",
            paramLabel = "PATH",
            required = true,
            description = "File of compress, or a folder of them.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path in;

    @Mixin
    private final CompressorOptions options = new CompressorOptions();

    DecompressCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ImageCompressor compressor = options.compressor();
        FilePairs files = options.files(
                in,
                name -> name.endsWith(CompressorOptions.SUFFIX),
                "files of compress, whose names end in " + CompressorOptions.SUFFIX,
                DecompressCommand::pngName);
        for (FilePairs.Pair file : files.all()) {
            PngFile.write(decompressed(compressor, file.from()), file.to());
        }
        options.print(new Summary().add("images", files.all().size()), console);
        return 0;
    }

    /** Returns {@code a.png} for {@code a.png.dae}, and {@code a.jpg.png} for {@code a.jpg.dae}. */
    private static String pngName(String name) {
        String original = name.substring(0, name.length() - CompressorOptions.SUFFIX.length());
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
