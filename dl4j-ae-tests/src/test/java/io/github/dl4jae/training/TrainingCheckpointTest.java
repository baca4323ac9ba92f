package io.github.dl4jae.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.github.dl4jae.data.SyntheticDigits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.nd4j.linalg.api.ndarray.INDArray;

@Tag("slow")
class TrainingCheckpointTest {

    @TempDir
    private Path directory;

    private Path file() {
        return directory.resolve("checkpoint.zip");
    }

    static Stream<Arguments> otherOptions() {
        return Stream.of(
                Arguments.of("seed 5 there, 6 here", (UnaryOperator<Trainer.Builder>) trainer -> trainer.seed(6)),
                Arguments.of(
                        "patience none there, 2 here", (UnaryOperator<Trainer.Builder>) trainer -> trainer.patience(2)),
                Arguments.of("evaluateEvery epoch there, 2 steps here", (UnaryOperator<Trainer.Builder>)
                        trainer -> trainer.evaluateEvery(2)),
                Arguments.of("data  there, others here", (UnaryOperator<Trainer.Builder>)
                        trainer -> trainer.dataName("others")),
                Arguments.of("reduceLearningRate none there, 0.5 after 1 here", (UnaryOperator<Trainer.Builder>)
                        trainer -> trainer.reduceLearningRate(0.5, 1)));
    }

    @ParameterizedTest
    @MethodSource("otherOptions")
    void checkpoint_ofOtherOptions_isRefusedByName(String difference, UnaryOperator<Trainer.Builder> other) {
        TrainingCases.NOISE.train(file());
        Model network = TrainingCases.NOISE.create();
        INDArray before = network.params().dup();
        Trainer trainer =
                other.apply(TrainingCases.training(network).checkpoint(file())).build();

        assertThatThrownBy(trainer::fit)
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining(
                        "Trainer: the checkpoint must be of the same configuration, got another in " + file())
                .hasMessageContaining(difference);
        assertThat(network.params().equals(before)).isTrue();
    }

    @Test
    void checkpoint_ofAnotherNetwork_isRefusedByOption() {
        TrainingCases.NOISE.train(file());
        MultiLayerNetwork other = (MultiLayerNetwork) TrainingCases.NOISE.create();
        other.setLearningRate(0, 0.5);

        assertThatThrownBy(() ->
                        TrainingCases.training(other).checkpoint(file()).build().fit())
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("learningRate 0.01 there, 0.5 here");
    }

    @Test
    void otherData_areRefused_orAcceptedByOption() {
        TrainingCases.NOISE.train(file());
        Model network = TrainingCases.NOISE.create();

        assertThatThrownBy(() -> onOtherDigits(network).build().fit())
                .isInstanceOf(CheckpointMismatchException.class)
                .hasMessageContaining("a resumed training must have the data of the first run");
        assertThat(onOtherDigits(network).sameData(false).build().fit().epochs())
                .isEqualTo(5);
    }

    private Trainer.Builder onOtherDigits(Model network) {
        return new Trainer.Builder(
                        network,
                        SyntheticDigits.generate(50, 9).iterator(20).shuffle(7).build())
                .epochs(5)
                .validation(TrainingCases.heldOut())
                .checkpoint(file());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a-directory", "a-file/checkpoint.zip"})
    void fileThatCannotBeWritten_isRefusedBeforeTraining(String name) throws IOException {
        Files.createDirectories(directory.resolve("a-directory"));
        Files.createFile(directory.resolve("a-file"));
        List<Long> steps = new ArrayList<>();
        Trainer trainer = TrainingCases.training(TrainingCases.NOISE.create())
                .checkpoint(directory.resolve(name))
                .listener(new ProgressListener() {
                    @Override
                    public void stepDone(int epoch, long step, double score) {
                        steps.add(step);
                    }
                })
                .build();

        assertThatThrownBy(trainer::fit)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        "Trainer: the checkpoint must be a file that can be written, got " + directory.resolve(name));
        assertThat(steps).isEmpty();
    }

    @Test
    void fileThatIsNoCheckpoint_isRefused() throws IOException {
        MultiLayerNetwork network = (MultiLayerNetwork) TrainingCases.NOISE.create();
        ModelSerializer.writeModel(network, file().toFile(), true);
        assertThatThrownBy(() -> TrainingCases.NOISE.train(file()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("the checkpoint must be written by a Trainer");

        Files.writeString(file(), "no zip");
        assertThatThrownBy(() -> TrainingCases.NOISE.train(file()))
                .isInstanceOf(java.io.UncheckedIOException.class)
                .hasMessageContaining("cannot be read; delete it to start a new training");
    }

    @Test
    void reducedLearningRates_continueAfterAResumption() {
        Model whole = TrainingCases.DROPOUT.create();
        Model parts = TrainingCases.DROPOUT.create();
        onPlateau(whole).epochs(6).build().fit();
        onPlateau(parts).epochs(3).checkpoint(file()).build().fit();
        Model resumed = TrainingCases.DROPOUT.create();
        TrainingResult result =
                onPlateau(resumed).epochs(6).checkpoint(file()).build().fit();

        assertThat(result.curve().get(5).rateFactor()).isLessThan(1);
        assertThat(resumed.params().toFloatVector()).isEqualTo(whole.params().toFloatVector());
    }

    /** An improvement of 1000 never comes: the rate falls after every epoch. */
    private static Trainer.Builder onPlateau(Model network) {
        return TrainingCases.training(network)
                .minimumImprovement(1000)
                .restoreBest(false)
                .reduceLearningRate(0.7, 1);
    }

    @Test
    void checkpointEvents_nameTheFile() {
        List<String> written = new ArrayList<>();
        TrainingCases.training(TrainingCases.NOISE.create())
                .epochs(1)
                .checkpoint(file())
                .checkpointEvery(2)
                .listener(new ProgressListener() {
                    @Override
                    public void checkpointWritten(Path file, int epochs, long steps) {
                        written.add(file.getFileName() + " " + epochs + " " + steps);
                    }
                })
                .build()
                .fit();

        assertThat(written).containsExactly("checkpoint.zip 0 2", "checkpoint.zip 1 3");
    }
}
