package io.github.dl4jae.examples.bench;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** The measured steps of a case: training on a mini-batch, inference, or reading. */
final class BenchSteps {

    static final int EXAMPLES = 60_000;
    static final int CODE_LAYER = 1;
    /** Steps take these mini-batches in turn. */
    private static final int BATCHES = 4;

    private BenchSteps() {}

    /** Returns the step, a function of the step's number. */
    static IntConsumer create(BenchCase shape, Contender contender) {
        if (shape.kind == BenchCase.Kind.READ) {
            return new TableReading(shape.batch, shape.sizes[0]).step(contender);
        }
        boolean ours = contender == Contender.OURS;
        MultiLayerNetwork network = BenchNetworks.create(shape, ours);
        return switch (shape.kind) {
            case ENCODE -> encoding(encoder(network, ours), shape);
            case ENCODE_ROW -> {
                Consumer<INDArray> encoder = encoder(network, ours);
                DataSet[] data = data(shape);
                yield step -> encoder.accept(data[step % BATCHES].getFeatures());
            }
            case OUTPUT_ROW -> {
                DataSet[] data = data(shape);
                yield step -> network.output(data[step % BATCHES].getFeatures());
            }
            default -> training(network, shape, ours);
        };
    }

    private static IntConsumer training(MultiLayerNetwork network, BenchCase shape, boolean ours) {
        DataSet[] data = data(shape);
        return shape.kind == BenchCase.Kind.VAE && !ours
                ? step -> network.pretrainLayer(0, data[step % BATCHES].getFeatures())
                : step -> network.fit(data[step % BATCHES]);
    }

    private static Consumer<INDArray> encoder(MultiLayerNetwork network, boolean ours) {
        if (ours) {
            Autoencoder autoencoder = Autoencoders.of(network, CODE_LAYER);
            return autoencoder::encode;
        }
        return x -> network.feedForwardToLayer(CODE_LAYER, x, false);
    }

    private static IntConsumer encoding(Consumer<INDArray> encoder, BenchCase shape) {
        INDArray images = Nd4j.rand(DataType.FLOAT, EXAMPLES, shape.sizes[0]);
        return step -> {
            for (int i = 0; i < EXAMPLES; i += shape.batch) {
                encoder.accept(images.get(NDArrayIndex.interval(i, i + shape.batch), NDArrayIndex.all()));
            }
        };
    }

    private static DataSet[] data(BenchCase shape) {
        return IntStream.range(0, BATCHES)
                .mapToObj(i -> BenchNetworks.data(shape, shape.batch))
                .toArray(DataSet[]::new);
    }
}
