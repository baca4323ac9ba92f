package io.github.dl4jae.pretraining;

import io.github.dl4jae.internal.layer.Require;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.AutoEncoder;
import org.deeplearning4j.nn.layers.FrozenLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.updater.LayerUpdater;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.memory.conf.WorkspaceConfiguration;
import org.nd4j.linalg.api.memory.enums.AllocationPolicy;
import org.nd4j.linalg.api.memory.enums.LearningPolicy;
import org.nd4j.linalg.api.memory.enums.ResetPolicy;
import org.nd4j.linalg.api.memory.enums.SpillPolicy;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.dataset.api.iterator.DataSetIterator;

/**
 * Trains the layers of a network one after the other, each to reconstruct the output of the layers below.
 *
 * <pre>
 * for each pretrain layer l, bottom up:  x_l = f_{l−1}(… f_0(x)), without noise;  descend the score of layer l on x_l
 * </pre>
 *
 * <p>Pretrain layers are {@link TiedAutoencoderLayer} (denoising, contractive, sparse),
 * {@link RestrictedBoltzmannLayer}, {@code PredictiveSparseLayer}, the stock {@code VariationalAutoencoder}, and other
 * layers with Deeplearning4j's pretraining interface, unless they are frozen. The stock {@code AutoEncoder} is refused.
 * Other layers between them only pass examples on. Layers after the last are not trained. The stock {@code pretrain}
 * gives every layer the examples themselves, which works only if all layers have one size, and then trains the wrong
 * model.
 *
 * <pre>{@code
 * new GreedyLayerwisePretrainer.Builder(network).epochs(15).build().fit(iterator);
 * MultiLayerNetwork deep = PretrainedStack.of(network).unroll(settings);        // a deep autoencoder, or a classifier
 * }</pre>
 *
 * <p>Updater, learning rate, regularization, gradient clipping and constraints are those of each layer's configuration.
 * Iterations and epochs are counted from 0 for each layer. With {@link Builder#checkpoint}, a killed run continues
 * after its last whole epoch, with the same numbers as an uninterrupted run, if the iterator shuffles by epoch.
 * Exceptions: persistent chains of Boltzmann machines restart, and stock dropout and the stock
 * {@code VariationalAutoencoder} use a random generator whose state is not saved.
 *
 * <p>Errors: no pretrain layer in the network, or a stock {@code AutoEncoder}; epochs below 1, or neither one number
 * nor one per layer; masked examples; a score that is not finite; a checkpoint of another network.
 *
 * <p>When not to use it: with many labels or examples and today's initialization and Adam, joint training is as good or
 * better.
 *
 * @see <a href="https://papers.nips.cc/paper/2006/hash/5da713a690c067105aeb2fae32403405-Abstract.html">Bengio et al.
 *     2007, Greedy layer-wise training of deep networks</a>
 * @see PretrainedStack
 */
public final class GreedyLayerwisePretrainer {

    private static final String WORKSPACE = "WS_GREEDY_LAYERWISE_PRETRAINING";
    /** The configuration of Deeplearning4j's own workspaces: sizes are learned in the first mini-batches. */
    private static final WorkspaceConfiguration MEMORY = WorkspaceConfiguration.builder()
            .initialSize(0)
            .overallocationLimit(0.02)
            .policyLearning(LearningPolicy.OVER_TIME)
            .cyclesBeforeInitialization(4)
            .policyReset(ResetPolicy.BLOCK_LEFT)
            .policySpill(SpillPolicy.REALLOCATE)
            .policyAllocation(AllocationPolicy.OVERALLOCATE)
            .build();

    private final MultiLayerNetwork network;
    private final int[] layers;
    private final int[] epochs;
    private final @Nullable PretrainingCheckpoint checkpoint;
    private final List<PretrainingListener> listeners;

    private GreedyLayerwisePretrainer(Builder builder) {
        this.network = builder.network;
        this.layers = IntStream.range(0, network.getnLayers())
                .filter(i -> isTrainable(network.getLayer(i)))
                .toArray();
        if (layers.length == 0) {
            throw new IllegalArgumentException("GreedyLayerwisePretrainer: the network must have a layer that can be"
                    + " pretrained, got none among " + network.getnLayers()
                    + " layers; replace dense layers by TiedAutoencoderLayer or RestrictedBoltzmannLayer");
        }
        this.epochs = epochsPerLayer(builder.epochs, layers.length);
        this.checkpoint = builder.checkpoint == null ? null : new PretrainingCheckpoint(builder.checkpoint, network);
        this.listeners = List.copyOf(builder.listeners);
    }

