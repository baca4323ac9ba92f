package io.github.dl4jae.signal;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.apache.commons.math3.complex.Complex;
import org.apache.commons.math3.transform.DftNormalization;
import org.apache.commons.math3.transform.FastFourierTransformer;
import org.apache.commons.math3.transform.TransformType;

/**
 * Spectra of overlapping frames of a signal, from which the signal can be put together again.
 *
 * <pre>
 * Y_t[k] = Σ_n w[n] y[tH + n] e^{−2πi kn/L}          w[n] = sin(π (n + ½)/L), hop H
 * y[m] = Σ_t w[m − tH] FFT⁻¹(Y_t)[m − tH] / Σ_t w[m − tH]²
 * </pre>
 *
 * <p>Half a frame of zeros is added in front and behind, so that all samples are in several frames. Without a change of
 * the spectra, {@link #signal} returns the signal. The spectrum of a real signal is symmetric; only the first L/2 + 1
 * bins are stored. Instances are immutable.
 */
public final class SignalFrames {

    private static final String SUBJECT = "SignalFrames";
    private static final int SHORTEST = 4;

    private final int samples;
    private final int length;
    private final int hop;
    private final Complex[][] spectra;

    private SignalFrames(int samples, int length, int hop, Complex[][] spectra) {
        this.samples = samples;
        this.length = length;
        this.hop = hop;
        this.spectra = spectra;
    }

    /**
     * Computes spectra.
     *
     * @param signal samples
     * @param length L of a frame, a power of 2, at least 4; 512 is usual at 16 kHz
     * @param hop H between frames, from 1 to L/2
     * @return the spectra of all frames
     * @throws IllegalArgumentException if an argument is out of range, or a sample is not finite
     */
    public static SignalFrames of(double[] signal, int length, int hop) {
        Signals.require(SUBJECT, "signal", signal);
        requireLength(SUBJECT, length, hop);
        double[] window = window(length);
        Complex[][] spectra = new Complex[count(signal.length, length, hop)][];
        for (int t = 0; t < spectra.length; t++) {
            double[] frame = cut(signal, t * hop - length / 2, length);
            for (int n = 0; n < length; n++) {
                frame[n] *= window[n];
            }
            spectra[t] = Arrays.copyOf(fourier().transform(frame, TransformType.FORWARD), length / 2 + 1);
        }
        return new SignalFrames(signal.length, length, hop, spectra);
    }

    static void requireLength(String subject, int length, int hop) {
        Require.that(
                length >= SHORTEST && Integer.bitCount(length) == 1,
                subject,
                "the length of a frame must be a power of 2, at least " + SHORTEST,
                length,
                "512 is usual");
        Require.that(
                hop >= 1 && hop <= length / 2,
                subject,
                "the hop must be from 1 to half of the frame, " + length / 2,
                hop,
                "half a frame is usual");
    }

    private static FastFourierTransformer fourier() {
        return new FastFourierTransformer(DftNormalization.STANDARD);
    }

    /** Returns the number of frames that cover the signal and half a frame of zeros on both sides. */
    static int count(int samples, int length, int hop) {
        return (samples + hop - 1) / hop + 1;
    }

    /** Returns the sine window. */
    static double[] window(int length) {
        double[] window = new double[length];
        Arrays.setAll(window, n -> Math.sin(Math.PI * (n + 0.5) / length));
        return window;
    }

    /** Copies a frame that begins at a position, which can be negative; zeros are outside the signal. */
    static double[] cut(double[] signal, int from, int length) {
        double[] frame = new double[length];
        int first = Math.max(0, -from);
        int end = Math.min(length, signal.length - from);
        if (end > first) {
            System.arraycopy(signal, from + first, frame, first, end - first);
        }
        return frame;
    }

    /**
     * Returns the number of frames.
     *
     * @return T
     */
    public int frames() {
        return spectra.length;
    }

    /**
     * Returns the number of frequencies.
     *
     * @return L/2 + 1; bin k has the frequency k/L times the sample rate
     */
    public int bins() {
        return length / 2 + 1;
    }

    /**
     * Returns the power of the bins of a frame.
     *
     * @param frame t, from 0
     * @return |Y_t[k]|², a new array
     */
    public double[] power(int frame) {
        return Arrays.stream(spectra[frame])
                .mapToDouble(value -> value.getReal() * value.getReal() + value.getImaginary() * value.getImaginary())
                .toArray();
    }

    /**
     * Multiplies the spectra by gains.
     *
     * @param gains a factor of each bin of each frame
     * @return new spectra
     * @throws IllegalArgumentException if there are others than T·(L/2 + 1), or one is not finite
     */
    public SignalFrames scaled(double[][] gains) {
        Require.given(SUBJECT, "gains", gains, "");
        Require.that(gains.length == frames(), SUBJECT, "gains must be of " + frames() + " frames", gains.length, "");
        Complex[][] scaled = new Complex[frames()][bins()];
        for (int t = 0; t < scaled.length; t++) {
            Signals.require(SUBJECT, "gains", gains[t]);
            Require.that(
                    gains[t].length == bins(), SUBJECT, "gains must be of " + bins() + " bins", gains[t].length, "");
            for (int k = 0; k < bins(); k++) {
                scaled[t][k] = spectra[t][k].multiply(gains[t][k]);
            }
        }
        return new SignalFrames(samples, length, hop, scaled);
    }

    /**
     * Puts the signal together.
     *
     * @return as many samples as the signal had
     */
    public double[] signal() {
        double[] window = window(length);
        OverlapAdd sum = new OverlapAdd(samples);
        for (int t = 0; t < spectra.length; t++) {
            double[] frame = inverse(spectra[t]);
            for (int n = 0; n < length; n++) {
                frame[n] *= window[n];
            }
            sum.add(t * hop - length / 2, frame, window);
        }
        return sum.result();
    }

    private double[] inverse(Complex[] half) {
        Complex[] whole = Arrays.copyOf(half, length);
        for (int k = 1; k < length / 2; k++) {
            whole[length - k] = half[k].conjugate();
        }
        return Arrays.stream(fourier().transform(whole, TransformType.INVERSE))
                .mapToDouble(Complex::getReal)
                .toArray();
    }
}
