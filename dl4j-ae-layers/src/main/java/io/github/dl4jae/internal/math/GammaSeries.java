package io.github.dl4jae.internal.math;

/**
 * ln Γ and its derivative ψ for positive arguments, several times faster than those of Commons Math.
 *
 * <pre>
 * ln Γ(x) = (x − ½)·ln x − x + ½·ln 2π + 1/(12x) − 1/(360x³) + …       from x = 8 on
 * ψ(x)    = ln x − 1/(2x) − 1/(12x²) + 1/(120x⁴) − …                   below: Γ(x) = Γ(x + 1)/x
 * </pre>
 */
public final class GammaSeries {

    private static final double FROM = 8;
    private static final double HALF_LOG_2_PI = 0.5 * Math.log(2 * Math.PI);

    private GammaSeries() {}

    /**
     * Returns ln Γ(x), with an absolute error of about 1e-12 where it is not large.
     *
     * @param x above 0
     * @return ln Γ(x)
     */
    public static double logGamma(double x) {
        double product = 1;
        double y = x;
        while (y < FROM) {
            product *= y;
            y++;
        }
        double r = 1 / y;
        double s = r * r;
        double series = r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188)))));
        double shift = y == x ? 0 : Math.log(product);
        return (y - 0.5) * Math.log(y) - y + HALF_LOG_2_PI + series - shift;
    }

    /**
     * Returns ψ(x), the derivative of ln Γ(x).
     *
     * @param x above 0
     * @return ψ(x)
     */
    public static double digamma(double x) {
        double sum = 0;
        double y = x;
        while (y < FROM) {
            sum += 1 / y;
            y++;
        }
        double r = 1 / y;
        double s = r * r;
        double series = s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132)))));
        return Math.log(y) - 0.5 * r - series - sum;
    }
}
