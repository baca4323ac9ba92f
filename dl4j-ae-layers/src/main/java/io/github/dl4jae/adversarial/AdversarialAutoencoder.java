package io.github.dl4jae.adversarial;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Model;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * A trainer of adversarial autoencoders from an encoder, a decoder and a discriminator of any architecture.
 *
 * <pre>
 * decoder        minimizes L_r, the loss of its own output layer
 * discriminator  minimizes softplus(−D(p)) + softplus(D(z))                   p from the prior
 * encoder        minimizes L_r + λ·softplus(−D(z)), and likewise for y with λ_y
 * </pre>
 *
 * <pre>{@code
 * AdversarialResult result = new AdversarialAutoencoder.Builder(encoder, decoder)
 *         .mode(new AdversarialMode.Unsupervised(8))
 *         .posterior(new CodePosterior.Noisy(0.3))
 *         .epochs(20)
 *         .build()
 *         .fit(images);
 * INDArray samples = result.model().sample(100, 1);
 * }</pre>
 *
 * <p><b>Networks.</b> Each is an initialized {@code MultiLayerNetwork} or {@code ComputationGraph} with one input and
 * one output, and keeps its own updater. The encoder ends in a layer with identity activation, not in an output layer:
 * K logits of the categories, then the latents. The decoder ends in an output layer, whose labels are the examples. A
 * discriminator ends in one unit with identity activation, because the loss is computed from its logit. The trainer
 * changes the networks themselves.
 *
 * <p><b>WAE-GAN.</b> The Wasserstein autoencoder of Tolstikhin et al. with an adversarial penalty is this trainer with
 * a deterministic posterior, a squared error, and λ as its penalty weight.
 *
 * <p><b>Losses.</b> All gradients are sums over examples, so λ is in the units of L_r. The encoder takes one step with
 * the sum of its gradients; the paper alternates two. In the mode SemiSupervised a second step follows, with the
 * cross-entropy of a mini-batch of labeled examples.
 *
 * <p><b>Exact resume.</b> If the checkpoint exists when {@code fit} is called, training continues from it. The
 * parameters are then bit by bit those of an uninterrupted run on the same machine with the same number of threads.
 *
 * <p>Errors: {@code DL4JInvalidConfigException} if networks do not fit, {@code DL4JInvalidInputException} if examples
 * are not finite, {@code IllegalStateException} if training diverges.
 *
 * <p>When not to use it: if a Gaussian prior is all that is needed. A variational autoencoder is easier to train, and
 * has a likelihood.
 *
 * @see <a href="https://arxiv.org/abs/1511.05644">Makhzani et al. 2015, Adversarial autoencoders</a>
 * @see <a href="https://arxiv.org/abs/1711.01558">Tolstikhin et al. 2018, Wasserstein auto-encoders</a>
 */
// longer than 300 lines because of fourteen options, each with a documented setter
public final class AdversarialAutoencoder {

    private static final String SUBJECT = "AdversarialAutoencoder";

    private final AdversarialOptions options;
    private volatile boolean stopRequested;
    private boolean begun;

    private AdversarialAutoencoder(AdversarialOptions options) {
        this.options = options;
    }

    /**
     * Trains on examples without labels, or continues from the checkpoint. A trainer can be used once.
     *
     * @param examples {@code [N, …]}, in memory
     * @return the model and the course of the training
     * @throws IllegalArgumentException if the checkpoint belongs to other networks, options or data
     * @throws IllegalStateException if {@code fit} was called before, or training diverges
     */
    public AdversarialResult fit(INDArray examples) {
        return fit(examples, new int[0], false);
    }

    /**
     * Trains on examples of which some have labels, or continues from the checkpoint. A trainer can be used once.
     *
     * @param examples {@code [N, …]}, in memory
     * @param labels the class of each example, or −1 if it has none
     * @return the model and the course of the training
     * @throws IllegalArgumentException if labels do not fit, or the checkpoint belongs to other networks, options or
     *     data
     * @throws IllegalStateException if {@code fit} was called before, or training diverges
     */
    public AdversarialResult fit(INDArray examples, int[] labels) {
        return fit(examples, Require.given(SUBJECT, "labels", labels, "leave them out"), true);
    }

