package io.github.dl4jae.sequence;

import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.LossCategorical;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.training.Trainer;
import io.github.dl4jae.training.TrainingData;
import io.github.dl4jae.training.TrainingResult;
import io.github.dl4jae.variational.GaussianPosterior;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * An autoencoder of texts: a {@link SequenceAutoencoder} of tokens with its {@link Vocabulary}.
 *
 * <pre>
 * encode   text ↦ tokens w_1 … w_L, end ↦ z
 * decode   z ↦ w_1, w_2, … until the end, each from p(w_t | w_1 … w_{t−1}, z)
 * </pre>
 *
 * <pre>{@code
 * Vocabulary vocabulary = Vocabulary.ofCharacters(names);
 * TextAutoencoder model = TextAutoencoder.of(vocabulary, new SequenceAutoencoder.Builder()
 *         .features(vocabulary.size()).conditioned(true).variational()
 *         .likelihood(StepLikelihood.categorical()).build());
 * model.fit(names);
 * List<String> invented = model.sample(10, TextDecoding.sampling(1, 42));
 * }</pre>
 *
 * <p>Training makes one-hot sequences of a mini-batch when they are needed, so memory holds the numbers of tokens only.
 * A text's code, and what is written for a code, do not depend on other texts.
 *
 * <p>A variational model whose decoder is strong ignores its code: use {@link
 * SequenceTraining.Builder#previousDropout} (word dropout) and a weight of the KL divergence that grows from 0.
 *
 * <p>Errors: another likelihood than {@link StepLikelihood#categorical()}, an autoencoder of another width.
 *
 * @see <a href="https://arxiv.org/abs/1511.06349">Bowman et al. 2016, Generating sentences from a continuous space</a>
 */
public final class TextAutoencoder {

    private static final String SUBJECT = "TextAutoencoder";
    private static final String ATTACHMENT = "text-vocabulary";
    /** Texts that are one-hot at the same time outside of training. */
    private static final int BLOCK = 512;

    private final Vocabulary vocabulary;
    private final SequenceAutoencoder autoencoder;

    private TextAutoencoder(Vocabulary vocabulary, SequenceAutoencoder autoencoder) {
        this.vocabulary = vocabulary;
        this.autoencoder = autoencoder;
    }

    /**
     * Returns the autoencoder of texts.
     *
     * @param vocabulary of the texts
     * @param autoencoder of as many features as the vocabulary has tokens, with a categorical likelihood
     * @return a view of that autoencoder
     * @throws IllegalArgumentException if they do not fit together
     */
    public static TextAutoencoder of(Vocabulary vocabulary, SequenceAutoencoder autoencoder) {
        Require.given(SUBJECT, "vocabulary", vocabulary, "");
        Require.given(SUBJECT, "autoencoder", autoencoder, "");
        int features = autoencoder.coder().features();
        Require.that(
                features == vocabulary.size(),
                SUBJECT,
                "the autoencoder must have " + vocabulary.size() + " features, the size of the vocabulary",
                features,
                "call features(vocabulary.size()) on its builder");
        BaseOutputLayer output = (BaseOutputLayer)
                autoencoder.network().getLayer(DecoderSteps.OUTPUT).conf().getLayer();
        Require.that(
                output.getLossFn() instanceof LossCategorical,
                SUBJECT,
                "the likelihood must be categorical",
                output.getLossFn(),
                "call likelihood(StepLikelihood.categorical()) on its builder");
        return new TextAutoencoder(vocabulary, autoencoder);
    }

    /**
     * Returns the autoencoder of a bundle.
     *
     * @param bundle of {@link #bundle}
     * @return a view of its network
     * @throws IllegalArgumentException if it is a bundle of another kind
     */
    public static TextAutoencoder of(ModelBundle bundle) {
        SequenceAutoencoder autoencoder = SequenceAutoencoder.of(bundle);
        String json = bundle.textAttachment(ATTACHMENT);
        if (json == null) {
            throw new IllegalArgumentException(SUBJECT + ": the bundle must have the attachment '" + ATTACHMENT
                    + "', got none; save it with TextAutoencoder.save");
        }
        return of(Vocabulary.fromJson(json), autoencoder);
    }

    /**
     * Reads an autoencoder.
     *
     * @param file of {@link #save}
     * @return the autoencoder
     * @throws IllegalArgumentException if it is a file of another kind, or damaged
     */
    public static TextAutoencoder load(Path file) {
        return of(ModelBundle.load(file));
    }

    /**
     * Writes the autoencoder with its vocabulary and the state of its updater.
     *
     * @param file replaced atomically
     * @return the file
     */
    public Path save(Path file) {
        return bundle().build().save(file);
    }

    /**
     * Returns the builder of a bundle of this autoencoder, to which metrics can be added.
     *
     * @return a new builder
     */
    public ModelBundle.Builder bundle() {
        return autoencoder.bundle().attachment(ATTACHMENT, vocabulary.toJson());
    }

    /**
     * Returns the vocabulary.
     *
     * @return the vocabulary of texts
     */
    public Vocabulary vocabulary() {
        return vocabulary;
    }

    /**
     * Returns the autoencoder of tokens.
     *
     * @return the autoencoder itself
     */
    public SequenceAutoencoder autoencoder() {
        return autoencoder;
    }

    /**
     * Trains on texts for the usual number of epochs.
     *
     * @param texts at least one
     * @return the course of the training
     */
    public TrainingResult fit(List<String> texts) {
        return fit(texts, new SequenceTraining.Builder().build());
    }

    /**
     * Trains on texts.
     *
     * @param texts at least one
     * @param training the options
     * @return the course of the training
     */
    public TrainingResult fit(List<String> texts, SequenceTraining training) {
        Trainer.Builder trainer = new Trainer.Builder(autoencoder.network(), data(texts, training));
        training.apply(trainer);
        return trainer.build().fit();
    }

    /**
     * Returns the mini-batches of a training, for a {@link Trainer} with options of your own. Texts that the model
     * writes get at most as many tokens as the longest of these has.
     *
     * @param texts at least one
     * @param training batch, seed, teacher forcing and dropped steps
     * @return shuffled mini-batches
     */
    public TrainingData data(List<String> texts, SequenceTraining training) {
        return autoencoder.data(TokenRows.of(SUBJECT, vocabulary, texts), training);
    }

    /**
     * Returns the mini-batches of held-out texts in their order, for the validation of a {@link Trainer}.
     *
     * @param texts at least one
     * @return mini-batches
     */
    public TrainingData validationData(List<String> texts) {
        return autoencoder.validationData(TokenRows.of(SUBJECT, vocabulary, texts));
    }

    /** Handles a part of some texts. */
    @FunctionalInterface
    private interface Part {
        void accept(int from, Vocabulary.OneHot texts);
    }

    private void forEachPart(List<String> texts, Part part) {
        Require.given(SUBJECT, "texts", texts, "");
        Require.that(!texts.isEmpty(), SUBJECT, "texts must be given", "none", "");
        for (int from = 0; from < texts.size(); from += BLOCK) {
            part.accept(from, vocabulary.oneHot(texts.subList(from, Math.min(from + BLOCK, texts.size()))));
        }
    }

    /**
     * Encodes texts.
     *
     * @param texts at least one
     * @return codes {@code [N, code]}, a new array; means, if the model is variational
     */
    public INDArray encode(List<String> texts) {
        List<INDArray> codes = new ArrayList<>();
        forEachPart(texts, (from, part) -> codes.add(autoencoder.encode(part.sequences(), part.mask())));
        return Nd4j.vstack(codes);
    }

    /**
     * Writes the most likely token at each step.
     *
     * @param codes {@code [N, code]}
     * @return N texts
     * @throws IllegalArgumentException if the codes have another shape
     */
    public List<String> decode(INDArray codes) {
        return decode(codes, TextDecoding.greedy());
    }

    /**
     * Writes a text for each code.
     *
     * @param codes {@code [N, code]}
     * @param decoding how tokens are chosen
     * @return N texts
     * @throws IllegalArgumentException if the codes have another shape
     */
    public List<String> decode(INDArray codes, TextDecoding decoding) {
        autoencoder.requireCodes(codes);
        Require.given(SUBJECT, "decoding", decoding, "TextDecoding.greedy() is usual");
        int longest = decoding.longest() == 0 ? autoencoder.steps() : decoding.longest();
        return autoencoder.coder().written(codes, longest, decoding).stream()
                .map(vocabulary::decode)
                .toList();
    }

    /**
     * Encodes texts and writes them again.
     *
     * @param texts at least one
     * @return as many texts; equal ones, if the model has learned well
     */
    public List<String> reconstruct(List<String> texts) {
        return decode(encode(texts));
    }

    /**
     * Writes texts for codes that are drawn from the prior.
     *
     * @param count the number of texts, at least 1
     * @param decoding how tokens are chosen; its seed is that of the codes, too
     * @return the texts
     * @throws IllegalArgumentException if the model is not variational
     */
    public List<String> sample(int count, TextDecoding decoding) {
        Require.given(SUBJECT, "decoding", decoding, "TextDecoding.sampling(1, seed) is usual");
        return decode(autoencoder.variationalModel().samplePrior(count, decoding.seed()), decoding);
    }

    /**
     * Returns the perplexity of texts, with a bound of ln p(x) from samples of the posterior.
     *
     * <pre>
     * exp(−Σ_x ln (1/S · Σ_s p(x|z_s)·p(z_s)/q(z_s|x)) / Σ_x (L_x + 1))        z_s ~ q(z|x), with the end as a token
     * </pre>
     *
     * <p>One sample gives the ELBO on average; more give a tighter bound.
     *
     * @param texts at least one
     * @param samples S, at least 1
     * @param seed of the samples
     * @return an upper bound of the perplexity per token, on average over seeds
     * @throws IllegalArgumentException if the model is not variational
     */
    public double perplexity(List<String> texts, int samples, long seed) {
        Require.atLeast(1, SUBJECT, "samples", samples, "1 gives the ELBO");
        SequenceVariationalModel model = autoencoder.variationalModel();
        NoiseStream noise = NoiseStream.of(seed, "perplexity");
        double[] logAndTokens = new double[2];
        forEachPart(texts, (from, part) -> {
            GaussianPosterior posterior = model.posterior(part.sequences(), part.mask());
            double[] z = posterior.sample(noise, from, 0, samples);
            INDArray codes = Nd4j.createFromArray(z).reshape(z.length / model.latents(), model.latents());
            double[] log = model.logLikelihood(part.sequences(), part.mask(), codes);
            for (int row = 0; row < log.length; row++) {
                log[row] += posterior.logRatio(row % posterior.rows(), z, row * model.latents());
            }
            logAndTokens[0] += sumOfLogMeans(log, posterior.rows());
            logAndTokens[1] += part.mask().sumNumber().doubleValue();
        });
        return Math.exp(-logAndTokens[0] / logAndTokens[1]);
    }

    /** Returns Σ_i ln mean_s exp(log_{s·N+i}). */
    private static double sumOfLogMeans(double[] log, int examples) {
        int samples = log.length / examples;
        double sum = 0;
        for (int i = 0; i < examples; i++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int s = 0; s < samples; s++) {
                largest = Math.max(largest, log[s * examples + i]);
            }
            double mean = 0;
            for (int s = 0; s < samples; s++) {
                mean += Math.exp(log[s * examples + i] - largest) / samples;
            }
            sum += largest + Math.log(mean);
        }
        return sum;
    }

    @Override
    public String toString() {
        return SUBJECT + "(" + vocabulary + ", " + autoencoder + ")";
    }
}
