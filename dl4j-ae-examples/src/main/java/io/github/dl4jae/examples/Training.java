package io.github.dl4jae.examples;

import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.internal.io.AtomicFile;
import io.github.dl4jae.training.ExitGuard;
import io.github.dl4jae.training.FiniteGuard;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleBiFunction;
import java.util.function.UnaryOperator;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;
import me.tongfei.progressbar.ProgressBarStyle;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.optimize.api.BaseTrainingListener;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains a network to reconstruct images: a progress bar, a validation score after each epoch, early stopping, and a
 * checkpoint that a killed run continues from as if nothing had happened.
 *
 * <p>Files in the output directory, each written to a temporary name and moved: {@code checkpoint.zip} after every epoch,
 * {@code best.zip} when the validation score is the best so far, {@code curve.csv} with a line per epoch. Deeplearning4j's
 * own early stopping does not resume and does not move its files.
 */
final class Training {

    private static final String HEADER = "epoch,train,validation,seconds,data";
    private static final ExitGuard EXIT_GUARD = new ExitGuard();

    private final ExampleOptions options;
    private final ExampleData data;
    private final Path directory;
    private final int epochs;
    private final int batch;
    private UnaryOperator<ImageIterator.Builder> minibatchOptions = UnaryOperator.identity();
    private TrainingListener[] listeners = {};
    private ToDoubleBiFunction<Model, DataSetIterator> validation;
    private int patience = 5;
    private boolean keepLast;
    private boolean mayBeNew;

    Training(ExampleOptions options, ExampleData data, Path directory, int epochs, int batch) {
        this.options = options;
        this.data = data;
        this.directory = directory;
        this.epochs = epochs;
        this.batch = batch;
    }

    /** How minibatches differ from flat gray images. */
    Training minibatches(UnaryOperator<ImageIterator.Builder> options) {
        this.minibatchOptions = options;
        return this;
    }

    /** Who else listens. */
    Training listeners(TrainingListener... more) {
        this.listeners = more;
        return this;
    }

    /**
     * Scores validation images, per image, by something else than the network's own score, whose objective may change
     * on the way.
     */
    Training validateBy(ToDoubleBiFunction<Model, DataSetIterator> score) {
        this.validation = score;
        return this;
    }

    /** After how many epochs without a better validation score training stops. */
    Training patience(int epochsWithoutGain) {
        this.patience = epochsWithoutGain;
        return this;
    }

    /** Of several trainings in one run: where an interrupted one did not come to it, it begins anew. */
    Training oneOfSeveral() {
        this.mayBeNew = true;
        return this;
    }

    /** Takes the network of the last epoch, not that of the best validation score: for objectives that change on the way. */
    Training keepLast() {
        this.keepLast = true;
        return this;
    }

    /**
     * What came of it.
     *
     * @param network with the parameters of the best epoch, or of the last
     * @param curve one entry per epoch
     * @param <N> the kind of network
     */
    record Result<N extends Model>(N network, List<Epoch> curve) {

        double[] trainScores() {
            return curve.stream().mapToDouble(Epoch::train).toArray();
        }

        double[] validationScores() {
            return curve.stream().mapToDouble(Epoch::validation).toArray();
        }

        double seconds() {
            return curve.stream().mapToDouble(Epoch::seconds).sum();
        }
    }

    /**
     * One epoch.
     *
     * @param train mean score over its minibatches
     * @param validation score afterwards
     * @param seconds it took
     */
    record Epoch(double train, double validation, double seconds) {}

    /** Trains an initialized network of layers. */
    Result<MultiLayerNetwork> run(MultiLayerNetwork fresh) {
        return run(Trainable.layers(fresh));
    }

    /** Trains an initialized network, or the one in the checkpoint if the run is to be resumed. */
    <N extends Model> Result<N> run(Trainable<N> fresh) {
        List<Epoch> curve = new ArrayList<>();
        Trainable<N> network = options.resume() && !(mayBeNew && notBegun()) ? resume(fresh, curve) : fresh;
        ImageIterator minibatches = minibatchOptions
                .apply(data.train().iterator(batch))
                .shuffle(options.seed())
                .startEpoch(curve.size())
                .build();
        long steps = (data.train().size() + batch - 1L) / batch;
        System.out.printf(
                Locale.ROOT,
                "Training on %s, %d parameters, at most %d epochs%n",
                data.train(),
                network.network().numParams(),
                epochs);
        try (ProgressBar bar = bar(steps * epochs)) {
            bar.stepTo(steps * curve.size());
            BarListener listener = new BarListener(bar);
            List<TrainingListener> all = new ArrayList<>(List.of(new FiniteGuard(), listener));
            all.addAll(List.of(listeners));
            all.add(EXIT_GUARD); // last, so that the others have seen the iteration
            network.listen(all.toArray(TrainingListener[]::new));
            while (curve.size() < epochs && !stalled(curve)) {
                bar.setExtraMessage(String.format(Locale.ROOT, " epoch %d/%d", curve.size() + 1, epochs));
                long start = System.nanoTime();
                EXIT_GUARD.run(() -> network.fit(minibatches));
                double validation = score(network, data.validation());
                if (!Double.isFinite(validation)) {
                    throw new IllegalStateException("Training diverged: the validation score must be finite, got "
                            + validation + " after epoch " + (curve.size() + 1)
                            + "; the checkpoint before is intact, try another --seed");
                }
                curve.add(new Epoch(listener.meanAndClear(), validation, (System.nanoTime() - start) / 1e9));
                save(network, curve);
            }
        }
        network.listen();
        if (stalled(curve)) {
            System.out.printf("Stopped: no better validation score for %d epochs%n", patience);
        }
        return new Result<>(
                load(network, directory.resolve(keepLast ? "checkpoint.zip" : "best.zip"))
                        .network(),
                curve);
    }

