package io.github.dl4jae;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trained autoencoder: an encoder and a decoder.
 *
 * <pre>
 * encode       x ↦ h = f(x)
 * decode       h ↦ x̂ = g(h)
 * reconstruct  x ↦ x̂ = g(f(x))
 * </pre>
 *
 * <p>Shapes: axis 0 counts examples. An array can hold any number of them; they are processed in batches that fit in
 * memory. The model determines the shape of an example: {@code [N, features]}, {@code [N, features, time]} or
 * {@code [N, channels, height, width]}. A code usually is {@code [N, code]}.
 *
 * <p>Row i of a result depends only on row i of the argument, so a code is decoded to the same values alone or among
 * others. Arguments are never changed. {@link Autoencoders} finds the autoencoder in a trained network.
 *
 * <p>Sequences of different lengths are padded to one length. A mask {@code [N, time]} is 1 for real time steps and 0
 * for padding. Results do not depend on the values in the padding, bit for bit.
 */
public interface Autoencoder {

    /**
     * Encodes examples.
     *
     * @param examples x, {@code [N, …]}
     * @return h, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the model does not accept the shape
     */
    INDArray encode(INDArray examples);

    /**
     * Encodes padded sequences.
     *
     * @param examples x, {@code [N, features, time]}
     * @param mask {@code [N, time]}: 1 for real time steps, 0 for padding; null if there is no padding
     * @return h, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the model does not accept a shape
     * @throws UnsupportedOperationException if the model accepts no masks
     */
    default INDArray encode(INDArray examples, @Nullable INDArray mask) {
        requireNoMask(mask);
        return encode(examples);
    }

    /**
     * Decodes codes.
     *
     * @param codes h, {@code [N, …]}, as {@link #encode} returns them
     * @return x̂, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the shape is not that of the model's codes
     */
    INDArray decode(INDArray codes);

    /**
     * Encodes and decodes.
     *
     * @param examples x, {@code [N, …]}
     * @return x̂ = decode(encode(x)), {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the model does not accept the shape
     */
    INDArray reconstruct(INDArray examples);

    /**
     * Encodes and decodes padded sequences.
     *
     * @param examples x, {@code [N, features, time]}
     * @param mask {@code [N, time]}: 1 for real time steps, 0 for padding; null if there is no padding
     * @return x̂, {@code [N, …]}, a new array; values at padded time steps are undefined
     * @throws IllegalArgumentException if the model does not accept a shape
     * @throws UnsupportedOperationException if the model accepts no masks
     */
    default INDArray reconstruct(INDArray examples, @Nullable INDArray mask) {
        requireNoMask(mask);
        return reconstruct(examples);
    }

    private void requireNoMask(@Nullable INDArray mask) {
        if (mask != null) {
            throw new UnsupportedOperationException(this + ": examples must come without a mask, got one of shape "
                    + Arrays.toString(mask.shape()) + "; pass sequences of one length at a time, without padding");
        }
    }
}
