package io.github.dl4jae.sequence;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.bundle.LoadOptions;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.schedule.FixedSchedule;
import org.nd4j.linalg.schedule.ISchedule;

/**
 * A recurrent autoencoder of sequences of any length: one code for a whole sequence.
 *
 * <pre>
 * encode   x_1 … x_L ↦ h_1 … h_L ↦ z = W·pool(h) + b        LSTM or GRU, one or two directions, stacked
 * decode   z ↦ y_1 … y_T, step by step                      y_t from [y_{t−1}, z] (conditioned) or from z alone
 * loss     Σ_{t ≤ L} −ln p(x_t | x_1 … x_{t−1}, z)          padding is no part of it
 * </pre>
 *
 * <pre>{@code
 * SequenceAutoencoder autoencoder = new SequenceAutoencoder.Builder().features(8).code(16).build();
 * autoencoder.fit(sequences, mask);
 * INDArray codes = autoencoder.encode(sequences, mask);
 * }</pre>
 *
 * <p>Shapes: sequences {@code [N, features, time]}; masks {@code [N, time]}, ones and then zeros; codes {@code [N,
 * code]}. The values in padding have no effect, and neither have other sequences beside one: codes, reconstructions and
 * errors are the same bit for bit.
 *
 * <p>A conditioned decoder learns faster and writes smoother sequences. It also needs the code less, most of all if the
 * model is variational: see {@link SequenceTraining.Builder#previousDropout}. At inference it reads its own steps: the
 * most likely token, rounded bits, or the expectation.
 *
 * <p>The graph is a stock {@code ComputationGraph}. {@link #network} returns it, and {@link #data} gives the
 * mini-batches to a {@link Trainer} of your own. One thread at a time runs or trains it; calls lock the graph.
 *
 * <p>When not to use it: for codes of each step, put layers into a network and see {@link
 * io.github.dl4jae.Autoencoders}; for sequences of some hundred steps and more, one vector is a narrow bottleneck.
 *
 * <p>Errors: shapes that do not fit, a mask with gaps, an empty sequence.
 *
 * @see <a href="https://arxiv.org/abs/1502.04681">Srivastava et al. 2015, Unsupervised learning of video representations
 *     using LSTMs</a>
 */
// longer than 300 lines because of fifteen options, each with a documented setter
public final class SequenceAutoencoder implements Autoencoder {

    private static final String SUBJECT = "SequenceAutoencoder";
    private static final String ATTACHMENT = "sequence-autoencoder";

    private final SequenceCoder coder;
    private int steps;

    private SequenceAutoencoder(SequenceCoder coder, int steps) {
        this.coder = coder;
        this.steps = steps;
    }

    /**
     * Returns the autoencoder of a graph that a builder made, for example after it was loaded from a file.
     *
     * @param network an initialized graph
     * @param steps the number of steps that {@link #decode(INDArray)} returns
     * @return a view of the graph
     * @throws IllegalArgumentException if it is no such graph, or steps is below 1
     */
    public static SequenceAutoencoder of(ComputationGraph network, int steps) {
        return new SequenceAutoencoder(
                new SequenceCoder(SUBJECT, network), Require.atLeast(1, SUBJECT, "steps", steps, ""));
    }

    /**
     * Returns the autoencoder of a bundle.
     *
     * @param bundle of {@link #bundle}
     * @return a view of its network
     * @throws IllegalArgumentException if it is a bundle of another kind
     */
    public static SequenceAutoencoder of(ModelBundle bundle) {
        Require.given(SUBJECT, "bundle", bundle, "");
        String json = bundle.textAttachment(ATTACHMENT);
        Require.that(
                json != null,
                SUBJECT,
                "the bundle must be one of a sequence autoencoder",
                "another",
                "save it with SequenceAutoencoder.save");
        byte[] bytes = String.valueOf(json).getBytes(StandardCharsets.UTF_8);
        JsonObject root = new JsonObject(
                SUBJECT,
                JsonText.of(SUBJECT, bytes, LoadOptions.defaults().maxJsonBytes(), "")
                        .root());
        return of(bundle.computationGraph(), root.integer("steps"));
    }

    /**
     * Reads an autoencoder.
     *
     * @param file of {@link #save}
     * @return the autoencoder
     * @throws IllegalArgumentException if it is a file of another kind, or damaged
     */
    public static SequenceAutoencoder load(Path file) {
        return of(ModelBundle.load(file));
    }

