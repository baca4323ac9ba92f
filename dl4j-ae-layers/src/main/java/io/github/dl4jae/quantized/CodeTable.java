package io.github.dl4jae.quantized;

/**
 * The map between vectors and indices. A vector has an index for each stage: each stage of a residual quantizer, or
 * each bit of a binary code.
 */
interface CodeTable {

    /** Returns the length of a vector. */
    int width();

    /** Returns the number of indices per vector. */
    int stages();

    /** Returns the number of values of an index. */
    int codes();

    /**
     * Quantizes vectors.
     *
     * @param rows outputs of the encoder, {@code [N·width]}
     * @return {@code [N·stages]}
     */
    int[] indices(double[] rows);

    /**
     * Looks up vectors.
     *
     * @param indices {@code [N·stages]}, each in [0, codes)
     * @return what the decoder reads, {@code [N·width]}
     */
    double[] vectors(int[] indices);
}
