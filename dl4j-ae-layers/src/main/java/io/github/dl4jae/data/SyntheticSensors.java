package io.github.dl4jae.data;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.math.RandomStreams;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * The sensors of a simulated pumping station with known faults, for anomaly detection on series.
 *
 * <pre>
 * load      L_t = 0.5 + 0.3·s_t + slow_t            s: the level of one of three shifts, smoothed
 * ambient   A_t = sin(2πt/96) + slow_t             96 steps a day: one every 15 minutes
 * slow      v_t = 0.998·v_{t−1} + ε                 noise of a sensor: n_t = 0.6·n_{t−1} + ε
 * </pre>
 *
 * <p>Load, flow, pressure and power follow L at once. The temperatures of motor and bearing follow power and ambient
 * with a lag. Vibration depends on load and pressure. All channels therefore are correlated.
 *
 * <p>Faults change one channel for a time. σ is the standard deviation of that channel before the first fault:
 *
 * <pre>
 * SPIKE      x ± 3σ                                      2 to 4 steps
 * DRIFT      x ± 2σ·(t + 1 − from)/(to − from)           64 to 127 steps
 * STUCK      x_from                                      32 to 95 steps
 * INVERTED   2m − x, m the mean of the channel           32 to 95 steps: the relation to other channels is reversed
 * </pre>
 *
 * <p>The series depends only on the arguments.
 *
 * <pre>{@code
 * SyntheticSensors sensors = SyntheticSensors.generate(6_000, 4_000, 16, 42);
 * INDArray values = sensors.values();        // [8, 6000]
 * boolean[] labels = sensors.labels();       // true at steps with a fault
 * }</pre>
 */
public final class SyntheticSensors {

    /** The names of the channels, in order. */
    public static final List<String> CHANNELS = List.of(
            "load", "flow", "pressure", "power", "motor temperature", "bearing temperature", "ambient", "vibration");

    /** The number of steps in a day. */
    public static final int STEPS_PER_DAY = 96;

    /** The longest fault, and the least distance of two. */
    private static final int LONGEST = 127;

    private static final int LEAST_DISTANCE = 48;
    private static final double SENSOR_NOISE = 0.02;

    private final double[][] clean;
    private final double[][] values;
    private final List<Fault> faults;

    private SyntheticSensors(double[][] clean, double[][] values, List<Fault> faults) {
        this.clean = clean;
        this.values = values;
        this.faults = faults;
    }

    /** The kinds of faults. */
    public enum Kind {
        /** A few values far from the true ones. */
        SPIKE,
        /** A growing error. */
        DRIFT,
        /** A constant value. */
        STUCK,
        /** A channel mirrored at its mean, so that its relation to others is reversed. */
        INVERTED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * A fault of one channel.
     *
     * @param kind its kind
     * @param channel the index of the channel
     * @param from the first step
     * @param to the step after the last one
     */
    public record Fault(Kind kind, int channel, int from, int to) {}

    /**
     * Simulates the plant.
     *
     * @param steps the length of the series, at least 2
     * @param faultsFrom the first step that can be part of a fault, in [2, steps]
     * @param faults the number of faults, at least 0; their kinds alternate
     * @param seed the seed of noise and faults
     * @return the series
     * @throws IllegalArgumentException if a number is out of range, or the faults do not fit in the series
     */
    public static SyntheticSensors generate(int steps, int faultsFrom, int faults, long seed) {
        Require.atLeast(2, "SyntheticSensors", "steps", steps, "");
        Require.that(
                faultsFrom >= 2 && faultsFrom <= steps,
                "SyntheticSensors",
                "faultsFrom must be in [2, " + steps + "]",
                faultsFrom,
                "");
        int most = (steps - faultsFrom) / (LONGEST + LEAST_DISTANCE);
        Require.that(
                faults >= 0 && faults <= most,
                "SyntheticSensors",
                "faults must be in [0, " + most + "] for " + (steps - faultsFrom) + " steps",
                faults,
                "each needs " + (LONGEST + LEAST_DISTANCE) + " steps");
        double[][] clean = simulate(steps, new Random(RandomStreams.of(seed, 0).nextLong()));
        double[][] values = Arrays.stream(clean).map(double[]::clone).toArray(double[][]::new);
        List<Fault> list = new ArrayList<>();
        Random random = new Random(RandomStreams.of(seed, 1).nextLong());
        for (int i = 0; i < faults; i++) {
            int slot = (steps - faultsFrom) / faults;
            Kind kind = Kind.values()[i % Kind.values().length];
            int length = length(kind, random);
            int from = faultsFrom + i * slot + random.nextInt(slot - LEAST_DISTANCE - length + 1);
            Fault fault = new Fault(kind, random.nextInt(CHANNELS.size()), from, from + length);
            apply(fault, values[fault.channel()], faultsFrom, random.nextBoolean() ? 1 : -1);
            list.add(fault);
        }
        return new SyntheticSensors(clean, values, List.copyOf(list));
    }