    private static ProgressBar bar(long steps) {
        return new ProgressBarBuilder()
                .setTaskName("train")
                .setInitialMax(steps)
                .setStyle(ProgressBarStyle.ASCII)
                .setUpdateIntervalMillis(1000)
                .build();
    }

    private boolean notBegun() {
        return !Files.exists(directory.resolve("checkpoint.zip"));
    }

    private <N extends Model> Trainable<N> resume(Trainable<N> fresh, List<Epoch> curve) {
        Path checkpoint = directory.resolve("checkpoint.zip");
        if (!Files.exists(checkpoint)) {
            throw new IllegalArgumentException("--resume: there must be a checkpoint to continue, got none at "
                    + checkpoint + "; leave --resume out to start, or name the directory of the run with --out");
        }
        Trainable<N> network = load(fresh, checkpoint);
        List<String[]> lines = readCurve();
        boolean same = !lines.isEmpty()
                && network.configuration().equals(fresh.configuration())
                && lines.get(0)[4].equals(examples());
        if (!same) {
            String differences = options.differences();
            throw new IllegalArgumentException(
                    "--resume: the checkpoint must be of the same example, data, seed and options, got another in "
                            + checkpoint + (differences.isEmpty() ? "" : " (" + differences + ")")
                            + "; use the options of the first start, or another --out");
        }
        lines.stream()
                .limit(network.epochs())
                .map(cells -> new Epoch(
                        Double.parseDouble(cells[1]), Double.parseDouble(cells[2]), Double.parseDouble(cells[3])))
                .forEach(curve::add);
        System.out.printf("Continuing after epoch %d%n", curve.size());
        return network;
    }

    private boolean stalled(List<Epoch> curve) {
        return !curve.isEmpty() && curve.size() - 1 - bestEpoch(curve) >= patience;
    }

    private static int bestEpoch(List<Epoch> curve) {
        int best = 0;
        for (int i = 1; i < curve.size(); i++) {
            if (curve.get(i).validation() < curve.get(best).validation()) {
                best = i;
            }
        }
        return best;
    }

    /** The network's own score, averaged over images, unless there is another. */
    private double score(Trainable<?> network, LabeledImages images) {
        ImageIterator minibatches =
                minibatchOptions.apply(images.iterator(batch)).build();
        return validation == null
                ? network.score(minibatches) / images.size()
                : validation.applyAsDouble(network.network(), minibatches);
    }

    private void save(Trainable<?> network, List<Epoch> curve) {
        List<String> lines = new ArrayList<>(List.of(HEADER));
        for (Epoch epoch : curve) {
            lines.add(String.join(
                    ",",
                    Integer.toString(lines.size()),
                    Double.toString(epoch.train()),
                    Double.toString(epoch.validation()),
                    Double.toString(epoch.seconds()),
                    examples()));
        }
        AtomicFile.write(directory.resolve("curve.csv"), part -> Files.write(part, lines));
        AtomicFile.write(directory.resolve("checkpoint.zip"), part -> {
            ModelSerializer.writeModel(network.network(), part.toFile(), true);
            if (bestEpoch(curve) == curve.size() - 1) {
                AtomicFile.write(
                        directory.resolve("best.zip"),
                        best -> Files.copy(part, best, StandardCopyOption.REPLACE_EXISTING));
            }
        });
    }

    /** What a run must have in common with the one that it continues. */
    private String examples() {
        return data.train().size() + " of " + data.train().name();
    }

    private List<String[]> readCurve() {
        try {
            return Files.readAllLines(directory.resolve("curve.csv")).stream()
                    .skip(1)
                    .map(line -> line.split(",", -1))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the curve of the run can't be read", e);
        }
    }

    private static <N extends Model> Trainable<N> load(Trainable<N> like, Path file) {
        try {
            return like.load(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(file + " can't be read", e);
        }
    }

    /** Moves the bar with every minibatch, and averages their scores. */
    private static final class BarListener extends BaseTrainingListener {
        private final ProgressBar bar;
        private double sum;
        private int count;

        BarListener(ProgressBar bar) {
            this.bar = bar;
        }

        @Override
        public void iterationDone(Model model, int iteration, int epoch) {
            bar.step();
            sum += model.score();
            count++;
            if (count % 20 == 0) {
                bar.setExtraMessage(String.format(Locale.ROOT, " epoch %d loss %.3f", epoch + 1, sum / count));
            }
        }

        double meanAndClear() {
            double mean = sum / count;
            sum = 0;
            count = 0;
            return mean;
        }
    }
}
