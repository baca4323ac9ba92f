package io.github.dl4jae.dictionary;

import java.awt.image.BufferedImage;
import java.awt.image.DataBufferByte;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageTypeSpecifier;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;

/** Pictures of one size, side by side on a few sheets, which take less room than a file for each. */
final class PictureSheets {

    private static final int SIDE = 2048;
    private static final int ACROSS = 64;

    private final int height;
    private final int width;
    private final int channels;
    private final int columns;
    private final int perSheet;
    private final List<byte[]> waiting = new ArrayList<>();
    private final List<byte[]> sheets = new ArrayList<>();

    PictureSheets(int height, int width, int channels) {
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.columns = Math.max(1, Math.min(ACROSS, SIDE / width));
        this.perSheet = columns * Math.max(1, Math.min(ACROSS, SIDE / height));
    }

    /** Adds a picture of {@code [height, width, channels]}, where three channels are red, green and blue. */
    void add(byte[] pixels) {
        waiting.add(pixels);
        if (waiting.size() == perSheet) {
            finishSheet();
        }
    }

    private void finishSheet() {
        int down = (waiting.size() + columns - 1) / columns;
        int across = Math.min(columns, waiting.size());
        BufferedImage sheet = new BufferedImage(
                across * width,
                down * height,
                channels == 1 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_3BYTE_BGR);
        byte[] raster = ((DataBufferByte) sheet.getRaster().getDataBuffer()).getData();
        for (int i = 0; i < waiting.size(); i++) {
            byte[] pixels = waiting.get(i);
            for (int y = 0; y < height; y++) {
                int to = ((i / columns * height + y) * across * width + i % columns * width) * channels;
                for (int j = 0; j < width * channels; j++) {
                    // the order of the raster is blue, green, red
                    raster[to + j] = pixels[y * width * channels + (channels == 1 ? j : j + 2 - 2 * (j % 3))];
                }
            }
        }
        sheets.add(png(sheet));
        waiting.clear();
    }

    private static byte[] png(BufferedImage sheet) {
        ImageWriter writer = ImageIO.getImageWriters(ImageTypeSpecifier.createFromRenderedImage(sheet), "png")
                .next();
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ImageOutputStream out = ImageIO.createImageOutputStream(bytes)) {
            ImageWriteParam smallest = writer.getDefaultWriteParam();
            smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
            smallest.setCompressionQuality(0);
            writer.setOutput(out);
            writer.write(null, new IIOImage(sheet, null, null), smallest);
        } catch (IOException e) {
            throw new UncheckedIOException("FeaturePage: the pictures cannot be encoded", e);
        } finally {
            writer.dispose();
        }
        return bytes.toByteArray();
    }

    /** Adds the sheets to a page, and returns how its script finds a picture. */
    Map<String, Object> writeTo(PageData page, String name) {
        if (!waiting.isEmpty()) {
            finishSheet();
        }
        for (int i = 0; i < sheets.size(); i++) {
            page.bytes(name + "-" + i, sheets.get(i));
        }
        return Map.of("name", name, "columns", columns, "perSheet", perSheet);
    }
}
