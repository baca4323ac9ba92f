package io.github.dl4jae.timeseries;

import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * TimeVAE: a variational autoencoder of time series, whose decoder is a sum of a level, a trend, seasons and a
 * residual. The mathematics is that of {@link io.github.dl4jae.timeseries}.
 *
 * <pre>{@code
 * TimeVaeModel model = new TimeVae.Builder().season(24, 1).epochs(100).build().fit(series).model();
 * INDArray more = model.generate(1000, 42);
 * INDArray tomorrow = model.forecast(today);
 * }</pre>
 *
 * <p>Series are {@code [N, features, time]}, such as windows of one long series, and have one length. They are scaled
 * to [0, 1] by their training range, per feature, and results are in the unit of the data.
 *
 * <p>The defaults are those of the paper: 8 latents, convolutions with 50, 100 and 200 filters of 3 steps and stride 2,
 * reconstruction weight 3, mini-batches of 16, Adam with a learning rate of 0.001. Trend and seasons are off, as in its
 * base model, because they are knowledge about the data.
 *
 * <p><b>Exact resume.</b> With a checkpoint, training continues after a crash, and its result is bit by bit that of an
 * uninterrupted run ({@link Trainer}).
 *
 * <p>Errors: series of another rank, with NaN or infinity, or fewer than the mini-batch needs.
 *
 * <p>When not to use it: for series of different lengths, or for forecasts as exact as possible. A model that is
 * trained to forecast is better at it; this one is trained to generate.
 *
 * @see <a href="https://arxiv.org/abs/2111.08095">Desai et al. 2021, TimeVAE</a>
 */
// longer than 300 lines because of twenty options, each with a documented setter
public final class TimeVae {

    private static final String SUBJECT = "TimeVae";

    private final TimeVaeOptions options;

    private TimeVae(TimeVaeOptions options) {
        this.options = options;
    }

    /**
     * Creates the network for series of some shape, untrained. {@link #fit} creates one itself; this is for training
     * loops of your own, with {@link TimeVaeModel#of} for the result.
     *
     * @param features F
     * @param steps T
     * @return an initialized graph, whose input and labels are scaled series
     * @throws IllegalArgumentException if a size is below 1
     */
    public ComputationGraph network(int features, int steps) {
        Require.atLeast(1, SUBJECT, "features", features, "");
        Require.atLeast(1, SUBJECT, "steps", steps, "");
        ComputationGraph graph = new ComputationGraph(TimeVaeGraph.of(options, features, steps));
        graph.init();
        return graph;
    }

    /**
     * Trains a network, or continues from the checkpoint.
     *
     * @param series {@code [N, features, time]}, in memory
     * @return the model and the course of the training
     * @throws IllegalArgumentException if the series do not fit, or the checkpoint is of other options or data
     */
    public TimeVaeResult fit(INDArray series) {
        SeriesScaler.requireSeries(SUBJECT, series);
        int features = Math.toIntExact(series.size(1));
        SeriesScaler scaler = options.scale() ? SeriesScaler.fit(series) : SeriesScaler.none(features);
        INDArray scaled = scaler.scale(series).castTo(options.type()).dup('c');
        ComputationGraph graph = network(features, Math.toIntExact(series.size(2)));
        return new TimeVaeResult(TimeVaeModel.of(graph, scaler), train(graph, scaled));
    }

    private TrainingResult train(ComputationGraph graph, INDArray scaled) {
        long count = scaled.size(0);
        long heldOut = Math.round(options.validation() * count);
        Require.that(
                heldOut < count && (heldOut > 0 || options.validation() == 0),
                SUBJECT,
                "training and validation must both have series",
                count - heldOut + " and " + heldOut,
                "pass more series, or another share for validation");
        Trainer.Builder trainer = new Trainer.Builder(
                        graph, batches(scaled, 0, count - heldOut).training())
                .epochs(options.epochs())
                .seed(options.seed())
                .checkpointEvery(options.checkpointEvery())
                .listener(options.listeners().toArray(ProgressListener[]::new));
        if (heldOut > 0) {
            trainer.validation(batches(scaled, count - heldOut, count).inOrder());
        }
        if (options.patience() < Integer.MAX_VALUE) {
            trainer.patience(options.patience());
        }
        if (options.checkpoint() != null) {
            trainer.checkpoint(options.checkpoint());
        }
        return trainer.build().fit();
    }

