package io.github.dl4jae.training;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.deeplearning4j.datasets.iterator.ExistingDataSetIterator;
import org.deeplearning4j.exception.DL4JInvalidInputException;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Sgd;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

/** NaN and infinity stop training with the name of the layer, and the last good state remains. */
class DivergedTrainingTest {

    private static final INDArray X =
            Nd4j.linspace(DataType.FLOAT, -1, 2.0 / 19, 20).reshape(5, 4);

    @TempDir
    private Path directory;

    private static MultiLayerNetwork network(double rate) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new Sgd(rate))
                .list()
                .layer(new DenseLayer.Builder()
                        .name("code")
                        .nOut(3)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new OutputLayer.Builder(new LossMSE())
                        .name("out")
                        .nOut(4)
                        .activation(Activation.IDENTITY)
                        .build())
                .setInputType(InputType.feedForward(4)));
    }

    private static TrainingData data(int minibatches, DataSet last) {
        return TrainingData.perEpoch(
                epoch -> new ExistingDataSetIterator(java.util.stream.IntStream.rangeClosed(1, minibatches)
                        .mapToObj(i -> i == minibatches ? last : new DataSet(X, X))
                        .toList()));
    }

    /** Trains four steps of which the last one fails, and returns the failure. */
    private TrainingDivergedException failure(MultiLayerNetwork network, Consumer<MultiLayerNetwork> beforeTheLast) {
        network.setListeners(new BaseTrainingListener() {
            @Override
            public void iterationDone(Model model, int iteration, int epoch) {
                if (iteration == 2) {
                    beforeTheLast.accept(network);
                }
            }
        });
        return catchThrowableOfType(
                TrainingDivergedException.class, () -> new Trainer.Builder(network, data(4, new DataSet(X, X)))
                        .epochs(1)
                        .checkpoint(directory.resolve("c.zip"))
                        .build()
                        .fit());
    }

    @Test
    void activation_isNamed_andTheStateBeforeTheStepRemains() throws Exception {
        MultiLayerNetwork network = network(0.01);
        INDArray before = Nd4j.create(DataType.FLOAT, network.numParams());
        // activations overflow in the code layer, although its parameters are finite
        TrainingDivergedException failure = failure(network, trained -> {
            trained.getLayer(0).getParam("W").assign(3e38);
            before.assign(trained.params());
        });

        assertThat(failure.layer()).isEqualTo("code");
        assertThat(failure.source()).isEqualTo(TrainingDivergedException.Source.ACTIVATION);
        assertThat(failure)
                .hasMessageContaining("got NaN or infinity in an activation of layer 'code' at step 4")
                .hasMessageContaining("the network is that after step 3, also in " + directory.resolve("c.zip"));
        assertThatArray(network.params())
                .isEqualTo(before.reshape(network.params().shape()));
        assertThatArray(ModelSerializer.restoreMultiLayerNetwork(
                                directory.resolve("c.zip").toFile())
                        .params())
                .isEqualTo(network.params());
        assertThat(network.getIterationCount()).isEqualTo(3);
    }

    @Test
    void gradient_isNamed() {
        // outputs near 1e30 are finite; their square and the gradient of the weights are not
        TrainingDivergedException failure = failure(
                network(0.01), trained -> trained.getLayer(1).getParam("W").assign(1e30));

        assertThat(failure.layer()).isIn("out", "code");
        assertThat(failure.source())
                .isIn(TrainingDivergedException.Source.GRADIENT, TrainingDivergedException.Source.SCORE);
    }

    @Test
    void parameter_isNamed_andTheLastCheckpointRemains() {
        MultiLayerNetwork network = network(1e39);
        INDArray before = network.params().dup();

        TrainingDivergedException failure = failure(network, trained -> {});

        assertThat(failure.source()).isEqualTo(TrainingDivergedException.Source.PARAMETER);
        assertThat(failure.layer()).isEqualTo("code");
        assertThat(failure)
                .hasMessageContaining("in parameter")
                .hasMessageContaining("the network is that after step 0");
        assertThatArray(network.params()).isEqualTo(before);
        assertThat(network.getIterationCount()).isZero();
    }

    @Test
    void dataThatAreNotFinite_areNamed_andTheStateBeforeRemains() {
        INDArray bad = X.dup();
        bad.putScalar(2, 1, Float.NaN);
        MultiLayerNetwork network = network(0.01);
        MultiLayerNetwork threeSteps = network(0.01);
        Trainer trainer = new Trainer.Builder(network, data(4, new DataSet(bad, X)))
                .epochs(1)
                .checkpoint(directory.resolve("c.zip"))
                .build();

        assertThatThrownBy(trainer::fit)
                .isInstanceOf(DL4JInvalidInputException.class)
                .hasMessageContaining("features must be finite, got NaN at [2, 1]");
        for (int i = 0; i < 3; i++) {
            threeSteps.fit(new DataSet(X, X));
        }
        assertThatArray(network.params()).isEqualTo(threeSteps.params());
        assertThat(directory.resolve("c.zip")).isNotEmptyFile();
    }

    @Test
    void parametersThatAreNotFinite_areRefusedBeforeTraining() {
        MultiLayerNetwork network = network(0.01);
        network.getLayer(1).getParam("b").putScalar(0, Float.NaN);

        assertThatThrownBy(() -> new Trainer.Builder(network, data(1, new DataSet(X, X)))
                        .epochs(1)
                        .build()
                        .fit())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("got NaN or infinity in parameter b of layer 'out'");
    }

    @Test
    void validationScoreThatIsNotFinite_isRefused_withACheckpoint() {
        MultiLayerNetwork network = network(0.01);
        INDArray bad = X.dup();
        bad.putScalar(0, Float.NaN);

        assertThatThrownBy(() -> new Trainer.Builder(network, data(2, new DataSet(X, X)))
                        .epochs(1)
                        .validation(TrainingData.perEpoch(
                                epoch -> new ExistingDataSetIterator(List.of(new DataSet(bad, bad)))))
                        .checkpoint(directory.resolve("c.zip"))
                        .build()
                        .fit())
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("the validation score must be finite, got NaN after step 2");
        assertThat(directory.resolve("c.zip")).isNotEmptyFile();
    }
}
