package io.github.dl4jae.convolutional;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;

import io.github.dl4jae.dense.FastLayers;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** Networks over sequences in float32, data for them, and the comparison with stock layers. */
final class SequenceNetworks {

    static final int EXAMPLES = 5;
    static final int CHANNELS = 3;
    static final int STEPS = 11;
    static final int LABELS = 2;

    private SequenceNetworks() {}

    static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(5).updater(new Sgd(0.01));
    }

    static InputType sequences(int channels, int steps, RNNFormat format) {
        return InputType.recurrent(channels, steps, format);
    }

    /** Returns the layers with an output layer on top. */
    static MultiLayerConfiguration configuration(
            NeuralNetConfiguration.Builder base, InputType input, RNNFormat format, Layer... layers) {
        NeuralNetConfiguration.ListBuilder list = base.list();
        Stream.of(layers).forEach(list::layer);
        return list.layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(LABELS)
                        .activation(Activation.IDENTITY)
                        .dataFormat(format)
                        .build())
                .setInputType(input)
                .build();
    }

    static MultiLayerConfiguration configuration(Layer... layers) {
        return configuration(base(), sequences(CHANNELS, STEPS, RNNFormat.NCW), RNNFormat.NCW, layers);
    }

    /** Returns normal features of the configuration's input, and labels that fit its output. */
    static DataSet data(
            MultiLayerConfiguration configuration, int examples, int channels, int steps, RNNFormat format) {
        Nd4j.getRandom().setSeed(9);
        INDArray features = inFormat(Nd4j.randn(DataType.FLOAT, examples, channels, steps), format);
        INDArray output = initialized(configuration).output(features);
        return new DataSet(features, Nd4j.randn(DataType.FLOAT, output.shape()));
    }

    static DataSet data(MultiLayerConfiguration configuration) {
        return data(configuration, EXAMPLES, CHANNELS, STEPS, RNNFormat.NCW);
    }

    static INDArray inFormat(INDArray sequences, RNNFormat format) {
        return format == RNNFormat.NCW ? sequences : sequences.permute(0, 2, 1).dup('c');
    }

    /** Returns a mask under which example i ends i steps before the last. */
    static INDArray raggedMask(DataType type) {
        INDArray mask = Nd4j.ones(type, EXAMPLES, STEPS);
        for (int i = 1; i < EXAMPLES; i++) {
            mask.get(NDArrayIndex.point(i), NDArrayIndex.interval(STEPS - i, STEPS))
                    .assign(0);
        }
        return mask;
    }

    /** Returns the gradients of a network with the masks of the data. */
    static INDArray gradient(MultiLayerNetwork network, DataSet data) {
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.setLayerMaskArrays(data.getFeaturesMaskArray(), data.getLabelsMaskArray());
        network.computeGradientAndScore();
        network.clearLayerMaskArrays();
        return network.gradient().gradient().dup();
    }

    /** Requires that fast layers compute and train as the stock layers of the configuration. */
    static void requireStockNumbers(MultiLayerConfiguration configuration, DataSet data) {
        if (data.getFeaturesMaskArray() == null) {
            ImageNetworks.requireStockNumbers(configuration, data);
            return;
        }
        MultiLayerNetwork stock = initialized(configuration);
        MultiLayerNetwork fast = initialized(FastLayers.convert(configuration));
        INDArray mask = data.getFeaturesMaskArray();
        assertThatArray(fast.params()).isEqualTo(stock.params());
        ImageNetworks.requireClose(
                fast.output(data.getFeatures(), false, mask, null),
                stock.output(data.getFeatures(), false, mask, null),
                ImageNetworks.ROUNDING);
        ImageNetworks.requireClose(gradient(fast, data), gradient(stock, data), ImageNetworks.ROUNDING);
        ImageNetworks.fit(stock, data, 3);
        ImageNetworks.fit(fast, data, 3);
        ImageNetworks.requireClose(fast.params(), stock.params(), ImageNetworks.ROUNDING);
    }
}
