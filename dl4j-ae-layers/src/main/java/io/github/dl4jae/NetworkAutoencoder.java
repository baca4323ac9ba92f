package io.github.dl4jae;

import java.util.Arrays;
import java.util.function.UnaryOperator;
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

    /** Runs the encoder on one batch. */
    abstract INDArray runEncoder(INDArray examples);

    /** Runs the decoder on one batch of codes, as {@link #runEncoder} gives them. */
    abstract INDArray runDecoder(INDArray codes, int examples);

    @Override
    public final INDArray encode(INDArray examples) {
        return inBatches("examples", examples, this::encodeBatch);
    }

    @Override
    public final INDArray decode(INDArray codes) {
        return inBatches("codes", codes, this::decodeBatch);
    }

    @Override
    public final INDArray reconstruct(INDArray examples) {
        return inBatches("examples", examples, batch -> decodeBatch(encodeBatch(batch)));
    }

    private INDArray encodeBatch(INDArray examples) {
        INDArray code = runEncoder(examples);
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

    private INDArray inBatches(String what, INDArray all, UnaryOperator<INDArray> pass) {
        if (all == null || all.isEmpty() || all.rank() < 2) {
            throw new IllegalArgumentException(
                    "Autoencoder: " + what + " must have rank 2 or more with at least one on axis 0,"
                            + " got " + (all == null ? "null" : "shape " + Arrays.toString(all.shape()))
                            + "; a single one of n values is an array of shape [1, n]");
        }
        long count = all.size(0);
        long step = batch(all);
        INDArray result = null;
        synchronized (network) {
            for (long from = 0; from < count; from += step) {
                long to = Math.min(from + step, count);
                INDArray part = pass.apply(copy(all.get(NDArrayIndex.interval(from, to))));
                if (result == null) {
                    long[] shape = part.shape().clone();
                    shape[0] = count;
                    result = Nd4j.createUninitialized(part.dataType(), shape);
                }
                result.get(NDArrayIndex.interval(from, to)).assign(part);
            }
        }
        return result;
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
        return preProcessor instanceof RnnToFeedForwardPreProcessor
                || (before && !(preProcessor instanceof FeedForwardToRnnPreProcessor));
    }

    /** Refuses rows of the wrong width before a matrix product does so less clearly. */
    static void requireWidth(String what, INDArray array, Layer firstLayer, InputPreProcessor preProcessor) {
        if (preProcessor == null
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
}