    /**
     * Writes the autoencoder, with the state of its updater.
     *
     * @param file replaced atomically
     * @return the file
     */
    public Path save(Path file) {
        return bundle().build().save(file);
    }

    /**
     * Returns the builder of a bundle of this autoencoder, to which metrics and a normalizer can be added.
     *
     * @return a new builder
     */
    public ModelBundle.Builder bundle() {
        return new ModelBundle.Builder(network()).attachment(ATTACHMENT, "{\"steps\": " + steps + "}");
    }

    /**
     * Returns the network.
     *
     * @return the graph itself
     */
    public ComputationGraph network() {
        return coder.graph();
    }

    SequenceCoder coder() {
        return coder;
    }

    /**
     * Returns the number of steps that {@link #decode(INDArray)} returns: that of the longest training sequence.
     *
     * @return at least 1
     */
    public int steps() {
        return steps;
    }

    /**
     * Trains on sequences with the default options of {@link SequenceTraining}.
     *
     * @param sequences {@code [N, features, time]}
     * @param mask {@code [N, time]}; null if there is no padding
     * @return the course of the training
     * @throws IllegalArgumentException if a shape does not fit
     */
    public TrainingResult fit(INDArray sequences, @Nullable INDArray mask) {
        return fit(sequences, mask, new SequenceTraining.Builder().build());
    }

    /**
     * Trains on sequences.
     *
     * @param sequences {@code [N, features, time]}
     * @param mask {@code [N, time]}; null if there is no padding
     * @param training the options
     * @return the course of the training
     * @throws IllegalArgumentException if a shape does not fit
     */
    public TrainingResult fit(INDArray sequences, @Nullable INDArray mask, SequenceTraining training) {
        Trainer.Builder trainer = new Trainer.Builder(network(), data(sequences, mask, training));
        training.apply(trainer);
        return trainer.build().fit();
    }

    /**
     * Returns the mini-batches of a training, for a {@link Trainer} with options of your own. Sets {@link #steps} to
     * the length of the longest sequence.
     *
     * @param sequences {@code [N, features, time]}; must not change while it is used
     * @param mask {@code [N, time]}; null if there is no padding
     * @param training batch, seed, teacher forcing and dropped steps
     * @return shuffled mini-batches
     * @throws IllegalArgumentException if a shape does not fit
     */
    public TrainingData data(INDArray sequences, @Nullable INDArray mask, SequenceTraining training) {
        return data(
                SequenceRows.of(sequences, SequenceLengths.of(SUBJECT, sequences, mask, coder.features())), training);
    }

    TrainingData data(SequenceRows sequences, SequenceTraining training) {
        Require.given(SUBJECT, "training", training, "");
        int[] lengths = sequences.lengths();
        steps = Arrays.stream(lengths).max().orElseThrow();
        AutoencoderBatches batches = new AutoencoderBatches(coder, sequences, training);
        return TrainingData.multiPerEpoch(epoch ->
                new EpochOfBatches(lengths.length, training.batch(), true, training.seed(), epoch, batches::training));
    }

    /**
     * Returns the mini-batches of held-out sequences in their order, for the validation of a {@link Trainer}: with the
     * true previous steps.
     *
     * @param sequences {@code [N, features, time]}; must not change while it is used
     * @param mask {@code [N, time]}; null if there is no padding
     * @return mini-batches
     * @throws IllegalArgumentException if a shape does not fit
     */
    public TrainingData validationData(INDArray sequences, @Nullable INDArray mask) {
        return validationData(
                SequenceRows.of(sequences, SequenceLengths.of(SUBJECT, sequences, mask, coder.features())));
    }

    TrainingData validationData(SequenceRows sequences) {
        int count = sequences.lengths().length;
        SequenceTraining training = new SequenceTraining.Builder().build();
        AutoencoderBatches batches = new AutoencoderBatches(coder, sequences, training);
        return TrainingData.multiPerEpoch(epoch ->
                new EpochOfBatches(count, training.batch(), false, 0, 0, (rows, iteration) -> batches.forced(rows)));
    }

    @Override
    public INDArray encode(INDArray examples) {
        return encode(examples, null);
    }