    private static int length(Kind kind, Random random) {
        return switch (kind) {
            case SPIKE -> 2 + random.nextInt(3);
            case DRIFT -> 64 + random.nextInt(64);
            case STUCK, INVERTED -> 32 + random.nextInt(64);
        };
    }

    private static double[][] simulate(int steps, Random random) {
        double[][] x = new double[CHANNELS.size()][steps];
        double[] noise = new double[CHANNELS.size()];
        double slowLoad = 0;
        double slowAmbient = 0;
        double shift = 0;
        double motor = 0.5;
        double bearing = 0.5;
        for (int t = 0; t < steps; t++) {
            slowLoad = 0.998 * slowLoad + 0.004 * random.nextGaussian();
            slowAmbient = 0.998 * slowAmbient + 0.012 * random.nextGaussian();
            shift = 0.7 * shift + 0.3 * level(t % STEPS_PER_DAY);
            double load = Math.max(0.05, 0.5 + 0.3 * shift + slowLoad);
            double ambient = Math.sin(2 * Math.PI * t / STEPS_PER_DAY) + slowAmbient;
            double pressure = 1 - 0.6 * load * load;
            double power = Math.pow(load, 1.5);
            motor += 0.15 * (power + 0.1 * ambient - motor);
            bearing += 0.06 * (0.8 * motor + 0.1 * ambient - bearing);
            double[] now = {
                load,
                1.4 * load,
                pressure,
                power,
                motor,
                bearing,
                0.25 * ambient,
                0.3 * load + 0.3 * pressure * pressure
            };
            for (int c = 0; c < now.length; c++) {
                noise[c] = 0.6 * noise[c] + SENSOR_NOISE * random.nextGaussian();
                x[c][t] = now[c] + noise[c];
            }
        }
        return x;
    }

    /** Returns the load of the night, early and late shift. */
    private static double level(int stepOfDay) {
        if (stepOfDay < STEPS_PER_DAY / 4) {
            return -1;
        }
        return stepOfDay < 5 * STEPS_PER_DAY / 8 ? 1 : 0.2;
    }

    private static void apply(Fault fault, double[] x, int normalSteps, double sign) {
        double mean = Arrays.stream(x, 0, normalSteps).average().orElseThrow();
        double variance = Arrays.stream(x, 0, normalSteps)
                .map(value -> (value - mean) * (value - mean))
                .average()
                .orElseThrow();
        double deviation = sign * Math.sqrt(variance);
        double first = x[fault.from()];
        double length = fault.to() - fault.from();
        for (int t = fault.from(); t < fault.to(); t++) {
            x[t] = switch (fault.kind()) {
                case SPIKE -> x[t] + 3 * deviation;
                case DRIFT -> x[t] + 2 * deviation * (t + 1 - fault.from()) / length;
                case STUCK -> first;
                case INVERTED -> 2 * mean - x[t];
            };
        }
    }

    /**
     * Returns the series.
     *
     * @return float32, {@code [channels, steps]}, a new array
     */
    public INDArray values() {
        return floats(values);
    }

    /**
     * Returns the series as it would be without faults.
     *
     * @return float32, {@code [channels, steps]}, a new array
     */
    public INDArray withoutFaults() {
        return floats(clean);
    }

    private static INDArray floats(double[][] series) {
        float[][] floats = new float[series.length][series[0].length];
        for (int c = 0; c < series.length; c++) {
            for (int t = 0; t < series[c].length; t++) {
                floats[c][t] = (float) series[c][t];
            }
        }
        return Nd4j.createFromArray(floats);
    }

    /**
     * Returns the steps that are part of a fault.
     *
     * @return a label per step, true for a fault; a new array
     */
    public boolean[] labels() {
        boolean[] labels = new boolean[values[0].length];
        faults.forEach(fault -> Arrays.fill(labels, fault.from(), fault.to(), true));
        return labels;
    }

    /**
     * Returns the faults.
     *
     * @return in the order of time; they do not overlap
     */
    public List<Fault> faults() {
        return faults;
    }
}
