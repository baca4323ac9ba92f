package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.Locale;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Angles between the weights of a dictionary's units.
 *
 * <pre>
 * nearest decoder cosine      max_(k≠j) d_j·d_k/(‖d_j‖·‖d_k‖)      d_j the decoder row of unit j
 * nearest encoder cosine      likewise for encoder columns e_j
 * encoder–decoder cosine      e_j·d_j/(‖e_j‖·‖d_j‖)
 * </pre>
 *
 * <p>A nearest decoder cosine near 1 marks a duplicate, or a unit that another one has absorbed. Encoder and decoder of
 * a unit have a large cosine where units do not compete. All pairs of units are compared, block by block: O(n²·d)
 * multiplications in O(n·d) memory.
 *
 * @see DictionaryReport
 */
public final class DictionaryGeometry {

    private final double[] nearestDecoder;
    private final double[] nearestEncoder;
    private final double[] encoderDecoder;

    private DictionaryGeometry(double[] nearestDecoder, double[] nearestEncoder, double[] encoderDecoder) {
        this.nearestDecoder = nearestDecoder;
        this.nearestEncoder = nearestEncoder;
        this.encoderDecoder = encoderDecoder;
    }

    /**
     * Compares the weights of all units.
     *
     * @param encoder W_enc, {@code [inputs, units]}
     * @param decoder W_dec, {@code [units, outputs]}
     * @return the cosines
     * @throws IllegalArgumentException if the numbers of units differ, or there are fewer than 2
     */
    public static DictionaryGeometry compute(INDArray encoder, INDArray decoder) {
        Require.that(
                encoder.rank() == 2 && decoder.rank() == 2 && encoder.size(1) == decoder.size(0) && decoder.size(0) > 1,
                "DictionaryGeometry",
                "weights must be [inputs, units] and [units, outputs], with at least 2 units",
                Arrays.toString(encoder.shape()) + " and " + Arrays.toString(decoder.shape()),
                "");
        INDArray e = UnitCosines.normalized(encoder.transpose()); // [n,d]
        INDArray d = UnitCosines.normalized(decoder); // [n,d]
        double[] own = new double[(int) d.size(0)];
        if (e.equalShapes(d)) {
            own = e.castTo(DataType.DOUBLE)
                    .muli(d.castTo(DataType.DOUBLE))
                    .sum(1)
                    .toDoubleVector();
        } else {
            Arrays.fill(own, Double.NaN);
        }
        return new DictionaryGeometry(nearest(d), nearest(e), own);
    }

    private static double[] nearest(INDArray rows) {
        double[] nearest = new double[(int) rows.size(0)];
        UnitCosines.forEachRow(rows, rows, (i, cosines) -> {
            cosines[i] = Float.NEGATIVE_INFINITY;
            float largest = cosines[0];
            for (float cosine : cosines) {
                largest = Math.max(largest, cosine);
            }
            nearest[i] = largest;
        });
        return nearest;
    }

    /**
     * Returns the largest cosine of each decoder row with another one.
     *
     * @return a number per unit, in [−1, 1]; a new array
     */
    public double[] nearestDecoderCosines() {
        return nearestDecoder.clone();
    }

    /**
     * Returns the largest cosine of each encoder column with another one.
     *
     * @return a number per unit, in [−1, 1]; a new array
     */
    public double[] nearestEncoderCosines() {
        return nearestEncoder.clone();
    }

    /**
     * Returns the cosine of each unit's encoder column and decoder row.
     *
     * @return a number per unit, in [−1, 1]; NaN where inputs and outputs differ in number; a new array
     */
    public double[] encoderDecoderCosines() {
        return encoderDecoder.clone();
    }

    /**
     * Returns the mean over units of {@link #nearestDecoderCosines}.
     *
     * @return in [−1, 1]
     */
    public double maxDecoderCosine() {
        return mean(nearestDecoder);
    }

    /**
     * Returns the mean over units of {@link #nearestEncoderCosines}.
     *
     * @return in [−1, 1]
     */
    public double maxEncoderCosine() {
        return mean(nearestEncoder);
    }

    /**
     * Returns the mean over units of {@link #encoderDecoderCosines}.
     *
     * @return in [−1, 1]; NaN where inputs and outputs differ in number
     */
    public double encoderDecoderCosine() {
        return mean(encoderDecoder);
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "mean of the largest cosine within the decoder %.3f, within the encoder %.3f; of encoder and decoder"
                        + " %.3f",
                maxDecoderCosine(),
                maxEncoderCosine(),
                encoderDecoderCosine());
    }
}