    @Override
    public INDArray encode(INDArray examples, @Nullable INDArray mask) {
        int[] lengths = SequenceLengths.of(SUBJECT, examples, mask, coder.features());
        return coder.encoded(SequenceCoder.CODE, coder.codeSize(), examples, lengths);
    }

    /**
     * Decodes codes to sequences of {@link #steps} steps.
     *
     * @param codes {@code [N, code]}
     * @return {@code [N, features, steps]}, a new array; tokens as probabilities
     */
    @Override
    public INDArray decode(INDArray codes) {
        return decode(codes, steps);
    }

    /**
     * Decodes codes to sequences of any length.
     *
     * @param codes {@code [N, code]}
     * @param length the number of steps, at least 1
     * @return {@code [N, features, length]}, a new array; tokens as probabilities
     * @throws IllegalArgumentException if the codes have another shape, or the length is below 1
     */
    public INDArray decode(INDArray codes, int length) {
        requireCodes(codes);
        Require.atLeast(1, SUBJECT, "length", length, "");
        return coder.decoded(codes, length, null);
    }

    void requireCodes(INDArray codes) {
        Batches.requireRows(SUBJECT, "codes", codes);
        Require.that(
                codes.rank() == 2 && codes.size(1) == coder.codeSize(),
                SUBJECT,
                "codes must have the shape [N, " + coder.codeSize() + "]",
                Arrays.toString(codes.shape()),
                "");
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return reconstruct(examples, null);
    }

    /** Encodes and decodes; the reconstruction has as many steps as the examples. */
    @Override
    public INDArray reconstruct(INDArray examples, @Nullable INDArray mask) {
        return decode(encode(examples, mask), (int) examples.size(2));
    }

    /**
     * Returns the variational model.
     *
     * @return a view of the same network
     * @throws IllegalArgumentException if the code is deterministic
     */
    public SequenceVariationalModel variationalModel() {
        Require.that(
                network().getLayer(SequenceCoder.CODE).conf().getLayer() instanceof GaussianLatentLayer,
                SUBJECT,
                "the model must be variational",
                "a deterministic code",
                "call variational() on the builder");
        return new SequenceVariationalModel(this);
    }

    @Override
    public String toString() {
        return SUBJECT + "(" + coder.features() + " features → code " + coder.codeSize() + ", "
                + (coder.isConditioned() ? "conditioned" : "unconditioned") + " decoder)";
    }

    /** Builds a {@link SequenceAutoencoder}. */
    public static final class Builder {
        private int features;
        private int code = 32;
        private RecurrentCell cell = RecurrentCell.GRU;
        private List<Integer> hidden = List.of(64);
        private @Nullable List<Integer> decoderHidden;
        private boolean bidirectional;
        private Pooling pooling = Pooling.LAST;
        private int attention = 32;
        private boolean conditioned;
        private @Nullable ISchedule beta;
        private StepLikelihood likelihood = StepLikelihood.squaredError();
        private long seed = 42;
        private IUpdater updater = new FastAdam(1e-3);
        private Consumer<NeuralNetConfiguration.Builder> base = builder -> {};

        /** Creates a builder. */
        public Builder() {}

        /**
         * Sets the number of features of a step. Required.
         *
         * @param count at least 1
         * @return this
         */
        public Builder features(int count) {
            this.features = count;
            return this;
        }

        /**
         * Sets the size of the code. Default: 32.
         *
         * @param size at least 1
         * @return this
         */
        public Builder code(int size) {
            this.code = size;
            return this;
        }

        /**
         * Sets the cell of all recurrent layers. Default: GRU.
         *
         * @param kind LSTM or GRU
         * @return this
         */
        public Builder cell(RecurrentCell kind) {
            this.cell = Require.given(SUBJECT, "cell", kind, "");
            return this;
        }

        /**
         * Sets the units of the recurrent layers of the encoder, from the lowest to the highest. Default: one layer of
         * 64.
         *
         * @param units at least 1 each
         * @return this
         * @throws IllegalArgumentException if there is no layer, or one without units
         */
        public Builder hidden(int... units) {
            this.hidden = sizes("hidden", units);
            return this;
        }

        /**
         * Sets the units of the recurrent layers of the decoder. Default: those of the encoder, in reverse order.
         *
         * @param units at least 1 each
         * @return this
         * @throws IllegalArgumentException if there is no layer, or one without units
         */
        public Builder decoderHidden(int... units) {
            this.decoderHidden = sizes("decoderHidden", units);
            return this;
        }

