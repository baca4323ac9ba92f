package io.github.dl4jae.cli;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.UnseenLevel;
import io.github.dl4jae.training.CheckpointMismatchException;
import io.github.dl4jae.training.CurvePoint;
import io.github.dl4jae.training.StopReason;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.zoo.ZooAutoencoder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Fits an autoencoder to a table or to images. */
@Command(
        name = "fit",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = "Fits an autoencoder to a table or to images, and writes a model. Training stops when the loss on"
                + " validation examples no longer falls. If it is interrupted, the same command continues it.")
final class FitCommand implements Callable<Integer> {

    /** The share of validation examples whose score is below the threshold of the model. */
    private static final double QUANTILE = 0.99;

    private final Console console;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @ArgGroup(multiplicity = "1")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private FitSource source;

    @Option(
            names = "--out",
            paramLabel = "FILE",
            required = true,
            description = "Model file to write. FILE.training beside it holds the state of a training that has not"
                    + " ended.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path out;

    @Mixin
    private final NetworkOptions networkOptions = new NetworkOptions();

    @Option(names = "--epochs", paramLabel = "N", description = "Most epochs. Default: ${DEFAULT-VALUE}.")
    private int epochs = 200;

    @Option(
            names = "--patience",
            paramLabel = "N",
            description = "Epochs without a smaller validation loss after which training stops. Default:"
                    + " ${DEFAULT-VALUE}.")
    private int patience = 10;

    @Option(names = "--batch", paramLabel = "N", description = "Rows or images of a step. Default: ${DEFAULT-VALUE}.")
    private int batch = 64;

    @Option(
            names = "--validation-fraction",
            paramLabel = "F",
            description = "Share of rows or images for validation. Default: ${DEFAULT-VALUE}.")
    private double validationFraction = 0.2;

    @Option(names = "--restart", description = "Begin anew, also if a training can be continued.")
    private boolean restart;

    @Option(names = "--progress", description = "Show a progress bar. Default: only on a terminal.")
    private boolean progress;

    @Option(names = "--json", description = "Print the summary as a JSON object.")
    private boolean json;

    @Option(
            names = "--unseen",
            paramLabel = "CHOICE",
            description = "What becomes of a category that training rows lack: ${COMPLETION-CANDIDATES}. Default:"
                    + " ${DEFAULT-VALUE}.")
    private UnseenLevel unseen = UnseenLevel.ZEROS;

    @Mixin(name = FitSource.TABLE)
    private final TableOptions table = new TableOptions();

    FitCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        check();
        OutputFile.require("--out", out);
        Path checkpoint = out.resolveSibling(out.getFileName() + ".training");
        TableReader reader = table.reader().unseenLevel(unseen).build();
        FitData data =
                source.read(reader, networkOptions.isConvolutional(), 1 - validationFraction, networkOptions.seed());
        if (!json) {
            console.printNotes(data.notes());
        }
        if (restart) {
            Files.deleteIfExists(checkpoint);
        }
        ZooAutoencoder zoo = networkOptions.autoencoder(data.shape());
        NetworkSize.require(zoo);
        MultiLayerNetwork network = zoo.network();
        RowBatches examples = data.training(batch, networkOptions.seed());
        long steps = examples.steps() * epochs;
        try (FitProgress bar = new FitProgress(console, steps, progress || console.isTerminal())) {
            Trainer trainer = trainer(network, examples, data, checkpoint, bar);
            Interruption interruption = new Interruption(trainer, this::printHint);
            try {
                TrainingResult result = fit(trainer, checkpoint);
                if (result.reason() == StopReason.STOPPED) {
                    printHint();
                    return 1;
                }
                ModelBundle bundle = bundle(network, data, result);
                bundle.save(out);
                Files.deleteIfExists(checkpoint);
                print(zoo, bundle, result);
            } finally {
                interruption.end();
            }
        }
        return 0;
    }

    private void check() {
        networkOptions.check();
        Usage.require(spec, epochs >= 1, "--epochs must be at least 1, got " + epochs);
        Usage.require(spec, patience >= 1, "--patience must be at least 1, got " + patience);
        Usage.require(spec, batch >= 1, "--batch must be at least 1, got " + batch);
        Usage.requireFraction(spec, "--validation-fraction", validationFraction);
        source.check(spec, List.of("--unseen"), List.of("--network"));
        Usage.require(spec, !out.toString().equals("-"), "--out must be a file for fit, got -");
    }

    private Trainer trainer(
            MultiLayerNetwork network, RowBatches examples, FitData data, Path checkpoint, FitProgress bar) {
        RowBatches validation = data.validation(batch, networkOptions.seed());
        return new Trainer.Builder(network, TrainingData.perEpoch(examples::shuffled))
                .epochs(epochs)
                .validation(TrainingData.perEpoch(epoch -> validation.inOrder()))
                .patience(patience)
                .checkpoint(checkpoint)
                .dataName(data.name())
                .listener(bar)
                .build();
    }

    private TrainingResult fit(Trainer trainer, Path checkpoint) {
        try {
            return trainer.fit();
        } catch (CheckpointMismatchException e) {
            throw new IllegalArgumentException(
                    checkpoint + " must be of a training with the same options and data; use those of the first run,"
                            + " or --restart: " + e.getMessage(),
                    e);
        }
    }

    private void printHint() {
        console.errors().println("dl4j-ae: training was interrupted; run the same command again to continue it");
    }

    private ModelBundle bundle(MultiLayerNetwork network, FitData data, TrainingResult result) {
        CurvePoint best = result.best().orElseThrow();
        ModelBundle unscored = data.describe(new ModelBundle.Builder(network))
                .codeLayer(ZooAutoencoder.CODE)
                .build();
        TrainedModel model = TrainedModel.of("the model", unscored);
        double[] scores = scores(model, data);
        ModelBundle.Builder bundle = unscored.toBuilder()
                .metric("training " + model.unit() + "s", data.trainingSize())
                .metric("validation " + model.unit() + "s", data.validationSize())
                .metric("epochs", result.epochs())
                .metric("best epoch", best.epoch())
                .metric("validation loss", best.validation());
        if (scores.length > 0) {
            double mean = 0;
            for (double score : scores) {
                mean += score / scores.length;
            }
            bundle.metric("validation " + model.scoreName(), mean)
                    .threshold(model.scoreName(), scores[(int) Math.min(scores.length - 1, scores.length * QUANTILE)]);
        }
        return bundle.build();
    }

    /** Returns the scores of validation examples with values, sorted. */
    private static double[] scores(TrainedModel model, FitData data) {
        return data.validationBatches()
                .flatMap(batch -> batch.scores(model).stream())
                .mapToDouble(Examples.Score::error)
                .filter(Double::isFinite)
                .sorted()
                .toArray();
    }

    private void print(ZooAutoencoder zoo, ModelBundle bundle, TrainingResult result) throws IOException {
        Summary summary = new Summary()
                .add("model", out.toString())
                .add("network", zoo.toString())
                .add("parameters", bundle.network().numParams())
                .add("stopped by", result.reason().name().toLowerCase(Locale.ROOT))
                .add("seconds", result.seconds());
        bundle.metrics().forEach(summary::add);
        if (bundle.threshold() != null) {
            summary.add("threshold", bundle.threshold().value());
        }
        summary.print(console.text(), json);
    }
}
