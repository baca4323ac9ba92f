package io.github.dl4jae;

import io.github.dl4jae.kernel.NetworkLayers;
import io.github.dl4jae.likelihood.DistributionOutput;
import io.github.dl4jae.noise.NoiseStream;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.GaussianPosterior;
import io.github.dl4jae.variational.LossReduction;
import io.github.dl4jae.variational.PriorDensity;
import io.github.dl4jae.variational.PseudoInputLayer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.Model;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the variational models in the two kinds of network share: everything but the way through the layers. */
abstract class NetworkVariationalModel implements VariationalModel {

    private static final Logger log = LoggerFactory.getLogger(NetworkVariationalModel.class);

    private final Model network;
    private final DataType type;
    private final INDArray[] conditions;

    NetworkVariationalModel(Model network, DataType type, INDArray... conditions) {
        this.network = network;
        this.type = type;
        this.conditions = conditions;
    }

    abstract Layer latentLayer();

    abstract IOutputLayer outputLayer();

    /** What goes into the latent layer, with the conditions of the same rows. */
    abstract INDArray latentInput(INDArray examples, INDArray[] conditions, LayerWorkspaceMgr workspaces);

    /** What goes into the output layer. */
    abstract INDArray outputInput(INDArray codes, INDArray[] conditions, LayerWorkspaceMgr workspaces);

    /** Checks what can be known from the start. */
    final void requireVariational(String name) {
        Layer latentLayer = NetworkLayers.unwrapped(latentLayer());
        if (!(latentLayer.conf().getLayer() instanceof GaussianLatentLayer)) {
            throw new IllegalArgumentException("Autoencoders: the layer must be a GaussianLatentLayer, got '" + name
                    + "', a " + latentLayer.conf().getLayer().getClass().getSimpleName()
                    + "; name the layer that draws the codes");
        }
        LossReduction.warning(network).ifPresent(log::warn);
    }

    private GaussianLatentLayer latentConfiguration() {
        return (GaussianLatentLayer)
                NetworkLayers.unwrapped(latentLayer()).conf().getLayer();
    }

    @Override
    public final int latents() {
        return (int) latentConfiguration().getNOut();
    }

    @Override
    public final INDArray encode(INDArray examples) {
        return posterior(examples).means().castTo(type);
    }

    @Override
    public final INDArray decode(INDArray codes) {
        requireCodes(codes);
        requireConditions("codes", codes.size(0));
        long count = codes.size(0);
        long step = NetworkAutoencoder.batch(codes);
        INDArray decoded = null;
        synchronized (network) {
            for (long from = 0; from < count; from += step) {
                long to = Math.min(from + step, count);
                INDArray part = decode(codes, from, to);
                if (decoded == null) {
                    long[] shape = part.shape().clone();
                    shape[0] = count;
                    decoded = Nd4j.createUninitialized(type, shape);
                }
                decoded.get(NDArrayIndex.interval(from, to)).assign(part);
            }
        }
        return decoded;
    }

    private INDArray decode(INDArray codes, long from, long to) {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        INDArray z = copy(codes.get(NDArrayIndex.interval(from, to)));
        INDArray input = outputInput(forDecoder(z), conditionsOf(from, to), workspaces);
        Layer output = outputLayer();
        INDArray x = output.activate(input, false, workspaces);
        output.clear();
        return mean(output, x);
    }

    /** E[x|z]. */
    private static INDArray mean(Layer output, INDArray x) {
        ILossFunction loss = LossReduction.lossOf(output).orElse(null);
        IActivation activation = ((BaseLayer) output.conf().getLayer()).getActivationFn();
        return loss instanceof DistributionOutput distribution ? distribution.mean(x, activation) : x;
    }

    @Override
    public final INDArray reconstruct(INDArray examples) {
        return decode(encode(examples));
    }

