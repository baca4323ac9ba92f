package io.github.dl4jae.dictionary;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** The statistics of features as the data of a page. */
final class PageStatistics {

    private static final int MOST_CLASSES = 10;
    private static final int NOTHING = 0xffffffff;
    private static final int LEVELS = 255;

    private final FeatureStatistics statistics;

    PageStatistics(FeatureStatistics statistics) {
        this.statistics = statistics;
    }

    /** Adds the numbers of all features, and what the script of the page needs to read them. */
    void writeTo(PageData data, Map<String, Object> meta) {
        numbers(data, meta);
        classes(data, meta);
        neighbors(data, meta);
    }

    private void numbers(PageData data, Map<String, Object> meta) {
        int units = statistics.units();
        int bins = ActivationHistogram.BINS;
        int[] firing = new int[units];
        int[] firingExamples = new int[units];
        float[] maximum = new float[units];
        float[] mean = new float[units];
        byte[] histogram = new byte[units * bins];
        int[] most = new int[units];
        short[] exponent = new short[units];
        for (int u = 0; u < units; u++) {
            UnitSummary unit = statistics.summary(u);
            firing[u] = (int) unit.firing();
            firingExamples[u] = (int) unit.firingExamples();
            maximum[u] = (float) unit.maximum();
            mean[u] = (float) unit.mean();
            most[u] = Arrays.stream(unit.histogram()).max().orElse(0);
            exponent[u] = (short) (unit.firing() == 0 ? 0 : unit.exponent());
            for (int i = 0; i < bins && most[u] > 0; i++) {
                double level = Math.log1p(unit.histogram()[i]) / Math.log1p(most[u]);
                histogram[u * bins + i] = (byte) Math.round(LEVELS * level);
            }
        }
        meta.put("histogramBins", bins);
        data.unsignedInts("firing", firing);
        data.unsignedInts("firing-examples", firingExamples);
        data.floats("maximum", maximum);
        data.floats("mean", mean);
        data.unsignedBytes("histogram", histogram);
        data.unsignedInts("histogram-most", most);
        data.shorts("histogram-exponent", exponent);
    }

    private void classes(PageData data, Map<String, Object> meta) {
        int kept = Math.min(statistics.classes().size(), MOST_CLASSES);
        meta.put("classesKept", kept);
        if (kept == 0) {
            return;
        }
        short[] index = new short[statistics.units() * kept];
        short[] share = new short[statistics.units() * kept];
        for (int u = 0; u < statistics.units(); u++) {
            double[] shares = statistics.classShares(u);
            int[] order = descending(shares);
            for (int k = 0; k < kept; k++) {
                index[u * kept + k] = (short) order[k];
                share[u * kept + k] = (short) Math.round(65_535 * shares[order[k]]);
            }
        }
        data.unsignedShorts("class-index", index);
        data.unsignedShorts("class-share", share);
    }

    private static int[] descending(double[] values) {
        return IntStream.range(0, values.length)
                .boxed()
                .sorted(Comparator.comparingDouble(i -> -values[i]))
                .mapToInt(i -> i)
                .toArray();
    }

    private void neighbors(PageData data, Map<String, Object> meta) {
        int most = 0;
        for (int u = 0; u < statistics.units(); u++) {
            most = Math.max(most, statistics.nearestByCosine(u).size());
            most = Math.max(most, statistics.nearestByCorrelation(u).size());
        }
        meta.put("neighbors", most);
        int[][] index = new int[2][statistics.units() * most];
        short[][] value = new short[2][statistics.units() * most];
        for (int u = 0; u < statistics.units(); u++) {
            put(statistics.nearestByCosine(u), index[0], value[0], u * most, most);
            put(statistics.nearestByCorrelation(u), index[1], value[1], u * most, most);
        }
        data.unsignedInts("cosine-index", index[0]);
        data.shorts("cosine-value", value[0]);
        data.unsignedInts("correlation-index", index[1]);
        data.shorts("correlation-value", value[1]);
    }

    private static void put(List<FeatureNeighbor> neighbors, int[] index, short[] value, int at, int most) {
        Arrays.fill(index, at, at + most, NOTHING);
        for (int k = 0; k < neighbors.size(); k++) {
            index[at + k] = neighbors.get(k).unit();
            value[at + k] = (short) Math.round(32_767 * neighbors.get(k).similarity());
        }
    }

    /** Adds which examples belong to which feature, and returns the numbers of all examples on the page. */
    int[] writeExamples(PageData data) {
        Map<Integer, Integer> labels = new TreeMap<>();
        List<FeatureExample> all = new ArrayList<>();
        int lists = statistics.bands() + 1;
        int[] offsets = new int[statistics.units() * lists + 1];
        for (int u = 0; u < statistics.units(); u++) {
            for (int b = 0; b < lists; b++) {
                all.addAll(b == 0 ? statistics.strongest(u) : statistics.band(u, lists - 1 - b));
                offsets[u * lists + b + 1] = all.size();
            }
        }
        all.forEach(example -> labels.put(example.example(), example.label()));
        int[] numbers = labels.keySet().stream().mapToInt(i -> i).toArray();
        short[] slotLabels = new short[numbers.length];
        int slot = 0;
        for (int label : labels.values()) {
            slotLabels[slot++] = (short) label; // no class is 65535
        }
        int[] slots = new int[all.size()];
        int[] positions = new int[all.size()];
        float[] activations = new float[all.size()];
        for (int i = 0; i < slots.length; i++) {
            slots[i] = Arrays.binarySearch(numbers, all.get(i).example());
            positions[i] = all.get(i).position();
            activations[i] = (float) all.get(i).activation();
        }
        data.unsignedInts("example-offsets", offsets);
        data.unsignedInts("example-slots", slots);
        data.unsignedInts("example-positions", positions);
        data.floats("example-activations", activations);
        data.unsignedInts("slot-examples", numbers);
        data.unsignedShorts("slot-labels", slotLabels);
        return numbers;
    }
}
