package io.github.dl4jae.timeseries;

import io.github.dl4jae.convolutional.FastConvolution1DLayer;
import io.github.dl4jae.convolutional.FastDeconvolution1DLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.Distribution;
import org.deeplearning4j.nn.conf.distribution.UniformDistribution;
import org.deeplearning4j.nn.conf.graph.ElementWiseVertex;
import org.deeplearning4j.nn.conf.graph.ReshapeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.RnnLossLayer;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;

/** The network of TimeVAE. The vertices of the parts have the names of {@link SeriesParts}. */
final class TimeVaeGraph {

    static final String CODE = "z";
    static final String OUTPUT = "x";

    private static final String INPUT = "input";

    private final TimeVaeOptions options;
    private final int features;
    private final int steps;
    private final GraphBuilder graph;

    private TimeVaeGraph(TimeVaeOptions options, int features, int steps) {
        this.options = options;
        this.features = features;
        this.steps = steps;
        this.graph = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .dataType(options.type())
                .weightInit(WeightInit.XAVIER_UNIFORM)
                .updater(options.updater())
                .activation(Activation.RELU)
                .graphBuilder()
                .addInputs(INPUT)
                .setInputTypes(InputType.recurrent(features, steps));
    }

    /** Returns the configuration for series of some shape. */
    static ComputationGraphConfiguration of(TimeVaeOptions options, int features, int steps) {
        return new TimeVaeGraph(options, features, steps).build();
    }

    private ComputationGraphConfiguration build() {
        String encoded = options.convolutional() ? convolutions() : denseLayers();
        graph.addLayer(
                CODE,
                new GaussianLatentLayer.Builder()
                        .nOut(options.latents())
                        .beta(options.beta())
                        .build(),
                encoded);
        List<String> parts = new ArrayList<>();
        parts.add(block(SeriesParts.LEVEL, new TimeBasis.Level(), true));
        if (options.trend() > 0) {
            parts.add(block(SeriesParts.TREND, new TimeBasis.Trend(options.trend()), true));
        }
        for (int i = 0; i < options.seasons().size(); i++) {
            parts.add(block(SeriesParts.season(i), options.seasons().get(i), false));
        }
        if (options.residual()) {
            parts.add(residual());
        }
        if (parts.size() > 1) {
            graph.addVertex("sum", new ElementWiseVertex(ElementWiseVertex.Op.Add), parts.toArray(String[]::new));
        }
        return graph.addLayer(
                        OUTPUT,
                        new RnnLossLayer.Builder(new LossSeries(options.weight(), options.meanWeight()))
                                .activation(Activation.IDENTITY)
                                .build(),
                        parts.size() > 1 ? "sum" : parts.get(0))
                .setOutputs(OUTPUT)
                .build();
    }

    private String dense(String name, int units, Activation activation, String from) {
        graph.addLayer(
                name,
                new FastDenseLayer.Builder().nOut(units).activation(activation).build(),
                from);
        return name;
    }

    private String reshape(String name, String from, int... shape) {
        graph.addVertex(name, new ReshapeVertex('c', shape, null), from);
        return name;
    }

    /** Returns Glorot's distribution as Keras and PyTorch have it; Deeplearning4j's depends on the stride. */
    private Distribution glorot(int inputs, int outputs) {
        double limit = Math.sqrt(6.0 / (options.kernel() * (inputs + outputs)));
        return new UniformDistribution(-limit, limit);
    }

    private String convolutions() {
        String last = INPUT;
        int width = features;
        for (int i = 0; i < options.hidden().size(); i++) {
            String name = "convolution" + (i + 1);
            graph.addLayer(
                    name,
                    new FastConvolution1DLayer.Builder(options.kernel())
                            .nOut(options.hidden().get(i))
                            .stride(options.stride())
                            .convolutionMode(ConvolutionMode.Same)
                            .weightInit(glorot(width, options.hidden().get(i)))
                            .inputGradient(i > 0) // not needed for the series themselves
                            .build(),
                    last);
            width = options.hidden().get(i);
            last = name;
        }
        return reshape("flat", last, -1, lastWidth() * lastSteps());
    }

    private String denseLayers() {
        String last = reshape("flat", INPUT, -1, features * steps);
        for (int i = 0; i < options.hidden().size(); i++) {
            last = dense("dense" + (i + 1), options.hidden().get(i), Activation.RELU, last);
        }
        return last;
    }

    private int lastWidth() {
        return options.hidden().get(options.hidden().size() - 1);
    }

    private int lastSteps() {
        int length = steps;
        for (int i = 0; i < options.hidden().size(); i++) {
            length = (length + options.stride() - 1) / options.stride();
        }
        return length;
    }

    /** Adds a block with a basis; level and trend have a hidden layer, as in the authors' program. */
    private String block(String name, TimeBasis basis, boolean hidden) {
        int width = features * basis.functions();
        String from = hidden ? dense(name + "-hidden", width, Activation.RELU, CODE) : CODE;
        dense(name + "-coefficients", width, Activation.IDENTITY, from);
        graph.addLayer(
                name, new TimeBasisLayer.Builder().basis(basis).steps(steps).build(), name + "-coefficients");
        return name;
    }

    private String residual() {
        String last = options.convolutional() ? transposedConvolutions() : mirroredDenseLayers();
        dense("residual-values", features * steps, Activation.IDENTITY, last);
        return reshape(SeriesParts.RESIDUAL, "residual-values", -1, features, steps);
    }

    private String mirroredDenseLayers() {
        String last = CODE;
        for (int i = options.hidden().size(); i > 0; i--) {
            last = dense("residual" + i, options.hidden().get(i - 1), Activation.RELU, last);
        }
        return last;
    }

    private String transposedConvolutions() {
        int length = lastSteps();
        dense("residual-hidden", lastWidth() * length, Activation.RELU, CODE);
        String last = reshape("residual-steps", "residual-hidden", -1, lastWidth(), length);
        for (int i = options.hidden().size(); i > 0; i--) {
            String name = "residual" + i;
            int outputs = i > 1 ? options.hidden().get(i - 2) : features;
            graph.addLayer(
                    name,
                    new FastDeconvolution1DLayer.Builder(options.kernel())
                            .nOut(outputs)
                            .weightInit(glorot(options.hidden().get(i - 1), outputs))
                            .stride(options.stride())
                            .convolutionMode(ConvolutionMode.Same)
                            .build(),
                    last);
            last = name;
            length *= options.stride();
        }
        return reshape("residual-flat", last, -1, features * length);
    }
}
