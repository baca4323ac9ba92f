package io.github.dl4jae.cli;

import io.github.dl4jae.compression.ImageCompressor;
import io.github.dl4jae.internal.io.AtomicFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compresses pictures. */
@Command(
        name = "compress",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Compresses PNG and JPEG files, each to a file of its name with .dae after it. The compression is"
                + " lossy; fit-compressor chooses how much.")
final class CompressCommand implements Callable<Integer> {

    private final Console console;

    @Option(
            names = "--images",
            paramLabel = "PATH",
            required = true,
            description = "PNG or JPEG file, or a folder of them.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path images;

    @Mixin
    private final CompressorOptions options = new CompressorOptions();

    CompressCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ImageCompressor compressor = options.compressor();
        FilePairs files = options.files(
                images, PictureFile::isPicture, "PNG or JPEG files", name -> name + CompressorOptions.SUFFIX);
        long bytes = 0;
        long pixels = 0;
        for (FilePairs.Pair file : files.all()) {
            BufferedImage image = PictureFile.read(file.from());
            byte[] stream = compressed(compressor, image, file.from());
            AtomicFile.write(file.to(), part -> Files.write(part, stream));
            bytes += stream.length;
            pixels += (long) image.getWidth() * image.getHeight();
        }
        options.print(
                new Summary()
                        .add("images", files.all().size())
                        .add("bytes", bytes)
                        .add("bits per pixel", 8.0 * bytes / pixels),
                console);
        return 0;
    }

    private static byte[] compressed(ImageCompressor compressor, BufferedImage image, Path file) {
        try {
            return compressor.compress(image);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(file + ": " + e.getMessage(), e);
        }
    }
}
