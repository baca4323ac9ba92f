package io.github.dl4jae.dictionary;

import static io.github.dl4jae.dictionary.TrainedNetworks.CLASSES;
import static io.github.dl4jae.dictionary.TrainedNetworks.FEATURES;
import static io.github.dl4jae.dictionary.TrainedNetworks.STEPS;
import static io.github.dl4jae.dictionary.TrainedNetworks.base;
import static io.github.dl4jae.dictionary.TrainedNetworks.labels;
import static io.github.dl4jae.dictionary.TrainedNetworks.mask;
import static io.github.dl4jae.dictionary.TrainedNetworks.random;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.nd4j.linalg.ops.transforms.Transforms.softmax;
import static org.nd4j.linalg.ops.transforms.Transforms.tanh;

import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.data.Offset;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.RNNFormat;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonDataSetIterator;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.lossfunctions.impl.LossSparseMCXENT;

class NetworkSpliceTest {

    private static final int N = 8;
    private static final Offset<Double> ROUNDING = Offset.offset(1e-9);

    @BeforeEach
    void seed() {
        Nd4j.getRandom().setSeed(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"first", "second", "out"})
    void identity_inDenseNetwork_givesItsOutputs(String layer) {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);

        assertThatArray(NetworkSplice.of(network, layer).outputs(x, rows -> rows))
                .isEqualTo(network.output(x));
    }

    @ParameterizedTest
    @CsvSource({"conv1,NCHW", "active,NCHW", "conv2,NCHW", "pool,NCHW", "conv1,NHWC", "active,NHWC", "pool,NHWC"})
    void identity_inConvolutionalNetwork_givesItsOutputs(String layer, CNN2DFormat format) {
        MultiLayerNetwork network = TrainedNetworks.convolutional(format);
        INDArray x = format == CNN2DFormat.NCHW ? random(N, 1, 6, 5) : random(N, 6, 5, 1);

        assertThatArray(NetworkSplice.of(network, layer).outputs(x, rows -> rows))
                .isCloseTo(network.output(x), 1e-12);
    }

    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void identity_inRecurrentNetworkWithMask_givesItsOutputs(RNNFormat format) {
        MultiLayerNetwork network = TrainedNetworks.recurrent(format);
        INDArray x = format == RNNFormat.NCW ? random(N, FEATURES, STEPS) : random(N, STEPS, FEATURES);
        INDArray expected = network.output(x, false, mask(N), null);

        INDArray outputs = NetworkSplice.of(network, "lstm").outputs(x, mask(N), rows -> rows);

        assertThatArray(outputs).isCloseTo(expected, 1e-12);
    }

    @ParameterizedTest
    @ValueSource(strings = {"in", "left", "right", "sum", "skip", "out"})
    void identity_inGraph_givesItsOutputs(String vertex) {
        ComputationGraph graph = TrainedNetworks.graph();
        INDArray x = random(N, FEATURES);

        assertThatArray(NetworkSplice.of(graph, vertex).outputs(x, rows -> rows))
                .isEqualTo(graph.outputSingle(x));
    }

    private static INDArray dense(INDArray x, org.deeplearning4j.nn.api.Layer layer) {
        return x.mmul(layer.getParam("W")).addiRowVector(layer.getParam("b"));
    }

    @Test
    void zeros_inDenseNetwork_giveWhatTheLayersAfterMakeOfThem() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);

        INDArray outputs = NetworkSplice.of(network, "first").outputs(x, rows -> rows.mul(0));

        INDArray second = tanh(dense(Nd4j.zeros(x.dataType(), N, 6), network.getLayer(1)));
        assertThatArray(outputs).isCloseTo(softmax(dense(second, network.getLayer(2))), 1e-12);
    }

    /** Pooled zeros are zeros, so only the bias of the output layer is left. */
    @ParameterizedTest
    @EnumSource(CNN2DFormat.class)
    void zeros_inConvolutionalNetwork_giveTheOutputOfTheBias(CNN2DFormat format) {
        MultiLayerNetwork network = TrainedNetworks.convolutional(format);
        INDArray x = format == CNN2DFormat.NCHW ? random(N, 1, 6, 5) : random(N, 6, 5, 1);

        INDArray outputs = NetworkSplice.of(network, "conv2").outputs(x, rows -> rows.mul(0));

        INDArray bias = network.getLayer(4).getParam("b");
        assertThatArray(outputs).isCloseTo(softmax(bias.reshape(1, CLASSES)).repeat(0, N), 1e-12);
    }

    @Test
    void replacedVertex_isReadByAllThatReadIt_andOtherBranchesStay() {
        ComputationGraph graph = TrainedNetworks.graph();
        INDArray x = random(N, FEATURES);

        INDArray outputs = NetworkSplice.of(graph, "left").outputs(x, rows -> rows.mul(0.5));

        INDArray left = tanh(dense(x, graph.getLayer("left"))).muli(0.5);
        INDArray sum = left.addi(tanh(dense(x, graph.getLayer("right"))));
        INDArray skip = tanh(dense(x, graph.getLayer("skip")));
        INDArray expected = softmax(dense(Nd4j.hstack(sum, skip), graph.getLayer("out")));
        assertThatArray(outputs).isCloseTo(expected, 1e-12);
    }

    @Test
    void functionOfTheInput_thatIsTheLayerItself_givesTheOutputs() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);

        INDArray outputs = NetworkSplice.of(network, "second")
                .ofItsInput()
                .outputs(x, rows -> tanh(dense(rows, network.getLayer(1))));

        assertThatArray(outputs).isCloseTo(network.output(x), 1e-12);
    }

    /** The function sees pixels, of which the padding of sequences is no part. */
    @Test
    void function_getsRowsWithoutPadding() {
        MultiLayerNetwork network = TrainedNetworks.recurrent(RNNFormat.NCW);
        long[][] shape = new long[1][];

        NetworkSplice.of(network, "lstm").outputs(random(4, FEATURES, STEPS), mask(4), rows -> {
            shape[0] = rows.shape();
            return rows;
        });

        assertThat(shape[0]).containsExactly(5 + 2 + 1 + 4, 6);
    }

    @Test
    void rowsOfAnotherShape_areRefused() {
        NetworkSplice splice = NetworkSplice.of(TrainedNetworks.dense(), "first");

        assertThatThrownBy(() -> splice.outputs(random(N, FEATURES), rows -> random(N, 5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must return rows of shape [8, 6] for the layer 'first', got [8, 5]");
    }

    @Test
    void vertexOnWhichNothingDepends_isRefused() {
        ComputationGraph graph = initialized(base().graphBuilder()
                .addInputs("in")
                .setInputTypes(InputType.feedForward(FEATURES))
                .addLayer("unused", new DenseLayer.Builder().nOut(2).build(), "in")
                .addLayer("out", new OutputLayer.Builder(new LossMSE()).nOut(2).build(), "in")
                .setOutputs("out")
                .allowDisconnected(true));

        assertThatThrownBy(() -> NetworkSplice.of(graph, "unused"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must depend on the vertex 'unused', got outputs [out]");
    }

    // Reports

    private static double[] losses(INDArray p, INDArray y) {
        double[] losses = new double[N];
        for (int i = 0; i < N; i++) {
            for (int j = 0; j < CLASSES; j++) {
                losses[i] -= y.getDouble(i, j) * Math.log(p.getDouble(i, j));
            }
        }
        return losses;
    }

    private static double mean(double[] values) {
        return java.util.Arrays.stream(values).average().orElseThrow();
    }

    private static double divergence(INDArray p, INDArray q) {
        double sum = 0;
        for (int i = 0; i < p.size(0); i++) {
            for (int j = 0; j < p.size(1); j++) {
                sum += p.getDouble(i, j) * Math.log(p.getDouble(i, j) / q.getDouble(i, j));
            }
        }
        return sum / p.size(0);
    }

    private static double accuracy(INDArray p, INDArray y) {
        return p.argMax(1).eq(y.argMax(1)).castTo(p.dataType()).meanNumber().doubleValue();
    }

    @ParameterizedTest
    @EnumSource(Ablation.class)
    void report_isThatOfFormulas(Ablation ablation) {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);
        INDArray y = labels(N);
        UnaryOperator<INDArray> function = rows -> rows.mul(0.6).addi(0.2);

        SpliceReport report = NetworkSplice.of(network, "second")
                .against(ablation)
                .report(new SingletonDataSetIterator(new DataSet(x, y)), function);

        INDArray h = network.feedForward(x).get(2);
        INDArray clean = network.output(x);
        INDArray spliced = softmax(dense(function.apply(h), network.getLayer(2)));
        INDArray replacement =
                ablation == Ablation.ZERO ? h.mul(0) : h.mean(true, 0).repeat(0, N);
        INDArray ablated = softmax(dense(replacement, network.getLayer(2)));
        SpliceEffect total = report.total();
        double l0 = mean(losses(ablated, y));
        double l1 = mean(losses(spliced, y));
        double l2 = mean(losses(clean, y));
        assertThat(total.ablatedLoss()).isCloseTo(l0, ROUNDING);
        assertThat(total.splicedLoss()).isCloseTo(l1, ROUNDING);
        assertThat(total.cleanLoss()).isCloseTo(l2, ROUNDING).isCloseTo(network.score(new DataSet(x, y)), ROUNDING);
        assertThat(total.lossRecovered()).isCloseTo((l0 - l1) / (l0 - l2), ROUNDING);
        assertThat(total.divergence()).isCloseTo(divergence(clean, spliced), ROUNDING);
        assertThat(total.ablatedDivergence()).isCloseTo(divergence(clean, ablated), ROUNDING);
        assertThat(total.cleanAccuracy()).isEqualTo(accuracy(clean, y));
        assertThat(total.splicedAccuracy()).isEqualTo(accuracy(spliced, y));
        assertThat(total.ablatedAccuracy()).isEqualTo(accuracy(ablated, y));
        assertThat(report.probabilities()).isEqualTo("softmax");
        assertThat(report.loss()).isEqualTo("LossMCXENT()");
        assertThat(report.byClass()).hasSize(CLASSES);
        report.byClass().forEach((label, effect) -> {
            double[] ofClass = java.util.stream.IntStream.range(0, N)
                    .filter(i -> y.getInt(i, label) == 1)
                    .mapToDouble(i -> losses(spliced, y)[i])
                    .toArray();
            assertThat(effect.examples()).isEqualTo(ofClass.length);
            assertThat(effect.splicedLoss()).isCloseTo(mean(ofClass), ROUNDING);
        });
    }

    @Test
    void identity_recoversAllOfTheLoss() {
        MultiLayerNetwork network = TrainedNetworks.convolutional(CNN2DFormat.NHWC);
        DataSet data = new DataSet(random(N, 6, 5, 1), labels(N));

        SpliceReport report =
                NetworkSplice.of(network, "conv1").report(new SingletonDataSetIterator(data), rows -> rows);

        assertThat(report.total().lossRecovered()).isEqualTo(1);
        assertThat(report.total().divergence()).isZero();
        assertThat(report.toString()).contains("loss recovered", "softmax", "zero");
    }

    @Test
    void zeros_recoverNothing() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        DataSet data = new DataSet(random(N, FEATURES), labels(N));

        SpliceReport report =
                NetworkSplice.of(network, "first").report(new SingletonDataSetIterator(data), rows -> rows.mul(0));

        assertThat(report.total().lossRecovered()).isZero();
    }

    /** The loss of a sequence is the sum over its real steps. */
    @ParameterizedTest
    @EnumSource(RNNFormat.class)
    void report_ofMaskedSequences_isTheScoreOfTheNetwork(RNNFormat format) {
        MultiLayerNetwork network = TrainedNetworks.recurrent(format);
        boolean last = format == RNNFormat.NWC;
        INDArray x = last ? random(N, STEPS, FEATURES) : random(N, FEATURES, STEPS);
        INDArray y = labels(N * STEPS).reshape('c', N, STEPS, CLASSES);
        DataSet data = new DataSet(x, last ? y : y.permute(0, 2, 1).dup('c'), mask(N), mask(N));

        SpliceReport report =
                NetworkSplice.of(network, "lstm").report(new SingletonDataSetIterator(data), rows -> rows.mul(0.5));

        assertThat(report.total().cleanLoss())
                .isCloseTo(network.scoreExamples(data, false).meanNumber().doubleValue(), ROUNDING);
        INDArray p = network.output(x, false, mask(N), mask(N));
        p = last ? p : p.permute(0, 2, 1);
        double right = 0;
        for (int i = 0; i < N; i++) {
            for (int t = 0; t < STEPS; t++) {
                boolean agrees = p.slice(i).slice(t).argMax(0).getInt(0)
                        == y.slice(i).slice(t).argMax(0).getInt(0);
                right += agrees && mask(N).getInt(i, t) == 1 ? 1 : 0;
            }
        }
        assertThat(report.total().cleanAccuracy())
                .isCloseTo(right / mask(N).sumNumber().doubleValue(), ROUNDING);
        assertThat(report.byClass()).isEmpty();
        assertThat(report.total().splicedLoss()).isNotEqualTo(report.total().cleanLoss());
    }

    @Test
    void report_ofSigmoidOutput_comparesBernoulliProbabilities() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new DenseLayer.Builder().name("code").nOut(3).build())
                .layer(new OutputLayer.Builder(new LossBinaryXENT())
                        .nOut(1)
                        .activation(Activation.SIGMOID)
                        .build())
                .setInputType(InputType.feedForward(FEATURES)));
        INDArray x = random(N, FEATURES);
        INDArray y = labels(N).getColumn(0, true).dup();

        SpliceReport report = NetworkSplice.of(network, "code")
                .report(new SingletonDataSetIterator(new DataSet(x, y)), rows -> rows.mul(0.5));

        INDArray p = network.output(x);
        INDArray q = NetworkSplice.of(network, "code").outputs(x, rows -> rows.mul(0.5));
        double expected = divergence(p, q) + divergence(p.rsub(1), q.rsub(1));
        assertThat(report.probabilities()).isEqualTo("sigmoid");
        assertThat(report.total().divergence()).isCloseTo(expected, ROUNDING);
        assertThat(report.total().cleanAccuracy())
                .isEqualTo(p.gt(0.5)
                        .eq(y.gt(0.5))
                        .castTo(p.dataType())
                        .meanNumber()
                        .doubleValue());
        assertThat(report.byClass()).containsOnlyKeys(0, 1);
    }

    @Test
    void report_ofRegression_hasALossAlone() {
        MultiLayerNetwork network = initialized(base().list()
                .layer(new DenseLayer.Builder().name("code").nOut(3).build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nOut(2)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(FEATURES)));
        DataSet data = new DataSet(random(N, FEATURES), random(N, 2));

        SpliceReport report =
                NetworkSplice.of(network, "code").report(new SingletonDataSetIterator(data), rows -> rows.mul(0.5));

        assertThat(report.total().cleanLoss()).isCloseTo(network.score(data), ROUNDING);
        assertThat(report.total().divergence()).isNaN();
        assertThat(report.total().cleanAccuracy()).isNaN();
        assertThat(report.byClass()).isEmpty();
        assertThatThrownBy(() -> NetworkSplice.of(network, 1).report(new SingletonDataSetIterator(data), rows -> rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have a loss behind the layer 'layer1'");
    }

    /** Without an output layer behind the splice the loss is the cross-entropy of the outputs. */
    @Test
    void report_atTheOutput_isThatOfTheOutputs() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        INDArray x = random(N, FEATURES);
        DataSet data = new DataSet(x, labels(N));

        SpliceReport report = NetworkSplice.of(network, "out").report(new SingletonDataSetIterator(data), rows -> rows);

        assertThat(report.total().cleanLoss()).isCloseTo(network.score(data), ROUNDING);
        assertThat(report.loss()).startsWith("cross-entropy");
    }

    private static ComputationGraph twoInputsAndOutputs() {
        return initialized(base().graphBuilder()
                .addInputs("a", "b")
                .setInputTypes(InputType.feedForward(2), InputType.feedForward(3))
                .addLayer("left", new DenseLayer.Builder().nOut(5).build(), "a")
                .addLayer("right", new DenseLayer.Builder().nOut(4).build(), "b")
                .addLayer("out1", new OutputLayer.Builder(new LossMSE()).nOut(2).build(), "left", "right")
                .addLayer("out2", new OutputLayer.Builder(new LossMSE()).nOut(3).build(), "right")
                .setOutputs("out1", "out2"));
    }

    @Test
    void graphWithSeveralInputsAndOutputs_isSplicedAndMeasured() {
        ComputationGraph graph = twoInputsAndOutputs();
        INDArray a = random(N, 2);
        INDArray b = random(N, 3);
        INDArray y1 = random(N, 2);
        INDArray y2 = random(N, 3);
        MultiDataSet data = new MultiDataSet(new INDArray[] {a, b}, new INDArray[] {y1, y2});

        List<INDArray> outputs = NetworkSplice.of(graph, "right").outputs(data, rows -> rows);
        SpliceReport report = NetworkSplice.of(graph, "right")
                .measuring("out2")
                .report(new SingletonMultiDataSetIterator(data), rows -> rows.mul(0));

        INDArray[] clean = graph.output(a, b);
        assertThatArray(outputs.get(0)).isEqualTo(clean[0]);
        assertThatArray(outputs.get(1)).isEqualTo(clean[1]);
        INDArray error = clean[1].sub(y2);
        double expected = error.mul(error).mean(1).meanNumber().doubleValue();
        assertThat(report.total().cleanLoss()).isCloseTo(expected, ROUNDING);
        assertThatThrownBy(() -> NetworkSplice.of(graph, "left").measuring("out2"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must depend on the vertex 'left', got 'out2'");
    }

    @Test
    void labelsOfAnotherShape_areRefused() {
        NetworkSplice splice = NetworkSplice.of(TrainedNetworks.dense(), "first");
        INDArray x = random(N, FEATURES);

        assertThatThrownBy(() -> splice.report(new SingletonDataSetIterator(new DataSet(x, x)), rows -> rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("labels must have the shape [8, 3] of the output 'out', got [8, 4]")
                .hasMessageContaining("withLabels()");
    }

    @Test
    void labelsThatAreIndices_giveTheReportOfOneHotLabels() {
        MultiLayerNetwork network = TrainedNetworks.dense();
        MultiLayerNetwork sparse = initialized(base().list()
                .layer(new DenseLayer.Builder().name("first").nOut(6).build())
                .layer(new DenseLayer.Builder().name("second").nOut(7).build())
                .layer(new OutputLayer.Builder(new LossSparseMCXENT())
                        .nOut(CLASSES)
                        .activation(Activation.SOFTMAX)
                        .build())
                .setInputType(InputType.feedForward(FEATURES)));
        sparse.setParams(network.params());
        INDArray x = random(N, FEATURES);
        INDArray indices = labels(N).argMax(1).castTo(x.dataType()).reshape(N, 1);
        UnaryOperator<INDArray> half = rows -> rows.mul(0.5);

        SpliceReport ofIndices =
                NetworkSplice.of(sparse, "second").report(new SingletonDataSetIterator(new DataSet(x, indices)), half);

        SpliceReport expected = NetworkSplice.of(network, "second")
                .report(new SingletonDataSetIterator(new DataSet(x, labels(N))), half);
        assertThat(ofIndices.total()).isEqualTo(expected.total());
        assertThat(ofIndices.byClass()).isEqualTo(expected.byClass());
    }

    @Test
    void examplesWithoutLabels_areRefused() {
        NetworkSplice splice = NetworkSplice.of(TrainedNetworks.dense(), "first");
        DataSet data = new DataSet(random(N, FEATURES), null);

        assertThatThrownBy(() -> splice.report(new SingletonDataSetIterator(data), rows -> rows))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("must have labels");
    }
}
