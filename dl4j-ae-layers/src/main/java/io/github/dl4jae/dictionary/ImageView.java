package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Examples as pictures. Immutable; its methods return changed copies. */
public final class ImageView extends ExampleView {

    private static final String SUBJECT = "ImageView";

    private final IntFunction<INDArray> source;
    private final int height;
    private final int width;
    private final int channels;
    private final int levels;
    private final @Nullable ReceptiveField field;

    ImageView(IntFunction<INDArray> source, int height, int width, int channels) {
        this(Require.given(SUBJECT, "source", source, ""), height, width, channels, 64, null);
        Require.atLeast(1, SUBJECT, "height", height, "give the size of a picture in pixels");
        Require.atLeast(1, SUBJECT, "width", width, "give the size of a picture in pixels");
        Require.that(channels == 1 || channels == 3, SUBJECT, "channels must be 1 or 3", channels, "");
    }

    private ImageView(
            IntFunction<INDArray> source,
            int height,
            int width,
            int channels,
            int levels,
            @Nullable ReceptiveField field) {
        this.source = source;
        this.height = height;
        this.width = width;
        this.channels = channels;
        this.levels = levels;
        this.field = field;
    }

    /**
     * Marks the receptive field of the position at which a feature is strongest.
     *
     * @param field of the positions of the layer
     * @return a changed copy
     */
    public ImageView receptiveField(ReceptiveField field) {
        Require.given(SUBJECT, "field", field, "");
        return new ImageView(source, height, width, channels, levels, field);
    }

    /**
     * Sets the number of levels of a color, fewer of which make smaller files. Default: 64.
     *
     * @param levels in [2, 256]
     * @return a changed copy
     * @throws IllegalArgumentException if it is outside
     */
    public ImageView levels(int levels) {
        Require.that(levels >= 2 && levels <= 256, SUBJECT, "levels must be in [2, 256]", levels, "");
        return new ImageView(source, height, width, channels, levels, field);
    }

    @Override
    Map<String, Object> writeTo(int[] examples, boolean positions, PageData page) {
        PictureSheets sheets = new PictureSheets(height, width, channels);
        for (int example : examples) {
            sheets.add(pixels(values(source, example, channels * height * width), channels, levels));
        }
        Map<String, Object> view = new LinkedHashMap<>();
        view.put("kind", "image");
        view.put("height", height);
        view.put("width", width);
        view.put("sprites", sheets.writeTo(page, "pictures"));
        view.put("marked", positions);
        if (positions && field != null) {
            view.put("field", field.asMap());
        }
        return view;
    }

    /** Returns {@code [channels, pixels]} in [0, 1] as {@code [pixels, channels]} in bytes. */
    static byte[] pixels(float[] values, int channels, int levels) {
        int size = values.length / channels;
        byte[] pixels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            float value = Math.min(Math.max(values[i], 0), 1);
            int level = Math.round(value * (levels - 1)); // 0 for NaN
            pixels[i % size * channels + i / size] = (byte) Math.round(255f * level / (levels - 1));
        }
        return pixels;
    }
}
