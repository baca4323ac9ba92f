package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The PNG files of a folder and of its subfolders, in the order of their names. */
final class PngFolder implements ImageSource {

    /** How the names of PNG files end, in lower case. */
    static final String SUFFIX = ".png";

    private static final String SUBJECT = "ImageStream";

    private final Path folder;
    private final List<String> names;
    private final List<String> leftOut;
    private final PixelSize size;

    private PngFolder(Path folder, List<String> names, List<String> leftOut) {
        this.folder = folder;
        this.names = names;
        this.leftOut = leftOut;
        Require.that(
                !names.isEmpty(),
                SUBJECT,
                folder + " must have PNG files, whose names end in " + SUFFIX,
                leftOut.isEmpty() ? "an empty folder" : leftOut.size() + " others, such as " + leftOut.get(0),
                "convert images of other formats");
        this.size = PngPixels.open(folder.resolve(names.get(0))).size();
    }

    static PngFolder open(Path folder) {
        List<String> found = list(folder);
        Map<Boolean, List<String>> byFormat = found.stream()
                .collect(Collectors.partitioningBy(
                        name -> name.toLowerCase(Locale.ROOT).endsWith(SUFFIX)));
        return new PngFolder(folder, byFormat.getOrDefault(true, List.of()), byFormat.getOrDefault(false, List.of()));
    }

    private static List<String> list(Path folder) {
        try {
            Path real = folder.toRealPath(); // a link to a folder is not walked
            try (Stream<Path> files = Files.walk(real)) {
                return files.filter(file -> !Files.isDirectory(file))
                        .map(file -> real.relativize(file).toString())
                        .map(name -> name.replace(real.getFileSystem().getSeparator(), "/"))
                        .sorted()
                        .toList();
            }
        } catch (UncheckedIOException e) {
            throw new UncheckedIOException(SUBJECT + ": " + folder + " cannot be listed", e.getCause());
        } catch (IOException e) {
            throw new UncheckedIOException(SUBJECT + ": " + folder + " cannot be listed", e);
        }
    }

    @Override
    public int count() {
        return names.size();
    }

    @Override
    public PixelSize size() {
        return size;
    }

    @Override
    public byte[] read(int image) {
        PngPixels png = PngPixels.open(folder.resolve(names.get(image)));
        if (!png.size().equals(size)) {
            throw new IllegalArgumentException(SUBJECT + ": " + folder + " must have images of one size, got "
                    + names.get(0) + " of " + size + " and " + names.get(image) + " of " + png.size()
                    + "; scale or convert them, or leave one out");
        }
        return png.pixels();
    }

    @Override
    public boolean isNamed() {
        return true;
    }

    @Override
    public String name(int image) {
        return names.get(image);
    }

    @Override
    public List<String> leftOut() {
        return leftOut;
    }

    @Override
    public void close() {
        // files are closed one by one
    }
}
