package io.github.dl4jae.examples;

import io.github.dl4jae.pretraining.GreedyLayerwisePretrainer;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.PretrainingListener;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/** Pretrains a stack with a progress bar and a checkpoint, {@code pretraining.zip}, that {@code --resume} continues from. */
final class Pretraining {

    private final ExampleOptions options;
    private final ExampleData data;
    private final Path directory;
    private final int batch;
    private final int[] epochs;
    private double seconds;

    Pretraining(ExampleOptions options, ExampleData data, Path directory, int batch, int... epochs) {
        this.options = options;
        this.data = data;
        this.directory = directory;
        this.batch = batch;
        this.epochs = epochs;
    }

    /** Pretrains an initialized network. */
    PretrainedStack run(MultiLayerNetwork network) {
        Path checkpoint = directory.resolve("pretraining.zip");
        long layers = IntStream.range(0, network.getnLayers())
                .filter(i -> network.getLayer(i).isPretrainLayer())
                .count();
        long epochsInAll =
                epochs.length == 1 ? layers * epochs[0] : Arrays.stream(epochs).sum();
        long steps = (data.train().size() + batch - 1L) / batch;
        long start = System.nanoTime();
        try (ProgressBar bar = new ProgressBarBuilder()
                .setTaskName("pretrain")
                .setInitialMax(steps * epochsInAll)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(1000)
                .build()) {
            GreedyLayerwisePretrainer pretrainer = new GreedyLayerwisePretrainer.Builder(network)
                    .epochs(epochs)
                    .checkpoint(checkpoint)
                    .listener(new PretrainingListener() {
                        @Override
                        public void minibatchDone(int layer, int epoch, double score) {
                            bar.step();
                        }

                        @Override
                        public void epochDone(int layer, int epoch, double meanScore) {
                            bar.setExtraMessage(String.format(
                                    Locale.ROOT, " layer %d epoch %d score %.3f", layer, epoch + 1, meanScore));
                        }
                    })
                    .build();
            pretrainer.fit(data.train().iterator(batch).shuffle(options.seed()).build());
            seconds = (System.nanoTime() - start) / 1e9;
            return PretrainedStack.of(network);
        }
    }

    /** How long it took, without what an interrupted run took before. */
    double seconds() {
        return seconds;
    }
}
