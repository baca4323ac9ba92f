package io.github.dl4jae.dense;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.sparse.ActivationTopK;
import io.github.dl4jae.testing.LayerContract;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.deeplearning4j.exception.DL4JInvalidConfigException;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.constraint.MaxNormConstraint;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.ActivationLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.RnnOutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayer;
import org.deeplearning4j.nn.conf.layers.misc.FrozenLayerWithBackprop;
import org.deeplearning4j.nn.conf.layers.recurrent.TimeDistributed;
import org.deeplearning4j.nn.conf.weightnoise.DropConnect;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationReLU;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.LossFunctions.LossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class FastLayersTest {

    private static final int IN = 11;
    private static final int HIDDEN = 23;

    static Stream<Named<DenseLayer.Builder>> options() {
        return Stream.of(
                Named.of("relu", dense(Activation.RELU)),
                Named.of("sigmoid", dense(Activation.SIGMOID)),
                Named.of("tanh", dense(Activation.TANH)),
                Named.of("identity", dense(Activation.IDENTITY)),
                Named.of("elu, not fused", dense(Activation.ELU)),
                Named.of("softmax, not elementwise", dense(Activation.SOFTMAX)),
                Named.of("clipped relu", new DenseLayer.Builder().activation(new ActivationReLU(0.5, null, null))),
                Named.of("top-k", new DenseLayer.Builder().activation(new ActivationTopK(4))),
                Named.of("no bias", dense(Activation.RELU).hasBias(false)),
                Named.of("layer norm", dense(Activation.TANH).hasLayerNorm(true)),
                Named.of(
                        "layer norm, no bias",
                        dense(Activation.SIGMOID).hasLayerNorm(true).hasBias(false)),
                Named.of("dropout", dense(Activation.TANH).dropOut(new Dropout(0.6))),
                Named.of("weight noise", dense(Activation.TANH).weightNoise(new DropConnect(0.7, true))),
                Named.of(
                        "regularisation",
                        dense(Activation.SIGMOID).l1(1e-2).l2(1e-2).l2Bias(1e-1)),
                Named.of("constraint", dense(Activation.RELU).constrainWeights(new MaxNormConstraint(0.5, 1))));
    }

    private static DenseLayer.Builder dense(Activation activation) {
        return new DenseLayer.Builder().activation(activation);
    }

    private static MultiLayerConfiguration configuration(
            DataType type, WorkspaceMode workspaces, DenseLayer hidden, OutputLayer output) {
        return new NeuralNetConfiguration.Builder()
                .seed(5)
                .dataType(type)
                .updater(type == DataType.FLOAT16 ? new Sgd(0.1) : new Adam(0.01)) // whose ε is 0 in 16 bits
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .list()
                .layer(hidden)
                .layer(dense(Activation.TANH).nOut(7).build())
                .layer(output)
                .setInputType(InputType.feedForward(IN))
                .build();
    }

    private static OutputLayer output(ILossFunction loss, IActivation activation) {
        return new OutputLayer.Builder(loss).nOut(5).activation(activation).build();
    }

    private static MultiLayerConfiguration configuration(
            DataType type, WorkspaceMode workspaces, DenseLayer.Builder hidden) {
        return configuration(
                type,
                workspaces,
                hidden.nOut(HIDDEN).build(),
                output(new LossMCXENT(), Activation.SOFTMAX.getActivationFunction()));
    }

    private static MultiLayerNetwork initialised(MultiLayerConfiguration configuration) {
        MultiLayerNetwork network = new MultiLayerNetwork(configuration);
        network.init();
        return network;
    }

    private static DataSet data(DataType type, int batch) {
        Nd4j.getRandom().setSeed(9);
        INDArray labels = Nd4j.zeros(type, batch, 5);
        for (int i = 0; i < batch; i++) {
            labels.putScalar(i, i % 5, 1);
        }
        return new DataSet(Nd4j.randn(type, batch, IN), labels);
    }

    /** Dropout and weight noise draw from ND4J's random generator. */
    private static double fit(MultiLayerNetwork network, DataSet data, int steps) {
        for (int step = 0; step < steps; step++) {
            Nd4j.getRandom().setSeed(100 + step);
            network.fit(data);
        }
        return network.score();
    }

    private static void requireClose(INDArray found, INDArray expected, double tolerance) {
        assertThat(found.castTo(DataType.DOUBLE).distance2(expected.castTo(DataType.DOUBLE)))
                .isLessThan(tolerance * (1 + expected.norm2Number().doubleValue()));
    }

    @ParameterizedTest
    @MethodSource("options")
    void training_inFloat64_givesTheStockNumbers(DenseLayer.Builder hidden) {
        sameTraining(DataType.DOUBLE, WorkspaceMode.ENABLED, hidden, 1e-12);
    }

    @ParameterizedTest
    @MethodSource("options")
    void training_inFloat32_givesTheStockNumbers(DenseLayer.Builder hidden) {
        sameTraining(DataType.FLOAT, WorkspaceMode.ENABLED, hidden, 2e-6);
    }

    @ParameterizedTest
    @MethodSource("options")
    void training_withoutWorkspaces_givesTheStockNumbers(DenseLayer.Builder hidden) {
        sameTraining(DataType.FLOAT, WorkspaceMode.NONE, hidden, 2e-6);
    }

    private static void sameTraining(
            DataType type, WorkspaceMode workspaces, DenseLayer.Builder hidden, double tolerance) {
        MultiLayerConfiguration configuration = configuration(type, workspaces, hidden);
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        assertThat(fast.params()).isEqualTo(stock.params());

        DataSet data = data(type, 13);
        double stockScore = fit(stock, data, 5);
        double fastScore = fit(fast, data, 5);

        assertThat(fastScore).isCloseTo(stockScore, within(10 * tolerance));
        requireClose(fast.params(), stock.params(), tolerance);
        requireClose(
                seeded(() -> fast.output(data.getFeatures())),
                seeded(() -> stock.output(data.getFeatures())),
                tolerance);
        assertThat(seeded(() -> fast.score(data))).isCloseTo(seeded(() -> stock.score(data)), within(10 * tolerance));
        requireClose(
                seeded(() -> fast.scoreExamples(data, true)),
                seeded(() -> stock.scoreExamples(data, true)),
                10 * tolerance);
    }

    /** The stock weight noise falls on biases at test time too. */
    private static <T> T seeded(Supplier<T> result) {
        Nd4j.getRandom().setSeed(7);
        return result.get();
    }

    @ParameterizedTest
    @EnumSource(
            value = LossFunction.class,
            names = {"MSE", "XENT", "L1", "KL_DIVERGENCE", "COSINE_PROXIMITY", "HINGE"})
    void training_withAnyLoss_givesTheStockNumbers(LossFunction loss) {
        MultiLayerConfiguration configuration = configuration(
                DataType.DOUBLE,
                WorkspaceMode.ENABLED,
                dense(Activation.TANH).nOut(HIDDEN).build(),
                output(loss.getILossFunction(), Activation.SIGMOID.getActivationFunction()));
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(DataType.DOUBLE, 6);

        assertThat(fit(fast, data, 4)).isCloseTo(fit(stock, data, 4), within(1e-11));
        requireClose(fast.params(), stock.params(), 1e-12);
    }

    static Stream<INDArray> masks() {
        INDArray perExample = Nd4j.ones(DataType.FLOAT, 6, 1).putScalar(2, 0, 0).putScalar(5, 0, 0);
        INDArray perOutput = Nd4j.ones(DataType.FLOAT, 6, 5).putScalar(1, 3, 0).putScalar(4, 0, 0);
        return Stream.of(perExample, perOutput);
    }

    @ParameterizedTest
    @MethodSource("masks")
    void training_withLabelMask_givesTheStockNumbers(INDArray mask) {
        MultiLayerConfiguration configuration = configuration(
                DataType.FLOAT,
                WorkspaceMode.ENABLED,
                dense(Activation.RELU).nOut(HIDDEN).build(),
                output(new LossMSE(), Activation.SIGMOID.getActivationFunction()));
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(DataType.FLOAT, 6);
        data.setLabelsMaskArray(mask);

        assertThat(fit(fast, data, 4)).isCloseTo(fit(stock, data, 4), within(1e-5));
        requireClose(fast.params(), stock.params(), 2e-6);
    }

    @Test
    void training_withFeatureMask_givesTheStockNumbers() {
        MultiLayerConfiguration configuration =
                configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.SIGMOID));
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(DataType.FLOAT, 6);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 6, 1).putScalar(3, 0, 0);
        data.setFeaturesMaskArray(mask);
        data.setLabelsMaskArray(mask);

        assertThat(fit(fast, data, 4)).isCloseTo(fit(stock, data, 4), within(1e-5));
        requireClose(fast.params(), stock.params(), 2e-6);
    }

    private static ComputationGraphConfiguration graph() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Adam(0.01))
                .graphBuilder()
                .addInputs("in")
                .addLayer("a", dense(Activation.RELU).nIn(IN).nOut(9).build(), "in")
                .addLayer("b", dense(Activation.SIGMOID).nIn(IN).nOut(9).build(), "in")
                .addVertex("ab", new MergeVertex(), "a", "b")
                .addLayer("c", dense(Activation.IDENTITY).nIn(18).nOut(6).build(), "ab")
                .addLayer("d", dense(Activation.TANH).nIn(18).nOut(6).build(), "ab")
                .addVertex("cd", new MergeVertex(), "c", "d")
                .addLayer("out", output(new LossMSE(), Activation.IDENTITY.getActivationFunction()), "cd")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(IN))
                .build();
    }

    @Test
    void graph_withBranches_givesTheStockNumbersAndConvertsWhileTrained() {
        ComputationGraph stock = new ComputationGraph(graph());
        stock.init();
        DataSet data = data(DataType.FLOAT, 8);
        MultiDataSet both = new MultiDataSet(data.getFeatures(), data.getLabels());
        for (int step = 0; step < 3; step++) {
            stock.fit(both);
        }
        ComputationGraph fast = FastLayers.in(stock);
        assertThat(fast.getLayer("a")).isInstanceOf(FastDenseLayerImpl.class);
        assertThat(fast.getLayer("out")).isInstanceOf(FastOutputLayerImpl.class);
        assertThat(fast.getIterationCount()).isEqualTo(3);
        for (int step = 0; step < 4; step++) {
            stock.fit(both);
            fast.fit(both);
        }
        assertThat(fast.score()).isCloseTo(stock.score(), within(1e-6));
        requireClose(fast.params(), stock.params(), 2e-6);
        requireClose(
                fast.getUpdater().getUpdaterStateViewArray(), stock.getUpdater().getUpdaterStateViewArray(), 2e-6);
    }

    @Test
    void trainedNetwork_converted_continuesAsIfNothingHadHappened() {
        MultiLayerNetwork stock =
                initialised(configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU)));
        DataSet data = data(DataType.FLOAT, 10);
        fit(stock, data, 4);

        MultiLayerNetwork fast = FastLayers.in(stock);

        assertThat(fast.params()).isEqualTo(stock.params()).isNotSameAs(stock.params());
        assertThat(fast.getUpdater().getStateViewArray())
                .isEqualTo(stock.getUpdater().getStateViewArray());
        assertThat(fast.getIterationCount()).isEqualTo(4);
        fit(stock, data, 3);
        fit(fast, data, 3);
        requireClose(fast.params(), stock.params(), 2e-6);
        // and back: the parameters are laid out alike
        MultiLayerNetwork back = initialised(stock.getLayerWiseConfigurations().clone());
        back.setParams(fast.params());
        requireClose(back.output(data.getFeatures()), fast.output(data.getFeatures()), 1e-6);
    }

    @Test
    void conversion_swapsDenseAndOutputLayersAndLeavesTheRest() {
        MultiLayerConfiguration configuration = configuration(
                DataType.FLOAT,
                WorkspaceMode.ENABLED,
                dense(Activation.RELU)
                        .nOut(4)
                        .name("hidden")
                        .dropOut(0.5)
                        .l2(0.1)
                        .biasInit(0.25)
                        .build(),
                output(new LossMSE(), Activation.TANH.getActivationFunction()));
        String before = configuration.toJson();
        MultiLayerConfiguration converted = FastLayers.in(configuration);

        FastDenseLayer hidden = (FastDenseLayer) converted.getConf(0).getLayer();
        DenseLayer original = (DenseLayer) configuration.getConf(0).getLayer();
        assertThat(hidden.getLayerName()).isEqualTo("hidden");
        assertThat(hidden.getIDropout()).isEqualTo(original.getIDropout()).isNotSameAs(original.getIDropout());
        assertThat(hidden.getRegularization()).isEqualTo(original.getRegularization());
        assertThat(hidden.getIUpdater()).isEqualTo(original.getIUpdater());
        assertThat(hidden.getBiasInit()).isEqualTo(0.25);
        assertThat(hidden.getNIn()).isEqualTo(IN);
        FastOutputLayer output = (FastOutputLayer) converted.getConf(2).getLayer();
        assertThat(output.getLossFn()).isEqualTo(new LossMSE());
        assertThat(configuration.toJson()).isEqualTo(before);
        assertThat(MultiLayerConfiguration.fromJson(converted.toJson())).isEqualTo(converted);
        assertThat(FastLayers.in(converted)).isEqualTo(converted);
    }

    @Test
    void frozenLayer_isConvertedInside() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FrozenLayer(dense(Activation.RELU).nIn(IN).nOut(4).build()))
                .layer(output(new LossMSE(), Activation.TANH.getActivationFunction()))
                .setInputType(InputType.feedForward(IN))
                .build();

        Layer frozen = FastLayers.in(configuration).getConf(0).getLayer();

        assertThat(((FrozenLayer) frozen).getLayer()).isInstanceOf(FastDenseLayer.class);
        MultiLayerNetwork network = initialised(FastLayers.in(configuration));
        INDArray weights = network.getLayer(0).getParam("W").dup();
        fit(network, data(DataType.FLOAT, 4), 2);
        assertThat(network.getLayer(0).getParam("W")).isEqualTo(weights);
    }

    static Stream<Named<Layer>> contracts() {
        return Stream.of(
                Named.of(
                        "tanh",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build()),
                Named.of(
                        "softmax",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .activation(Activation.SOFTMAX)
                                .build()),
                Named.of(
                        "top-k",
                        new FastDenseLayer.Builder()
                                .nOut(6)
                                .activation(new ActivationTopK(3))
                                .build()),
                Named.of(
                        "layer norm",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .hasLayerNorm(true)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "no bias, penalties",
                        new FastDenseLayer.Builder()
                                .nOut(4)
                                .hasBias(false)
                                .l1(0.1)
                                .l2(0.1)
                                .activation(Activation.TANH)
                                .build()),
                Named.of(
                        "output, mse",
                        new FastOutputLayer.Builder(new LossMSE())
                                .nOut(3)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "output, softmax",
                        new FastOutputLayer.Builder(new LossMSE()).nOut(3).build()),
                Named.of(
                        "output, bernoulli",
                        new FastOutputLayer.Builder(new LossBernoulli())
                                .nOut(3)
                                .activation(Activation.SIGMOID)
                                .build()),
                Named.of(
                        "output, no bias",
                        new FastOutputLayer.Builder(LossFunction.XENT)
                                .nOut(3)
                                .hasBias(false)
                                .activation(Activation.SIGMOID)
                                .build()));
    }

    @ParameterizedTest
    @MethodSource("contracts")
    void contract_holds(Layer layer) {
        LayerContract.verify(layer);
    }

    @Test
    void raggedSequences_betweenRecurrentLayers_giveTheStockNumbers() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(6)
                .updater(new Adam(0.01))
                .list()
                .layer(new LSTM.Builder().nOut(6).build())
                .layer(dense(Activation.SIGMOID).nOut(4).build())
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(2, 5))
                .build();
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        INDArray mask = Nd4j.ones(DataType.FLOAT, 4, 5)
                .putScalar(1, 4, 0)
                .putScalar(1, 3, 0)
                .putScalar(3, 4, 0);
        Nd4j.getRandom().setSeed(2);
        DataSet data =
                new DataSet(Nd4j.randn(DataType.FLOAT, 4, 2, 5), Nd4j.randn(DataType.FLOAT, 4, 3, 5), mask, mask);

        assertThat(fit(fast, data, 3)).isCloseTo(fit(stock, data, 3), within(1e-5));
        requireClose(fast.params(), stock.params(), 2e-6);
    }

    /** An external gradient may come after other passes, and twice. */
    @Test
    void backprop_afterTestPassAndRepeated_givesTheStockGradient() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(4)
                .list()
                .layer(dense(Activation.SIGMOID).nIn(IN).nOut(HIDDEN).build())
                .layer(dense(Activation.TANH).nIn(HIDDEN).nOut(5).build())
                .build();
        DataSet data = data(DataType.FLOAT, 7);
        List<Pair<Gradient, INDArray>> gradients = Stream.of(configuration, FastLayers.in(configuration))
                .map(conf -> {
                    MultiLayerNetwork network = initialised(conf);
                    network.setInput(data.getFeatures());
                    network.feedForward(true, false);
                    network.backpropGradient(data.getLabels().dup(), LayerWorkspaceMgr.noWorkspaces());
                    network.feedForward(false, false);
                    network.backpropGradient(data.getLabels().dup(), LayerWorkspaceMgr.noWorkspaces());
                    return network.backpropGradient(data.getLabels().dup(), LayerWorkspaceMgr.noWorkspaces());
                })
                .toList();
        requireClose(
                gradients.get(1).getFirst().gradient(),
                gradients.get(0).getFirst().gradient(),
                2e-6);
        requireClose(gradients.get(1).getSecond(), gradients.get(0).getSecond(), 2e-6);
    }

    /** Many rows: several blocks on several threads. */
    @ParameterizedTest
    @MethodSource("options")
    void training_onManyRows_givesTheStockNumbers(DenseLayer.Builder hidden) {
        MultiLayerConfiguration configuration = configuration(
                DataType.FLOAT,
                WorkspaceMode.ENABLED,
                hidden.nOut(257).build(),
                output(new LossMSE(), Activation.SIGMOID.getActivationFunction()));
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(DataType.FLOAT, 700);

        fit(stock, data, 3);
        fit(fast, data, 3);

        requireClose(fast.params(), stock.params(), 1e-5);
        requireClose(fast.gradient().gradient(), stock.gradient().gradient(), 1e-4);
    }

    static Stream<DataType> types() {
        return Stream.of(DataType.FLOAT, DataType.FLOAT16);
    }

    @ParameterizedTest
    @MethodSource("types")
    void training_onOneExampleWithOneUnit_givesTheStockNumbers(DataType type) {
        MultiLayerConfiguration configuration = configuration(
                type,
                WorkspaceMode.ENABLED,
                dense(Activation.TANH).nOut(1).build(),
                output(new LossMSE(), Activation.IDENTITY.getActivationFunction()));
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(type, 1);
        fit(stock, data, 2);
        fit(fast, data, 2);
        requireClose(fast.params(), stock.params(), type == DataType.FLOAT ? 2e-6 : 1e-2);
    }

    @Test
    void training_withWhatWorksInPlaceBehind_givesTheStockNumbers() {
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(6)
                .updater(new Adam(0.01))
                .list()
                .layer(dense(Activation.SIGMOID).nIn(IN).nOut(8).build())
                .layer(new ActivationLayer(Activation.TANH))
                .layer(dense(Activation.IDENTITY).nIn(8).nOut(8).build())
                .layer(new ActivationLayer(Activation.SIGMOID))
                .layer(output(new LossMSE(), Activation.IDENTITY.getActivationFunction()))
                .setInputType(InputType.feedForward(IN))
                .build();
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(DataType.FLOAT, 6);
        fit(stock, data, 4);
        fit(fast, data, 4);
        requireClose(fast.params(), stock.params(), 2e-6);
    }

    @Test
    void outputLayer_withDropoutAndWeightNoise_givesTheStockNumbers() {
        // a single layer: its input lies in memory alike for both
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(6)
                .updater(new Adam(0.01))
                .list()
                .layer(new OutputLayer.Builder(new LossMSE())
                        .nIn(IN)
                        .nOut(5)
                        .activation(Activation.SIGMOID)
                        .dropOut(new Dropout(0.7))
                        .weightNoise(new DropConnect(0.7))
                        .build())
                .build();
        MultiLayerNetwork stock = initialised(configuration);
        MultiLayerNetwork fast = initialised(FastLayers.in(configuration));
        DataSet data = data(DataType.FLOAT, 6);
        assertThat(fit(fast, data, 4)).isCloseTo(fit(stock, data, 4), within(1e-5));
        requireClose(fast.params(), stock.params(), 2e-6);
    }

    @Test
    void graph_withFeatureMaskAlone_givesTheStockScore() {
        ComputationGraph stock = new ComputationGraph(graph());
        stock.init();
        ComputationGraph fast = FastLayers.in(stock);
        DataSet data = data(DataType.FLOAT, 6);
        INDArray mask = Nd4j.ones(DataType.FLOAT, 6, 1).putScalar(3, 0, 0).putScalar(4, 0, 0);
        MultiDataSet masked = new MultiDataSet(
                new INDArray[] {data.getFeatures()}, new INDArray[] {data.getLabels()}, new INDArray[] {mask}, null);
        stock.fit(masked);
        fast.fit(masked);
        assertThat(fast.score()).isCloseTo(stock.score(), within(1e-5));
        requireClose(fast.params(), stock.params(), 2e-6);
    }

    @Test
    void score_afterParametersChanged_isThatOfTheNewOnes() {
        MultiLayerNetwork network =
                initialised(FastLayers.in(configuration(DataType.FLOAT, WorkspaceMode.NONE, dense(Activation.RELU))));
        DataSet data = data(DataType.FLOAT, 6);
        network.setInput(data.getFeatures());
        network.setLabels(data.getLabels());
        network.computeGradientAndScore();
        double before = network.score();
        network.params().muli(3);
        FastOutputLayerImpl output = (FastOutputLayerImpl) network.getOutputLayer();
        assertThat(output.computeScore(0, true, LayerWorkspaceMgr.noWorkspaces()))
                .isNotEqualTo(before);
    }

    @Test
    void wrappers_areConvertedInsideAndShareNothing() {
        DenseLayer inner =
                dense(Activation.TANH).nIn(4).nOut(4).dropOut(new Dropout(0.5)).build();
        MultiLayerConfiguration configuration = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new TimeDistributed(inner))
                .layer(new FrozenLayerWithBackprop(
                        dense(Activation.TANH).nIn(4).nOut(4).build()))
                .layer(new RnnOutputLayer.Builder(new LossMSE())
                        .nIn(4)
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.recurrent(4, 5))
                .build();
        MultiLayerConfiguration converted = FastLayers.in(configuration);

        TimeDistributed distributed = (TimeDistributed) converted.getConf(0).getLayer();
        assertThat(distributed.getUnderlying()).isInstanceOf(FastDenseLayer.class);
        assertThat(((FastDenseLayer) distributed.getUnderlying()).getIDropout())
                .isEqualTo(new Dropout(0.5))
                .isNotSameAs(inner.getIDropout());
        assertThat(((FrozenLayerWithBackprop) converted.getConf(1).getLayer()).getUnderlying())
                .isInstanceOf(FastDenseLayer.class);
        assertThat(((TimeDistributed) configuration.getConf(0).getLayer()).getUnderlying())
                .isInstanceOf(DenseLayer.class);
    }

    static Stream<Layer> layersWithOptions() {
        return Stream.of(
                new FastDenseLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .hasBias(false)
                        .inputGradient(false)
                        .sparseInput(true)
                        .build(),
                new FastDenseLayer.Builder().nIn(3).nOut(4).hasLayerNorm(true).build(),
                new FastOutputLayer.Builder()
                        .nIn(3)
                        .nOut(4)
                        .sparseInput(true)
                        .hasBias(false)
                        .build());
    }

    @ParameterizedTest
    @MethodSource("layersWithOptions")
    void options_surviveJsonAndClone(Layer layer) {
        MultiLayerConfiguration configuration =
                new NeuralNetConfiguration.Builder().list().layer(layer).build();
        Layer kept = configuration.getConf(0).getLayer();
        Layer restored = MultiLayerConfiguration.fromJson(configuration.toJson())
                .getConf(0)
                .getLayer();
        assertThat(restored).isEqualTo(kept).hasSameHashCodeAs(kept).hasToString(kept.toString());
        assertThat(kept.clone()).isEqualTo(kept).isNotSameAs(kept);
    }

    @Test
    void options_missingInJson_haveTheirDefaults() {
        String json = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder().nIn(3).nOut(4).build())
                .build()
                .toJson()
                .replaceAll("\"(hasBias|inputGradient|sparseInput|hasLayerNorm)\" : (true|false),?", "");
        FastDenseLayer restored = (FastDenseLayer)
                MultiLayerConfiguration.fromJson(json).getConf(0).getLayer();
        assertThat(restored.hasBias()).isTrue();
        assertThat(restored.hasInputGradient()).isTrue();
        assertThat(restored.hasSparseInput()).isFalse();
    }

    @Test
    void uninitialisedNetwork_isRefused() {
        assertThatThrownBy(() -> FastLayers.in(new MultiLayerNetwork(
                        configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU)))))
                .hasMessageContaining("the network must be initialised");
        assertThatThrownBy(() -> FastLayers.in(new ComputationGraph(graph())))
                .hasMessageContaining("the network must be initialised");
    }

    @Test
    void inputGradient_turnedOff_leavesTheTrainingAsItIs() {
        MultiLayerConfiguration with =
                FastLayers.in(configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU)));
        MultiLayerConfiguration without = with.clone();
        without.getConf(0)
                .setLayer(new FastDenseLayer.Builder()
                        .nIn(IN)
                        .nOut(HIDDEN)
                        .activation(Activation.RELU)
                        .weightInit(((FastDenseLayer) with.getConf(0).getLayer()).getWeightInitFn())
                        .biasInit(0)
                        .gainInit(1)
                        .updater(new Adam(0.01))
                        .inputGradient(false)
                        .build());
        DataSet data = data(DataType.FLOAT, 9);
        MultiLayerNetwork a = initialised(with);
        MultiLayerNetwork b = initialised(without);
        fit(a, data, 3);
        fit(b, data, 3);
        assertThat(b.params()).isEqualTo(a.params());
    }

    @Test
    void inputGradient_turnedOffInTheMiddle_showsAtOnce() {
        MultiLayerNetwork network = initialised(new NeuralNetConfiguration.Builder()
                .list()
                .layer(new FastDenseLayer.Builder().nIn(IN).nOut(4).build())
                .layer(new FastDenseLayer.Builder()
                        .nIn(4)
                        .nOut(4)
                        .inputGradient(false)
                        .build())
                .layer(output(new LossMSE(), Activation.TANH.getActivationFunction()))
                .setInputType(InputType.feedForward(IN))
                .build());
        network.fit(data(DataType.FLOAT, 4));
        assertThat(network.getLayer(0).getParam("W").getDouble(0)).isNaN();
        assertThat(network.getLayer(2).getParam("W").getDouble(0)).isNotNaN();
    }

    @Test
    void inputGradient_turnedOffWhereTwoReadTheInput_leavesTheTrainingAsItIs() {
        ComputationGraph[] graphs = Stream.of(true, false)
                .map(inputGradient -> {
                    ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                            .seed(3)
                            .updater(new Adam(0.01))
                            .graphBuilder()
                            .addInputs("in")
                            .addLayer(
                                    "a",
                                    new FastDenseLayer.Builder()
                                            .nIn(IN)
                                            .nOut(9)
                                            .inputGradient(inputGradient)
                                            .activation(Activation.RELU)
                                            .build(),
                                    "in")
                            .addVertex("skip", new MergeVertex(), "in", "a")
                            .addLayer(
                                    "out",
                                    new FastOutputLayer.Builder(new LossMSE())
                                            .nIn(IN + 9)
                                            .nOut(5)
                                            .activation(Activation.IDENTITY)
                                            .build(),
                                    "skip")
                            .setOutputs("out")
                            .build());
                    graph.init();
                    return graph;
                })
                .toArray(ComputationGraph[]::new);
        DataSet data = data(DataType.FLOAT, 8);
        for (ComputationGraph graph : graphs) {
            graph.fit(data);
            graph.fit(data);
        }
        assertThat(graphs[1].params()).isEqualTo(graphs[0].params());
    }

    @Test
    void sparseInput_behindTopK_leavesTheTrainingAsItIs() {
        // large enough for the products that skip zeros: 256 · 1024 · 64 multiplications, 4 in 1024 units active
        MultiLayerNetwork[] networks = Stream.of(false, true)
                .map(sparse -> initialised(new NeuralNetConfiguration.Builder()
                        .seed(8)
                        .updater(new Adam(0.01))
                        .list()
                        .layer(new FastDenseLayer.Builder()
                                .nIn(64)
                                .nOut(1024)
                                .activation(new ActivationTopK(4))
                                .build())
                        .layer(new FastOutputLayer.Builder(new LossMSE())
                                .nIn(1024)
                                .nOut(64)
                                .sparseInput(sparse)
                                .activation(Activation.IDENTITY)
                                .build())
                        .build()))
                .toArray(MultiLayerNetwork[]::new);
        Nd4j.getRandom().setSeed(1);
        INDArray x = Nd4j.randn(DataType.FLOAT, 256, 64);
        for (MultiLayerNetwork network : networks) {
            fit(network, new DataSet(x, x), 3);
        }
        requireClose(networks[1].params(), networks[0].params(), 1e-5);
    }

    @Test
    void wrongSizes_areClearErrors() {
        assertThatThrownBy(() -> initialised(new NeuralNetConfiguration.Builder()
                        .list()
                        .layer(new FastDenseLayer.Builder()
                                .nIn(3)
                                .name("encoder")
                                .build())
                        .layer(new FastOutputLayer.Builder().nOut(3).build())
                        .build()))
                .isInstanceOf(DL4JInvalidConfigException.class)
                .hasMessageContaining("FastDenseLayer 'encoder': nIn and nOut must be above 0, got nIn = 3, nOut = 0");
        MultiLayerNetwork network = initialised(
                FastLayers.in(configuration(DataType.FLOAT, WorkspaceMode.ENABLED, dense(Activation.RELU))));
        assertThatThrownBy(() -> network.output(Nd4j.ones(DataType.FLOAT, 2, IN + 1)))
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("the input must have the shape [batch, 11], got [2, 12]");
    }
}
