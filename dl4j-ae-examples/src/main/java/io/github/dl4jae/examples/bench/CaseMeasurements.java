package io.github.dl4jae.examples.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** All measurements of one case, in the order of the pairs. */
final class CaseMeasurements {

    private final BenchCase shape;
    private final Map<Contender, List<Measurement>> alone = new EnumMap<>(Contender.class);
    /** For each contender and pair, the measurements of all processes under the load. */
    private final Map<Contender, List<List<Measurement>>> loaded = new EnumMap<>(Contender.class);

    private final Map<Contender, String> failures = new EnumMap<>(Contender.class);

    CaseMeasurements(BenchCase shape) {
        this.shape = shape;
    }

    BenchCase shape() {
        return shape;
    }

    /** Adds a pair's measurement of one contender; the list is empty without a load. */
    void add(Contender contender, Measurement itsAlone, List<Measurement> itsLoaded) {
        alone.computeIfAbsent(contender, each -> new ArrayList<>()).add(itsAlone);
        if (!itsLoaded.isEmpty()) {
            loaded.computeIfAbsent(contender, each -> new ArrayList<>()).add(itsLoaded);
        }
    }

    /** Drops a contender, whose pairs would be incomplete. */
    void fail(Contender contender, String message) {
        failures.put(contender, message);
        alone.remove(contender);
        loaded.remove(contender);
    }

    boolean hasFailed(Contender contender) {
        return failures.containsKey(contender);
    }

    Map<Contender, String> failures() {
        return failures;
    }

    /** Returns the contenders that have measurements. */
    Set<Contender> contenders() {
        return alone.keySet();
    }

    double median(Contender contender) {
        return PairedRatio.median(medians(contender));
    }

    double minimum(Contender contender) {
        return alone.get(contender).stream()
                .mapToDouble(Measurement::minimum)
                .min()
                .orElseThrow();
    }

    /** Returns the largest peak of all processes that ran alone. */
    double peakMebibytes(Contender contender) {
        return alone.get(contender).stream()
                .mapToDouble(Measurement::peakMebibytes)
                .max()
                .orElseThrow();
    }

    /** Returns the median time of a step for each pair. */
    double[] medians(Contender contender) {
        return alone.get(contender).stream().mapToDouble(Measurement::median).toArray();
    }

    /** Returns the time of dl4j-ae divided by the contender's. */
    PairedRatio oursOver(Contender contender) {
        return PairedRatio.of(medians(Contender.OURS), medians(contender));
    }

    boolean hasLoad(Contender contender) {
        return loaded.containsKey(contender);
    }

    /** Returns the mean time of a step alone for each pair. */
    double[] aloneMeans(Contender contender) {
        return alone.get(contender).stream().mapToDouble(Measurement::mean).toArray();
    }

    /** Returns the mean time of a step under the load for each pair, averaged over the processes. */
    double[] loadedMeans(Contender contender) {
        return loaded.get(contender).stream()
                .mapToDouble(processes -> processes.stream()
                        .mapToDouble(Measurement::mean)
                        .average()
                        .orElseThrow())
                .toArray();
    }

    /** Returns the mean times under the load divided by those alone. */
    PairedRatio slowdown(Contender contender) {
        return PairedRatio.of(loadedMeans(contender), aloneMeans(contender));
    }

    /** Returns the mean time of dl4j-ae under the load divided by the contender's under the same load. */
    PairedRatio loadedOursOver(Contender contender) {
        return PairedRatio.of(loadedMeans(Contender.OURS), loadedMeans(contender));
    }
}