    private SeriesBatches batches(INDArray scaled, long from, long to) {
        INDArray rows = scaled.get(NDArrayIndex.interval(from, to), NDArrayIndex.all(), NDArrayIndex.all())
                .dup('c');
        return new SeriesBatches(rows, rows, options.batch(), options.seed());
    }

    /** Builds a {@link TimeVae}. Everything has a default. */
    public static final class Builder {
        private int latents = 8;
        private boolean convolutional = true;
        private List<Integer> hidden = List.of(50, 100, 200);
        private int kernel = 3;
        private int stride = 2;
        private int trend;
        private final List<TimeBasis.Season> seasons = new ArrayList<>();
        private boolean residual = true;
        private double weight = 3;
        private double meanWeight = 1;
        private ISchedule beta = new FixedSchedule(1);
        private IUpdater updater = new FastAdam(1e-3);
        private int batch = 16;
        private int epochs = 100;
        private double validation;
        private int patience = Integer.MAX_VALUE;
        private boolean scale = true;
        private long seed = 1;
        private DataType type = DataType.FLOAT;
        private @Nullable Path checkpoint;
        private int checkpointEvery = Integer.MAX_VALUE;
        private final List<ProgressListener> listeners = new ArrayList<>();

        /** Creates a builder with the options of the paper. */
        public Builder() {}

        /**
         * Sets the size of the code. Default: 8.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder latents(int count) {
            this.latents = Require.atLeast(1, SUBJECT, "latents", count, "");
            return this;
        }

        /**
         * Sets convolutions in the encoder, and transposed ones in the residual. Default: 50, 100 and 200 filters.
         *
         * @param filters of each layer, at least one layer
         * @return this
         * @throws IllegalArgumentException if there is none, or a number is below 1
         */
        public Builder convolutional(int... filters) {
            this.hidden = sizes("filters", filters);
            this.convolutional = true;
            return this;
        }

        /**
         * Sets dense layers in the encoder, and their mirror image in the residual, in place of convolutions. They
         * suit short series.
         *
         * @param units of each layer of the encoder, at least one layer
         * @return this
         * @throws IllegalArgumentException if there is none, or a number is below 1
         */
        public Builder dense(int... units) {
            this.hidden = sizes("units", units);
            this.convolutional = false;
            return this;
        }

        private static List<Integer> sizes(String name, int... sizes) {
            Require.given(SUBJECT, name, sizes, "");
            Require.that(sizes.length > 0, SUBJECT, name + " must have at least one layer", "none", "");
            IntStream.of(sizes).forEach(size -> Require.atLeast(1, SUBJECT, name, size, ""));
            return IntStream.of(sizes).boxed().toList();
        }

        /**
         * Sets the number of steps in the kernel of a convolution. Default: 3.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder kernel(int count) {
            this.kernel = Require.atLeast(1, SUBJECT, "kernel", count, "");
            return this;
        }

        /**
         * Sets the stride of a convolution. Default: 2.
         *
         * @param count at least 1, and not above the kernel
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder stride(int count) {
            this.stride = Require.atLeast(1, SUBJECT, "stride", count, "");
            return this;
        }

        /**
         * Sets the degree of the trend. Default: 0, no trend.
         *
         * @param degree at least 0; 1 for straight lines
         * @return this
         * @throws IllegalArgumentException if it is below 0
         */
        public Builder trend(int degree) {
            this.trend = Require.atLeast(0, SUBJECT, "trend", degree, "");
            return this;
        }

        /**
         * Adds a season: a pattern of values, each of which lasts some steps. Seven daily values of a week are {@code
         * season(7, 1)}. Windows should then begin on the same day of the week. Default: none.
         *
         * @param values m, at least 2
         * @param steps l, at least 1
         * @return this
         * @throws IllegalArgumentException if a number is too small
         */
        public Builder season(int values, int steps) {
            seasons.add(new TimeBasis.Season(values, steps));
            return this;
        }

        /**
         * Sets whether there is a residual, which can represent any series. Without it the model has interpretable
         * parts only. Default: true.
         *
         * @param present whether there is one
         * @return this
         */
        public Builder residual(boolean present) {
            this.residual = present;
            return this;
        }

        /**
         * Sets the reconstruction weight w of {@link LossSeries}. Larger values favor exact reconstructions, smaller
         * ones codes that look like the prior. Default: 3.
         *
         * @param w above 0, for series scaled to [0, 1]
         * @return this
         * @throws IllegalArgumentException if it is not above 0
         */
        public Builder reconstructionWeight(double w) {
            this.weight = Require.positive(SUBJECT, "reconstructionWeight", w, "3 is usual");
            return this;
        }

