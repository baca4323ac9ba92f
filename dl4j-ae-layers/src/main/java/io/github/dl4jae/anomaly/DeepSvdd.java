package io.github.dl4jae.anomaly;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.training.ProgressListener;
import io.github.dl4jae.training.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/**
 * Trains an encoder to map normal examples into a small sphere: deep support vector data description.
 *
 * <pre>
 * one class       minimize over W   1/n Σ_i ‖φ(x_i; W) − c‖² + λ/2 Σ ‖W‖²
 * soft boundary   minimize over W   R² + 1/(νn) Σ_i max(0, ‖φ(x_i; W) − c‖² − R²) + λ/2 Σ ‖W‖²
 * center          c = mean_i φ(x_i; W₀), fixed;  |c_j| &lt; ε becomes ±ε
 * radius          R² = the smallest number that at most νn of the ‖φ(x_i) − c‖² exceed
 * score           s(x) = ‖φ(x) − c‖²
 * </pre>
 *
 * <p>R² minimizes the objective for given W. It is 0 in the warm-up epochs and is computed from all examples before
 * every other epoch, and once after training. λ and the updater are those of the encoder's configuration (its
 * {@code l2}).
 *
 * <p>A layer with a bias or a bounded activation can map all inputs to c. Such encoders are refused, as is batch
 * normalization with an offset; {@link SvddEncoder} builds others. W = 0 is constant, too. {@code fit} therefore
 * refuses its own result if the scores of held-out examples hardly differ ({@link DeepSvddScore#requireSpread}).
 *
 * <pre>{@code
 * MultiLayerConfiguration encoder = new SvddEncoder.Builder(30).build();   // or (28, 28, 1) for images
 * DeepSvddScore score = new DeepSvdd.Builder(encoder).pretraining(20).epochs(50).build().fit(normal);
 * double[] scores = score.score(examples);
 * }</pre>
 *
 * <p>Shapes: examples {@code [N, …]} as the encoder takes them: rows {@code [N, d]}, also of pixels, or images
 * {@code [N, channels, height, width]}. Codes are vectors, {@code [N, k]}.
 *
 * <p>When not to use it: with values of mean 0. Without biases φ(0) = 0, so an example in the middle of the data is far
 * from c; scale values to [0, 1]. On tables, reconstruction errors and PCA are often as good and need fewer decisions.
 * For examples with many anomalies among them, use the soft boundary, or {@link RobustAutoencoder}.
 *
 * @see <a href="https://proceedings.mlr.press/v80/ruff18a.html">Ruff et al. 2018, Deep one-class classification</a>
 */
public final class DeepSvdd {

    // longer than 300 lines: nine options, each with a builder method that documents it

    private static final String NAME = "DeepSvdd";

    private final MultiLayerNetwork source;
    private final int layers;
    private final int pretraining;
    private final int epochs;
    private final int batch;
    private final @Nullable Double nu;
    private final int warmUp;
    private final double margin;
    private final @Nullable INDArray heldOut;
    private final long seed;
    private final List<ProgressListener> listeners;

    private DeepSvdd(Builder builder) {
        this.source = builder.source;
        this.layers = builder.layers;
        this.pretraining = builder.pretraining;
        this.epochs = builder.epochs;
        this.batch = builder.batch;
        this.nu = builder.nu;
        this.warmUp = builder.warmUp;
        this.margin = builder.margin;
        this.heldOut = builder.heldOut;
        this.seed = builder.seed;
        this.listeners = List.copyOf(builder.listeners);
    }

    /**
     * Trains a copy of the encoder.
     *
     * @param examples normal ones, {@code [N, …]}, finite; not changed
     * @return the score
     * @throws IllegalArgumentException if the examples are not finite, or the encoder's output is not {@code [N, k]}
     * @throws IllegalStateException if the encoder has collapsed to a constant; the message names remedies
     * @throws io.github.dl4jae.training.TrainingDivergedException if NaN or infinity appears in training
     */
    public DeepSvddScore fit(INDArray examples) {
        Batches.requireRows(NAME, "examples", examples);
        ExampleBatches.requireFinite(NAME, examples);
        DataType type = SvddLayers.type(source);
        ExampleBatches batches = new ExampleBatches(examples, type, batch, seed);
        ILossFunction loss = nu == null ? new LossL2() : new SoftBoundaryLoss(nu);
        MultiLayerNetwork network = SvddLayers.extended(source, layers, List.of(lossLayer(loss)));
        if (pretraining > 0) {
            pretrain(network, batches, examples);
        }
        INDArray center = center(codes(network, examples));
        INDArray baseline = examples.castTo(type).mean(0);
        Trainer.Builder trainer = new Trainer.Builder(network, batches.labeled(x -> rows(center, x.size(0), type), 0))
                .epochs(epochs)
                .listener(listeners.toArray(ProgressListener[]::new));
        DeepSvddScore score = loss instanceof SoftBoundaryLoss soft
                ? softly(trainer, network, soft, examples, new DeepSvddScore(network, center, baseline, null))
                : trained(trainer, new DeepSvddScore(network, center, baseline, null));
        score.requireSpread(heldOut == null ? examples : heldOut);
        return score;
    }

