package io.github.dl4jae.internal.kernel;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Conversion of integer arrays to a floating-point type, because noise added to integers would be truncated. */
public final class FloatingPoint {

    private FloatingPoint() {}

    /**
     * Returns an array of a floating-point type.
     *
     * @param array an array of any numeric type
     * @return the array itself, or a copy of ND4J's default floating-point type if it holds integers or booleans
     */
    public static INDArray of(INDArray array) {
        return array.castTo(typeFor(array));
    }

    /**
     * Returns the type of the result of {@link #of}.
     *
     * @param array an array of any numeric type
     * @return its own type, or ND4J's default floating-point type if it holds integers or booleans
     */
    public static DataType typeFor(INDArray array) {
        return array.dataType().isFPType() ? array.dataType() : Nd4j.defaultFloatingPointType();
    }
}
