package io.github.dl4jae.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.NdArrayAssert;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;
import org.nd4j.linalg.factory.Nd4j;

/** A training that is stopped and resumed is bit by bit that of an uninterrupted run. */
@Tag("slow")
class ExactResumeTest {

    @TempDir
    private Path directory;

    /** Trains, and stops after a number of steps. */
    private static TrainingResult stopAfter(int steps, Model network, Path checkpoint) {
        Trainer[] trainer = new Trainer[1];
        trainer[0] = TrainingCases.training(network)
                .checkpoint(checkpoint)
                .listener(new ProgressListener() {
                    @Override
                    public void stepDone(int epoch, long step, double score) {
                        if (step == steps) {
                            trainer[0].stop();
                        }
                    }
                })
                .build();
        return trainer[0].fit();
    }

    private void requireExact(TrainingCases which, int steps) {
        TrainingCases.Outcome whole = which.train(directory.resolve("whole.zip"));

        Path checkpoint = directory.resolve("stopped.zip");
        TrainingResult first = stopAfter(steps, which.create(), checkpoint);
        TrainingCases.Outcome resumed = which.train(checkpoint);

        assertThat(first.reason()).isEqualTo(StopReason.STOPPED);
        assertThat(first.steps()).isEqualTo(steps);
        assertThat(resumed).isEqualTo(whole);
    }

    @ParameterizedTest
    @CsvSource({"DROPOUT, 1", "NOISE, 5", "VARIATIONAL, 4", "K_SPARSE, 3", "GRAPH, 8"})
    void training_stoppedAtAStepAndResumed_equalsAnUninterruptedRun(TrainingCases which, int steps) {
        requireExact(which, steps);
    }

    static Stream<Arguments> casesAndSteps() {
        return Stream.of(TrainingCases.values())
                .flatMap(which -> IntStream.rangeClosed(1, 8).mapToObj(steps -> Arguments.of(which, steps)));
    }

    @Tag("slow")
    @ParameterizedTest
    @MethodSource("casesAndSteps")
    void training_stoppedAtAnyStepAndResumed_equalsAnUninterruptedRun(TrainingCases which, int steps) {
        requireExact(which, steps);
    }

    /** A clone of a trained graph begins at count 0, and its k where it was. */
    @Test
    void networkWhoseCountsWereDropped_resumesExactly() {
        Model whole = clonedAfterTraining();
        TrainingCases.training(whole).build().fit();
        Path checkpoint = directory.resolve("stopped.zip");
        stopAfter(4, clonedAfterTraining(), checkpoint);
        Model resumed = clonedAfterTraining();
        TrainingCases.training(resumed).checkpoint(checkpoint).build().fit();

        assertThat(resumed.params().toFloatVector()).isEqualTo(whole.params().toFloatVector());
    }

    private static ComputationGraph clonedAfterTraining() {
        ComputationGraph graph = (ComputationGraph) TrainingCases.GRAPH.create();
        TrainingCases.training(graph).epochs(1).restoreBest(false).build().fit();
        return graph.clone();
    }

    @ParameterizedTest
    @EnumSource(names = {"DROPOUT", "GRAPH"})
    void training_withIteratorsPerEpoch_equalsThatWithOneIterator(TrainingCases which) {
        Path checkpoint = directory.resolve("stopped.zip");
        Model model = which.create();
        stopAfter(5, model, checkpoint);
        Model resumed = which.create();
        TrainingResult result = new Trainer.Builder(resumed, TrainingCases.perEpoch())
                .epochs(TrainingCases.EPOCHS)
                .validation(TrainingCases.heldOut())
                .checkpoint(checkpoint)
                .build()
                .fit();

        assertThat(TrainingCases.Outcome.of(resumed, result)).isEqualTo(which.train(directory.resolve("whole.zip")));
    }

    /** The iterator adds random numbers of ND4J in the thread that reads ahead. */
    @Test
    void iteratorWithRandomNumbersOfNd4j_isReproduced() {
        Path checkpoint = directory.resolve("stopped.zip");
        Model whole = TrainingCases.NOISE.create();
        Model stopped = TrainingCases.NOISE.create();
        Model resumed = TrainingCases.NOISE.create();

        onNoisyData(whole).build().fit();
        onNoisyData(stopped).epochs(1).checkpoint(checkpoint).build().fit();
        onNoisyData(resumed).checkpoint(checkpoint).build().fit();

        assertThat(resumed.params().toFloatVector()).isEqualTo(whole.params().toFloatVector());
    }

    private static Trainer.Builder onNoisyData(Model network) {
        DataSetIterator digits = TrainingCases.heldOut();
        digits.setPreProcessor(minibatch -> minibatch
                .getFeatures()
                .addi(Nd4j.randn(minibatch.getFeatures().shape()).castTo(DataType.FLOAT)));
        return new Trainer.Builder(network, digits).epochs(3).restoreBest(false);
    }

    @Test
    void trainings_ofDifferentSeeds_differ() {
        List<Integer> hashes = new ArrayList<>();
        for (long seed : new long[] {1, 2}) {
            Model model = TrainingCases.DROPOUT.create();
            TrainingCases.training(model).seed(seed).build().fit();
            hashes.add(Arrays.hashCode(model.params().toFloatVector()));
        }
        assertThat(hashes.get(0)).isNotEqualTo(hashes.get(1));
    }

    @ParameterizedTest
    @EnumSource(names = {"DROPOUT", "K_SPARSE"})
    void finishedTraining_resumed_restoresItsResultWithoutTraining(TrainingCases which) {
        Path checkpoint = directory.resolve("finished.zip");
        TrainingCases.Outcome first = which.train(checkpoint);
        Model again = which.create();
        List<Long> steps = new ArrayList<>();

        TrainingResult result = TrainingCases.training(again)
                .checkpoint(checkpoint)
                .listener(new ProgressListener() {
                    @Override
                    public void stepDone(int epoch, long step, double score) {
                        steps.add(step);
                    }
                })
                .build()
                .fit();

        assertThat(steps).isEmpty();
        assertThat(TrainingCases.Outcome.of(again, result)).isEqualTo(first);
    }

    @Test
    void finishedTraining_withMoreEpochs_equalsOneOfAllEpochs() {
        Path checkpoint = directory.resolve("finished.zip");
        TrainingCases.VARIATIONAL.train(checkpoint);
        Model longer = TrainingCases.VARIATIONAL.create();
        Model whole = TrainingCases.VARIATIONAL.create();

        TrainingCases.training(longer).epochs(5).checkpoint(checkpoint).build().fit();
        TrainingCases.training(whole).epochs(5).build().fit();

        assertThat(longer.params().toFloatVector()).isEqualTo(whole.params().toFloatVector());
    }

    @Test
    void checkpoint_isAModelFile() throws IOException {
        Path checkpoint = directory.resolve("model.zip");
        MultiLayerNetwork network = (MultiLayerNetwork) TrainingCases.K_SPARSE.create();
        TrainingCases.training(network)
                .restoreBest(false)
                .checkpoint(checkpoint)
                .build()
                .fit();

        MultiLayerNetwork read = ModelSerializer.restoreMultiLayerNetwork(checkpoint.toFile(), true);

        NdArrayAssert.assertThatArray(read.params()).isEqualTo(network.params());
        NdArrayAssert.assertThatArray(read.getUpdater().getStateViewArray())
                .isEqualTo(network.getUpdater().getStateViewArray());
        assertThat(read.getEpochCount()).isEqualTo(TrainingCases.EPOCHS);
        assertThat(read.getIterationCount()).isEqualTo(TrainingCases.EPOCHS * TrainingCases.STEPS);
    }
}
