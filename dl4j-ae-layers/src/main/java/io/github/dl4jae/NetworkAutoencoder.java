package io.github.dl4jae;

import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Arrays;
import java.util.function.BinaryOperator;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.layers.feedforward.autoencoder.AutoEncoder;
import org.deeplearning4j.nn.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.INDArrayIndex;
import org.nd4j.linalg.indexing.NDArrayIndex;

/** What the autoencoders in the two kinds of network share: batches, checks, and codes of time steps. */
abstract class NetworkAutoencoder implements Autoencoder {

    /** A batch has so many values at most (unless one example has more), and so many examples. */
    private static final long BATCH_VALUES = 1 << 20;

    private static final long BATCH_EXAMPLES = 1024;

    private final Object network;
    private final DataType type;
    private final boolean codeOfTimeSteps;

    /**
     * Sets up the shared part.
     *
     * @param network the lock
     * @param type of the network's parameters
     * @param codeOfTimeSteps whether the code layer sees the time steps of all examples as rows
     */
    NetworkAutoencoder(Object network, DataType type, boolean codeOfTimeSteps) {
        this.network = network;
        this.type = type;
        this.codeOfTimeSteps = codeOfTimeSteps;
    }

    /** Runs the encoder on one batch; the mask may be null. */
    abstract INDArray runEncoder(INDArray examples, INDArray mask);

    /** Runs the decoder on one batch of codes, as {@link #runEncoder} gives them. */
    abstract INDArray runDecoder(INDArray codes, int examples);

    /** Runs encoder and decoder on one batch of masked sequences. */
    abstract INDArray runMasked(INDArray examples, INDArray mask);

    /** The configuration of the layer that reads the examples, or null. */
    abstract org.deeplearning4j.nn.conf.layers.Layer firstLayer();

    /** The configuration of the layer whose output is the code, or null. */
    abstract org.deeplearning4j.nn.conf.layers.Layer codeLayer();

    /** The configuration of the last layer, or null. */
    abstract org.deeplearning4j.nn.conf.layers.Layer outputLayer();

    @Override
    public final INDArray encode(INDArray examples) {
        return encode(examples, null);
    }

    @Override
    public final INDArray encode(INDArray examples, INDArray mask) {
        return inBatches("examples", examples, mask, this::encodeBatch);
    }

    @Override
    public final INDArray decode(INDArray codes) {
        return inBatches("codes", codes, null, (batch, none) -> decodeBatch(batch));
    }

    @Override
    public final INDArray reconstruct(INDArray examples) {
        return reconstruct(examples, null);
    }

    @Override
    public final INDArray reconstruct(INDArray examples, INDArray mask) {
        return inBatches(
                "examples",
                examples,
                mask,
                (batch, itsMask) ->
                        itsMask == null ? decodeBatch(encodeBatch(batch, null)) : runMasked(batch, itsMask));
    }

    private INDArray encodeBatch(INDArray examples, INDArray mask) {
        INDArray code = runEncoder(examples, mask);
        return codeOfTimeSteps
                ? new FeedForwardToRnnPreProcessor()
                        .preProcess(code, (int) examples.size(0), LayerWorkspaceMgr.noWorkspaces()) // [B·T,n] → [B,n,T]
                : code;
    }

    private INDArray decodeBatch(INDArray codes) {
        int examples = (int) codes.size(0);
        if (!codeOfTimeSteps) {
            return runDecoder(codes, examples);
        }
        if (codes.rank() != 3) {
            throw new IllegalArgumentException("Autoencoder: codes must be sequences [N, code, time], got "
                    + Arrays.toString(codes.shape()) + "; the code layer codes each time step");
        }
        INDArray rows = new RnnToFeedForwardPreProcessor()
                .preProcess(codes, examples, LayerWorkspaceMgr.noWorkspaces()); // [B,n,T] → [B·T,n]
        return runDecoder(rows, examples);
    }

