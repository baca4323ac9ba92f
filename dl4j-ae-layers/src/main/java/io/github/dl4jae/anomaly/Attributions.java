package io.github.dl4jae.anomaly;

import java.util.List;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Attributions of different scores on a common scale. */
final class Attributions {

    private Attributions() {}

    /** Returns the attribution of examples in their shape. */
    static INDArray inBlocks(INDArray examples, ExampleBlocks.RowFunction function) {
        int d = ExampleBlocks.values(examples);
        float[] parts = new float[Math.toIntExact(examples.length())];
        ExampleBlocks.forEach(examples, (block, from, count) -> {
            double[][] some = function.apply(block, count);
            for (int i = 0; i < count; i++) {
                for (int j = 0; j < d; j++) {
                    parts[(from + i) * d + j] = (float) some[i][j];
                }
            }
        });
        return Nd4j.createFromArray(parts).reshape('c', examples.shape());
    }

    /** Returns the mean of the normalized attributions of several scores. */
    static INDArray mean(List<AnomalyScore> scores, INDArray examples) {
        INDArray sum = examples.castTo(DataType.FLOAT).mul(0);
        for (AnomalyScore score : scores) {
            sum.addi(normalized(score.attribution(examples)));
        }
        return sum.divi(scores.size());
    }

    /** Returns the attribution of each example divided by the sum of its magnitudes; zeros stay. */
    static INDArray normalized(INDArray attribution) {
        float[] values = attribution.dup('c').data().asFloat();
        int d = ExampleBlocks.values(attribution);
        for (int from = 0; from < values.length; from += d) {
            double sum = 0;
            for (int j = from; j < from + d; j++) {
                sum += Math.abs(values[j]);
            }
            for (int j = from; j < from + d && sum > 0; j++) {
                values[j] = Double.isFinite(sum) ? (float) (values[j] / sum) : Float.isFinite(values[j]) ? 0 : 1;
            }
        }
        return Nd4j.createFromArray(values).reshape('c', attribution.shape());
    }
}