    private AdversarialResult fit(INDArray examples, int[] labels, boolean labeled) {
        Batches.requireRows(SUBJECT, "examples", examples);
        if (labeled) {
            AdversarialChecks.requireLabels(options.mode(), labels, examples.size(0));
        } else {
            Require.that(
                    !(options.mode() instanceof AdversarialMode.SemiSupervised),
                    SUBJECT,
                    "the mode SemiSupervised needs labels",
                    "none",
                    "call fit(examples, labels)");
        }
        AdversarialChecks.requireExamples(options, examples);
        if (begun) {
            throw new IllegalStateException(
                    SUBJECT + ": fit(…) can be called once, got a second call; build another trainer");
        }
        begun = true;
        return new AdversarialRun(options, examples, labels.clone(), () -> stopRequested).run();
    }

    /** Ends training after the current step. Can be called by any thread, also before {@link #fit}. */
    public void stop() {
        stopRequested = true;
    }

    /** Builds an {@link AdversarialAutoencoder}. The mode and the number of epochs are required. */
    public static final class Builder {
        private final Model encoder;
        private final Model decoder;
        private @Nullable Model discriminator;
        private @Nullable Model categoryDiscriminator;
        private @Nullable AdversarialMode mode;
        private CodePosterior posterior = new CodePosterior.Deterministic();
        private CodePrior prior = new CodePrior.Normal(1);
        private double weight = 10;
        private double categoryWeight = 10;
        private InputCorruption corruption = InputCorruption.none();
        private @Nullable InputCorruption categoryCorruption;
        private int batch = 100;
        private int labeledBatch = 100;
        private int epochs;
        private long seed;
        private @Nullable Path checkpoint;
        private final List<ProgressListener> listeners = new ArrayList<>();

        /**
         * Creates a builder.
         *
         * @param encoder an initialized {@code MultiLayerNetwork} or {@code ComputationGraph}; {@code fit} trains it
         * @param decoder likewise, with an output layer
         * @throws IllegalArgumentException if an argument is null, not initialized or of another kind
         */
        public Builder(Model encoder, Model decoder) {
            this.encoder = AdversarialChecks.requireNetwork(SUBJECT, "encoder", encoder);
            this.decoder = AdversarialChecks.requireNetwork(SUBJECT, "decoder", decoder);
        }

        /**
         * Sets the parts of a code.
         *
         * @param parts of a code
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder mode(AdversarialMode parts) {
            this.mode = Require.given(SUBJECT, "mode", parts, "");
            return this;
        }

        /**
         * Sets the discriminator of the latents. Default: two layers of 300 leaky rectified units, trained by Adam with
         * a learning rate of 0.0005 and β₁ = 0.5.
         *
         * @param network n inputs, one logit
         * @return this
         * @throws IllegalArgumentException if it is null, not initialized or of another kind
         */
        public Builder discriminator(Model network) {
            this.discriminator = AdversarialChecks.requireNetwork(SUBJECT, "discriminator", network);
            return this;
        }

        /**
         * Sets the discriminator of the categories. Default: as for {@link #discriminator}.
         *
         * @param network K inputs, one logit
         * @return this
         * @throws IllegalArgumentException if it is null, not initialized or of another kind
         */
        public Builder categoryDiscriminator(Model network) {
            this.categoryDiscriminator = AdversarialChecks.requireNetwork(SUBJECT, "categoryDiscriminator", network);
            return this;
        }

        /**
         * Sets the distribution from which training draws latents. Default: deterministic.
         *
         * @param distribution q(z|x)
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder posterior(CodePosterior distribution) {
            this.posterior = Require.given(SUBJECT, "posterior", distribution, "");
            return this;
        }

        /**
         * Sets the prior of the latents. Default: standard normal.
         *
         * @param distribution p(z)
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder prior(CodePrior distribution) {
            this.prior = Require.given(SUBJECT, "prior", distribution, "");
            return this;
        }

        /**
         * Sets the weight λ of the encoder's adversarial loss on latents. Default: 10.
         *
         * @param lambda at least 0, in the units of the reconstruction loss
         * @return this
         * @throws IllegalArgumentException if it is negative or not finite
         */
        public Builder weight(double lambda) {
            this.weight = Require.nonNegative(SUBJECT, "weight", lambda, "");
            return this;
        }

