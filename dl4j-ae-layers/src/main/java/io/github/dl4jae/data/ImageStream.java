package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;

/**
 * The images of an IDX file or of a folder of PNG files in their order, in mini-batches, for sets of any size.
 *
 * <pre>{@code
 * try (ImageStream stream = ImageStream.of(Path.of("train-images-idx3-ubyte.gz"), 256)) {
 *     stream.forEachRemaining(images -> score(images.features()));
 * }
 * }</pre>
 *
 * <ul>
 *   <li>An IDX file has unsigned bytes: {@code [N, height, width]} for gray images, {@code [N, height, width, 3]} for
 *       RGB. A name that ends in .gz means gzip.
 *   <li>A folder is read with its subfolders, in the order of the names. Files whose names do not end in .png are left
 *       out, and {@link #leftOut} names them. Gray and RGB files can have 1 to 16 bits per channel, which are scaled to
 *       8. Palettes are RGB. Transparency is ignored.
 * </ul>
 *
 * <p>All images have one size, that of the first one.
 *
 * <p>Memory: the images of a mini-batch, and the names of the files.
 */
public final class ImageStream implements Iterator<ImageSet>, AutoCloseable {

    private final ImageSource source;
    private final int batch;
    private int read;

    private ImageStream(ImageSource source, int batch) {
        this.source = source;
        this.batch = batch;
    }

    /**
     * Opens an IDX file or a folder.
     *
     * @param source a file or folder as above
     * @param batch the largest number of images of each mini-batch, at least 1
     * @return the images
     * @throws IllegalArgumentException if an argument is null, the batch is empty, or the source has no images: it is
     *     not there, the file has labels or is damaged, or the folder has no PNG files
     * @throws UncheckedIOException if it cannot be read
     */
    public static ImageStream of(Path source, int batch) {
        Require.given("ImageStream", "source", source, "");
        Require.atLeast(1, "ImageStream", "batch", batch, "");
        Require.that(
                Files.exists(source),
                "ImageStream",
                source + " must be an IDX file or a folder of PNG files",
                "nothing there",
                "");
        return new ImageStream(Files.isDirectory(source) ? PngFolder.open(source) : IdxImages.open(source), batch);
    }

    /**
     * Returns the number of all images.
     *
     * @return N
     */
    public int count() {
        return source.count();
    }

    /**
     * Returns the height of an image.
     *
     * @return pixels
     */
    public int height() {
        return source.size().height();
    }

    /**
     * Returns the width of an image.
     *
     * @return pixels
     */
    public int width() {
        return source.size().width();
    }

    /**
     * Returns the number of channels.
     *
     * @return 1 for gray, 3 for RGB
     */
    public int channels() {
        return source.size().channels();
    }

    /**
     * Returns whether images have the names of files.
     *
     * @return true for a folder, false for an IDX file
     */
    public boolean isNamed() {
        return source.isNamed();
    }

    /**
     * Returns the files of a folder that are not PNG files by their names.
     *
     * @return paths in the folder; empty for an IDX file
     */
    public List<String> leftOut() {
        return source.leftOut();
    }

    @Override
    public boolean hasNext() {
        return read < source.count();
    }

    /**
     * Reads the next images.
     *
     * @return a mini-batch, or the images that are left
     * @throws NoSuchElementException if there are none
     * @throws IllegalArgumentException if an image is damaged, or has another size than the first one
     * @throws UncheckedIOException if it cannot be read
     */
    @Override
    public ImageSet next() {
        if (!hasNext()) {
            throw new NoSuchElementException("ImageStream: no image is left");
        }
        int to = (int) Math.min((long) read + batch, source.count());
        List<byte[]> images = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (; read < to; read++) {
            if (source.isNamed()) {
                names.add(source.name(read));
            }
            images.add(source.read(read));
        }
        return new ImageSet(source.size(), images, names);
    }

    @Override
    public void close() {
        source.close();
    }
}
