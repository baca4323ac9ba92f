package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.RowBlocks;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import java.util.Map;
import java.util.Objects;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** What holds for the parameters of a dictionary after each update: decoder rows of length 1, thresholds from 0 on. */
final class DictionaryConstraints {

    private DictionaryConstraints() {}

    /**
     * Applies the constraints.
     *
     * @param layer decides which hold
     * @param parameters of the layer
     * @param updated the units whose rows have changed
     */
    static void apply(DictionaryLayer layer, Map<String, INDArray> parameters, int[] updated) {
        if (layer.hasUnitNorm()) {
            normalize(
                    RowMatrix.of(Objects.requireNonNull(parameters.get(DictionaryParamInitializer.DECODER))), updated);
        }
        if (layer.getEncoder() instanceof JumpReLUEncoder) {
            INDArray threshold = Objects.requireNonNull(parameters.get(JumpReLUEncoder.THRESHOLD));
            Transforms.max(threshold, 0, false);
        }
    }

    private static void normalize(RowMatrix decoder, int[] units) {
        RowBlocks.of(units.length, decoder.columns()).forEach((block, from, to) -> {
            RowVector row = decoder.vector();
            for (int i = from; i < to; i++) {
                decoder.read(units[i], row);
                double square = row.dot(row);
                if (square > 0) {
                    row.scale(1 / Math.sqrt(square));
                    decoder.write(units[i], row);
                }
            }
        });
    }
}
