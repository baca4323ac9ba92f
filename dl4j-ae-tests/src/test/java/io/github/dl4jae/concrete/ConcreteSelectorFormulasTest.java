package io.github.dl4jae.concrete;

import static io.github.dl4jae.concrete.SelectorNetworks.SEED;
import static io.github.dl4jae.concrete.SelectorNetworks.logits;
import static io.github.dl4jae.concrete.SelectorNetworks.network;
import static io.github.dl4jae.concrete.SelectorNetworks.selector;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.schedule.GeometricSchedule;
import io.github.dl4jae.testing.DefaultType;
import io.github.dl4jae.testing.FloatTypes;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.schedule.ScheduleType;

@Tag("slow")
@DefaultType(DataType.DOUBLE)
class ConcreteSelectorFormulasTest {
    /** S by the formula, one number at a time, with the noise of the first iteration. */
    private static double[][] sample(double[][] logits, double temperature) {
        int d = logits.length;
        int k = logits[0].length;
        double[][] S = new double[d][k];
        for (int m = 0; m < k; m++) {
            double[] u = new double[d];
            NoiseStream.of(SEED, "selector").at(0, 0, 0).uniform(m, u, 0, d);
            double sum = 0;
            for (int j = 0; j < d; j++) {
                S[j][m] = Math.exp((logits[j][m] - Math.log(-Math.log(u[j]))) / temperature);
                sum += S[j][m];
            }
            for (int j = 0; j < d; j++) {
                S[j][m] /= sum;
            }
        }
        return S;
    }

    private static final double[][] LOGITS = {{0.5, -1}, {1.5, 0.3}, {-0.2, 2}};

    private static MultiLayerNetwork withLogits(ConcreteSelectorLayer.Builder selector, DataType type) {
        MultiLayerNetwork network = network(selector, 3, 2, type);
        logits(network, LOGITS);
        return network;
    }

    @ParameterizedTest
    @FloatTypes
    void training_passesOnTheAveragesOfTheFormula(DataType type) {
        MultiLayerNetwork network = withLogits(selector(), type);
        INDArray x =
                Nd4j.createFromArray(new double[][] {{1, 2, 4}, {-1, 0, 3}}).castTo(type);

        INDArray y = network.feedForwardToLayer(0, x, true).get(1).castTo(DataType.DOUBLE);

        double[][] S = sample(LOGITS, 0.7);
        for (int m = 0; m < 2; m++) {
            assertThat(y.getDouble(0, m))
                    .isCloseTo(S[0][m] + 2 * S[1][m] + 4 * S[2][m], within(type == DataType.DOUBLE ? 1e-12 : 1e-5));
            assertThat(y.getDouble(1, m))
                    .isCloseTo(-S[0][m] + 3 * S[2][m], within(type == DataType.DOUBLE ? 1e-12 : 1e-5));
        }
    }

    @ParameterizedTest
    @FloatTypes
    void inference_copiesTheColumnOfTheLargestLogit(DataType type) {
        MultiLayerNetwork network = withLogits(selector(), type);
        INDArray x =
                Nd4j.createFromArray(new double[][] {{1, 2, 4}, {-1, 0.1, 3}}).castTo(type);

        INDArray y = network.feedForwardToLayer(0, x, false).get(1);

        assertThatArray(y).isEqualTo(x.getColumns(1, 2));
    }

    /** T changes what a selector does in training, and nothing at inference, so that no schedule acts on a score. */
    @ParameterizedTest
    @ValueSource(ints = {0, 50, 100, 1000})
    void inference_doesNotDependOnTheTemperature(int iteration) {
        INDArray x = Nd4j.createFromArray(new double[][] {{1, 2, 4}, {-1, 0.1, 3}});
        DataSet examples = new DataSet(x, x);
        MultiLayerNetwork constant = withLogits(selector(), DataType.DOUBLE);
        MultiLayerNetwork annealed = withLogits(
                selector().temperature(new GeometricSchedule(ScheduleType.ITERATION, 10, 0.01, 100)), DataType.DOUBLE);

        annealed.setIterationCount(iteration);
        annealed.setParams(constant.params());

        assertThatArray(annealed.feedForwardToLayer(0, x, false).get(1)).isEqualTo(x.getColumns(1, 2));
        assertThat(annealed.score(examples)).isEqualTo(constant.score(examples));
        assertThat(annealed.feedForwardToLayer(0, x, true).get(1))
                .isNotEqualTo(constant.feedForwardToLayer(0, x, true).get(1));
    }

