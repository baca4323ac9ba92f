package io.github.dl4jae.plot;

import io.github.dl4jae.internal.layer.Require;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;

/**
 * A grid of small gray images, such as reconstructions or filters.
 *
 * <pre>{@code
 * BufferedImage pairs = ImageGrid.of(28, 28)
 *         .row("original", originals)
 *         .row("reconstruction", reconstructions)
 *         .draw();
 * BufferedImage filters = ImageGrid.of(28, 28).columns(20).eachOnItsOwnScale().images(weights.transpose()).draw();
 * }</pre>
 *
 * <p>Images are the rows of an array {@code [N, height·width]} or {@code [N, 1, height, width]}. On the common scale, 0
 * is black and 1 is white, and values outside are clipped. On its own scale, an image's zero is mid-gray and its
 * largest magnitude black or white. This suits weights, because it shows their signs. NaN is drawn red.
 *
 * <p>Labels of rows stand to the left of the images. They need a font on the machine; a grid without labels does not.
 */
public final class ImageGrid {

    private static final int RED = 0xff0000;
    private static final Color BACKGROUND = new Color(0x2b3a55);
    private static final int FONT_SIZE = 14;
    private static final int LABEL_GAP = 8;

    private final int height;
    private final int width;
    private final List<double[]> images = new ArrayList<>();
    /** Labels by the index of the first image of their row. */
    private final Map<Integer, String> labels = new LinkedHashMap<>();

    private int columns;
    private int scale = 2;
    private int gap = 2;
    private boolean ownScale;

    private ImageGrid(int height, int width) {
        this.height = height;
        this.width = width;
    }

    /**
     * Returns an empty grid.
     *
     * @param height the height of each image, in pixels
     * @param width the width of each image, in pixels
     * @return the grid
     * @throws IllegalArgumentException if either is below 1
     */
    public static ImageGrid of(int height, int width) {
        Require.that(
                height >= 1 && width >= 1,
                "ImageGrid",
                "height and width must be at least 1",
                height + " and " + width,
                "give the size of one image in pixels");
        return new ImageGrid(height, width);
    }

    /**
     * Adds a row of images, and sets the number of columns to the length of the row.
     *
     * @param row {@code [N, height·width]} or {@code [N, 1, height, width]}
     * @return this
     * @throws IllegalArgumentException if the shape is another, or the row differs in length from earlier rows
     */
    public ImageGrid row(INDArray row) {
        int count = (int) row.size(0);
        Require.that(
                columns == 0 || columns == count,
                "ImageGrid",
                "every row must have " + columns + " images",
                "one with " + count,
                "");
        return columns(count).images(row);
    }

    /**
     * Adds a row of images with a label to its left, and sets the number of columns to the length of the row.
     *
     * @param label what the images are, such as {@code reconstruction}; it takes one line
     * @param row {@code [N, height·width]} or {@code [N, 1, height, width]}
     * @return this
     * @throws IllegalArgumentException if the label is null, the shape is another, or the row differs in length from
     *     earlier rows
     */
    public ImageGrid row(String label, INDArray row) {
        Require.given("ImageGrid", "label", label, "leave it out for a row without one");
        int first = images.size();
        row(row);
        labels.put(first, label);
        return this;
    }

    /**
     * Adds images, from left to right and then downwards.
     *
     * @param more {@code [N, height·width]} or {@code [N, 1, height, width]}
     * @return this
     * @throws IllegalArgumentException if the shape is another
     */
    public ImageGrid images(INDArray more) {
        Require.that(
                more.rank() >= 2 && more.length() == more.size(0) * height * width,
                "ImageGrid",
                "images must be [N, " + height * width + "] or [N, 1, " + height + ", " + width + "]",
                Arrays.toString(more.shape()),
                "reshape them, or create the grid with their size");
        for (long i = 0; i < more.size(0); i++) {
            images.add(more.get(NDArrayIndex.interval(i, i + 1)).dup('c').data().asDouble());
        }
        return this;
    }

