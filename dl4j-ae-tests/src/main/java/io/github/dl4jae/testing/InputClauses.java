package io.github.dl4jae.testing;

import java.util.Map;
import java.util.regex.Pattern;
import org.deeplearning4j.exception.DL4JException;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;

/** Clauses on the input of a layer: other data types, no examples, NaN, more rows than examples. */
final class InputClauses {

    /** Permitted rounding error: noise that is added to features has their data type. */
    private static final Map<DataType, Double> OTHER_TYPES = Map.of(
            DataType.INT32, 1e-10,
            DataType.INT64, 1e-10,
            DataType.UINT8, 1e-10,
            DataType.FLOAT, 1e-6,
            DataType.FLOAT16, 1e-2,
            DataType.BFLOAT16, 1e-1);

    /** The start of this library's messages: the class, and the layer's name if it has one. */
    private static final Pattern SUBJECT = Pattern.compile("[A-Z]\\w+( '[^']*')?: .*", Pattern.DOTALL);

    private InputClauses() {}

    /** Accepts a refusal whose message starts with the layer as its subject. */
    private static boolean isRefusal(RuntimeException e) {
        boolean ofTheRightKind = e instanceof IllegalArgumentException
                || e instanceof IllegalStateException
                || e instanceof UnsupportedOperationException
                || e instanceof DL4JException;
        return ofTheRightKind
                && e.getMessage() != null
                && SUBJECT.matcher(e.getMessage()).matches();
    }

    static void types(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.networkFromTheBottom();
        DataSet data = sandwich.dataForTheBottom();
        INDArray whole = data.getFeatures().mul(4).castTo(DataType.INT32); // 0 to 3: all types have them
        OTHER_TYPES.forEach((type, rounding) -> {
            DataSet other = new DataSet(whole.castTo(type), data.getLabels());
            DataSet same = new DataSet(whole.castTo(DataType.DOUBLE), data.getLabels());
            try {
                GradientClauses.requireClose(
                        "the output for features of type " + type,
                        SerializationClauses.output(network, other.getFeatures())
                                .castTo(DataType.DOUBLE),
                        SerializationClauses.output(network, same.getFeatures()),
                        rounding);
                GradientClauses.requireClose(
                        "the gradient for features of type " + type,
                        GradientClauses.backpropagated(network, other),
                        GradientClauses.backpropagated(network, same),
                        rounding);
            } catch (RuntimeException e) {
                if (!isRefusal(e)) {
                    throw new IllegalStateException("features of type " + type + " must be taken or refused", e);
                }
            }
        });
    }

    /** Uses a graph because a {@code MultiLayerNetwork} does not pass an empty array to its layers. */
    static void empty(Sandwich sandwich) {
        ComputationGraph graph = sandwich.graph(sandwich.networkFromTheBottom());
        long[] shape = sandwich.dataForTheBottom().getFeatures().shape().clone();
        shape[0] = 0;
        try {
            INDArray output = graph.outputSingle(Nd4j.create(DataType.DOUBLE, shape));
            if (output.length() != 0) {
                throw new AssertionError("the output for no examples must be empty, got " + output);
            }
        } catch (NullPointerException | ArithmeticException | IndexOutOfBoundsException | ClassCastException e) {
            throw new IllegalStateException("no examples must give no output, or be refused", e);
        } catch (RuntimeException e) {
            // refused, by the layer or by ND4J
        }
    }

    static void nonFinite(Sandwich sandwich) {
        MultiLayerNetwork network = sandwich.networkFromTheBottom();
        DataSet data = sandwich.dataForTheBottom();
        INDArray features = data.getFeatures().dup('c');
        features.slice(0).assign(Double.NaN);
        try {
            INDArray gradient = GradientClauses.backpropagated(network, new DataSet(features, data.getLabels()));
            if (Double.isFinite(network.score())
                    && Double.isFinite(gradient.sumNumber().doubleValue())) {
                throw new AssertionError("NaN in the features must show, but score and gradient are finite");
            }
        } catch (RuntimeException e) {
            if (!isRefusal(e)) {
                throw new IllegalStateException("NaN in the features must show, or be refused", e);
            }
        }
    }

    static void stacked(Sandwich sandwich) {
        try {
            ComputationGraph graph = sandwich.stackedGraph();
            INDArray features = sandwich.data().getFeatures();
            INDArray other = features.rsub(1);
            INDArray output = graph.output(features, other)[0];
            INDArray labels = sandwich.data().getLabels();
            GradientClauses.gradient(
                    sandwich,
                    graph,
                    new INDArray[] {features, other},
                    labels.length() == output.length() ? labels : output.mul(0.5));
        } catch (RuntimeException e) {
            if (!isRefusal(e)) {
                throw e;
            }
        }
    }

    static void order(Sandwich sandwich) {
        INDArray features = sandwich.data().getFeatures();
        for (boolean otherFirst : new boolean[] {true, false}) {
            ComputationGraph graph = sandwich.graphInReverse(otherFirst);
            INDArray[] outputs = graph.output(features);
            GradientClauses.gradient(
                    sandwich, graph, new INDArray[] {features}, outputs[0].mul(0.5), outputs[1].mul(0.5));
        }
    }
}