    private static DeepSvddScore trained(Trainer.Builder trainer, DeepSvddScore score) {
        trainer.build().fit();
        return score;
    }

    /** Trains with the soft boundary; returns a score whose network does not contain its loss. */
    private DeepSvddScore softly(
            Trainer.Builder trainer,
            MultiLayerNetwork network,
            SoftBoundaryLoss loss,
            INDArray examples,
            DeepSvddScore score) {
        trainer.listener(new ProgressListener() {
                    @Override
                    public void epochBegun(int epoch) {
                        if (epoch >= warmUp) {
                            loss.updateRadius(score.score(examples));
                        }
                    }
                })
                .build()
                .fit();
        loss.updateRadius(score.score(examples));
        return new DeepSvddScore(
                SvddLayers.extended(network, layers, List.of(lossLayer(new LossL2()))),
                score.center(),
                score.baseline(),
                Math.sqrt(loss.squaredRadius()));
    }

    private static NeuralNetConfiguration lossLayer(ILossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .layer(new LossLayer.Builder(loss)
                        .name("distance")
                        .activation(Activation.IDENTITY)
                        .build())
                .build();
    }

    private static INDArray rows(INDArray row, long count, DataType type) {
        return Nd4j.zeros(type, count, row.length()).addiRowVector(row.castTo(type));
    }

    private static INDArray codes(MultiLayerNetwork network, INDArray examples) {
        INDArray codes = DeepSvddScore.codes(network, examples);
        Require.that(
                codes.rank() == 2,
                NAME,
                "codes must be vectors [N, k]",
                Arrays.toString(codes.shape()),
                "end the encoder with a dense layer or global pooling");
        return codes;
    }

    private INDArray center(INDArray codes) {
        double[] c = codes.castTo(DataType.DOUBLE).mean(0).toDoubleVector();
        for (int j = 0; j < c.length; j++) {
            if (Math.abs(c[j]) < margin) {
                c[j] = c[j] < 0 ? -margin : margin;
            }
        }
        return Nd4j.createFromArray(c);
    }

    /** Trains the encoder and a dense decoder of one hidden layer to reconstruct the examples. */
    private void pretrain(MultiLayerNetwork network, ExampleBatches batches, INDArray examples) {
        int k = (int) codes(network, Batches.copy(examples, 0, 1, SvddLayers.type(network)))
                .size(1);
        int d = (int) (examples.length() / examples.size(0));
        int width = Math.max(64, Math.min(1024, d / 2));
        IUpdater updater = updater(source);
        Layer hidden = new FastDenseLayer.Builder()
                .nIn(k)
                .nOut(width)
                .activation(Activation.LEAKYRELU)
                .build();
        Layer output = new FastOutputLayer.Builder(new LossL2())
                .nIn(width)
                .nOut(d)
                .activation(Activation.IDENTITY)
                .build();
        List<NeuralNetConfiguration> decoder = new ArrayList<>();
        for (Layer each : List.of(hidden, output)) {
            decoder.add(new NeuralNetConfiguration.Builder()
                    .weightInit(WeightInit.XAVIER)
                    .updater(updater.clone())
                    .layer(each)
                    .build());
        }
        MultiLayerNetwork autoencoder = SvddLayers.extended(network, layers, decoder);
        new Trainer.Builder(
                        autoencoder, batches.labeled(x -> ExampleBatches.rows(x).dup(), 0))
                .epochs(pretraining)
                .build()
                .fit();
        SvddLayers.copyParameters(autoencoder, network, layers);
    }

    private IUpdater updater(MultiLayerNetwork network) {
        return NetworkLayers.of(network)
                .limit(layers)
                .map(layer -> layer.conf().getLayer())
                .filter(BaseLayer.class::isInstance)
                .map(layer -> ((BaseLayer) layer).getIUpdater())
                .filter(each -> each != null)
                .reduce((before, last) -> last)
                .orElseThrow(() -> new IllegalArgumentException(
                        NAME + ": the encoder must have a layer with parameters, got none; add a dense layer"));
    }

    /** Builds a {@link DeepSvdd}. */
    public static final class Builder {
        private final MultiLayerNetwork source;
        private final int layers;
        private final List<ProgressListener> listeners = new ArrayList<>();
        private int pretraining;
        private int epochs = 50;
        private int batch = 128;
        private @Nullable Double nu;
        private int warmUp = 10;
        private double margin = 0.1;
        private @Nullable INDArray heldOut;
        private long seed = 42;

        /**
         * Creates a builder for a new encoder.
         *
         * @param encoder layers whose last one computes the code, such as those of {@link SvddEncoder}; copied
         * @throws IllegalArgumentException if it is null, or a layer has a bias, a bounded activation or a loss
         */
        public Builder(MultiLayerConfiguration encoder) {
            Require.given(NAME, "encoder", encoder, "such as new SvddEncoder.Builder(30).build()");
            this.layers = encoder.getConfs().size();
            SvddLayers.require(encoder.getConfs(), layers);
            this.source = new MultiLayerNetwork(encoder.clone());
            source.init();
        }

