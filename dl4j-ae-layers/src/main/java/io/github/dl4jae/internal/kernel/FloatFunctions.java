package io.github.dl4jae.internal.kernel;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;

/**
 * The logistic function, softplus, tanh, exponential and logarithm of float arrays. Results are exact to a few units in
 * the last place and about ten times as fast as with {@code Math.exp}.
 *
 * <pre>
 * e^t = 2^n · (1 + q),  n = round(t / ln 2),  r = t − n·ln 2,  q = e^r − 1        for t ≤ 0
 * tanh z = z · p(z²) / q(z²)                                                      p, q: polynomials of degree 4
 * </pre>
 *
 * <p>q is a Taylor polynomial of seven terms; its relative error is below 1e-8 for |r| ≤ 0.35. Every step is a loop
 * without branches, which HotSpot compiles to vector instructions. Rounding adds and subtracts 1.5·2^23, which leaves n
 * in the low bits of the sum. A buffer reads these bits as integers, because HotSpot does not vectorize a loop over
 * {@code Float.floatToRawIntBits}. t is clamped at −87, where e^t is 1.6e-38. NaN stays NaN.
 *
 * <p>p and q minimize the greatest relative error of their quotient, 1.2e-8 for |z| ≤ 8.5; rounding adds 3.6e-7. z is
 * clamped at the least number whose quotient is 1, so that no result exceeds 1. This takes one loop where e^t takes
 * four.
 *
 * <p>Each thread has an instance of its own: {@link #ofThread}.
 */
public final class FloatFunctions {

    private static final ThreadLocal<FloatFunctions> OF_THREAD = new ThreadLocal<>();

    private static final float CUT_OFF = -87f;
    private static final float INVERSE_LN2 = (float) (1 / Math.log(2));
    /** ln 2 in two parts; n times the first part is exact in float32. */
    private static final float LN2_HIGH = 355f / 512;

    private static final float LN2_LOW = (float) (Math.log(2) - 355.0 / 512);
    /** Rounds a float to the nearest integer if it is added and subtracted again. */
    private static final float ROUNDING = 3 << 22;

    private static final int ROUNDING_BITS = Float.floatToRawIntBits(ROUNDING);
    private static final int SQRT_HALF_BITS = Float.floatToRawIntBits((float) Math.sqrt(0.5));
    /** Gives the sign of a float by multiplication and clamping to 1; times the smallest normal float it is about 4. */
    private static final float HUGE = Float.MAX_VALUE;
    /** The least float whose quotient is 1. */
    private static final float TANH_IS_ONE = 7.9918637f;

    private final float[] rounded;
    private final int[] bits;
    /** 2^n. */
    private final float[] scale;
    /** e^r − 1. */
    private final float[] q;
    /** The exponent of the argument of a logarithm. */
    private final int[] exponent;

    private final FloatBuffer asFloats;
    private final IntBuffer asInts;

    private FloatFunctions(int capacity) {
        rounded = new float[capacity];
        bits = new int[capacity];
        scale = new float[capacity];
        q = new float[capacity];
        exponent = new int[capacity];
        ByteBuffer memory = ByteBuffer.allocateDirect(Math.multiplyExact(capacity, Float.BYTES))
                .order(ByteOrder.nativeOrder());
        asFloats = memory.asFloatBuffer();
        asInts = memory.asIntBuffer();
    }

    /**
     * Returns the instance of the calling thread.
     *
     * @param n the length of the longest array
     * @return an instance that no other thread uses
     */
    public static FloatFunctions ofThread(int n) {
        FloatFunctions functions = OF_THREAD.get();
        if (functions == null || functions.q.length < n) {
            functions = new FloatFunctions(n);
            OF_THREAD.set(functions);
        }
        return functions;
    }

    /**
     * Computes the logistic function σ(z) = 1 / (1 + e^−z).
     *
     * @param z the arguments
     * @param sigma receives σ(z); may be {@code z} itself
     * @param n the number of values
     */
    public void sigmoid(float[] z, float[] sigma, int n) {
        exponent(z, -1, n);
        sigmoid(z, scale, q, sigma, n);
    }

