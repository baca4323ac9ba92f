package io.github.dl4jae.signal;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.updater.FastAdam;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * A denoising autoencoder of signals: convolutions with stride 2 to a code, and transposed convolutions back, trained
 * on clean signals to which it adds noise itself.
 *
 * <pre>
 * min E ‖g(f(y/ℓ)) − x/ℓ‖²          y = x + n, ℓ = root mean square of y; per window of L samples
 * x̂ = overlap-add of w² ⊙ ℓ g(f(y/ℓ))
 * </pre>
 *
 * <p>Skip connections join encoder and decoder: each decoder layer adds the encoder layer of its length. Division by
 * the level makes the result independent of the volume.
 *
 * <pre>{@code
 * ConvolutionalDenoiser denoiser = new ConvolutionalDenoiser.Builder().epochs(20).fit(cleanSignals);
 * double[] cleaner = denoiser.filter(noisy);
 * }</pre>
 *
 * <p>Training draws new windows and new noise in each epoch, by seed and epoch alone. With a checkpoint it continues
 * after a crash, with the result of an uninterrupted run ({@link Trainer}).
 *
 * <p>When not to use it: for sounds unlike the training signals. The Wiener filter knows nothing about the signal, and
 * is therefore safer there.
 *
 * @see <a href="https://www.jmlr.org/papers/v11/vincent10a.html">Vincent et al. 2010, Stacked denoising
 *     autoencoders</a>
 */
// longer than 300 lines because of thirteen options, each with a documented setter
public final class ConvolutionalDenoiser implements SignalFilter {

    static final String SUBJECT = "ConvolutionalDenoiser";

    private static final String WINDOW = "signal-window";

    private final ComputationGraph graph;
    private final int window;

    private ConvolutionalDenoiser(ComputationGraph graph, int window) {
        this.graph = graph;
        this.window = window;
    }

    /**
     * Reads a denoiser.
     *
     * @param file a result of {@link #save}
     * @return the denoiser
     * @throws IllegalArgumentException if the file is refused; the message says why
     * @throws UncheckedIOException if it cannot be read
     */
    public static ConvolutionalDenoiser load(Path file) {
        ModelBundle bundle = ModelBundle.load(file);
        double[] window = bundle.arrayAttachment(WINDOW);
        if (window == null || window.length != 1 || window[0] < 2 || window[0] != Math.rint(window[0])) {
            throw new IllegalArgumentException(
                    SUBJECT + ": the file must be one of ConvolutionalDenoiser.save, got " + file);
        }
        return new ConvolutionalDenoiser(bundle.computationGraph(), (int) window[0]);
    }

    /**
     * Writes the denoiser as a {@link ModelBundle}.
     *
     * @param file replaced atomically
     * @return the file
     * @throws UncheckedIOException if it cannot be written
     */
    public Path save(Path file) {
        return new ModelBundle.Builder(graph)
                .attachment(WINDOW, new double[] {window})
                .build()
                .save(file);
    }

    /**
     * Returns the network, whose input and output are windows {@code [N, 1, L]} divided by their level.
     *
     * @return the network itself
     */
    public ComputationGraph network() {
        return graph;
    }

    /** Returns the root mean square of a window. */
    static double level(double[] window) {
        return Math.sqrt(Signals.energy(window) / window.length);
    }

    /** Denoises overlapping windows, each with half of the next, and joins them with the weights of a sine window. */
    @Override
    public double[] filter(double[] noisy) {
        Signals.require(SUBJECT, "noisy", noisy);
        int hop = window / 2;
        int count = SignalFrames.count(noisy.length, window, hop);
        double[] levels = new double[count];
        float[] input = new float[count * window];
        for (int t = 0; t < count; t++) {
            double[] frame = SignalFrames.cut(noisy, t * hop - hop, window);
            levels[t] = level(frame);
            for (int n = 0; n < window && levels[t] > 0; n++) {
                input[t * window + n] = (float) (frame[n] / levels[t]);
            }
        }
        double[] output = output(Nd4j.createFromArray(input).reshape(count, 1, window));
        double[] weights = SignalFrames.window(window);
        OverlapAdd sum = new OverlapAdd(noisy.length);
        for (int t = 0; t < count; t++) {
            double[] frame = new double[window];
            for (int n = 0; n < window; n++) {
                frame[n] = levels[t] * output[t * window + n] * weights[n] * weights[n];
            }
            sum.add(t * hop - hop, frame, weights);
        }
        return sum.result();
    }

    private double[] output(INDArray windows) {
        synchronized (graph) {
            return DoubleRows.values(Batches.of(windows)
                    .join((from, to) -> graph.outputSingle(Batches.copy(windows, from, to, DataType.FLOAT))));
        }
    }

    /** Builds a {@link ConvolutionalDenoiser}. Everything has a default. */
    public static final class Builder {
        private int window = 1024;
        private List<Integer> filters = List.of(16, 32, 64, 64);
        private int kernel = 9;
        private boolean skip = true;
        private double lowest;
        private double highest = 15;
        private @Nullable NoiseSource noise;
        private IUpdater updater = new FastAdam(1e-3);
        private int batch = 16;
        private int windowsPerEpoch = 1600;
        private int epochs = 20;
        private long seed = 1;
        private @Nullable Path checkpoint;
        private final List<ProgressListener> listeners = new ArrayList<>();

