package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.output;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.convolutional.FastBatchNormalizationLayer;
import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastUpsamplingLayer;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussian;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.NoOp;
import org.nd4j.linalg.learning.config.Sgd;

/** The gradient with respect to the codes, against central differences of the log-likelihood in float64. */
class DecoderGradientTest {

    private static final double STEP = 1e-5;

    private static void assertGradient(VariationalModel model, INDArray x, int samples) {
        Nd4j.getRandom().setSeed(8);
        INDArray codes = Nd4j.randn(DataType.DOUBLE, samples * x.size(0), model.latents());
        double[] gradient = new double[(int) codes.length()];
        double[] values = model.logLikelihood(x, codes, gradient);
        assertThat(values).containsExactly(model.logLikelihood(x, codes), within(1e-10));
        for (int j = 0; j < model.latents(); j++) {
            INDArray step = Nd4j.zeros(DataType.DOUBLE, 1, model.latents());
            step.putScalar(0, j, STEP);
            double[] up = model.logLikelihood(x, codes.addRowVector(step));
            double[] down = model.logLikelihood(x, codes.subRowVector(step));
            for (int row = 0; row < up.length; row++) {
                double expected = (up[row] - down[row]) / (2 * STEP);
                assertThat(gradient[row * model.latents() + j])
                        .as("row %d, latent %d", row, j)
                        .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
            }
        }
        double[] again = new double[gradient.length];
        model.logLikelihood(x, codes, again);
        assertThat(again).containsExactly(gradient);
    }

    private static NeuralNetConfiguration.Builder configuration() {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(DataType.DOUBLE)
                .updater(new Sgd(0.05));
    }

    private static GaussianLatentLayer latents(int in) {
        return new GaussianLatentLayer.Builder().name("z").nIn(in).nOut(3).build();
    }

    @Test
    void denseDecoder_differentiates() {
        MultiLayerNetwork network = initialized(configuration()
                .list()
                .layer(dense(5, 4, Activation.TANH))
                .layer(latents(4))
                .layer(dense(3, 4, Activation.TANH))
                .layer(new FastDenseLayer.Builder()
                        .nIn(4)
                        .nOut(6)
                        .activation(Activation.SOFTPLUS)
                        .build())
                .layer(output(new LossBernoulli(), 6, 5, Activation.SIGMOID)));
        INDArray before = network.params().dup();
        assertGradient(VariationalModel.of(network, "z"), SmallModels.examples(DataType.DOUBLE, 7), 2);
        assertThat(network.params()).isEqualTo(before);
    }

    /** Batch normalization works with its running statistics, which do not change. */
    @Test
    void batchNormalization_isThatOfInference() {
        MultiLayerNetwork network = initialized(configuration()
                .list()
                .layer(dense(5, 4, Activation.TANH))
                .layer(latents(4))
                .layer(dense(3, 4, Activation.TANH))
                .layer(new BatchNormalization.Builder().nIn(4).nOut(4).build())
                .layer(new DropoutLayer.Builder(0.5).build())
                .layer(new FastOutputLayer.Builder(new LossGaussian(0.7))
                        .nIn(4)
                        .nOut(5)
                        .activation(Activation.IDENTITY)
                        .build()));
        INDArray x = SmallModels.examples(DataType.DOUBLE, 6);
        for (int i = 0; i < 5; i++) {
            network.fit(x, x);
        }
        INDArray before = network.params().dup();
        assertGradient(VariationalModel.of(network, "z"), x, 1);
        assertThat(network.params()).isEqualTo(before);
    }