        /**
         * Sets the weight ρ of the mean over features in {@link LossSeries}. Default: 1.
         *
         * @param rho at least 0; 0 for independent errors
         * @return this
         * @throws IllegalArgumentException if it is negative
         */
        public Builder meanWeight(double rho) {
            this.meanWeight = Require.nonNegative(SUBJECT, "meanWeight", rho, "");
            return this;
        }

        /**
         * Sets the weight of the KL divergence over time, such as a warm-up. Default: constant 1.
         *
         * @param schedule values of at least 0
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder beta(ISchedule schedule) {
            this.beta = Require.given(SUBJECT, "beta", schedule, "");
            return this;
        }

        /**
         * Sets the updater. Default: Adam with a learning rate of 0.001.
         *
         * @param updater with its learning rate
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder updater(IUpdater updater) {
            this.updater = Require.given(SUBJECT, "updater", updater, "such as new FastAdam(1e-3)");
            return this;
        }

        /**
         * Sets the size of a mini-batch. Default: 16.
         *
         * @param size at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batch(int size) {
            this.batch = Require.atLeast(1, SUBJECT, "batch", size, "");
            return this;
        }

        /**
         * Sets the largest number of epochs. Default: 100.
         *
         * @param largest at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int largest) {
            this.epochs = Require.atLeast(1, SUBJECT, "epochs", largest, "");
            return this;
        }

        /**
         * Holds out the last series for validation. The model then has the parameters with the best validation score.
         * Default: 0, all series are trained on.
         *
         * @param share in [0, 1)
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder validation(double share) {
            Require.that(share >= 0 && share < 1, SUBJECT, "validation must be in [0, 1)", share, "0.1 is usual");
            this.validation = share;
            return this;
        }

        /**
         * Ends training when the validation score has not improved for some epochs. Default: never.
         *
         * @param largest number of epochs without improvement, at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder patience(int largest) {
            this.patience = Require.atLeast(1, SUBJECT, "patience", largest, "leave it out to train to the end");
            return this;
        }

        /**
         * Sets whether series are scaled to [0, 1] by the range of each feature. Default: true.
         *
         * @param scaled false for series that are scaled already
         * @return this
         */
        public Builder scale(boolean scaled) {
            this.scale = scaled;
            return this;
        }

        /**
         * Sets the seed of first weights, orders and noise. Default: 1.
         *
         * @param number any
         * @return this
         */
        public Builder seed(long number) {
            this.seed = number;
            return this;
        }

        /**
         * Sets the type of parameters and activations. Default: float32.
         *
         * @param type float32 or float64
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder dataType(DataType type) {
            this.type = Require.given(SUBJECT, "dataType", type, "DataType.FLOAT is usual");
            return this;
        }

        /**
         * Writes the state of training after every epoch, and continues from it if the file exists. Default: no
         * checkpoint.
         *
         * @param file replaced atomically
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder checkpoint(Path file) {
            this.checkpoint = Require.given(SUBJECT, "checkpoint", file, "");
            return this;
        }

        /**
         * Writes a checkpoint within epochs, too. Default: none within epochs.
         *
         * @param steps the number of mini-batches between two checkpoints, at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder checkpointEvery(int steps) {
            this.checkpointEvery = Require.atLeast(1, SUBJECT, "checkpointEvery", steps, "");
            return this;
        }

        /**
         * Adds a listener.
         *
         * @param listener of the progress
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder listener(ProgressListener listener) {
            listeners.add(Require.given(SUBJECT, "listener", listener, ""));
            return this;
        }

        /**
         * Builds the configuration.
         *
         * @return an immutable value that can be fitted several times
         * @throws IllegalArgumentException if patience is set without validation
         */
        public TimeVae build() {
            Require.that(
                    validation > 0 || patience == Integer.MAX_VALUE,
                    SUBJECT,
                    "patience needs validation",
                    "none",
                    "call validation(0.1), for example");
            return new TimeVae(new TimeVaeOptions(
                    latents,
                    convolutional,
                    hidden,
                    kernel,
                    stride,
                    trend,
                    List.copyOf(seasons),
                    residual,
                    weight,
                    meanWeight,
                    beta,
                    updater,
                    batch,
                    epochs,
                    validation,
                    patience,
                    scale,
                    seed,
                    type,
                    checkpoint,
                    checkpointEvery,
                    List.copyOf(listeners)));
        }
    }
}
