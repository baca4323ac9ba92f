package io.github.dl4jae.training;

import static io.github.dl4jae.testing.Networks.initialized;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.dropout.Dropout;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BatchNormalization;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.DropoutLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.schedule.ScheduleType;

/** Small trainings of every kind of network, each with randomness, for comparisons of whole runs. */
enum TrainingCases {
    DROPOUT(() -> initialized(base().list()
            .layer(new DenseLayer.Builder()
                    .nOut(16)
                    .activation(Activation.RELU)
                    .dropOut(new Dropout(0.8))
                    .build())
            .layer(new BatchNormalization.Builder().build())
            .layer(new DropoutLayer.Builder(0.7).build())
            .layer(decoder())
            .setInputType(input()))),
    NOISE(() -> initialized(base().list()
            .layer(new FastDenseLayer.Builder()
                    .nOut(16)
                    .activation(Activation.TANH)
                    .dropOut(new GaussianCorruption(0.2, 3))
                    .build())
            .layer(decoder())
            .setInputType(input()))),
    VARIATIONAL(() -> initialized(base().list()
            .layer(new FastDenseLayer.Builder()
                    .nOut(16)
                    .activation(Activation.TANH)
                    .build())
            .layer(new GaussianLatentLayer.Builder()
                    .name("z")
                    .nOut(3)
                    .beta(new LinearSchedule(ScheduleType.ITERATION, 0, 1, 9))
                    .build())
            .layer(decoder())
            .setInputType(input()))),
    K_SPARSE(() -> initialized(base().list()
            .layer(new FastDenseLayer.Builder().nOut(20).build())
            .layer(new TopKLayer.Builder()
                    .name("code")
                    .k(new LinearSchedule(ScheduleType.EPOCH, 18, 4, 2))
                    .build())
            .layer(decoder())
            .setInputType(input()))),
    GRAPH(() -> initialized(base().graphBuilder()
            .addInputs("x")
            .addLayer(
                    "encoder",
                    new DenseLayer.Builder()
                            .nOut(16)
                            .activation(Activation.TANH)
                            .dropOut(0.9)
                            .build(),
                    "x")
            .addLayer(
                    "code",
                    new TopKLayer.Builder()
                            .k(new LinearSchedule(ScheduleType.ITERATION, 12, 4, 7))
                            .build(),
                    "encoder")
            .addLayer("decoder", decoder(), "code")
            .setOutputs("decoder")
            .setInputTypes(input())));

    static final int PIXELS = 28 * 28;
    static final int EPOCHS = 3;
    /** Mini-batches of an epoch: two of 20, one of 10. */
    static final int STEPS = 3;

    private static final LabeledImages DIGITS = SyntheticDigits.generate(50, 1);
    private static final LabeledImages HELD_OUT = SyntheticDigits.generate(30, 2);

    @SuppressWarnings("ImmutableEnumChecker") // the suppliers have no state
    private final Supplier<Model> network;

    TrainingCases(Supplier<Model> network) {
        this.network = network;
    }

    private static InputType input() {
        return InputType.feedForward(PIXELS);
    }

    private static NeuralNetConfiguration.Builder base() {
        return new NeuralNetConfiguration.Builder().seed(5).updater(new Adam(0.01));
    }

    private static FastOutputLayer decoder() {
        return new FastOutputLayer.Builder(new LossBernoulli())
                .nOut(PIXELS)
                .activation(Activation.SIGMOID)
                .updater(new FastAdam(0.01))
                .build();
    }

    Model create() {
        return network.get();
    }

    /** Returns the settings of the training of a network; each with new iterators. */
    static Trainer.Builder training(Model network) {
        return new Trainer.Builder(network, DIGITS.iterator(20).shuffle(7).build())
                .epochs(EPOCHS)
                .validation(heldOut());
    }

    /** Returns the data of {@link #training}, by epoch. */
    static TrainingData perEpoch() {
        return TrainingData.perEpoch(
                epoch -> DIGITS.iterator(20).shuffle(7).startEpoch(epoch).build());
    }

    static DataSetIterator heldOut() {
        return HELD_OUT.iterator(30).build();
    }

    /** Trains with a checkpoint, from its beginning or where it stopped; returns all that training decides. */
    Outcome train(Path checkpoint) {
        Model model = create();
        TrainingResult result = training(model)
                .checkpoint(checkpoint)
                .checkpointEvery(1)
                .build()
                .fit();
        return Outcome.of(model, result);
    }

    /** What two runs must have in common bit by bit. */
    record Outcome(List<Float> parameters, List<Float> updaterState, List<String> curve, StopReason reason) {

        static Outcome of(Model model, TrainingResult result) {
            INDArray updaterState = model instanceof MultiLayerNetwork stack
                    ? stack.getUpdater().getStateViewArray()
                    : ((ComputationGraph) model).getUpdater().getStateViewArray();
            return new Outcome(
                    list(model.params()),
                    list(updaterState),
                    result.curve().stream()
                            .map(point -> point.epoch() + " " + point.step() + " " + point.training() + " "
                                    + point.validation() + " " + point.best())
                            .toList(),
                    result.reason());
        }

        private static List<Float> list(INDArray array) {
            List<Float> values = new ArrayList<>();
            for (float value : array.toFloatVector()) {
                values.add(value);
            }
            return values;
        }

        /** A short text, which is equal only for equal outcomes. */
        @Override
        public String toString() {
            return parameters.hashCode() + " " + updaterState.hashCode() + " " + curve + " " + reason;
        }
    }
}
