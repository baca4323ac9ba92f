package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ImageShape;
import io.github.dl4jae.compression.CompressiveNetwork;
import io.github.dl4jae.compression.ImageCompressor;
import io.github.dl4jae.data.ImageSet;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits a compressor to images. */
@Command(
        name = "fit-compressor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Fits a lossy compressor to images of one size. compress and decompress then take images of any"
                + " size.")
final class FitCompressorCommand implements Callable<Integer> {

    /** The number of steps without {@code --epochs}. */
    private static final int STEPS = 2000;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Option(
            names = "--images",
            paramLabel = "PATH",
            required = true,
            description = "IDX file or folder of PNG files, gray or RGB, of one size.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path images;

    @Option(names = "--out", paramLabel = "FILE", required = true, description = "Model file to write.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Option(
            names = "--rate-weight",
            paramLabel = "W",
            description =
                    "Squared error that a bit may cost, for pixels in [0, 1]: 0.0005 gives about 37 dB, 0.06 about"
                            + " 19 dB. Default: ${DEFAULT-VALUE}.")
    private double rateWeight = 0.005;

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the images. Default: as many as give 2,000 steps.")
    private int epochs;

    @Option(names = "--batch", paramLabel = "N", description = "Images of a step. Default: ${DEFAULT-VALUE}.")
    private int batch = 32;

    @Option(names = "--seed", paramLabel = "S", description = "Random seed. Default: ${DEFAULT-VALUE}.")
    private long seed = 42;

    @Option(names = "--progress", description = "Show a progress bar. Default: only on a terminal.")
    private boolean progress;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    FitCompressorCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Usage.require(
                spec,
                rateWeight > 0 && rateWeight < Double.POSITIVE_INFINITY,
                "--rate-weight must be above 0, got " + rateWeight);
        Usage.require(spec, epochs >= 0, "--epochs must be at least 1, got " + epochs);
        Usage.require(spec, batch >= 1, "--batch must be at least 1, got " + batch);
        OutputFile.require("--out", out);
        ImageSet set = ImageSet.read(images);
        int height = set.height() / CompressiveNetwork.BLOCK * CompressiveNetwork.BLOCK;
        int width = set.width() / CompressiveNetwork.BLOCK * CompressiveNetwork.BLOCK;
        if (height == 0 || width == 0) {
            throw new IllegalArgumentException(images + " must have images of at least " + CompressiveNetwork.BLOCK
                    + "×" + CompressiveNetwork.BLOCK + " pixels, got " + set);
        }
        ImageShape shape = new ImageShape(height, width, set.channels());
        RowBatches batches = new RowBatches(set.size(), chosen -> example(set, shape, chosen), batch, seed);
        int passes = epochs == 0 ? (int) ((STEPS + batches.steps() - 1) / batches.steps()) : epochs;
        int steps = Math.toIntExact(batches.steps() * passes);
        MultiLayerNetwork network = CompressiveNetwork.of(shape, rateWeight, steps, seed);
        try (FitProgress bar = new FitProgress(console, steps, progress || console.isTerminal())) {
            TrainingResult result = new Trainer.Builder(network, TrainingData.perEpoch(batches::shuffled))
                    .epochs(passes)
                    .seed(seed)
                    .listener(bar)
                    .build()
                    .fit();
            ImageCompressor.of(network).save(out);
            new Summary()
                    .add("model", out.toString())
                    .add("images", set.size())
                    .add("channels", set.channels())
                    .add("parameters", network.numParams())
                    .add("epochs", result.epochs())
                    .add("seconds", result.seconds())
                    .print(console.text(), json);
        }
        return 0;
    }

    /** Returns images without the rows and columns beyond the last whole block. */
    private static DataSet example(ImageSet set, ImageShape shape, int... chosen) {
        INDArray features = set.features(chosen)
                .reshape('c', chosen.length, shape.channels(), set.height(), set.width())
                .get(
                        NDArrayIndex.all(),
                        NDArrayIndex.all(),
                        NDArrayIndex.interval(0, shape.height()),
                        NDArrayIndex.interval(0, shape.width()))
                .dup('c');
        return new DataSet(features, features);
    }
}
