package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.data.IdxFile;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.plot.PngFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;

/**
 * Images that a command writes: PNG files in a directory, or an IDX file. Each file gets its name when it is complete.
 * Other files in the directory stay as they are.
 */
final class ImageOutput implements ExampleOutput {

    private final Path out;
    private final ImageShape shape;
    private long numbered;

    /**
     * Checks that images can be written.
     *
     * @param out a directory, or a file with the name of an IDX file
     * @throws IllegalArgumentException if they cannot
     */
    ImageOutput(Path out, ImageShape shape) {
        this.out = out;
        this.shape = shape;
        if (out.toString().equals("-") || (Files.exists(out) && !Files.isDirectory(out) && !isIdx())) {
            throw new IllegalArgumentException("--out must be a directory for PNG files, or an IDX file whose name ends"
                    + " in ubyte or .idx, also with .gz after it, got " + out + "; name one with --out");
        }
        if (isIdx()) {
            OutputFile.require(out);
        } else {
            requireDirectory();
        }
    }

    private void requireDirectory() {
        try {
            AtomicFile.checkDirectory(out);
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "--out must be a directory that can be written, got " + out + "; name another one: " + e, e);
        }
    }

    private boolean isIdx() {
        String name = out.toString().toLowerCase(Locale.ROOT);
        String plain = name.endsWith(".gz") ? name.substring(0, name.length() - ".gz".length()) : name;
        return !Files.isDirectory(out) && (plain.endsWith("ubyte") || plain.endsWith(".idx"));
    }

    @Override
    public boolean isStandardOutput() {
        return false;
    }

    @Override
    public void write(long count, Iterator<Part> examples) {
        if (isIdx()) {
            if (count > Integer.MAX_VALUE) {
                throw new IllegalArgumentException("an IDX file must have at most " + Integer.MAX_VALUE
                        + " images, got " + count + "; write PNG files to a directory");
            }
            IdxFile.writeImages(out, (int) count, new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return examples.hasNext();
                }

                @Override
                public ImageSet next() {
                    return images(examples.next());
                }
            });
        } else {
            examples.forEachRemaining(this::writePngs);
        }
    }

    private ImageSet images(Part part) {
        return ImageSet.of(part.features(), shape.height(), shape.width(), shape.channels());
    }

    private void writePngs(Part part) {
        ImageSet images = images(part);
        List<String> files = part.files();
        for (int i = 0; i < images.size(); i++) {
            numbered++;
            String name = files.isEmpty() ? String.format(Locale.ROOT, "image-%06d.png", numbered) : files.get(i);
            PngFile.write(images.picture(i), out.resolve(name));
        }
    }
}