    /**
     * Sets the number of columns. Default: the square root of the number of images, rounded up.
     *
     * @param columns at least 1
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public ImageGrid columns(int columns) {
        this.columns = Require.atLeast(1, "ImageGrid", "columns", columns, "");
        return this;
    }

    /**
     * Sets the side of the square that is drawn for each pixel of an image. Default: 2.
     *
     * @param scale at least 1
     * @return this
     * @throws IllegalArgumentException if it is below 1
     */
    public ImageGrid scale(int scale) {
        this.scale = Require.atLeast(1, "ImageGrid", "scale", scale, "");
        return this;
    }

    /**
     * Maps each image to gray by its own largest magnitude, with zero in the middle. Default: the common scale.
     *
     * @return this
     */
    public ImageGrid eachOnItsOwnScale() {
        this.ownScale = true;
        return this;
    }

    /**
     * Draws the grid.
     *
     * @return an RGB image
     * @throws IllegalStateException if there are no images, or if rows have labels and the machine has no font
     */
    public BufferedImage draw() {
        if (images.isEmpty()) {
            throw new IllegalStateException(
                    "ImageGrid: there must be an image to draw, got none; add images with row or images");
        }
        return labels.isEmpty() ? grid() : ChartStyle.withFonts(this::labeledGrid);
    }

    /** Returns the images without labels. */
    private BufferedImage grid() {
        int across = columns > 0 ? columns : (int) Math.ceil(Math.sqrt(images.size()));
        int down = (images.size() + across - 1) / across;
        BufferedImage picture = new BufferedImage(
                gap + across * (width * scale + gap), gap + down * (height * scale + gap), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        graphics.setColor(BACKGROUND);
        graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
        graphics.dispose();
        for (int i = 0; i < images.size(); i++) {
            draw(
                    images.get(i),
                    picture,
                    gap + i % across * (width * scale + gap),
                    gap + i / across * (height * scale + gap));
        }
        return picture;
    }

    /** Returns the images with their labels at the left. */
    private BufferedImage labeledGrid() {
        Font font = ChartStyle.font(FONT_SIZE);
        int margin = 2 * LABEL_GAP
                + labels.values().stream()
                        .mapToInt(label -> ChartStyle.width(label, font))
                        .max()
                        .orElseThrow();
        BufferedImage grid = grid();
        BufferedImage picture =
                new BufferedImage(margin + grid.getWidth(), grid.getHeight(), BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = picture.createGraphics();
        try {
            graphics.setColor(BACKGROUND);
            graphics.fillRect(0, 0, picture.getWidth(), picture.getHeight());
            graphics.drawImage(grid, margin, 0, null);
            graphics.setRenderingHint(RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
            graphics.setFont(font);
            graphics.setColor(Color.WHITE);
            labels.forEach((first, label) -> {
                int top = gap + first / columns * (height * scale + gap);
                graphics.drawString(label, LABEL_GAP, top + height * scale / 2 + FONT_SIZE / 3);
            });
        } finally {
            graphics.dispose();
        }
        return picture;
    }

    private void draw(double[] image, BufferedImage picture, int left, int top) {
        double magnitude = Arrays.stream(image).map(Math::abs).max().orElseThrow();
        for (int y = 0; y < height * scale; y++) {
            for (int x = 0; x < width * scale; x++) {
                double value = image[y / scale * width + x / scale];
                double gray = ownScale ? .5 + (magnitude > 0 ? value / magnitude / 2 : 0) : value;
                picture.setRGB(left + x, top + y, rgb(gray));
            }
        }
    }

    private static int rgb(double gray) {
        if (Double.isNaN(gray)) {
            return RED;
        }
        int level = (int) Math.round(255 * Math.min(Math.max(gray, 0), 1));
        return level << 16 | level << 8 | level;
    }
}
