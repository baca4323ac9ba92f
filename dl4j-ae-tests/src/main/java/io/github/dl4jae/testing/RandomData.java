package io.github.dl4jae.testing;

import java.util.Random;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Mini-batches of uniform random numbers in float64, the same every time. */
final class RandomData {

    static final int EXAMPLES = 4;
    private static final int SEED = 54321;

    private RandomData() {}

    /** Returns features of the type and targets of the network's output, both in (0, 1). */
    static DataSet of(MultiLayerNetwork network, InputType type) {
        long[] shape = type.getShape(true);
        shape[0] = EXAMPLES;
        if (type instanceof InputType.InputTypeRecurrent sequence && sequence.getTimeSeriesLength() < 1) {
            throw new IllegalArgumentException("LayerContract: sequences must have a length, got " + type
                    + "; use InputType.recurrent(size, length)");
        }
        Random random = new Random(SEED);
        INDArray features = uniform(shape, random);
        return new DataSet(features, uniform(network.output(features).shape(), random));
    }

    /** Returns sequences of different lengths, with masks for features and targets. */
    static DataSet ragged(MultiLayerNetwork network, InputType.InputTypeRecurrent type) {
        DataSet data = of(network, type);
        long steps = type.getTimeSeriesLength();
        INDArray mask = Nd4j.ones(DataType.DOUBLE, EXAMPLES, steps);
        for (int example = 1; example < EXAMPLES; example++) {
            for (long step = Math.max(1, steps - example); step < steps; step++) {
                mask.putScalar(example, step, 0);
            }
        }
        return new DataSet(
                data.getFeatures(), data.getLabels(), mask, data.getLabels().rank() == 3 ? mask.dup() : null);
    }

    private static INDArray uniform(long[] shape, Random random) {
        INDArray array = Nd4j.create(DataType.DOUBLE, shape);
        for (long i = 0; i < array.length(); i++) {
            array.putScalar(i, random.nextDouble());
        }
        return array;
    }
}
