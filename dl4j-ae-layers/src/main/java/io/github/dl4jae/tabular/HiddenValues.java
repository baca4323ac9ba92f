package io.github.dl4jae.tabular;

import io.github.dl4jae.internal.kernel.FloatRows;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Hides random values of a table. */
final class HiddenValues {

    private HiddenValues() {}

    static FeatureTable hide(FeatureTable table, double fraction, long seed) {
        TableSchema schema = table.schema();
        INDArray features = table.features().dup('c');
        INDArray present =
                table.present().map(mask -> mask.dup('c')).orElseGet(() -> Nd4j.ones(DataType.FLOAT, features.shape()));
        FloatRows featureRows = FloatRows.of(features);
        FloatRows presentRows = FloatRows.of(present);
        float[] values = new float[featureRows.columns()];
        float[] mask = new float[values.length];
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < featureRows.rows(); i++) {
            featureRows.read(i, values);
            presentRows.read(i, mask);
            for (int j = 0; j < schema.columns().size(); j++) {
                int offset = schema.offset(j);
                int end = schema.offset(j + 1);
                if (end > offset && random.nextDouble() < fraction) {
                    schema.columns().get(j).encodeTypical(values, offset);
                    Arrays.fill(mask, offset, end, 0f);
                }
            }
            featureRows.write(i, values);
            presentRows.write(i, mask);
        }
        return new FeatureTable(schema, features, present, table.targets());
    }
}