        /**
         * Sets the weight λ_y of the encoder's adversarial loss on categories. Default: 10.
         *
         * @param lambda at least 0, in the units of the reconstruction loss
         * @return this
         * @throws IllegalArgumentException if it is negative or not finite
         */
        public Builder categoryWeight(double lambda) {
            this.categoryWeight = Require.nonNegative(SUBJECT, "categoryWeight", lambda, "");
            return this;
        }

        /**
         * Sets the corruption of the encoder's input. Default: none.
         *
         * @param change of a mini-batch
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder corruption(InputCorruption change) {
            this.corruption = Require.given(SUBJECT, "corruption", change, "");
            return this;
        }

        /**
         * Lets the encoder read the categories from an example corrupted in another way, while the latents and the
         * reconstruction are those of the example itself. What the corruption changes, such as the place of a digit, is
         * then useless in y and has to go into z. The paper has no such corruption. Default: none, y and z are of one
         * input.
         *
         * @param change of a mini-batch
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder categoryCorruption(InputCorruption change) {
            this.categoryCorruption = Require.given(SUBJECT, "categoryCorruption", change, "");
            return this;
        }

        /**
         * Sets the size of a mini-batch. An incomplete one at the end of an epoch is left out. Default: 100.
         *
         * @param examples at least 2
         * @return this
         * @throws IllegalArgumentException if it is below 2
         */
        public Builder batch(int examples) {
            this.batch = Require.atLeast(2, SUBJECT, "batch", examples, "");
            return this;
        }

        /**
         * Sets the size of a mini-batch of labeled examples. Default: 100.
         *
         * @param examples at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder labeledBatch(int examples) {
            this.labeledBatch = Require.atLeast(1, SUBJECT, "labeledBatch", examples, "");
            return this;
        }

        /**
         * Sets the number of epochs.
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
         * Sets the seed of shuffles, samples of the prior and noise. Default: 0.
         *
         * @param number any
         * @return this
         */
        public Builder seed(long number) {
            this.seed = number;
            return this;
        }

        /**
         * Writes the state of training after every epoch and when it is stopped, and continues from it if the file
         * exists. With more epochs than before, a finished training continues. Default: no checkpoint.
         *
         * @param file replaced atomically
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder checkpoint(Path file) {
            this.checkpoint = Require.given(SUBJECT, "checkpoint", file, "").toAbsolutePath();
            return this;
        }

        /**
         * Adds a listener, which receives the reconstruction loss as the score.
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
         * Builds the trainer.
         *
         * @return the trainer
         * @throws IllegalArgumentException if mode or epochs are missing, or do not fit the prior
         * @throws org.deeplearning4j.exception.DL4JInvalidConfigException if a network does not fit
         */
        public AdversarialAutoencoder build() {
            AdversarialMode parts = Require.given(SUBJECT, "mode", mode, "call mode(…)");
            Require.atLeast(1, SUBJECT, "epochs", epochs, "call epochs(…)");
            prior.requireLatents(parts.latents());
            Model ofLatents = discriminator == null ? DefaultDiscriminator.of(parts.latents(), seed) : discriminator;
            Model ofCategories = categoryDiscriminator;
            if (parts.categories() == 0) {
                Require.that(
                        ofCategories == null && categoryCorruption == null,
                        SUBJECT,
                        "categoryDiscriminator and categoryCorruption need categories",
                        parts,
                        "leave them out");
            } else if (ofCategories == null) {
                ofCategories = DefaultDiscriminator.of(parts.categories(), seed + 1);
            }
            AdversarialOptions options = new AdversarialOptions(
                    encoder,
                    decoder,
                    ofLatents,
                    ofCategories,
                    parts,
                    posterior,
                    prior,
                    weight,
                    categoryWeight,
                    corruption,
                    categoryCorruption,
                    batch,
                    labeledBatch,
                    epochs,
                    seed,
                    checkpoint,
                    List.copyOf(listeners));
            AdversarialChecks.requireFit(options);
            return new AdversarialAutoencoder(options);
        }
    }
}