    private INDArray inBatches(String what, INDArray all, INDArray mask, BinaryOperator<INDArray> pass) {
        requireSome("Autoencoder", what, all);
        int timeAxis = SequenceMask.timeAxis(firstLayer());
        if (mask != null) {
            SequenceMask.require("Autoencoder", all, mask, timeAxis);
        }
        long count = all.size(0);
        long step = batch(all);
        INDArray result = null;
        synchronized (network) {
            for (long from = 0; from < count; from += step) {
                INDArrayIndex rows = NDArrayIndex.interval(from, Math.min(from + step, count));
                INDArray batch = copy(all.get(rows));
                INDArray maskOfBatch = mask == null ? null : copy(mask.get(rows));
                INDArray part = pass.apply(
                        mask == null ? batch : SequenceMask.withoutPadding(batch, maskOfBatch, timeAxis), maskOfBatch);
                if (result == null) {
                    long[] shape = part.shape().clone();
                    shape[0] = count;
                    result = Nd4j.createUninitialized(part.dataType(), shape);
                }
                result.get(rows).assign(part);
            }
        }
        return result;
    }

    static void requireSome(String subject, String what, INDArray all) {
        if (all == null) {
            throw new IllegalArgumentException(
                    subject + ": " + what + " must be an array, got null; read or encode some first");
        }
        if (all.isEmpty() || all.size(0) == 0) {
            throw new IllegalArgumentException(subject + ": " + what + " must hold at least one on axis 0, got shape "
                    + Arrays.toString(all.shape()) + "; is the data set empty, or filtered to nothing?");
        }
        if (all.rank() < 2) {
            throw new IllegalArgumentException(subject + ": " + what + " must have rank 2 or more, got shape "
                    + Arrays.toString(all.shape()) + "; a single one of n values is an array of shape [1, n]");
        }
    }

    /** How many examples go through a network at a time. */
    static long batch(INDArray examples) {
        return Math.max(1, Math.min(BATCH_EXAMPLES, BATCH_VALUES * examples.size(0) / examples.length()));
    }

    /** Layers may work in place: never on what belongs to the caller. */
    private INDArray copy(INDArray batch) {
        return batch.dataType() == type ? batch.dup() : batch.castTo(type);
    }

    static void requireInitialised(boolean initialised) {
        if (!initialised) {
            throw new IllegalArgumentException(
                    "Autoencoders: the network must be initialised, got one without parameters; call init() on it, or load a"
                            + " trained one");
        }
    }

    /** Whether rows are time steps behind this preprocessor, given whether they are before it. */
    static boolean rowsAreTimeSteps(boolean before, InputPreProcessor preProcessor) {
        InputPreProcessor inner = ExampleCountPreProcessor.unwrapped(preProcessor);
        return inner instanceof RnnToFeedForwardPreProcessor
                || (before && !(inner instanceof FeedForwardToRnnPreProcessor));
    }

    /** Refuses rows of the wrong width before a matrix product does so less clearly. */
    static void requireWidth(String what, INDArray array, Layer firstLayer, InputPreProcessor preProcessor) {
        if (ExampleCountPreProcessor.unwrapped(preProcessor) == null
                && array.rank() == 2
                && firstLayer.conf().getLayer() instanceof FeedForwardLayer layer
                && !(layer instanceof ConvolutionLayer)
                && layer.getNIn() != array.size(1)) {
            throw new IllegalArgumentException("Autoencoder: " + what + " must have shape [N, " + layer.getNIn()
                    + "], got "
                    + Arrays.toString(array.shape()) + "; layer '" + layer.getLayerName() + "' takes " + layer.getNIn()
                    + " values");
        }
    }

    /** Whether a layer is a whole autoencoder with a decoder of its own, which no following layer replaces. */
    static boolean decodesItself(Layer layer) {
        return layer instanceof VariationalAutoencoder || layer instanceof AutoEncoder;
    }

    static INDArray decodeBy(Layer layer, INDArray codes) {
        return layer instanceof VariationalAutoencoder variational
                ? variational.generateAtMeanGivenZ(codes)
                : ((AutoEncoder) layer).decode(codes, LayerWorkspaceMgr.noWorkspaces());
    }

    /** Returns the layer widths, as in {@code Autoencoder(30 → code 8 → 30)}. */
    @Override
    public final String toString() {
        return "Autoencoder(" + LayerWidths.in(firstLayer()) + " → code " + LayerWidths.out(codeLayer()) + " → "
                + LayerWidths.out(outputLayer()) + ")";
    }
}
