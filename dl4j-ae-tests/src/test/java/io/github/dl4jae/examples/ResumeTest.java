package io.github.dl4jae.examples;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.sequence.SequenceToSequence;
import io.github.dl4jae.testing.JavaProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.deeplearning4j.util.ModelSerializer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Interrupted runs continue, and runs that do not match are refused. */
@Tag("slow")
class ResumeTest extends LauncherRun {

    @Test
    void killedRun_resumed_endsLikeAnUninterruptedRun() throws IOException, InterruptedException {
        Path whole = out.resolve("whole");
        Path killed = out.resolve("killed");
        run("--epochs", "3", "--out", whole.toString());
        killAfterTheFirstEpoch("--epochs", "3", "--out", killed.toString());

        assertThat(run("--epochs", "3", "--out", killed.toString(), "--resume")).isZero();

        assertThat(text()).containsPattern("Continuing after epoch [12]");
        assertThat(parameters(killed).equalsWithEps(parameters(whole), 1e-5)).isTrue();
    }

    /** Scheduled rates and the state of the updater come back, too. */
    @Test
    void killedTranslation_endsLikeAnUninterruptedOne() throws IOException, InterruptedException {
        String arguments = "translate --examples 300 --test-examples 8 --hidden 8 --epochs 4 --out ";
        Path whole = out.resolve("whole");
        Path killed = out.resolve("killed");
        assertThat(run((arguments + whole).split(" "))).isZero();
        killAfterTheFirstEpoch((arguments + killed).split(" "));

        assertThat(run((arguments + killed + " --resume").split(" "))).isZero();

        assertThat(text()).containsPattern("Continuing after epoch [123]");
        assertThat(SequenceToSequence.load(killed.resolve("model.zip"))
                        .network()
                        .params())
                .isEqualTo(SequenceToSequence.load(whole.resolve("model.zip"))
                        .network()
                        .params());
    }

    /** Runs an example in another process, and kills the process once there is a checkpoint. */
    private static void killAfterTheFirstEpoch(String... arguments) throws IOException, InterruptedException {
        Process process = JavaProcess.of("1g", "2g", Launcher.class, (Object[]) arguments)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        Path checkpoint = Path.of(arguments[arguments.length - 1], "checkpoint.zip");
        while (process.isAlive() && !Files.exists(checkpoint)) {
            process.waitFor(20, TimeUnit.MILLISECONDS);
        }
        process.destroyForcibly().waitFor();
    }

    private static INDArray parameters(Path directory) throws IOException {
        return ModelSerializer.restoreMultiLayerNetwork(
                        directory.resolve("checkpoint.zip").toFile())
                .params();
    }

    @Test
    void resume_withAnotherSeed_isRefused() {
        run("linear-pca", "--epochs", "1", "--out", out.toString());

        assertThat(run("linear-pca", "--epochs", "2", "--seed", "7", "--resume", "--out", out.toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("must be of the same example, data, seed and options")
                .contains("(--seed 42 there, 7 here)");
    }

    @Test
    void resume_withFewerImages_isRefused() {
        run("linear-pca", "--epochs", "1", "--out", out.toString());

        assertThat(run("linear-pca", "--epochs", "2", "--train-images", "1000", "--resume", "--out", out.toString()))
                .isEqualTo(1);
        assertThat(text()).contains("must be of the same example, data, seed and options");
    }

    @Test
    void resume_withAnotherObjective_isRefused() {
        run("beta-vae", "--epochs", "1", "--train-images", "1000", "--out", out.toString());

        assertThat(run(
                        "beta-vae",
                        "--beta",
                        "8",
                        "--epochs",
                        "2",
                        "--train-images",
                        "1000",
                        "--resume",
                        "--out",
                        out.toString()))
                .isEqualTo(1);
        assertThat(text())
                .contains("must be of the same example, data, seed and options")
                .contains("(--beta 4.0 there, 8.0 here)");
    }

    /** The run was killed before its second network had a checkpoint. */
    @Test
    void resume_ofSeveralTrainings_startsThoseWithoutACheckpoint() throws IOException {
        String few = "iwae --epochs 1 --train-images 2000 --likelihood-samples 20 --out " + out;
        run(few.split(" "));
        Files.delete(out.resolve("checkpoint.zip"));

        assertThat(run((few + " --resume").split(" "))).isZero();
        assertThat(text()).contains("Continuing after epoch 1");
    }

    @Test
    void secondRun_keepsTheCheckpointOfTheFirst() {
        run("linear-pca", "--epochs", "1", "--out", out.toString());
        run("linear-pca", "--epochs", "1", "--out", out.toString());

        assertThat(out).isDirectoryContaining("glob:**checkpoint.previous.zip");
    }
}