    private static boolean isTrainable(Layer layer) {
        if (layer.conf().getLayer() instanceof AutoEncoder stock) {
            throw new IllegalArgumentException("GreedyLayerwisePretrainer: pretrain layers must descend their loss, got"
                    + " a stock AutoEncoder, layer '" + stock.getLayerName()
                    + "', whose gradient has the wrong sign; replace it by a TiedAutoencoderLayer");
        }
        return layer.isPretrainLayer() && !(layer instanceof FrozenLayer);
    }

    private static int[] epochsPerLayer(int[] epochs, int layers) {
        if (Arrays.stream(epochs).anyMatch(count -> count < 1) || (epochs.length != 1 && epochs.length != layers)) {
            throw new IllegalArgumentException("GreedyLayerwisePretrainer: epochs must be one number of at least 1, or"
                    + " one for each of the " + layers + " pretrain layers, got " + Arrays.toString(epochs)
                    + "; call epochs(10), for example");
        }
        int[] perLayer = new int[layers];
        Arrays.setAll(perLayer, i -> epochs.length == 1 ? epochs[0] : epochs[i]);
        return perLayer;
    }

    /**
     * Trains all pretrain layers, or the rest of an interrupted run.
     *
     * @param examples reset before each epoch; labels are not used
     * @return the network, with trained layers
     */
    public MultiLayerNetwork fit(DataSetIterator examples) {
        if (!examples.resetSupported()) {
            throw new IllegalArgumentException("GreedyLayerwisePretrainer: the iterator must support reset(), got "
                    + examples.getClass().getSimpleName() + "; every layer and epoch reads all examples");
        }
        network.initGradientsView();
        PretrainingCheckpoint.Progress done =
                checkpoint == null ? PretrainingCheckpoint.Progress.NONE : checkpoint.restore(epochs);
        int past = Arrays.stream(epochs, 0, done.layers()).sum() + done.epochs();
        examples.reset();
        for (int epoch = 0; epoch < past; epoch++) { // advances the shuffling of the iterator
            examples.next();
            examples.reset();
        }
        for (int i = done.layers(); i < layers.length; i++) {
            boolean interrupted = i == done.layers() && done.epochs() > 0;
            train(i, examples, interrupted ? done : PretrainingCheckpoint.Progress.NONE);
        }
        return network;
    }

    private void train(int number, DataSetIterator examples, PretrainingCheckpoint.Progress done) {
        Layer layer = network.getLayer(layers[number]);
        LayerUpdater updater = new LayerUpdater(layer);
        if (done.updaterState() != null) {
            updater.setStateViewArray(done.updaterState());
        }
        int iteration = done.iterations();
        int iterationBefore = layer.getIterationCount();
        int epochBefore = layer.getEpochCount();
        for (int epoch = done.epochs(); epoch < epochs[number]; epoch++) {
            layer.setEpochCount(epoch);
            double sum = 0;
            int minibatches = 0;
            for (examples.reset(); examples.hasNext(); minibatches++) {
                layer.setIterationCount(iteration);
                double score = step(layers[number], layer, updater, inputs(examples.next()), iteration, epoch);
                iteration++;
                sum += score;
                for (PretrainingListener listener : listeners) {
                    listener.minibatchDone(layers[number], epoch, score);
                }
            }
            if (minibatches == 0) {
                throw new IllegalArgumentException(
                        "GreedyLayerwisePretrainer: the iterator must have examples after reset(), got none");
            }
            double mean = sum / minibatches;
            if (!Double.isFinite(mean)) {
                throw new IllegalStateException("GreedyLayerwisePretrainer: the score of layer " + layers[number]
                        + " must stay finite, got " + mean + " in epoch " + (epoch + 1)
                        + "; lower the learning rate, or scale the examples");
            }
            if (checkpoint != null) {
                boolean layerDone = epoch + 1 == epochs[number];
                checkpoint.save(
                        epochs,
                        layerDone
                                ? new PretrainingCheckpoint.Progress(number + 1, 0, 0, null)
                                : new PretrainingCheckpoint.Progress(
                                        number, epoch + 1, iteration, updater.getStateViewArray()));
            }
            for (PretrainingListener listener : listeners) {
                listener.epochDone(layers[number], epoch, mean);
            }
        }
        layer.setIterationCount(iterationBefore);
        layer.setEpochCount(epochBefore);
    }

