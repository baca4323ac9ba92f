package io.github.dl4jae.signal;

/** A method that removes noise from signals. */
@FunctionalInterface
public interface SignalFilter {

    /**
     * Removes noise from a signal.
     *
     * @param noisy its samples; not changed
     * @return as many samples, a new array
     * @throws IllegalArgumentException if the signal is empty or a sample is not finite
     */
    double[] filter(double[] noisy);
}