    @Override
    public final GaussianPosterior posterior(INDArray examples) {
        requireRows("examples", examples);
        requireConditions("examples", examples.size(0));
        long count = examples.size(0);
        long step = NetworkAutoencoder.batch(examples);
        List<GaussianPosterior> parts = new ArrayList<>();
        synchronized (network) {
            for (long from = 0; from < count; from += step) {
                parts.add(posterior(examples, from, Math.min(from + step, count)));
            }
        }
        return GaussianPosterior.concat(parts);
    }

    /** Of some rows. */
    private GaussianPosterior posterior(INDArray examples, long from, long to) {
        INDArray x = copy(examples.get(NDArrayIndex.interval(from, to)));
        INDArray h = latentInput(x, conditionsOf(from, to), LayerWorkspaceMgr.noWorkspaces());
        if (h.rank() != 2) {
            throw new IllegalArgumentException("VariationalModel: the code must be one vector per example, got a latent"
                    + " layer whose input has the shape " + Arrays.toString(h.shape())
                    + "; summarise sequences before it, as with LastTimeStep");
        }
        return GaussianPosterior.of(latentLayer(), h);
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public final double[] logLikelihood(INDArray examples, INDArray codes) {
        requireRows("examples", examples);
        requireCodes(codes);
        int n = (int) examples.size(0);
        int rows = (int) codes.size(0);
        if (rows % n != 0) {
            throw new IllegalArgumentException(
                    "VariationalModel: there must be as many codes as examples, or a multiple," + " got " + rows
                            + " codes for " + n + " examples; give every example a code, then every one another");
        }
        requireConditions("examples", n);
        double[] logLikelihood = new double[rows];
        int step = (int) NetworkAutoencoder.batch(examples);
        synchronized (network) {
            // recurrent layers keep arrays from one pass to the next
            try (ReusedMemory memory = examples.rank() == 3 ? null : new ReusedMemory()) {
                LayerWorkspaceMgr workspaces = memory == null ? LayerWorkspaceMgr.noWorkspaces() : memory.workspaces();
                for (int from = 0; from < rows; from += step) {
                    int to = Math.min(from + step, rows);
                    try (MemoryWorkspace scope = memory == null ? null : memory.open()) {
                        INDArray z = copy(codes.get(NDArrayIndex.interval(from, to)));
                        INDArray x = copy(rowsOf(examples, from, to));
                        double[] part = logLikelihood(x, z, conditionsOf(from, to), workspaces);
                        System.arraycopy(part, 0, logLikelihood, from, part.length);
                    }
                }
            }
        }
        return logLikelihood;
    }

    private double[] logLikelihood(INDArray x, INDArray z, INDArray[] given, LayerWorkspaceMgr workspaces) {
        IOutputLayer output = outputLayer();
        LossReduction.lossOf(output).ifPresent(NetworkVariationalModel::requireLikelihood);
        INDArray input = outputInput(forDecoder(z), given, workspaces);
        output.setInput(input, workspaces);
        output.setLabels(labels(x, input));
        INDArray losses = output.computeScoreForExamples(0, workspaces);
        double[] logLikelihood =
                losses.castTo(DataType.DOUBLE).negi().dup('c').data().asDouble();
        output.setLabels(null);
        output.clear();
        return logLikelihood;
    }

    /** Of Deeplearning4j's own losses, few are likelihoods; what others have written is taken at its word. */
    private static void requireLikelihood(ILossFunction loss) {
        if (loss.getClass().getName().startsWith("org.nd4j.")
                && !(loss instanceof LossBinaryXENT || loss instanceof LossMCXENT)) {
            throw new IllegalArgumentException(
                    "VariationalModel: " + loss.getClass().getSimpleName()
                            + " is no negative log-likelihood summed over features; use one of io.github.dl4jae.likelihood in the"
                            + " output layer, such as LossGaussian for squared errors");
        }
    }

    /** Examples in the shape of targets. */
    private INDArray labels(INDArray x, INDArray outputInput) {
        if (outputLayer().conf().getLayer() instanceof CnnLossLayer && outputInput.length() == x.length()) {
            return x.reshape('c', outputInput.shape());
        }
        return x.rank() == 4 ? x.reshape('c', x.size(0), x.length() / x.size(0)) : x;
    }

    /** With several samples, a decoder finds a log ratio behind the code; what is asked here does without. */
    private INDArray forDecoder(INDArray z) {
        return latentConfiguration().getImportanceSamples() > 0
                ? Nd4j.concat(1, z, Nd4j.zeros(z.dataType(), z.size(0), 1))
                : z;
    }

    @Override
    public final INDArray samplePrior(int count, long seed) {
        if (count < 1) {
            throw new IllegalArgumentException(
                    "VariationalModel: count must be at least 1, got " + count + "; say how many codes are wanted");
        }
        NoiseStream noise = NoiseStream.of(seed, "prior");
        int n = latents();
        double[] codes = new double[count * n];
        synchronized (network) {
            PriorDensity prior = prior();
            for (int i = 0; i < count; i++) {
                prior.sample(noise, i, codes, i * n);
            }
        }
        return Nd4j.createFromArray(codes).reshape(count, n).castTo(type);
    }

    /** The parameters of a VampPrior come from the encoder: any input brings its pseudo-inputs along. */
    private PriorDensity prior() {
        INDArray h = NetworkLayers.of(network)
                .map(layer -> layer.conf().getLayer())
                .filter(PseudoInputLayer.class::isInstance)
                .findFirst()
                .map(layer -> Nd4j.zeros(type, ((PseudoInputLayer) layer).inputShape(1)))
                .map(any -> latentInput(any, conditionsOf(0, 1), LayerWorkspaceMgr.noWorkspaces()))
                .orElseGet(() -> Nd4j.zeros(type, 1, latentConfiguration().getNIn()));
        return GaussianPosterior.of(latentLayer(), h).prior();
    }

    private void requireCodes(INDArray codes) {
        requireRows("codes", codes);
        if (codes.rank() != 2 || codes.size(1) != latents()) {
            throw new IllegalArgumentException("VariationalModel: codes must have the shape [N, " + latents()
                    + "], got " + Arrays.toString(codes.shape()) + "; encode or samplePrior gives such codes");
        }
    }

    private static void requireRows(String what, INDArray array) {
        NetworkAutoencoder.requireSome("VariationalModel", what, array);
    }

    /** One row of a condition stands for all; else there is one for each, or the same for sample after sample. */
    private void requireConditions(String what, long rows) {
        for (INDArray condition : conditions) {
            if (rows % condition.size(0) != 0) {
                throw new IllegalArgumentException(
                        "VariationalModel: a condition must have one row, or one for each of the "
                                + rows + " " + what + ", got " + condition.size(0)
                                + "; bind the conditions of these " + what + " with given(…)");
            }
        }
    }

    private INDArray[] conditionsOf(long from, long to) {
        return Arrays.stream(conditions)
                .map(condition -> copy(rowsOf(condition, from, to)))
                .toArray(INDArray[]::new);
    }

    /** Row r stands for rows r, N + r, 2N + r … */
    private static INDArray rowsOf(INDArray array, long from, long to) {
        long n = array.size(0);
        if (from < n && to <= n) {
            return array.get(NDArrayIndex.interval(from, to));
        }
        long count = to - from;
        long[] shape = array.shape().clone();
        shape[0] = count;
        INDArray rows = Nd4j.createUninitialized(array.dataType(), shape, 'c');
        for (long done = 0; done < count; ) {
            long first = (from + done) % n;
            long length = Math.min(n - first, count - done);
            rows.get(NDArrayIndex.interval(done, done + length))
                    .assign(array.get(NDArrayIndex.interval(first, first + length)));
            done += length;
        }
        return rows;
    }

    /** Layers may work in place: never on what belongs to the caller. */
    private INDArray copy(INDArray batch) {
        return batch.dataType() == type ? batch.dup('c') : batch.castTo(type).dup('c');
    }

    /** Returns the layer widths, as in {@code VariationalModel(code 20 → 784)}. */
    @Override
    public final String toString() {
        return "VariationalModel(code " + latents() + " → "
                + LayerWidths.out(outputLayer().conf().getLayer()) + ")";
    }
}