    private static INDArray inputs(DataSet minibatch) {
        if (minibatch.getFeaturesMaskArray() != null) {
            throw new IllegalArgumentException("GreedyLayerwisePretrainer: examples must not be masked, got a mask of"
                    + " shape "
                    + Arrays.toString(minibatch.getFeaturesMaskArray().shape())
                    + "; leave out what is masked");
        }
        return minibatch.getFeatures();
    }

    /** Performs one update; returns the score before it. */
    @SuppressWarnings("try") // the workspace is held open, not used
    private double step(int index, Layer layer, LayerUpdater updater, INDArray examples, int iteration, int epoch) {
        LayerWorkspaceMgr workspaces =
                LayerWorkspaceMgr.builder().defaultWorkspace(WORKSPACE, MEMORY).build();
        try (MemoryWorkspace ignored = workspaces.notifyScopeEntered(ArrayType.FF_WORKING_MEM)) {
            INDArray x = below(index, examples, workspaces);
            layer.setInput(x, workspaces);
            layer.computeGradientAndScore(workspaces);
            updater.update(layer, layer.gradient(), iteration, epoch, (int) x.size(0), workspaces);
            INDArray parameters = layer.params();
            parameters.subi(layer.gradient().gradient().reshape(parameters.shape()));
            layer.applyConstraints(iteration, epoch);
            double score = layer.score();
            layer.clear();
            return score;
        }
    }

    /** Computes the input of a layer, without noise. */
    private INDArray below(int index, INDArray examples, LayerWorkspaceMgr workspaces) {
        INDArray x = examples.castTo(network.getLayerWiseConfigurations().getDataType());
        if (index > 0) {
            x = workspaces.dup(ArrayType.INPUT, x); // layers may modify it
        }
        for (int i = 0; i <= index; i++) {
            InputPreProcessor preProcessor =
                    network.getLayerWiseConfigurations().getInputPreProcess(i);
            if (preProcessor != null) {
                x = preProcessor.preProcess(x, (int) examples.size(0), workspaces);
            }
            if (i < index) {
                x = network.getLayer(i).activate(x, false, workspaces);
                network.getLayer(i).clear();
            }
        }
        return x;
    }

    /** Builds a {@link GreedyLayerwisePretrainer}. */
    public static final class Builder {
        private final MultiLayerNetwork network;
        private final List<PretrainingListener> listeners = new ArrayList<>();
        private int[] epochs = {10};
        private @Nullable Path checkpoint;

        /**
         * Creates a builder for a network.
         *
         * @param network initialized; {@link GreedyLayerwisePretrainer#fit} changes its parameters
         */
        public Builder(MultiLayerNetwork network) {
            if (network == null || !network.isInitCalled()) {
                throw new IllegalArgumentException("GreedyLayerwisePretrainer: the network must be initialized, got "
                        + (network == null ? "null" : "one without parameters") + "; call init() on it first");
            }
            this.network = network;
        }

        /**
         * Sets the number of epochs. Default: 10.
         *
         * @param perLayer one number for all, or one for each pretrain layer
         * @return this
         */
        public Builder epochs(int... perLayer) {
            this.epochs = perLayer.clone();
            return this;
        }

        /**
         * Saves the state after every epoch, and continues from it if the file exists when training begins. With the
         * file of a finished run, training does nothing.
         *
         * @param file replaced atomically, through a temporary file in its directory
         * @return this
         */
        public Builder checkpoint(Path file) {
            this.checkpoint = file;
            return this;
        }

        /**
         * Adds listeners.
         *
         * @param added are called on the thread of {@code fit}
         * @return this
         */
        public Builder listener(PretrainingListener... added) {
            for (PretrainingListener listener : added) {
                listeners.add(Require.given("GreedyLayerwisePretrainer", "listener", listener, ""));
            }
            return this;
        }

        /**
         * Builds the pretrainer.
         *
         * @return the pretrainer
         */
        public GreedyLayerwisePretrainer build() {
            return new GreedyLayerwisePretrainer(this);
        }
    }
}