        static List<Integer> sizes(String name, int... units) {
            Require.that(
                    units.length > 0 && Arrays.stream(units).allMatch(each -> each >= 1),
                    SUBJECT,
                    name + " must have at least one layer, and each at least one unit",
                    Arrays.toString(units),
                    "64 is usual");
            return IntStream.of(units).boxed().toList();
        }

        /**
         * Sets whether each layer of the encoder reads in both directions, each with all its units. Default: false.
         *
         * @param both whether it does
         * @return this
         */
        public Builder bidirectional(boolean both) {
            this.bidirectional = both;
            return this;
        }

        /**
         * Sets the way from states to one vector. Default: LAST.
         *
         * @param kind the pooling
         * @return this
         */
        public Builder pooling(Pooling kind) {
            this.pooling = Require.given(SUBJECT, "pooling", kind, "");
            return this;
        }

        /**
         * Sets the number of units that score a state for pooling by attention. Default: 32.
         *
         * @param units at least 1
         * @return this
         */
        public Builder attention(int units) {
            this.attention = Require.atLeast(1, SUBJECT, "attention", units, "");
            return this;
        }

        /**
         * Sets whether the decoder reads the previous step besides the code. Default: false.
         *
         * @param previous whether it does
         * @return this
         */
        public Builder conditioned(boolean previous) {
            this.conditioned = previous;
            return this;
        }

        /**
         * Makes the code variational, with a KL divergence of weight 1. Default: a deterministic code.
         *
         * @return this
         */
        public Builder variational() {
            return variational(new FixedSchedule(1));
        }

        /**
         * Makes the code variational. Default: a deterministic code.
         *
         * @param weight β of the KL divergence; a schedule that grows from 0 helps a conditioned decoder
         * @return this
         */
        public Builder variational(ISchedule weight) {
            this.beta = Require.given(SUBJECT, "beta", weight, "");
            return this;
        }

        /**
         * Sets the likelihood of a step. Default: the squared error.
         *
         * @param distribution of a step
         * @return this
         */
        public Builder likelihood(StepLikelihood distribution) {
            this.likelihood = Require.given(SUBJECT, "likelihood", distribution, "");
            return this;
        }

        /**
         * Sets the seed of the weights and of the noise. Default: 42.
         *
         * @param number any number
         * @return this
         */
        public Builder seed(long number) {
            this.seed = number;
            return this;
        }

        /**
         * Sets the updater. Default: FastAdam with a learning rate of 0.001.
         *
         * @param rule of all layers
         * @return this
         */
        public Builder updater(IUpdater rule) {
            this.updater = Require.given(SUBJECT, "updater", rule, "");
            return this;
        }

        /**
         * Sets further options of all layers, such as regularization and gradient clipping. Default: none.
         *
         * @param options is called after the other options are set
         * @return this
         */
        public Builder network(Consumer<NeuralNetConfiguration.Builder> options) {
            this.base = Require.given(SUBJECT, "network", options, "");
            return this;
        }

        /**
         * Builds an autoencoder with random weights.
         *
         * @return the autoencoder
         * @throws IllegalArgumentException if features are missing, a size is below 1, or the likelihood of a
         *     variational model is not normalized
         */
        public SequenceAutoencoder build() {
            Require.atLeast(1, SUBJECT, "features", features, "set the number of values of a step");
            Require.atLeast(1, SUBJECT, "code", code, "");
            Require.that(
                    beta == null || likelihood.isNormalized(),
                    SUBJECT,
                    "the likelihood of a variational model must be normalized",
                    likelihood,
                    "use StepLikelihood.gaussian(1)");
            List<Integer> mirrored = IntStream.range(0, hidden.size())
                    .mapToObj(i -> hidden.get(hidden.size() - 1 - i))
                    .toList();
            ComputationGraph graph = new AutoencoderGraph(
                            features,
                            new EncoderShape(cell, hidden, bidirectional, pooling, attention),
                            code,
                            beta,
                            conditioned,
                            cell,
                            decoderHidden == null ? mirrored : decoderHidden,
                            likelihood,
                            base)
                    .create(new NeuralNetConfiguration.Builder()
                            .seed(seed)
                            .weightInit(WeightInit.XAVIER)
                            .updater(updater));
            return new SequenceAutoencoder(new SequenceCoder(SUBJECT, graph), 1);
        }
    }
}
