package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.ndarray.INDArray;

/** Checks for NaN and infinity. */
public final class FiniteArrays {

    private FiniteArrays() {}

    /**
     * Returns whether all elements are finite. It checks single elements only if their sum is not finite, because a sum
     * of finite elements can overflow.
     *
     * @param array an array of any type
     * @return whether all elements are finite; true for empty arrays
     */
    public static boolean isFinite(INDArray array) {
        return !array.dataType().isFPType()
                || array.isEmpty()
                || Double.isFinite(array.sumNumber().doubleValue())
                || firstBad(array) < 0;
    }

    /**
     * Finds the first element that is not finite.
     *
     * @param array an array of any type
     * @return its index in 'c' order, or −1
     */
    public static long firstBad(INDArray array) {
        for (long i = 0; i < array.length(); i++) {
            if (!Double.isFinite(array.getDouble(i))) {
                return i;
            }
        }
        return -1;
    }
}
