package io.github.dl4jae;

import java.util.Arrays;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained autoencoder: from data to code and back.
 *
 * <pre>
 * encode       x ↦ h = f(x)
 * decode       h ↦ x̂ = g(h)
 * reconstruct  x ↦ x̂ = g(f(x))
 * </pre>
 *
 * <p>Shapes: examples are on axis 0 of everything that goes in or comes out, and any number of them may be given: they
 * are worked through in batches that fit in memory. What an example looks like is up to the model: {@code [N, features]},
 * {@code [N, features, time]} or {@code [N, channels, height, width]}; a code usually is {@code [N, code]}.
 *
 * <p>Row i of a result depends on row i of the argument alone, so decoding one code gives what decoding it among others
 * gives. Arguments are never changed. Get one from a trained network with {@link Autoencoders}.
 *
 * <p>Sequences of different lengths are padded to the same length. A mask {@code [N, time]} is 1 for real time steps
 * and 0 for padding. Results then do not depend on the values in the padding, bit for bit.
 */
public interface Autoencoder {

    /**
     * The codes of examples.
     *
     * @param examples x, {@code [N, …]}
     * @return h, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the shape is not one that the model takes
     */
    INDArray encode(INDArray examples);

    /**
     * Encodes padded sequences.
     *
     * @param examples x, {@code [N, features, time]}
     * @param mask {@code [N, time]}: 1 for real time steps, 0 for padding; null if there is no padding
     * @return h, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if a shape is not one that the model takes
     * @throws UnsupportedOperationException if the model takes no masks
     */
    default INDArray encode(INDArray examples, INDArray mask) {
        requireNoMask(mask);
        return encode(examples);
    }

    /**
     * The examples that codes stand for.
     *
     * @param codes h, {@code [N, …]}, as {@link #encode} gives them
     * @return x̂, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the shape is not that of the model's codes
     */
    INDArray decode(INDArray codes);

    /**
     * Encodes and decodes.
     *
     * @param examples x, {@code [N, …]}
     * @return x̂ = decode(encode(x)), {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the shape is not one that the model takes
     */
    INDArray reconstruct(INDArray examples);

    /**
     * Encodes and decodes padded sequences.
     *
     * @param examples x, {@code [N, features, time]}
     * @param mask {@code [N, time]}: 1 for real time steps, 0 for padding; null if there is no padding
     * @return x̂, {@code [N, …]}, a new array; values at padded time steps are undefined
     * @throws IllegalArgumentException if a shape is not one that the model takes
     * @throws UnsupportedOperationException if the model takes no masks
     */
    default INDArray reconstruct(INDArray examples, INDArray mask) {
        requireNoMask(mask);
        return reconstruct(examples);
    }

    private void requireNoMask(INDArray mask) {
        if (mask != null) {
            throw new UnsupportedOperationException(this + ": examples must come without a mask, got one of shape "
                    + Arrays.toString(mask.shape()) + "; give sequences of one length at a time, without padding");
        }
    }
}
