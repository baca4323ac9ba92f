package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The changes of a network's mean outputs when features are switched off one at a time. {@link
 * FeatureSteering#switchOff} measures them.
 *
 * <pre>
 * change_uc = mean over the examples x in which u fires of  p_c(x without u) − p_c(x)
 * share_u   = the share of the examples in which u fires
 * </pre>
 *
 * <p>The mean output over all examples changes by the product. Immutable.
 */
public final class FeatureEffects {

    private static final String SUBJECT = "FeatureEffects";

    private final double[][] change;
    private final double[] share;

    private FeatureEffects(double[][] change, double[] share) {
        this.change = change;
        this.share = share;
    }

    /**
     * Returns effects that were measured in another way.
     *
     * @param change {@code [units, outputs]}: for each feature the mean change of each output over the examples in
     *     which it fires, 0 if there are none
     * @param share for each feature the share of such examples among those measured
     * @return the effects
     * @throws IllegalArgumentException if shapes differ, a value is not finite, or a share is outside [0, 1]
     */
    public static FeatureEffects of(INDArray change, double[] share) {
        Require.given(SUBJECT, "change", change, "");
        Require.that(
                change.rank() == 2 && change.size(0) == share.length,
                SUBJECT,
                "change must have shape [" + share.length + ", outputs]",
                Arrays.toString(change.shape()),
                "give a row and a share for each feature");
        double[][] values = change.castTo(DataType.DOUBLE).toDoubleMatrix();
        for (int unit = 0; unit < share.length; unit++) {
            for (double value : values[unit]) {
                Require.finite(SUBJECT, "the change by feature " + unit, value, "");
            }
            Require.that(
                    share[unit] >= 0 && share[unit] <= 1,
                    SUBJECT,
                    "the share of feature " + unit + " must be in [0, 1]",
                    share[unit],
                    "");
        }
        return new FeatureEffects(values, share.clone());
    }

    /**
     * Returns the number of features.
     *
     * @return the number of rows
     */
    public int units() {
        return change.length;
    }

    /**
     * Returns the number of outputs.
     *
     * @return the number of columns
     */
    public int outputs() {
        return change[0].length;
    }

    /**
     * Returns the mean changes of the outputs over the examples in which a feature fires.
     *
     * @param unit the feature
     * @return the change of each output, a new array
     */
    public double[] change(int unit) {
        return change[unit].clone();
    }

    /**
     * Returns the share of examples in which a feature fires.
     *
     * @param unit the feature
     * @return the share of the examples measured
     */
    public double share(int unit) {
        return share[unit];
    }

    /**
     * Returns the size of a feature's effect.
     *
     * @param unit the feature
     * @return the largest magnitude of its changes
     */
    public double size(int unit) {
        return Arrays.stream(change[unit]).map(Math::abs).max().orElse(0);
    }
}
