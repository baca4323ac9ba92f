package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.anomaly.SeriesEvent;
import io.github.dl4jae.anomaly.SeriesQuality;
import io.github.dl4jae.anomaly.SeriesScores;
import io.github.dl4jae.data.SyntheticSensors;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import java.awt.image.BufferedImage;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The part of the report for the shift: events with time and channels, and the timeline of the score.
 *
 * @param sensors the whole series
 * @param from the first step of the test part
 * @param scores the scores of the test part
 * @param threshold steps with a larger score are alarms
 * @param events the alarms of the test part, largest peak first
 */
record ShiftReport(
        SyntheticSensors sensors, int from, SeriesScores scores, double threshold, List<SeriesEvent> events) {

    private static final int SHOWN = 20;

    /** Alarms within three hours of each other are one event. */
    static final int GAP = SyntheticSensors.STEPS_PER_DAY / 8;

    static ShiftReport of(SyntheticSensors sensors, int from, SeriesScores scores, double threshold) {
        return new ShiftReport(sensors, from, scores, threshold, scores.events(threshold, GAP));
    }

    void addTo(Report report) {
        report.table("event", "from", "until", "peak of the score", "channels", "known fault");
        for (int i = 0; i < Math.min(SHOWN, events.size()); i++) {
            SeriesEvent event = events.get(i);
            report.row(
                    Integer.toString(i + 1),
                    time(event.from()),
                    time(event.to()),
                    Report.decimals(1, event.peak()),
                    channels(event),
                    faults(event));
        }
        report.table("known fault", "channel", "from", "until", "found after");
        for (SyntheticSensors.Fault fault : sensors.faults()) {
            report.row(
                    fault.kind().toString(),
                    SyntheticSensors.CHANNELS.get(fault.channel()),
                    time(fault.from() - from),
                    time(fault.to() - from),
                    delay(fault));
        }
        report.figure("threshold of the score", threshold)
                .count("events", events.size())
                .count("events without a known fault", falseEvents())
                .count("first channel of an event is that of its fault", rightChannels())
                .picture(
                        "timeline", "Score of the test part, with the threshold and the known faults.", this::timeline);
    }

    /** Returns the number of alarms at normal times. */
    long falseEvents() {
        return events.stream().filter(event -> faults(event).isEmpty()).count();
    }

    /** Returns the number of detected faults. */
    long detected() {
        return sensors.faults().stream()
                .filter(fault -> !delay(fault).equals("missed"))
                .count();
    }

    private long rightChannels() {
        return events.stream()
                .filter(event -> overlapping(event).stream()
                        .anyMatch(fault ->
                                fault.channel() == event.channels().get(0).index()))
                .count();
    }

    /** Returns a step of the test part as day and time of day. */
    private String time(int step) {
        int perDay = SyntheticSensors.STEPS_PER_DAY;
        int minutes = (from + step) % perDay * (24 * 60 / perDay);
        return String.format(Locale.ROOT, "day %d, %02d:%02d", (from + step) / perDay, minutes / 60, minutes % 60);
    }

    private static String channels(SeriesEvent event) {
        return event.channels().stream()
                .limit(2)
                .filter(channel -> channel.share() >= 0.15)
                .map(channel ->
                        SyntheticSensors.CHANNELS.get(channel.index()) + " " + Math.round(100 * channel.share()) + " %")
                .collect(Collectors.joining(", "));
    }

    private String faults(SeriesEvent event) {
        return overlapping(event).stream()
                .map(fault -> fault.kind() + " of " + SyntheticSensors.CHANNELS.get(fault.channel()))
                .collect(Collectors.joining(", "));
    }

    private List<SyntheticSensors.Fault> overlapping(SeriesEvent event) {
        return sensors.faults().stream()
                .filter(fault -> fault.from() - from < event.to() && event.from() < fault.to() - from)
                .toList();
    }

    private String delay(SyntheticSensors.Fault fault) {
        return SeriesQuality.events(labels(), scores.perStep(), threshold).stream()
                .filter(event -> event.from() == fault.from() - from && event.detected())
                .map(event ->
                        String.format(Locale.ROOT, "%.2f hours", event.delay() * 24.0 / SyntheticSensors.STEPS_PER_DAY))
                .findFirst()
                .orElse("missed");
    }

    /** Returns the labels of the test part. */
    boolean[] labels() {
        boolean[] all = sensors.labels();
        return Arrays.copyOfRange(all, from, all.length);
    }

    private BufferedImage timeline() {
        double[] score = scores.perStep();
        boolean[] labels = labels();
        double[] days = IntStream.range(0, score.length)
                .mapToDouble(t -> (double) (from + t) / SyntheticSensors.STEPS_PER_DAY)
                .toArray();
        double bottom = Arrays.stream(score).min().orElseThrow();
        double top = Arrays.stream(score).filter(Double::isFinite).max().orElseThrow();
        return new CurvePlot("Timeline of the test part", "day", "score")
                .curve("score", days, score)
                .curve(
                        "known fault",
                        days,
                        IntStream.range(0, score.length)
                                .mapToDouble(t -> labels[t] ? top : bottom)
                                .toArray())
                .curve("threshold", new double[] {days[0], days[days.length - 1]}, new double[] {threshold, threshold})
                .logarithmic()
                .draw();
    }
}
