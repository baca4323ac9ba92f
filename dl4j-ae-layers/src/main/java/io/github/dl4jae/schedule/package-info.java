/**
 * Schedules that Deeplearning4j does not have, as its own {@code ISchedule}: values that move while a network trains.
 *
 * <pre>
 * LinearSchedule      v(t) = from + (to − from) · min(t / length, 1)
 * CyclicalSchedule    the same again and again: v(t) = from + (to − from) · min((t mod period) / (rising · period), 1)
 * </pre>
 */
package io.github.dl4jae.schedule;
