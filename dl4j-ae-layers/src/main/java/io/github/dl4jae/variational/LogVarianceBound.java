package io.github.dl4jae.variational;

/**
 * A smooth bound on log variances that keeps their exponentials finite and leaves usual values unchanged.
 *
 * <pre>
 * f(a) = a                                      |a| ≤ 10
 * f(a) = sign(a)·(10 + 10·tanh((|a| − 10)/10))  beyond: in [−20, 20], with a continuous derivative
 * </pre>
 *
 * <p>Standard deviations are therefore between 4.5e-5 and 2.2e4.
 */
final class LogVarianceBound {

    private static final double LINEAR = 10;
    private static final double REST = 10;

    private LogVarianceBound() {}

    /** Returns f(a). */
    static double value(double a) {
        double beyond = Math.abs(a) - LINEAR;
        return beyond > 0 ? Math.signum(a) * (LINEAR + REST * Math.tanh(beyond / REST)) : a;
    }

    /** Returns f′(a). */
    static double derivative(double a) {
        double beyond = Math.abs(a) - LINEAR;
        if (beyond > 0) {
            double tanh = Math.tanh(beyond / REST);
            return 1 - tanh * tanh;
        }
        return 1;
    }
}
