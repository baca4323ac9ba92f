package io.github.dl4jae.anomaly;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A run of unusual steps, and the channels that stand out in it.
 *
 * @param from the first step
 * @param to the step after the last one
 * @param peakStep the step with the largest score
 * @param peak the largest score
 * @param channels all channels, the most unusual first
 */
public record SeriesEvent(int from, int to, int peakStep, double peak, List<Channel> channels) {

    /**
     * A channel in an event.
     *
     * @param index its index
     * @param share its part of the attributions of all channels, in [0, 1]; they sum to 1
     */
    public record Channel(int index, double share) {}

    static SeriesEvent of(double[] scores, INDArray attribution, int from, int to) {
        int peakStep = from;
        double[] sums = new double[(int) attribution.size(0)];
        double total = 0;
        for (int t = from; t < to; t++) {
            peakStep = scores[t] > scores[peakStep] ? t : peakStep;
            for (int c = 0; c < sums.length; c++) {
                double a = Math.min(attribution.getFloat(c, t), Float.MAX_VALUE);
                sums[c] += a;
                total += a;
            }
        }
        double all = total;
        List<Channel> channels = new ArrayList<>(IntStream.range(0, sums.length)
                .mapToObj(c -> new Channel(c, all == 0 ? 1.0 / sums.length : sums[c] / all))
                .toList());
        channels.sort(Comparator.comparingDouble(Channel::share).reversed());
        return new SeriesEvent(from, to, peakStep, scores[peakStep], List.copyOf(channels));
    }
}