        /**
         * Creates a builder for the encoder of an autoencoder, with its parameters: one that was pretrained with a
         * decoder or loss of one's own.
         *
         * @param autoencoder an initialized network; {@code fit} copies the encoder and leaves the network as it is
         * @param codeLayer the name of the layer whose output is the code
         * @throws IllegalArgumentException if an argument is null, there is no such layer, or a layer up to it has a
         *     bias or a bounded activation
         */
        public Builder(MultiLayerNetwork autoencoder, String codeLayer) {
            this.source = Require.given(NAME, "autoencoder", autoencoder, "");
            Require.that(
                    autoencoder.isInitCalled(),
                    NAME,
                    "the autoencoder must be initialized",
                    "one without parameters",
                    "call init() on it, and train it");
            List<String> names = NetworkLayers.names(autoencoder);
            this.layers = 1 + names.indexOf(codeLayer);
            Require.that(
                    layers > 0,
                    NAME,
                    "codeLayer must name a layer of the network, " + names,
                    "'" + codeLayer + "'",
                    "");
            SvddLayers.require(autoencoder.getLayerWiseConfigurations().getConfs(), layers);
        }

        /**
         * Trains the encoder as an autoencoder first, with a squared error and a dense decoder of one hidden layer,
         * which is discarded. Default: 0. Pretraining needs pixels and numbers of one scale.
         *
         * @param epochs at least 0; with 0 the center is that of random codes, or of the given parameters
         * @return this
         * @throws IllegalArgumentException if it is below 0
         */
        public Builder pretraining(int epochs) {
            this.pretraining = Require.atLeast(0, NAME, "pretraining", epochs, "");
            return this;
        }

        /**
         * Sets the number of epochs. Default: 50.
         *
         * @param number at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder epochs(int number) {
            this.epochs = Require.atLeast(1, NAME, "epochs", number, "");
            return this;
        }

        /**
         * Sets the number of examples in a mini-batch. Default: 128.
         *
         * @param examples at least 1
         * @return this
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batch(int examples) {
            this.batch = Require.atLeast(1, NAME, "batch", examples, "");
            return this;
        }

        /**
         * Trains with the soft boundary. Default: the one-class objective.
         *
         * @param nu ν in (0, 1], an upper bound of the share of training examples outside of the sphere
         * @return this
         * @throws IllegalArgumentException if it is out of range
         */
        public Builder softBoundary(double nu) {
            Require.that(nu > 0 && nu <= 1, NAME, "nu must be in (0, 1]", nu, "0.1 and 0.01 are usual");
            this.nu = nu;
            return this;
        }

        /**
         * Sets the number of epochs with R = 0, if the boundary is soft. Default: 10.
         *
         * @param number at least 0, and less than the number of epochs
         * @return this
         * @throws IllegalArgumentException if it is below 0
         */
        public Builder warmUpEpochs(int number) {
            this.warmUp = Require.atLeast(0, NAME, "warmUpEpochs", number, "");
            return this;
        }

        /**
         * Sets the smallest distance from 0 of the values of the center, which a network without biases could reach
         * with weights of 0. Default: 0.1.
         *
         * @param epsilon ε, above 0
         * @return this
         * @throws IllegalArgumentException if it is not above 0, or not finite
         */
        public Builder centerMargin(double epsilon) {
            this.margin = Require.positive(NAME, "centerMargin", epsilon, "0.1 is usual");
            return this;
        }

        /**
         * Sets the examples with which {@code fit} checks that the encoder has not collapsed. Default: the training
         * examples.
         *
         * @param examples normal ones, {@code [N, …]}
         * @return this
         * @throws IllegalArgumentException if it is null
         */
        public Builder heldOut(INDArray examples) {
            this.heldOut = Require.given(NAME, "heldOut", examples, "");
            return this;
        }

        /**
         * Sets the seed of the order of the examples. Default: 42. The encoder's configuration has that of its weights.
         *
         * @param seed any number
         * @return this
         */
        public Builder seed(long seed) {
            this.seed = seed;
            return this;
        }

        /**
         * Adds listeners to the training, without pretraining.
         *
         * @param added are called on the thread of {@code fit}
         * @return this
         * @throws IllegalArgumentException if one is null
         */
        public Builder listener(ProgressListener... added) {
            for (ProgressListener each : added) {
                listeners.add(Require.given(NAME, "listener", each, ""));
            }
            return this;
        }

        /**
         * Builds the trainer.
         *
         * @return the trainer
         * @throws IllegalArgumentException if all epochs of a soft boundary are warm-up epochs
         */
        public DeepSvdd build() {
            Require.that(
                    nu == null || warmUp < epochs,
                    NAME,
                    "warmUpEpochs must be less than the " + epochs + " epochs",
                    warmUp,
                    "call warmUpEpochs(…), or train longer");
            return new DeepSvdd(this);
        }
    }
}
