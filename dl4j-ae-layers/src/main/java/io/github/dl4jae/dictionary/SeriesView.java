package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Examples as line charts. */
final class SeriesView extends ExampleView {

    private final IntFunction<INDArray> source;
    private final List<String> channels;
    private final int steps;

    SeriesView(IntFunction<INDArray> source, List<String> channels, int steps) {
        this.source = Require.given("ExampleView.series", "source", source, "");
        this.channels = List.copyOf(channels);
        this.steps = Require.atLeast(1, "ExampleView.series", "steps", steps, "");
        Require.that(!channels.isEmpty(), "ExampleView.series", "there must be a channel", "none", "name the channels");
    }

    @Override
    Map<String, Object> writeTo(int[] examples, boolean positions, PageData page) {
        int length = channels.size() * steps;
        float[] values = new float[examples.length * length];
        float[] least = new float[channels.size()];
        float[] most = new float[channels.size()];
        Arrays.fill(least, Float.POSITIVE_INFINITY);
        Arrays.fill(most, Float.NEGATIVE_INFINITY);
        for (int i = 0; i < examples.length; i++) {
            float[] series = values(source, examples[i], length);
            for (int j = 0; j < length; j++) {
                if (Float.isFinite(series[j])) {
                    least[j / steps] = Math.min(least[j / steps], series[j]);
                    most[j / steps] = Math.max(most[j / steps], series[j]);
                }
            }
            System.arraycopy(series, 0, values, i * length, length);
        }
        byte[] levels = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            int channel = i % length / steps;
            float range = most[channel] - least[channel];
            float share = range > 0 ? (values[i] - least[channel]) / range : .5f;
            levels[i] = (byte) Math.round(255 * Math.min(Math.max(share, 0), 1)); // 0 for NaN
        }
        page.unsignedBytes("series", levels);
        return Map.of("kind", "series", "channels", channels, "steps", steps, "marked", positions);
    }
}
