package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.GradientCheck.requireGradient;
import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.sequenceOutput;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.likelihood.LossGaussianLearnedVariance;
import io.github.dl4jae.testing.StockLayers;
import java.util.List;
import org.deeplearning4j.datasets.iterator.utilty.ListDataSetIterator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.LSTM;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.layers.misc.RepeatVector;
import org.deeplearning4j.nn.conf.layers.recurrent.LastTimeStep;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.MultiDataSet;
import org.nd4j.linalg.dataset.adapter.SingletonMultiDataSetIterator;
import org.nd4j.linalg.dataset.api.iterator.MultiDataSetIterator;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.NoOp;

/**
 * Variational models in all shapes of network: conditional, convolutional, recurrent, with more outputs than values.
 */
@Tag("slow")
class VariationalModelTest {

    private static NeuralNetConfiguration.Builder builder() {
        return new NeuralNetConfiguration.Builder()
                .seed(3)
                .dataType(DataType.DOUBLE)
                .updater(new NoOp())
                .activation(Activation.TANH);
    }

    private static OutputLayer output(int outputs) {
        return new OutputLayer.Builder(new LossBernoulli())
                .nOut(outputs)
                .activation(Activation.SIGMOID)
                .build();
    }

    private static ComputationGraph conditional() {
        return initialized(builder()
                .graphBuilder()
                .addInputs("x", "y")
                .setInputTypes(InputType.feedForward(6), InputType.feedForward(2))
                .addVertex("xy", new MergeVertex(), "x", "y")
                .addLayer("encoder", new DenseLayer.Builder().nOut(4).build(), "xy")
                .addLayer("z", new GaussianLatentLayer.Builder().nOut(2).build(), "encoder")
                .addVertex("zy", new MergeVertex(), "z", "y")
                .addLayer("decoder", new DenseLayer.Builder().nOut(4).build(), "zy")
                .addLayer("out", output(6), "decoder")
                .setOutputs("out"));
    }

