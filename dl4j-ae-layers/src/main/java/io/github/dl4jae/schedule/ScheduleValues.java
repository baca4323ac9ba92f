package io.github.dl4jae.schedule;

import java.util.LinkedHashMap;
import java.util.Map;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.MapSchedule;

/**
 * The values between which a schedule moves, where its kind tells them: so that one out of range is refused before
 * training, not in the middle of it.
 */
public final class ScheduleValues {

    private ScheduleValues() {}

    /**
     * Returns the values that bound a schedule.
     *
     * @param schedule any
     * @return by when they are reached, for messages, in the order of time; empty for kinds whose values cannot be
     *     enumerated
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
            map.getValues().forEach((t, value) -> values.put("at step " + t + " of the schedule", value));
        }
        return values;
    }

    private static void putEnds(Map<String, Double> values, double from, double to) {
        values.put("at the start of the schedule", from);
        values.put("at the end of the schedule", to);
    }
}
