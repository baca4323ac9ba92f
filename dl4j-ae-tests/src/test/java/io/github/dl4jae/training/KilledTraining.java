package io.github.dl4jae.training;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.api.Model;

/** A training in a JVM of its own, for {@link KilledTrainingTest}: case, epochs, checkpoint, file of the outcome. */
final class KilledTraining {

    private static final long MILLIS_PER_STEP = 5;

    private KilledTraining() {}

    public static void main(String[] arguments) throws IOException {
        Model network = TrainingCases.valueOf(arguments[0]).create();
        TrainingResult result = TrainingCases.training(network)
                .epochs(Integer.parseInt(arguments[1]))
                .checkpoint(Path.of(arguments[2]))
                .checkpointEvery(1)
                .listener(new ProgressListener() {
                    @Override
                    public void stepDone(int epoch, long step, double score) {
                        try {
                            Thread.sleep(MILLIS_PER_STEP);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                        }
                    }
                })
                .build()
                .fit();
        Files.writeString(
                Path.of(arguments[3]), TrainingCases.Outcome.of(network, result).toString());
    }
}
