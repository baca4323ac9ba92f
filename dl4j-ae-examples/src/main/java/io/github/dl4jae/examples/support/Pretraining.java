package io.github.dl4jae.examples.support;

import io.github.dl4jae.pretraining.GreedyLayerwisePretrainer;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.PretrainingListener;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;

/**
 * Pretrains a stack of layers with a progress bar and a checkpoint, {@code pretraining.zip}, from which
 * {@code --resume} continues.
 */
public final class Pretraining {

    private final ExampleOptions options;
    private final ExampleData data;
    private final Path checkpoint;
    private final int batch;
    private final int[] epochs;
    private double seconds;

    /**
     * Prepares the pretraining.
     *
     * @param options the seed
     * @param data training images
     * @param directory directory of the checkpoint
     * @param batch images per mini-batch
     * @param epochs epochs of each layer, or one number for all layers
     */
    public Pretraining(ExampleOptions options, ExampleData data, Path directory, int batch, int... epochs) {
        this.options = options;
        this.data = data;
        this.checkpoint = directory.resolve("pretraining.zip");
        this.batch = batch;
        this.epochs = epochs.clone();
    }

    /**
     * Pretrains a network layer by layer.
     *
     * @param network the initialized network; its weights are changed
     * @return the pretrained stack, which can be unrolled
     */
    public PretrainedStack run(MultiLayerNetwork network) {
        long layers = IntStream.range(0, network.getnLayers())
                .filter(i -> network.getLayer(i).isPretrainLayer())
                .count();
        long allEpochs =
                epochs.length == 1 ? layers * epochs[0] : Arrays.stream(epochs).sum();
        long steps = (data.train().size() + batch - 1L) / batch;
        long start = System.nanoTime();
        try (MinibatchBar bar = new MinibatchBar("pretrain", steps * allEpochs)) {
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
                            bar.message(String.format(
                                    Locale.ROOT, "layer %d epoch %d score %.3f", layer, epoch + 1, meanScore));
                        }
                    })
                    .build();
            pretrainer.fit(data.train().iterator(batch).shuffle(options.seed()).build());
            seconds = (System.nanoTime() - start) / 1e9;
            return PretrainedStack.of(network);
        }
    }

    /**
     * Returns the duration.
     *
     * @return seconds, without the time of an interrupted run
     */
    public double seconds() {
        return seconds;
    }
}