    @Test
    void conditional_gradientIsRight() {
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 6);
        requireGradient(conditional(), new INDArray[] {x, Nd4j.rand(DataType.DOUBLE, 3, 2)}, x.dup(), null);
    }

    @Test
    void conditional_dependsOnItsConditions() {
        ComputationGraph graph = conditional();
        VariationalModel free = VariationalModel.of(graph, "z");
        INDArray x = Nd4j.rand(DataType.DOUBLE, 5, 6);
        INDArray y = Nd4j.rand(DataType.DOUBLE, 5, 2);
        VariationalModel model = free.given(y);
        assertThat(model.reconstruct(x).sub(graph.output(x, y)[0]).amaxNumber().doubleValue())
                .isLessThan(1e-12);
        INDArray z = model.encode(x);
        INDArray one = y.getRow(0, true);
        assertThatArray(free.given(one).decode(z).getRow(0))
                .isEqualTo(model.decode(z).getRow(0));
        assertThat(free.given(one).decode(z).getRow(1))
                .isNotEqualTo(model.decode(z).getRow(1));
        assertThatThrownBy(() -> free.encode(x))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("side inputs [y]")
                .hasMessageContaining("call given");
        assertThatThrownBy(() -> free.given(Nd4j.rand(DataType.DOUBLE, 2, 2)).encode(x))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("one row, or one for each of the 5 examples, got 2");
        assertThatThrownBy(free::given)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("a condition for each of the side inputs [y], got 0");
    }

    /** With several samples, row s·N + i belongs to condition i. */
    @Test
    void conditional_evidence_isTheSameFromArraysAndIterators() {
        VariationalModel free = VariationalModel.of(conditional(), "z");
        INDArray x = Nd4j.rand(DataType.DOUBLE, 5, 6);
        INDArray y = Nd4j.rand(DataType.DOUBLE, 5, 2);
        LikelihoodEstimate fromArrays = LikelihoodEstimate.estimate(free.given(y), x, 7, 1);
        MultiDataSetIterator iterator =
                new SingletonMultiDataSetIterator(new MultiDataSet(new INDArray[] {x, y}, new INDArray[] {x}));
        LikelihoodEstimate fromIterator = LikelihoodEstimate.estimate(free, iterator, 7, 1);
        assertThat(fromIterator.logLikelihoodPerExample()).containsExactly(fromArrays.logLikelihoodPerExample());
        double alone = LikelihoodEstimate.estimate(free.given(y.getRow(3, true)), x.getRow(3, true), 1, 1)
                .reconstruction();
        INDArray z = free.given(y).encode(x);
        double[] together = free.given(y).logLikelihood(x, Nd4j.concat(0, z, z));
        assertThat(together[3]).isCloseTo(together[8], within(1e-12));
        assertThat(together[3])
                .isCloseTo(
                        free.given(y.getRow(3, true)).logLikelihood(x.getRow(3, true), z.getRow(3, true))[0],
                        within(1e-12));
        assertThat(alone).isFinite();
    }

    @Test
    void convolutional_encodersAndDecoders_compose() {
        MultiLayerNetwork network = initialized(builder()
                .list()
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(2).build())
                .layer(new GaussianLatentLayer.Builder().name("z").nOut(2).build())
                .layer(new DenseLayer.Builder().nOut(16).build())
                .layer(new ConvolutionLayer.Builder(1, 1)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new CnnLossLayer.Builder(new LossBernoulli())
                        .activation(Activation.SIGMOID)
                        .build())
                .inputPreProcessor(3, new FeedForwardToCnnPreProcessor(4, 4, 1))
                .setInputType(InputType.convolutional(4, 4, 1)));
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 1, 4, 4);
        requireGradient(network, x, x.dup());
        VariationalModel model = VariationalModel.of(network, "z");
        assertThat(model.reconstruct(x).shape()).containsExactly(3, 1, 4, 4);
        assertThat(model.reconstruct(x).sub(network.output(x)).amaxNumber().doubleValue())
                .isLessThan(1e-12);
        INDArray y = network.output(x);
        double expected = 0;
        for (long i = 0; i < x.length(); i++) {
            expected += x.getDouble(i) * Math.log(y.getDouble(i)) + (1 - x.getDouble(i)) * Math.log(1 - y.getDouble(i));
        }
        double[] logLikelihood = model.logLikelihood(x, model.encode(x));
        assertThat(logLikelihood).hasSize(3);
        assertThat(logLikelihood[0] + logLikelihood[1] + logLikelihood[2]).isCloseTo(expected, within(1e-9));
    }

    @Test
    @SuppressWarnings("rawtypes") // how Deeplearning4j declares it
    void recurrent_encodersAndDecoders_compose() {
        MultiLayerNetwork network = initialized(builder()
                .list()
                .layer(new LastTimeStep(new LSTM.Builder().nOut(3).build()))
                .layer(new GaussianLatentLayer.Builder().name("z").nOut(2).build())
                .layer(new RepeatVector.Builder(4).build())
                .layer(new LSTM.Builder().nOut(3).build())
                .layer(sequenceOutput(new LossBernoulli(), 2, Activation.SIGMOID))
                .setInputType(InputType.recurrent(2, 4)));
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 2, 4);
        requireGradient(network, x, x.dup());
        VariationalModel model = VariationalModel.of(network, "z");
        assertThat(model.encode(x).shape()).containsExactly(3, 2);
        assertThat(model.reconstruct(x).sub(network.output(x)).amaxNumber().doubleValue())
                .isLessThan(1e-12);
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(model, x, 20, 1);
        assertThat(evidence.elbo()).isNegative().isLessThan(-evidence.negativeLogLikelihood() + 0.5);
    }

    @Test
    void learnedVariance_decodesToTheMean() {
        MultiLayerNetwork network = initialized(builder()
                .list()
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nIn(6)
                        .nOut(2)
                        .build())
                .layer(StockLayers.output(new LossGaussianLearnedVariance(), 2, 12, Activation.IDENTITY)));
        INDArray x = Nd4j.rand(DataType.DOUBLE, 3, 6);
        requireGradient(network, x, x.dup());
        assertThat(VariationalModel.of(network, "z").reconstruct(x).shape()).containsExactly(3, 6);
        assertThat(LikelihoodEstimate.estimate(VariationalModel.of(network, "z"), x, 5, 1)
                        .elbo())
                .isFinite();
    }

    @Test
    void vampPrior_isSampledFrom_alsoWithImages() {
        MultiLayerNetwork network = initialized(builder()
                .list()
                .layer(new PseudoInputLayer.Builder().pseudoInputs(3).build())
                .layer(new ConvolutionLayer.Builder(2, 2).nOut(2).build())
                .layer(new GaussianLatentLayer.Builder()
                        .name("z")
                        .nOut(2)
                        .prior(new LatentPrior.Vamp(3))
                        .build())
                .layer(output(16))
                .setInputType(InputType.convolutional(4, 4, 1)));
        VariationalModel model = VariationalModel.of(network, "z");
        INDArray x = Nd4j.rand(DataType.DOUBLE, 5, 1, 4, 4);
        assertThat(model.samplePrior(4, 1).shape()).containsExactly(4, 2);
        assertThat(model.encode(x).shape()).containsExactly(5, 2);
        assertThatArray(model.encode(x).getRow(4))
                .isEqualTo(model.encode(x.get(NDArrayIndex.interval(4, 5))).getRow(0));
        assertThat(LikelihoodEstimate.estimate(
                                model, new ListDataSetIterator<>(List.of(new DataSet(x, x.reshape(5, 16)))), 10, 1)
                        .negativeLogLikelihood())
                .isFinite();
        assertThatArray(Autoencoders.of(network, "z").reconstruct(x)).isEqualTo(model.reconstruct(x));
    }

    @Test
    void decoderThatReadsTheInput_isAClearError() {
        ComputationGraph graph = initialized(builder()
                .graphBuilder()
                .addInputs("x")
                .setInputTypes(InputType.feedForward(6))
                .addLayer("z", new GaussianLatentLayer.Builder().nOut(2).build(), "x")
                .addVertex("skip", new MergeVertex(), "z", "x")
                .addLayer("out", output(6), "skip")
                .setOutputs("out"));
        assertThatThrownBy(() -> VariationalModel.of(graph, "z"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the decoder must depend on the code and side inputs alone")
                .hasMessageContaining("depends on 'x' past 'z'");
    }
}
