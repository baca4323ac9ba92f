package io.github.dl4jae.recurrent;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.internal.inference.SteppedVertex;
import io.github.dl4jae.likelihood.LossGaussian;
import io.github.dl4jae.testing.GradientCheck;
import io.github.dl4jae.testing.Networks;
import java.util.Arrays;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** The decoder alone against its formula, and behind a bidirectional encoder against central differences. */
class AttentionDecoderVertexTest {

    private static final int EXAMPLES = 2;
    private static final int INPUTS = 2;
    private static final int SOURCE = 1;
    private static final int ENCODER = 4;
    private static final int UNITS = 2;
    private static final int ATTENTION = 2;
    private static final int STEPS = 3;
    private static final int TIME = 4;

    private static final INDArray MASK = Nd4j.createFromArray(new double[][] {{1, 1, 1, 0}, {1, 1, 0, 0}});

    private static AttentionDecoderVertex.Builder vertex(RecurrentCell cell) {
        return new AttentionDecoderVertex.Builder()
                .cell(cell)
                .inputs(INPUTS)
                .encoderUnits(ENCODER)
                .units(UNITS)
                .attention(ATTENTION)
                .updater(new NoOp());
    }

    /** Reads the states of the encoder from its second input. */
    private static ComputationGraph decoderAlone(RecurrentCell cell) {
        return randomized(new NeuralNetConfiguration.Builder()
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.1))
                .graphBuilder()
                .addInputs("previous", "states")
                .setInputTypes(InputType.recurrent(INPUTS, STEPS), InputType.recurrent(ENCODER, TIME))
                .addVertex("decoder", vertex(cell).build(), "previous", "states")
                .addLayer(
                        "out",
                        new FastRnnOutputLayer.Builder(new LossGaussian(1))
                                .nOut(INPUTS)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "decoder")
                .setOutputs("out"));
    }

    private static ComputationGraphConfiguration.GraphBuilder encoderAndDecoder(RecurrentCell cell) {
        return encoderAndDecoder(cell, DataType.DOUBLE);
    }

    private static ComputationGraphConfiguration.GraphBuilder encoderAndDecoder(RecurrentCell cell, DataType type) {
        return new NeuralNetConfiguration.Builder()
                .dataType(type)
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("previous", "source")
                .setInputTypes(InputType.recurrent(INPUTS, STEPS), InputType.recurrent(SOURCE, TIME))
                .addLayer("forward", new FastGruLayer.Builder().nOut(2).build(), "source")
                .addVertex("reversed", new SequenceReversalVertex(), "source")
                .addLayer("backward", new FastGruLayer.Builder().nOut(2).build(), "reversed")
                .addVertex("turned", new SequenceReversalVertex(), "backward")
                .addVertex("states", new MergeVertex(), "forward", "turned")
                .addVertex("decoder", vertex(cell).build(), "previous", "states")
                .addLayer(
                        "out",
                        new FastRnnOutputLayer.Builder(new LossGaussian(1))
                                .nOut(INPUTS)
                                .activation(Activation.IDENTITY)
                                .build(),
                        "decoder")
                .setOutputs("out");
    }

    private static ComputationGraph randomized(ComputationGraphConfiguration.GraphBuilder builder) {
        ComputationGraph graph = Networks.initialized(builder);
        Nd4j.getRandom().setSeed(4);
        graph.setParams(Nd4j.randn(DataType.DOUBLE, graph.params().shape()).muli(0.7));
        return graph;
    }

    private static INDArray random(int seed, int features, int time) {
        Nd4j.getRandom().setSeed(seed);
        return Nd4j.randn(DataType.DOUBLE, EXAMPLES, features, time);
    }

    @Tag("slow")
    @ParameterizedTest
    @EnumSource(RecurrentCell.class)
    void gradient_isThatOfTheScore_withMasks(RecurrentCell cell) {
        ComputationGraph graph = randomized(encoderAndDecoder(cell));
        INDArray steps = Nd4j.createFromArray(new double[][] {{1, 1, 1}, {1, 1, 0}});

        GradientCheck.requireGradient(
                graph,
                new INDArray[] {random(1, INPUTS, STEPS), random(2, SOURCE, TIME)},
                random(3, INPUTS, STEPS),
                new INDArray[] {steps, MASK},
                steps);
    }

    /** The kernels in float32 against the loops in float64, which central differences confirm. */
    @ParameterizedTest
    @EnumSource(RecurrentCell.class)
    void gradientInFloat32_isThatInFloat64(RecurrentCell cell) {
        ComputationGraph exact = randomized(encoderAndDecoder(cell));
        ComputationGraph graph = Networks.initialized(encoderAndDecoder(cell, DataType.FLOAT));
        graph.setParams(exact.params().castTo(DataType.FLOAT));

        assertThatArray(gradient(graph).castTo(DataType.DOUBLE)).isCloseTo(gradient(exact), 1e-5);
    }

    private static INDArray gradient(ComputationGraph graph) {
        DataType type = graph.params().dataType();
        INDArray steps = Nd4j.createFromArray(new double[][] {{1, 1, 1}, {1, 1, 0}});
        graph.setInputs(
                random(1, INPUTS, STEPS).castTo(type), random(2, SOURCE, TIME).castTo(type));
        graph.setLabels(random(3, INPUTS, STEPS).castTo(type));
        graph.setLayerMaskArrays(
                new INDArray[] {steps.castTo(type), MASK.castTo(type)}, new INDArray[] {steps.castTo(type)});
        graph.computeGradientAndScore();
        graph.clearLayerMaskArrays();
        return graph.gradient().gradient();
    }

    /** One number at a time, from the formulas of the documentation; the cell is checked by its own tests. */
    @Test
    void states_areThoseOfTheFormulas() {
        ComputationGraph graph = decoderAlone(RecurrentCell.GRU);
        INDArray x = random(1, INPUTS, STEPS);
        INDArray states = random(2, ENCODER, TIME);
        INDArray y = output(graph, x, states, MASK);
        for (int example = 0; example < EXAMPLES; example++) {
            int length = 3 - example;
            double[] s = new double[UNITS];
            for (int unit = 0; unit < UNITS; unit++) {
                double z = weight(graph, "ib", 0, unit);
                for (int m = 0; m < ENCODER; m++) {
                    double mean = 0;
                    for (int j = 0; j < length; j++) {
                        mean += states.getDouble(example, m, j) / length;
                    }
                    z += mean * weight(graph, "I", m, unit);
                }
                s[unit] = Math.tanh(z);
            }
            for (int i = 0; i < STEPS; i++) {
                double[] c = context(graph, states, example, length, s);
                double[] both = new double[INPUTS + ENCODER];
                for (int f = 0; f < both.length; f++) {
                    both[f] = f < INPUTS ? x.getDouble(example, f, i) : c[f - INPUTS];
                }
                s = gru(graph, both, s);
                for (int unit = 0; unit < UNITS; unit++) {
                    assertThat(y.getDouble(example, unit, i)).isCloseTo(s[unit], within(1e-12));
                }
                for (int m = 0; m < ENCODER; m++) {
                    assertThat(y.getDouble(example, UNITS + m, i)).isCloseTo(c[m], within(1e-12));
                }
            }
        }
    }

    private static INDArray output(ComputationGraph graph, INDArray x, INDArray states, INDArray mask) {
        graph.setLayerMaskArrays(new INDArray[] {null, mask}, null);
        try {
            return graph.feedForward(new INDArray[] {x, states}, false).get("decoder");
        } finally {
            graph.clearLayerMaskArrays();
        }
    }

    private static double weight(ComputationGraph graph, String name, int row, int column) {
        return graph.getVertex("decoder").paramTable(false).get(name).getDouble(row, column);
    }

    private static double[] context(ComputationGraph graph, INDArray states, int example, int length, double[] s) {
        double[] weights = new double[length];
        for (int j = 0; j < length; j++) {
            double score = 0;
            for (int a = 0; a < ATTENTION; a++) {
                double z = weight(graph, "kb", 0, a);
                for (int unit = 0; unit < UNITS; unit++) {
                    z += s[unit] * weight(graph, "Q", unit, a);
                }
                for (int m = 0; m < ENCODER; m++) {
                    z += states.getDouble(example, m, j) * weight(graph, "K", m, a);
                }
                score += weight(graph, "v", a, 0) * Math.tanh(z);
            }
            weights[j] = Math.exp(score);
        }
        double sum = Arrays.stream(weights).sum();
        double[] c = new double[ENCODER];
        for (int m = 0; m < ENCODER; m++) {
            for (int j = 0; j < length; j++) {
                c[m] += weights[j] / sum * states.getDouble(example, m, j);
            }
        }
        return c;
    }

    private static double[] gru(ComputationGraph graph, double[] x, double[] h) {
        double[][] gates = new double[3][UNITS];
        double[] next = new double[UNITS];
        for (int unit = 0; unit < UNITS; unit++) {
            double p = weight(graph, "b", 0, 3 * UNITS + unit);
            for (int block = 0; block < 3; block++) {
                double z = weight(graph, "b", 0, block * UNITS + unit);
                for (int f = 0; f < x.length; f++) {
                    z += x[f] * weight(graph, "W", f, block * UNITS + unit);
                }
                double recurrent = 0;
                for (int k = 0; k < UNITS; k++) {
                    recurrent += h[k] * weight(graph, "RW", k, block * UNITS + unit);
                }
                p += block == 2 ? recurrent : 0;
                gates[block][unit] = block == 2 ? z : 1 / (1 + Math.exp(-z - recurrent));
            }
            double n = Math.tanh(gates[2][unit] + gates[0][unit] * p);
            next[unit] = (1 - gates[1][unit]) * n + gates[1][unit] * h[unit];
        }
        return next;
    }

    @ParameterizedTest
    @EnumSource(RecurrentCell.class)
    void maskedStates_haveNoEffect_toTheBit(RecurrentCell cell) {
        ComputationGraph graph = decoderAlone(cell);
        INDArray x = random(1, INPUTS, STEPS);
        INDArray states = random(2, ENCODER, TIME);
        INDArray other = states.dup();
        other.get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(3)).assign(Double.NaN);

        assertThatArray(output(graph, x, other, MASK)).isEqualTo(output(graph, x, states, MASK));
    }

    /** Decoding step by step gives the numbers of a pass over all steps, also after rows are exchanged. */
    @ParameterizedTest
    @EnumSource(RecurrentCell.class)
    void steps_giveTheNumbersOfTheWholePass(RecurrentCell cell) {
        ComputationGraph graph = decoderAlone(cell);
        INDArray one = random(2, ENCODER, TIME).get(NDArrayIndex.interval(0, 1));
        INDArray states = Nd4j.vstack(one, one); // two hypotheses of one example
        INDArray x = random(1, INPUTS, STEPS);
        INDArray y = output(graph, x, states, null);

        SteppedVertex vertex = (SteppedVertex) graph.getVertex("decoder");
        vertex.begin(states, null);
        vertex.step(step(x, 0, 0, 1));
        vertex.select(new int[] {1, 0});
        vertex.step(step(x, 1, 1, 0));
        INDArray last = vertex.step(step(x, 2, 1, 0));

        assertThatArray(last).isCloseTo(Nd4j.pullRows(step(y, 2, 0, 1), 1, new int[] {1, 0}), 1e-12);
        assertThat(vertex.weights().sum(1).toDoubleVector()).containsExactly(new double[] {1, 1}, within(1e-12));
        vertex.end();
    }

    private static INDArray step(INDArray sequences, int t, int... rows) {
        INDArray all = sequences
                .get(NDArrayIndex.all(), NDArrayIndex.all(), NDArrayIndex.point(t))
                .dup('c');
        return Nd4j.pullRows(all, 1, rows);
    }

    @Test
    void configuration_survivesJson_andTellsItsMemory() {
        ComputationGraphConfiguration configuration =
                encoderAndDecoder(RecurrentCell.LSTM).build();

        assertThat(ComputationGraphConfiguration.fromJson(configuration.toJson()))
                .isEqualTo(configuration);
        assertThat(configuration.getVertices().get("decoder").clone())
                .isEqualTo(vertex(RecurrentCell.LSTM).build())
                .isNotEqualTo(vertex(RecurrentCell.GRU).build())
                .hasToString(vertex(RecurrentCell.LSTM).build().toString());
        MemoryReport report =
                configuration.getMemoryReport(InputType.recurrent(INPUTS, STEPS), InputType.recurrent(SOURCE, TIME));
        assertThat(report).isNotNull();
    }

    @Test
    void sizes_thatDoNotFit_areRefused() {
        assertThatThrownBy(() -> vertex(RecurrentCell.GRU).units(0).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("units must be at least 1, got 0");
        AttentionDecoderVertex vertex = vertex(RecurrentCell.GRU).build();
        assertThatThrownBy(
                        () -> vertex.getOutputType(0, InputType.recurrent(INPUTS, 3), InputType.recurrent(SOURCE, 3)))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("with 4 features");
    }
}
