package io.github.dl4jae.sequence;

import io.github.dl4jae.bundle.LoadOptions;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.io.JsonObject;
import io.github.dl4jae.internal.io.JsonText;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.recurrent.RecurrentCell;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.updater.FastAdam;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.dataset.api.MultiDataSet;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * Translates texts into texts of another vocabulary and length: an encoder, and a decoder with attention.
 *
 * <pre>
 * ln p(y|x) = Σ_i ln p(y_i | y_1 … y_{i−1}, x)          the end of y is its last token
 * with attention      y_i from [s_i, c_i], the state and the context of {@link
 *                     io.github.dl4jae.recurrent.AttentionDecoderVertex}
 * without             y_i from a state that reads [y_{i−1}, code of x]
 * </pre>
 *
 * <pre>{@code
 * SequenceToSequence model = new SequenceToSequence.Builder(
 *         Vocabulary.ofCharacters(sources), Vocabulary.ofCharacters(targets)).build();
 * model.fit(sources, targets);
 * String text = model.translate("4711");
 * }</pre>
 *
 * <p>A translation depends on its source alone, bit for bit, not on others that are translated in the same call.
 *
 * <p>Tokens are one-hot vectors between the vocabulary and the embedding, so vocabularies of more than some thousand
 * tokens need much memory. The graph is a stock {@code ComputationGraph}; {@link #network} returns it, and {@link
 * #data} gives the mini-batches to a {@link Trainer} of your own. One thread at a time runs or trains it.
 *
 * <p>When not to use it: for translation between natural languages at the quality of large pretrained models.
 *
 * <p>Errors: no pairs, an empty source, an unconditioned decoder with attention.
 *
 * @see <a href="https://arxiv.org/abs/1409.3215">Sutskever, Vinyals and Le 2014, Sequence to sequence learning</a>
 * @see <a href="https://arxiv.org/abs/1409.0473">Bahdanau, Cho and Bengio 2015, for attention</a>
 */
// longer than 300 lines because of thirteen options, each with a documented setter
public final class SequenceToSequence {

    private static final String SUBJECT = "SequenceToSequence";
    private static final String ATTACHMENT = "sequence-to-sequence";
    private static final String SOURCE = "source-vocabulary";
    private static final String TARGET = "target-vocabulary";

    private final Translator translator;
    private final Vocabulary source;
    private final Vocabulary target;
    private int longest;

    private SequenceToSequence(ComputationGraph network, Vocabulary source, Vocabulary target, int longest) {
        this.source = Require.given(SUBJECT, "source", source, "");
        this.target = Require.given(SUBJECT, "target", target, "");
        this.longest = Require.atLeast(1, SUBJECT, "longest", longest, "");
        this.translator = new Translator(SUBJECT, network, source.size(), target.size());
    }

    /**
     * Returns the model of a graph that a builder made.
     *
     * @param network an initialized graph
     * @param source the vocabulary of its inputs
     * @param target the vocabulary of its outputs
     * @param longest the largest number of tokens of a translation
     * @return a view of the graph
     * @throws IllegalArgumentException if they do not fit together
     */
    public static SequenceToSequence of(ComputationGraph network, Vocabulary source, Vocabulary target, int longest) {
        return new SequenceToSequence(network, source, target, longest);
    }

    /**
     * Returns the model of a bundle.
     *
     * @param bundle of {@link #bundle}
     * @return a view of its network
     * @throws IllegalArgumentException if it is a bundle of another kind
     */
    public static SequenceToSequence of(ModelBundle bundle) {
        Require.given(SUBJECT, "bundle", bundle, "");
        byte[] bytes = attachment(bundle, ATTACHMENT).getBytes(StandardCharsets.UTF_8);
        JsonObject root = new JsonObject(
                SUBJECT,
                JsonText.of(SUBJECT, bytes, LoadOptions.defaults().maxJsonBytes(), "")
                        .root());
        return of(
                bundle.computationGraph(),
                Vocabulary.fromJson(attachment(bundle, SOURCE)),
                Vocabulary.fromJson(attachment(bundle, TARGET)),
                root.integer("longest"));
    }

    private static String attachment(ModelBundle bundle, String name) {
        String text = bundle.textAttachment(name);
        if (text == null) {
            throw new IllegalArgumentException(SUBJECT + ": the bundle must have the attachment '" + name
                    + "', got none; save it with SequenceToSequence.save");
        }
        return text;
    }

    /**
     * Reads a model.
     *
     * @param file of {@link #save}
     * @return the model
     * @throws IllegalArgumentException if it is a file of another kind, or damaged
     */
    public static SequenceToSequence load(Path file) {
        return of(ModelBundle.load(file));
    }

    /**
     * Writes the model with its vocabularies and the state of its updater.
     *
     * @param file replaced atomically
     * @return the file
     */
    public Path save(Path file) {
        return bundle().build().save(file);
    }

    /**
     * Returns the builder of a bundle of this model, to which metrics can be added.
     *
     * @return a new builder
     */
    public ModelBundle.Builder bundle() {
        return new ModelBundle.Builder(network())
                .attachment(ATTACHMENT, "{\"longest\": " + longest + "}")
                .attachment(SOURCE, source.toJson())
                .attachment(TARGET, target.toJson());
    }

    /**
     * Returns the network.
     *
     * @return the graph itself
     */
    public ComputationGraph network() {
        return translator.graph();
    }

    /**
     * Returns the vocabulary of sources.
     *
     * @return its tokens
     */
    public Vocabulary source() {
        return source;
    }

    /**
     * Returns the vocabulary of targets.
     *
     * @return its tokens
     */
    public Vocabulary target() {
        return target;
    }

    /**
     * Returns the largest number of tokens of a translation, its end included: one and a half times that of the longest
     * training target.
     *
     * @return at least 1
     */
    public int longest() {
        return longest;
    }

    /**
     * Trains on pairs with the default options of {@link SequenceTraining}.
     *
     * @param sources texts, none of them empty
     * @param targets a text for each source
     * @return the course of the training
     * @throws IllegalArgumentException if there are no pairs, or their numbers differ
     */
    public TrainingResult fit(List<String> sources, List<String> targets) {
        return fit(sources, targets, new SequenceTraining.Builder().build());
    }

    /**
     * Trains on pairs.
     *
     * @param sources texts, none of them empty
     * @param targets a text for each source
     * @param training the options
     * @return the course of the training
     * @throws IllegalArgumentException if there are no pairs, or their numbers differ
     */
    public TrainingResult fit(List<String> sources, List<String> targets, SequenceTraining training) {
        Trainer.Builder trainer = new Trainer.Builder(network(), data(sources, targets, training));
        training.apply(trainer);
        return trainer.build().fit();
    }

    /**
     * Returns the mini-batches of a training, for a {@link Trainer} with options of your own. Sets {@link #longest}.
     *
     * @param sources texts, none of them empty
     * @param targets a text for each source
     * @param training batch, seed, teacher forcing and dropped tokens
     * @return shuffled mini-batches
     * @throws IllegalArgumentException if there are no pairs, or their numbers differ
     */
    public TrainingData data(List<String> sources, List<String> targets, SequenceTraining training) {
        TranslationBatches batches = batches(sources, targets, training);
        int most = batches.longestTarget();
        longest = most + most / 2;
        return TrainingData.multiPerEpoch(epoch ->
                new EpochOfBatches(sources.size(), training.batch(), true, training.seed(), epoch, batches::training));
    }

    /**
     * Returns the mini-batches of held-out pairs in their order, for the validation of a {@link Trainer}: with the true
     * previous tokens.
     *
     * @param sources texts, none of them empty
     * @param targets a text for each source
     * @return mini-batches
     * @throws IllegalArgumentException if there are no pairs, or their numbers differ
     */
    public TrainingData validationData(List<String> sources, List<String> targets) {
        SequenceTraining training = new SequenceTraining.Builder().build();
        TranslationBatches batches = batches(sources, targets, training);
        return TrainingData.multiPerEpoch(epoch -> new EpochOfBatches(
                sources.size(), training.batch(), false, 0, 0, (rows, iteration) -> batches.forced(rows)));
    }

    /** Returns all pairs as one mini-batch with the true previous tokens. */
    MultiDataSet validationBatch(List<String> sources, List<String> targets) {
        SequenceTraining training = new SequenceTraining.Builder().build();
        return batches(sources, targets, training)
                .forced(IntStream.range(0, sources.size()).toArray());
    }

    private TranslationBatches batches(List<String> sources, List<String> targets, SequenceTraining training) {
        ExactMatch.requirePairs(SUBJECT, sources, targets);
        Require.given(SUBJECT, "training", training, "");
        return new TranslationBatches(
                translator,
                tokens(sources),
                targets.stream().map(target::encodeWithEnd).toArray(int[][]::new),
                source.size(),
                target.size(),
                training);
    }

    private int[][] tokens(List<String> sources) {
        int[][] tokens = sources.stream().map(source::encode).toArray(int[][]::new);
        for (int i = 0; i < tokens.length; i++) {
            Require.that(tokens[i].length > 0, SUBJECT, "sources must have a token", "an empty text at " + i, "");
        }
        return tokens;
    }

    /**
     * Translates a text by greedy search.
     *
     * @param text a source
     * @return the translation
     * @throws IllegalArgumentException if it is empty
     */
    public String translate(String text) {
        return translate(List.of(text)).get(0);
    }

    /**
     * Translates texts by greedy search.
     *
     * @param texts sources
     * @return their translations
     * @throws IllegalArgumentException if one is empty
     */
    public List<String> translate(List<String> texts) {
        return translate(texts, Search.greedy()).stream().map(Translation::text).toList();
    }

    /**
     * Translates texts.
     *
     * @param texts sources
     * @param search greedy or with a beam
     * @return their translations with probabilities and attention
     * @throws IllegalArgumentException if one is empty
     */
    public List<Translation> translate(List<String> texts, Search search) {
        Require.given(SUBJECT, "texts", texts, "");
        Require.given(SUBJECT, "search", search, "Search.greedy() is fast");
        return List.of(translator.translate(tokens(texts), search, longest, target));
    }

    @Override
    public String toString() {
        return SUBJECT + "(" + source + " → " + target + ")";
    }

    /** Builds a {@link SequenceToSequence}. */
    public static final class Builder {
        private final Vocabulary source;
        private final Vocabulary target;
        private int embedding = 32;
        private RecurrentCell cell = RecurrentCell.GRU;
        private List<Integer> hidden = List.of(128);
        private @Nullable List<Integer> decoderHidden;
        private boolean bidirectional = true;
        private Pooling pooling = Pooling.LAST;
        private boolean attention = true;
        private int attentionUnits = 64;
        private boolean conditioned = true;
        private boolean reversed;
        private long seed = 42;
        private IUpdater updater = new FastAdam(1e-3);
        private Consumer<NeuralNetConfiguration.Builder> base = builder -> {};

        /**
         * Creates a builder.
         *
         * @param source the tokens of sources
         * @param target the tokens of targets
         */
        public Builder(Vocabulary source, Vocabulary target) {
            this.source = Require.given(SUBJECT, "source", source, "");
            this.target = Require.given(SUBJECT, "target", target, "");
        }

        /**
         * Sets the length of the vector of a token. Default: 32.
         *
         * @param size at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder embedding(int size) {
            this.embedding = Require.atLeast(1, SUBJECT, "embedding", size, "");
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
         * 128.
         *
         * @param units at least 1 each
         * @return this
         * @throws IllegalArgumentException if there is no layer, or one without units
         */
        public Builder hidden(int... units) {
            this.hidden = SequenceAutoencoder.Builder.sizes("hidden", units);
            return this;
        }

        /**
         * Sets the units of the recurrent layers of the decoder, of which the lowest has the attention. Default: those
         * of the encoder.
         *
         * @param units at least 1 each
         * @return this
         * @throws IllegalArgumentException if there is no layer, or one without units
         */
        public Builder decoderHidden(int... units) {
            this.decoderHidden = SequenceAutoencoder.Builder.sizes("decoderHidden", units);
            return this;
        }

        /**
         * Sets whether each layer of the encoder reads in both directions, each with all its units. Default: true.
         *
         * @param both whether it does
         * @return this
         */
        public Builder bidirectional(boolean both) {
            this.bidirectional = both;
            return this;
        }

        /**
         * Sets whether the decoder has attention. Default: true. Without it, a code of the size of its first layer is
         * all that it knows of the source.
         *
         * @param looks whether it has
         * @return this
         */
        public Builder attention(boolean looks) {
            this.attention = looks;
            return this;
        }

        /**
         * Sets the number of units that score a state of the encoder. Default: 64.
         *
         * @param units at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder attentionUnits(int units) {
            this.attentionUnits = Require.atLeast(1, SUBJECT, "attentionUnits", units, "");
            return this;
        }

        /**
         * Sets the way from states to the code of a decoder without attention. Default: LAST.
         *
         * @param kind the pooling
         * @return this
         */
        public Builder pooling(Pooling kind) {
            this.pooling = Require.given(SUBJECT, "pooling", kind, "");
            return this;
        }

        /**
         * Sets whether the decoder reads the previous token. Default: true. A decoder with attention must.
         *
         * @param previous whether it does
         * @return this
         */
        public Builder conditioned(boolean previous) {
            this.conditioned = previous;
            return this;
        }

        /**
         * Sets whether the encoder reads the source from its end, which helps a decoder without attention. Default:
         * false.
         *
         * @param fromTheEnd whether it does
         * @return this
         */
        public Builder reversed(boolean fromTheEnd) {
            this.reversed = fromTheEnd;
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
         * Sets further options of all layers, such as regularization and gradient clipping. They do not reach the
         * decoder with attention. Default: none.
         *
         * @param options is called after the other options are set
         * @return this
         */
        public Builder network(Consumer<NeuralNetConfiguration.Builder> options) {
            this.base = Require.given(SUBJECT, "network", options, "");
            return this;
        }

        /**
         * Builds a model with random weights.
         *
         * @return the model
         * @throws IllegalArgumentException if a decoder with attention is unconditioned
         */
        public SequenceToSequence build() {
            Require.that(
                    conditioned || !attention,
                    SUBJECT,
                    "a decoder with attention must be conditioned",
                    "conditioned(false)",
                    "call attention(false), too");
            ComputationGraph graph = new TranslationGraph(
                            source.size(),
                            target.size(),
                            embedding,
                            new EncoderShape(cell, hidden, bidirectional, pooling, attentionUnits),
                            reversed,
                            attention,
                            conditioned,
                            decoderHidden == null ? hidden : decoderHidden,
                            updater,
                            base)
                    .create(new NeuralNetConfiguration.Builder().seed(seed).weightInit(WeightInit.XAVIER));
            return of(graph, source, target, 100);
        }
    }
}
