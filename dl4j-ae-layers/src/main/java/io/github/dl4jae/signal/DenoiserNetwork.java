package io.github.dl4jae.signal;

import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastDeconvolution1DLayer;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/**
 * The network of {@link ConvolutionalDenoiser}: convolutions with stride 2, transposed convolutions, and sums of layers
 * of one length, so that the code need not hold what the signal still has.
 */
final class DenoiserNetwork {

    private static final String CODE = "code";
    private static final String OUTPUT = "output";

    private static final String INPUT = "input";
    private static final int STRIDE = 2;

    private DenoiserNetwork() {}

    static ComputationGraphConfiguration of(DenoiserOptions options, DataType type) {
        GraphBuilder graph = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .dataType(type)
                .weightInit(WeightInit.RELU)
                .updater(options.updater())
                .activation(Activation.LEAKYRELU)
                .graphBuilder()
                .addInputs(INPUT)
                .setInputTypes(InputType.recurrent(1, options.window()));
        List<Integer> filters = options.filters();
        int last = filters.size() - 1;
        String from = INPUT;
        for (int i = 0; i <= last; i++) {
            String name = encoder(i, last);
            graph.addLayer(
                    name,
                    new FastConvolution1DLayer.Builder(options.kernel())
                            .nOut(filters.get(i))
                            .stride(STRIDE)
                            .convolutionMode(ConvolutionMode.Same)
                            .inputGradient(i > 0) // not needed for samples
                            .build(),
                    from);
            from = name;
        }
        for (int i = last; i >= 0; i--) {
            String name = "decoder" + (i + 1);
            FastDeconvolution1DLayer.Builder layer = new FastDeconvolution1DLayer.Builder(options.kernel())
                    .nOut(i > 0 ? filters.get(i - 1) : 1)
                    .stride(STRIDE)
                    .convolutionMode(ConvolutionMode.Same);
            if (i == 0) {
                layer.activation(Activation.IDENTITY);
            }
            graph.addLayer(name, layer.build(), from);
            from = name;
            if (i > 0 && options.skip()) {
                from = "sum" + i;
                graph.addVertex(from, new ElementWiseVertex(ElementWiseVertex.Op.Add), name, encoder(i - 1, last));
            }
        }
        return graph.addLayer(
                        OUTPUT,
                        new RnnLossLayer.Builder(new LossL2())
                                .activation(Activation.IDENTITY)
                                .build(),
                        from)
                .setOutputs(OUTPUT)
                .build();
    }

    private static String encoder(int index, int last) {
        return index == last ? CODE : "encoder" + (index + 1);
    }
}
