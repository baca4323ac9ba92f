package io.github.dl4jae.data;

import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * Examples of a {@link SyntheticSuperposition} with the magnitudes of their sources.
 *
 * @param x {@code [N, d]}, float32
 * @param codes the magnitudes, {@code [N, n]}, float32; 0 where a source does not fire
 */
public record SuperpositionSample(INDArray x, INDArray codes) {

    /**
     * Returns the mean number of sources that fire in an example.
     *
     * @return L0
     */
    public double meanActive() {
        return codes.gt(0).castTo(DataType.INT64).sumNumber().doubleValue() / codes.size(0);
    }
}