        /** Creates a builder. */
        public Builder() {}

        /**
         * Sets the length of a window. Default: 1024.
         *
         * @param samples a multiple of 2 for each layer
         * @return this
         * @throws IllegalArgumentException if it is below 2
         */
        public Builder window(int samples) {
            this.window = Require.atLeast(2, SUBJECT, "window", samples, "1024 is usual");
            return this;
        }

        /**
         * Sets the layers of the encoder, each with stride 2; the decoder is their mirror image. Default: 16, 32, 64
         * and 64 filters.
         *
         * @param ofLayers filters of each layer, at least one layer
         * @return this
         * @throws IllegalArgumentException if there is none, or a number is below 1
         */
        public Builder filters(int... ofLayers) {
            Require.given(SUBJECT, "filters", ofLayers, "");
            Require.that(ofLayers.length > 0, SUBJECT, "filters must have at least one layer", "none", "");
            IntStream.of(ofLayers).forEach(count -> Require.atLeast(1, SUBJECT, "filters", count, ""));
            this.filters = IntStream.of(ofLayers).boxed().toList();
            return this;
        }

        /**
         * Sets the number of samples in a kernel. Default: 9.
         *
         * @param samples at least 2
         * @return this
         * @throws IllegalArgumentException if it is below 2
         */
        public Builder kernel(int samples) {
            this.kernel = Require.atLeast(2, SUBJECT, "kernel", samples, "");
            return this;
        }

        /**
         * Sets whether decoder layers add the encoder layers of their length. Default: true. Without them, everything
         * passes through the code.
         *
         * @param connected whether they do
         * @return this
         */
        public Builder skipConnections(boolean connected) {
            this.skip = connected;
            return this;
        }

        /**
         * Sets the range of signal-to-noise ratios in training, which are uniformly distributed. They are those of
         * whole signals, pauses included. Default: 0 to 15 dB.
         *
         * @param least in decibels
         * @param most in decibels, not below the least
         * @return this
         * @throws IllegalArgumentException if a number is not finite, or the range is empty
         */
        public Builder signalToNoise(double least, double most) {
            Require.finite(SUBJECT, "least", least, "");
            Require.finite(SUBJECT, "most", most, "");
            Require.that(least <= most, SUBJECT, "least must not be above most", least + " and " + most, "");
            this.lowest = least;
            this.highest = most;
            return this;
        }

        /**
         * Sets the noise of training. Default: white noise.
         *
         * @param source such as a recording
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder noise(NoiseSource source) {
            this.noise = Require.given(SUBJECT, "noise", source, "NoiseSource.white() is the default");
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
         * @param windows at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batch(int windows) {
            this.batch = Require.atLeast(1, SUBJECT, "batch", windows, "");
            return this;
        }

        /**
         * Sets the number of windows in an epoch. Default: 1600.
         *
         * @param windows at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder windowsPerEpoch(int windows) {
            this.windowsPerEpoch = Require.atLeast(1, SUBJECT, "windowsPerEpoch", windows, "");
            return this;
        }

        /**
         * Sets the number of epochs. Default: 20.
         *
         * @param count at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int count) {
            this.epochs = Require.atLeast(1, SUBJECT, "epochs", count, "");
            return this;
        }

        /**
         * Sets the seed of first weights, windows and noise. Default: 1.
         *
         * @param number any
         * @return this
         */
        public Builder seed(long number) {
            this.seed = number;
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
         * Trains a denoiser, or continues from the checkpoint.
         *
         * @param clean signals without noise, of any lengths
         * @return the denoiser
         * @throws IllegalArgumentException if there is no signal, a sample is not finite, the signals are silence, the
         *     window is no multiple of 2 for each layer, or the checkpoint is of other options or data
         */
        public ConvolutionalDenoiser fit(double[]... clean) {
            Require.given(SUBJECT, "clean", clean, "");
            Require.that(clean.length > 0, SUBJECT, "there must be at least one signal", "none", "");
            for (double[] signal : clean) {
                Signals.require(SUBJECT, "clean", signal);
                Require.that(Signals.energy(signal) > 0, SUBJECT, "signals must not be silence", "zeros", "");
            }
            int factor = 1 << filters.size();
            Require.that(
                    window % factor == 0,
                    SUBJECT,
                    "window must be a multiple of " + factor + ", because each of the " + filters.size()
                            + " layers halves it",
                    window,
                    "");
            DenoiserOptions options = options();
            ComputationGraph graph = new ComputationGraph(DenoiserNetwork.of(options, DataType.FLOAT));
            graph.init();
            Trainer.Builder trainer = new Trainer.Builder(graph, new NoisyWindows(options, clean).training())
                    .epochs(epochs)
                    .seed(seed)
                    .listener(listeners.toArray(ProgressListener[]::new));
            if (checkpoint != null) {
                trainer.checkpoint(checkpoint);
            }
            trainer.build().fit();
            return new ConvolutionalDenoiser(graph, window);
        }

        private DenoiserOptions options() {
            return new DenoiserOptions(
                    window,
                    filters,
                    kernel,
                    skip,
                    lowest,
                    highest,
                    noise,
                    updater,
                    batch,
                    windowsPerEpoch,
                    epochs,
                    seed,
                    checkpoint,
                    List.copyOf(listeners));
        }
    }
}
