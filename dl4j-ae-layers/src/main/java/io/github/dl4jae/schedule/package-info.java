/**
 * Schedules that Deeplearning4j does not have, as its own {@code ISchedule}: values that change during training.
 *
 * <pre>
 * LinearSchedule      v(t) = from + (to − from) · min(t / length, 1)
 * GeometricSchedule   v(t) = from · (to / from)^min(t / length, 1)
 * CyclicalSchedule    v(t) = from + (to − from) · min((t mod period) / (rising · period), 1), over and over
 * </pre>
 *
 * <p>{@link io.github.dl4jae.schedule.ScheduleValues} gives the bounds of a schedule to layer authors.
 */
@NullMarked
package io.github.dl4jae.schedule;

import org.jspecify.annotations.NullMarked;