    @Test
    void convolutionalDecoder_differentiates() {
        MultiLayerNetwork network = initialized(configuration()
                .list()
                .layer(dense(16, 4, Activation.TANH))
                .layer(latents(4))
                .layer(dense(3, 8, Activation.TANH))
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .nIn(2)
                        .nOut(3)
                        .padding(1, 1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastBatchNormalizationLayer.Builder().nOut(3).build())
                .layer(new FastUpsamplingLayer.Builder(2).build())
                .layer(new FastConvolutionLayer.Builder(3, 3)
                        .nIn(3)
                        .nOut(1)
                        .padding(1, 1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastCnnLossLayer.Builder(new LossBernoulli())
                        .activation(Activation.SIGMOID)
                        .build())
                .inputPreProcessor(3, new FeedForwardToCnnPreProcessor(2, 2, 2)));
        Nd4j.getRandom().setSeed(3);
        assertGradient(VariationalModel.of(network, "z"), Nd4j.rand(DataType.DOUBLE, 3, 16), 2);
    }

    /** Two branches that read the code, one of them with the condition. */
    @Test
    void graphWithACondition_differentiates() {
        var graph = initialized(configuration()
                .updater(new NoOp())
                .graphBuilder()
                .addInputs("x", "y")
                .addLayer("encoder", dense(5, 4, Activation.TANH), "x")
                .addLayer("z", latents(4), "encoder")
                .addVertex("both", new MergeVertex(), "z", "y")
                .addLayer("decoder", dense(5, 4, Activation.TANH), "both")
                .addLayer("short", dense(3, 2, Activation.TANH), "z")
                .addVertex("features", new MergeVertex(), "decoder", "short")
                .addLayer(
                        "out",
                        new OutputLayer.Builder(new LossBernoulli())
                                .nIn(6)
                                .nOut(5)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "features")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(5), InputType.feedForward(2))
                .build());
        INDArray y = Nd4j.createFromArray(new double[][] {{1, 0}, {0, 1}, {1, 1}});
        assertGradient(VariationalModel.of(graph, "z").given(y), SmallModels.examples(DataType.DOUBLE, 3), 2);
    }

    @Test
    void gradientOfAPass_leavesTrainingAsItWas() {
        MultiLayerNetwork untouched = initialized(SmallModels.layers(
                DataType.DOUBLE, new Sgd(0.1), new GaussianLatentLayer.Builder(), new LossBernoulli()));
        MultiLayerNetwork used = untouched.clone();
        INDArray x = SmallModels.examples(DataType.DOUBLE, 6);
        VariationalModel.of(used, "z").logLikelihood(x, Nd4j.zeros(DataType.DOUBLE, 6, 3), new double[18]);
        untouched.fit(x, x);
        used.fit(x, x);
        assertThat(used.params()).isEqualTo(untouched.params());
    }

    @Test
    void decodersWithNoise_areRefused() {
        MultiLayerNetwork network = initialized(configuration()
                .list()
                .layer(dense(5, 4, Activation.TANH))
                .layer(latents(4))
                .layer(new FastDenseLayer.Builder()
                        .name("noisy")
                        .nIn(3)
                        .nOut(4)
                        .dropOut(0.5)
                        .build())
                .layer(output(new LossBernoulli(), 4, 5, Activation.SIGMOID)));
        VariationalModel model = VariationalModel.of(network, "z");
        assertThatThrownBy(() -> model.logLikelihood(
                        SmallModels.examples(DataType.DOUBLE, 2), Nd4j.zeros(DataType.DOUBLE, 2, 3), new double[6]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'noisy' with dropout");
    }

    @Test
    void gradientsOfAnotherLength_areRefused() {
        VariationalModel model = VariationalModel.of(
                initialized(SmallModels.layers(
                        DataType.DOUBLE, new Sgd(0.1), new GaussianLatentLayer.Builder(), new LossBernoulli())),
                "z");
        assertThatThrownBy(() -> model.logLikelihood(
                        SmallModels.examples(DataType.DOUBLE, 2), Nd4j.zeros(DataType.DOUBLE, 2, 3), new double[5]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("6 values");
        VariationalModel weighted = VariationalModel.of(SmallModels.multiSample(new Sgd(0.1), 3), "z");
        assertThatThrownBy(() -> weighted.logLikelihood(
                        SmallModels.examples(DataType.DOUBLE, 2), Nd4j.zeros(DataType.DOUBLE, 2, 3), new double[6]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("importance samples");
    }
}