    /**
     * Computes the logistic function and softplus(z) = ln(1 + e^z): gradient and value of the Bernoulli likelihood.
     *
     * @param z the arguments
     * @param sigma receives σ(z); must not be {@code z}
     * @param softplus receives ln(1 + e^z); must not be {@code z}
     * @param n the number of values
     */
    public void sigmoidAndSoftplus(float[] z, float[] sigma, float[] softplus, int n) {
        exponent(z, -1, n);
        sigmoid(z, scale, q, sigma, n);
        softplus(z, scale, q, softplus, n);
    }

    /**
     * Computes the hyperbolic tangent.
     *
     * @param z the arguments
     * @param tanh receives tanh(z); may be {@code z} itself
     * @param n the number of values
     */
    public static void tanh(float[] z, float[] tanh, int n) {
        for (int i = 0; i < n; i++) {
            tanh[i] = tanh(z[i]);
        }
    }

    /**
     * Computes the gates of a recurrent layer, tanh(z + b) or σ(z + b) = ½ + ½·tanh((z + b)/2), in place. The absolute
     * error is below 2e-7; a σ close to 0 can be exactly 0.
     *
     * @param z the arguments without bias; overwritten by the results
     * @param b bias
     * @param scale 1 for tanh, ½ for σ
     * @param shift 0 for tanh, ½ for σ
     * @param n the number of values
     */
    static void gates(float[] z, float[] b, float[] scale, float[] shift, int n) {
        for (int i = 0; i < n; i++) {
            z[i] = tanh((z[i] + b[i]) * scale[i]) * scale[i] + shift[i];
        }
    }

    private static float tanh(float z) {
        float x = Math.max(Math.min(z, TANH_IS_ONE), -TANH_IS_ONE);
        float u = x * x;
        float p = u * 1.4333044e-8f + 2.1299398e-5f;
        p = u * p + 3.5370796e-3f;
        p = u * p + 0.1341586f;
        p = u * p + 1f;
        float q = u * 8.1718963e-7f + 3.3537738e-4f;
        q = u * q + 2.6034495e-2f;
        q = u * q + 0.46749187f;
        q = u * q + 1f;
        return x * p / q;
    }

    /**
     * Computes the exponential of numbers that are not positive, such as the numerator of a softmax.
     *
     * @param z the arguments, at most 0; clamped at −87
     * @param exp receives e^z; may be {@code z} itself
     * @param n the number of values
     */
    public void expOfNonPositive(float[] z, float[] exp, int n) {
        exponent(z, -1, n);
        scaleUp(scale, q, exp, n);
    }

    /**
     * Computes the natural logarithm, by a power series of artanh.
     *
     * <pre>
     * ln x = k·ln 2 + 2·artanh(s),  x = 2^k·m,  m in [√½, √2),  s = (m − 1)/(m + 1),  |s| ≤ 0.172
     * </pre>
     *
     * @param x the arguments: positive, normal, finite
     * @param ln receives ln x; may be {@code x} itself
     * @param n the number of values
     */
    public void log(float[] x, float[] ln, int n) {
        asFloats.put(0, x, 0, n);
        asInts.get(0, bits, 0, n);
        splitBits(bits, exponent, n);
        asInts.put(0, bits, 0, n);
        asFloats.get(0, q, 0, n);
        asInts.put(0, exponent, 0, n);
        asFloats.get(0, rounded, 0, n);
        log(q, rounded, ln, n);
    }

    /**
     * Computes the sum by pairwise summation, which is fast and exact to a few units in the last place.
     *
     * @param values the values; overwritten
     * @param n the number of values
     * @return the sum
     */
    public static float sum(float[] values, int n) {
        int left = n;
        while (left > 16) {
            int half = left / 2;
            addHalf(values, half, left - half);
            left -= half;
        }
        float sum = 0;
        for (int i = 0; i < left; i++) {
            sum += values[i];
        }
        return sum;
    }

    private static void addHalf(float[] values, int half, int offset) {
        for (int i = 0; i < half; i++) {
            values[i] += values[offset + i];
        }
    }