    /** The declared surrogate: values of the hard selection, the derivative of the relaxed one. */
    @ParameterizedTest
    @FloatTypes
    void straightThrough_selectsInTraining_withTheGradientOfTheRelaxedSelection(DataType type) {
        double tolerance = type == DataType.DOUBLE ? 1e-12 : 1e-5;
        MultiLayerNetwork network = withLogits(selector().straightThrough(true), type);
        double[][] values = {{1, 2, 4}, {-1, 0, 3}};
        double[][] delta = {{0.3, -0.1}, {0.2, 0.7}};
        INDArray x = Nd4j.createFromArray(values).castTo(type);

        INDArray y = network.feedForwardToLayer(0, x, true).get(1).dup();
        network.initGradientsView();
        var layer = network.getLayer(0);
        layer.setInput(x, LayerWorkspaceMgr.noWorkspaces());
        layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
        var gradients =
                layer.backpropGradient(Nd4j.createFromArray(delta).castTo(type), LayerWorkspaceMgr.noWorkspaces());

        double[][] S = sample(LOGITS, 0.7);
        for (int m = 0; m < 2; m++) {
            int selector = m;
            int pick = IntStream.range(0, 3)
                    .boxed()
                    .max((i, j) -> Double.compare(S[i][selector], S[j][selector]))
                    .orElseThrow();
            assertThatArray(y.getColumn(m)).isEqualTo(x.getColumn(pick));
            double[] G = IntStream.range(0, 3)
                    .mapToDouble(j -> values[0][j] * delta[0][selector] + values[1][j] * delta[1][selector])
                    .toArray();
            double mean = IntStream.range(0, 3)
                    .mapToDouble(j -> S[j][selector] * G[j])
                    .sum();
            for (int j = 0; j < 3; j++) {
                assertThat(gradients.getFirst().getGradientFor("W").getDouble(j, m))
                        .isCloseTo(S[j][m] * (G[j] - mean) / 0.7, within(tolerance));
            }
            assertThat(gradients.getSecond().getDouble(1, pick))
                    .isCloseTo(
                            IntStream.range(0, 2)
                                    .filter(other -> argMax(S, other) == pick)
                                    .mapToDouble(other -> delta[1][other])
                                    .sum(),
                            within(tolerance));
        }
    }

    /** By declaration the gradient without the factor S/T; that of the penalty without its probability. */
    @ParameterizedTest
    @FloatTypes
    void naturalGradient_isThatOfTheFormula(DataType type) {
        double lambda = 0.4;
        MultiLayerNetwork network = network(selector().naturalGradient(true).duplicatePenalty(lambda), 3, 2, type);
        double[][] wanted = {{0.5, 1}, {3, 4}, {-0.2, 2}};
        logits(network, wanted);
        double[][] values = {{1, 2, 4}, {-1, 0, 3}};
        double[][] delta = {{0.3, -0.1}, {0.2, 0.7}};
        network.initGradientsView();
        var layer = network.getLayer(0);
        layer.setInputMiniBatchSize(2);
        layer.setInput(Nd4j.createFromArray(values).castTo(type), LayerWorkspaceMgr.noWorkspaces());
        layer.activate(true, LayerWorkspaceMgr.noWorkspaces());
        INDArray gradient = layer.backpropGradient(
                        Nd4j.createFromArray(delta).castTo(type), LayerWorkspaceMgr.noWorkspaces())
                .getFirst()
                .getGradientFor("W");

        double[][] S = sample(wanted, 0.7);
        for (int m = 0; m < 2; m++) {
            int selector = m;
            double[] p = IntStream.range(0, 3)
                    .mapToDouble(j -> Math.exp(wanted[j][selector]))
                    .toArray();
            double all = Arrays.stream(p).sum();
            for (int j = 0; j < 3; j++) {
                double expected = 0;
                for (int i = 0; i < 3; i++) {
                    double G = values[0][i] * delta[0][m] + values[1][i] * delta[1][m];
                    double penalty = i == 1 ? lambda * 2 : 0; // column 1 alone is wanted by more than one; two examples
                    expected += ((i == j ? 1 : 0) - S[i][m]) * G + ((i == j ? 1 : 0) - p[i] / all) * penalty;
                }
                assertThat(gradient.getDouble(j, m))
                        .isCloseTo(expected, within(type == DataType.DOUBLE ? 1e-12 : 1e-5));
            }
        }
    }

    private static int argMax(double[][] S, int m) {
        int best = 0;
        for (int j = 1; j < S.length; j++) {
            best = S[j][m] > S[best][m] ? j : best;
        }
        return best;
    }

    /** The Gumbel-max property: at a low temperature a selector passes on feature j with probability softmax(ℓ)_j. */
    @ParameterizedTest
    @FloatTypes
    void training_atALowTemperature_drawsFeaturesByTheirProbabilities(DataType type) {
        INDArray W = Nd4j.createFromArray(new double[][] {{Math.log(0.1)}, {Math.log(0.2)}, {Math.log(0.7)}})
                .castTo(type)
                .dup('f');
        int draws = 20_000;
        double[] counts = new double[3];
        INDArray S = W.ulike();
        for (int i = 0; i < draws; i++) {
            ColumnSoftmax.sample(W, 1e-3, NoiseStream.of(1, "s").at(i, 0, 0), S);
            for (int j = 0; j < 3; j++) {
                counts[j] += S.getDouble(j, 0) / draws;
            }
        }
        // four standard errors
        assertThat(counts[0]).isCloseTo(0.1, within(4 * Math.sqrt(0.1 * 0.9 / draws)));
        assertThat(counts[1]).isCloseTo(0.2, within(4 * Math.sqrt(0.2 * 0.8 / draws)));
        assertThat(counts[2]).isCloseTo(0.7, within(4 * Math.sqrt(0.7 * 0.3 / draws)));
    }
}
