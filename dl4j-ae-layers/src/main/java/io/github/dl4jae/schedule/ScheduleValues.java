package io.github.dl4jae.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;

/**
 * The bounding values of a schedule, for layer authors.
 *
 * <p>A layer with a scheduled option checks these values when it is configured, and so refuses a value out of range
 * before training:
 *
 * <pre>{@code
 * ScheduleValues.of(schedule).forEach((when, p) -> {
 *     if (!(p >= 0 && p < 1)) {
 *         throw new IllegalArgumentException("MyLayer: p must be in [0, 1), got " + p + " " + when);
 *     }
 * });
 * }</pre>
 *
 * <p>All values of the schedule lie between the smallest and the largest of these. Only {@code FixedSchedule}, {@code
 * MapSchedule} and the schedules of this package have known bounds. A layer checks the values of other schedules as
 * they occur.
 */
public final class ScheduleValues {

    private ScheduleValues() {}

    /**
     * Returns the values that bound a schedule.
     *
     * @param schedule any schedule
     * @return the values in the order of time, keyed by a phrase for messages, such as "at the end of the schedule";
     *     empty for a schedule of unknown kind
     */
    public static Map<String, Double> of(ISchedule schedule) {
        Map<String, Double> values = new LinkedHashMap<>();
        if (schedule instanceof FixedSchedule fixed) {
            values.put("at all times", fixed.valueAt(0, 0));
        } else if (schedule instanceof LinearSchedule linear) {
            putEnds(values, linear.from(), linear.to());
        } else if (schedule instanceof GeometricSchedule geometric) {
            putEnds(values, geometric.from(), geometric.to());
        } else if (schedule instanceof CyclicalSchedule cyclical) {
            putEnds(values, cyclical.from(), cyclical.to());
        } else if (schedule instanceof MapSchedule map) {
            new TreeMap<>(map.getValues())
                    .forEach((t, value) -> values.put("at step " + t + " of the schedule", value));
        }
        return values;
    }

    private static void putEnds(Map<String, Double> values, double from, double to) {
        values.put("at the start of the schedule", from);
        values.put("at the end of the schedule", to);
    }
}