    /** Splits e^(factor·|z|) into scale and q, for a negative factor. */
    private void exponent(float[] z, float factor, int n) {
        round(z, factor, rounded, n);
        asFloats.put(0, rounded, 0, n);
        asInts.get(0, bits, 0, n);
        scaleBits(bits, n);
        asInts.put(0, bits, 0, n);
        asFloats.get(0, scale, 0, n);
        remainder(z, factor, rounded, q, n);
    }

    private static void round(float[] z, float factor, float[] rounded, int n) {
        for (int i = 0; i < n; i++) {
            rounded[i] = Math.max(factor * Math.abs(z[i]), CUT_OFF) * INVERSE_LN2 + ROUNDING;
        }
    }

    /** Converts the bits of ROUNDING + n to the bits of 2^n. */
    private static void scaleBits(int[] bits, int n) {
        for (int i = 0; i < n; i++) {
            bits[i] = (bits[i] + 127) << 23;
        }
    }

    private static void remainder(float[] z, float factor, float[] rounded, float[] q, int n) {
        for (int i = 0; i < n; i++) {
            float t = Math.max(factor * Math.abs(z[i]), CUT_OFF);
            float k = rounded[i] - ROUNDING;
            float r = t - k * LN2_HIGH - k * LN2_LOW;
            q[i] = r
                    + r
                            * r
                            * (1f / 2
                                    + r * (1f / 6 + r * (1f / 24 + r * (1f / 120 + r * (1f / 720 + r * (1f / 5040))))));
        }
    }

    private static void scaleUp(float[] scale, float[] q, float[] exp, int n) {
        for (int i = 0; i < n; i++) {
            exp[i] = scale[i] + scale[i] * q[i];
        }
    }

    /**
     * Converts the bits of x to the bits of m and of ROUNDING + k, because HotSpot does not vectorize a conversion from
     * int to float.
     */
    private static void splitBits(int[] bits, int[] exponent, int n) {
        for (int i = 0; i < n; i++) {
            int k = (bits[i] - SQRT_HALF_BITS) >> 23;
            bits[i] -= k << 23;
            exponent[i] = ROUNDING_BITS + k;
        }
    }

    private static void log(float[] m, float[] roundedExponent, float[] ln, int n) {
        for (int i = 0; i < n; i++) {
            float k = roundedExponent[i] - ROUNDING;
            float s = (m[i] - 1f) / (m[i] + 1f);
            float w = s * s;
            float series = w * (2f / 3 + w * (2f / 5 + w * (2f / 7 + w * (2f / 9))));
            ln[i] = k * LN2_HIGH + (s * series + (2f * s + k * LN2_LOW));
        }
    }

    /** Computes 1/(1+e) for z ≥ 0 and e/(1+e) for negative z, with e = e^−|z|. */
    private static void sigmoid(float[] z, float[] scale, float[] q, float[] sigma, int n) {
        for (int i = 0; i < n; i++) {
            float e = scale[i] + scale[i] * q[i];
            float positive = Math.min(Math.max(z[i] * HUGE, 0f), 1f);
            sigma[i] = (positive + (1f - positive) * e) / (1f + e);
        }
    }

    /** Computes max(z, 0) + ln(1 + e), where ln(1 + e) = 2·artanh(s), s = e/(2+e) ≤ 1/3, by a power series. */
    private static void softplus(float[] z, float[] scale, float[] q, float[] softplus, int n) {
        for (int i = 0; i < n; i++) {
            float e = scale[i] + scale[i] * q[i];
            float s = e / (2f + e);
            float w = s * s;
            // Horner's rule, from the innermost term
            float series = 1f / 13 + w * (1f / 15);
            series = 1f / 11 + w * series;
            series = 1f / 9 + w * series;
            series = 1f / 7 + w * series;
            series = 1f / 5 + w * series;
            series = 1f / 3 + w * series;
            series = 1f + w * series;
            softplus[i] = Math.max(z[i], 0f) + 2f * s * series;
        }
    }
}
