package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.training.ProgressListener;
import java.util.function.DoubleSupplier;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * The weight of a penalty, which grows linearly at first and then follows L0 by a controller with a proportional and an
 * integral part: kinds are compared at equal L0, and which weight leads there is not known before.
 *
 * <pre>
 * after every 20 steps:   ln λ ← ln λ + 0.5·(e − e_before) + 0.03·e        e = ln(L0/L0*), the change within ±0.2
 * </pre>
 *
 * <p>It is for one training in memory: it is not written to files.
 */
final class SynthsaePenalty implements ISchedule, ProgressListener {

    private static final long serialVersionUID = 1L;

    private static final int INTERVAL = 20;
    private static final double PROPORTIONAL = 0.5;
    private static final double INTEGRAL = 0.03;
    private static final double LARGEST = 0.2;

    private final double target;
    private final long warmUp;
    private double lambda;
    private double error = Double.NaN;
    private transient long step;
    private transient DoubleSupplier activity = () -> Double.NaN;

    /**
     * Creates a weight.
     *
     * @param first the weight at the end of the growth
     * @param target L0*
     * @param warmUp the number of steps of the growth
     */
    SynthsaePenalty(double first, double target, long warmUp) {
        this.lambda = first;
        this.target = target;
        this.warmUp = warmUp;
    }

    /** Sets what measures L0. */
    void measure(DoubleSupplier l0) {
        activity = l0;
    }

    @Override
    public void stepDone(int epoch, long steps, double score) {
        step = steps;
        if (steps > warmUp && steps % INTERVAL == 0) {
            double found = Math.log(Math.max(activity.getAsDouble(), target / 100) / target);
            double change = INTEGRAL * found + (Double.isNaN(error) ? 0 : PROPORTIONAL * (found - error));
            lambda *= Math.exp(Math.max(-LARGEST, Math.min(LARGEST, change)));
            error = found;
        }
    }

    @Override
    public double valueAt(int iteration, int epoch) {
        return lambda * Math.min(1, (step + 1.0) / (warmUp + 1));
    }

    @Override
    @SuppressWarnings("MethodDoesntCallSuperMethod")
    public ISchedule clone() {
        return this; // layers must follow the one that is adjusted
    }
}
