package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The axis of the units in the activations of a place. Only layers with a data format know it. The input types of the
 * configuration are not stored, so this class infers them from examples: it tries both formats, and takes the one whose
 * inferred shape is that of the activations.
 */
final class PlaceAxis {

    private PlaceAxis() {}

    /** Returns the axis; axis 1 where the layers do not tell. */
    static UnitAxis of(ForwardPass pass, int place, INDArray[] inputs, INDArray activations) {
        if (activations.rank() < 3) {
            return UnitAxis.FIRST;
        }
        for (boolean last : new boolean[] {false, true}) {
            InputType type = infer(pass, place, inputs, last);
            if (type != null && fits(type, activations)) {
                return UnitAxis.of(type);
            }
        }
        return UnitAxis.FIRST;
    }

    private static boolean fits(InputType type, INDArray activations) {
        long[] shape = activations.shape();
        boolean last = UnitAxis.of(type) == UnitAxis.LAST;
        if (type instanceof InputType.InputTypeRecurrent recurrent && shape.length == 3) {
            return recurrent.getSize() == shape[last ? 2 : 1];
        } else if (type instanceof InputType.InputTypeConvolutional images && shape.length == 4) {
            long[] expected = last
                    ? new long[] {images.getHeight(), images.getWidth(), images.getChannels()}
                    : new long[] {images.getChannels(), images.getHeight(), images.getWidth()};
            return Arrays.equals(expected, Arrays.copyOfRange(shape, 1, 4));
        }
        return false;
    }

    private static @Nullable InputType infer(ForwardPass pass, int place, INDArray[] inputs, boolean last) {
        Map<Integer, InputType> types = new HashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            types.put(pass.inputs().get(i), type(inputs[i], last));
        }
        try {
            for (int each : pass.order()) {
                if (types.containsKey(place)) {
                    break;
                }
                List<InputType> sources =
                        pass.sources(each).stream().map(types::get).toList();
                types.put(each, after(pass, each, sources.toArray(new InputType[0])));
            }
        } catch (RuntimeException otherFormat) { // a layer refuses an input of the wrong format
            return null;
        }
        return types.get(place);
    }

    private static InputType after(ForwardPass pass, int place, InputType[] sources) {
        if (pass.network() instanceof ComputationGraph graph) {
            return Objects.requireNonNull(graph.getConfiguration().getVertices().get(pass.name(place)))
                    .getOutputType(place, sources);
        }
        InputPreProcessor preProcessor = pass.preProcessor(place);
        InputType before = preProcessor == null ? sources[0] : preProcessor.getOutputType(sources[0]);
        return ((MultiLayerNetwork) pass.network())
                .getLayerWiseConfigurations()
                .getConf(place)
                .getLayer()
                .getOutputType(place, before);
    }

    private static InputType type(INDArray input, boolean last) {
        long[] shape = input.shape();
        return switch (shape.length) {
            case 3 ->
                last
                        ? InputType.recurrent(shape[2], shape[1], RNNFormat.NWC)
                        : InputType.recurrent(shape[1], shape[2], RNNFormat.NCW);
            case 4 ->
                last
                        ? InputType.convolutional(shape[1], shape[2], shape[3], CNN2DFormat.NHWC)
                        : InputType.convolutional(shape[2], shape[3], shape[1], CNN2DFormat.NCHW);
            default -> InputType.feedForward(input.length() / shape[0]);
        };
    }
}
