package io.github.dl4jae.variational;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.inference.LayerWidths;
import io.github.dl4jae.internal.inference.LossGradient;
import io.github.dl4jae.internal.inference.ReusedMemory;
import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.likelihood.DiscreteOutput;
import io.github.dl4jae.likelihood.DistributionOutput;
import io.github.dl4jae.likelihood.SampledOutput;
import io.github.dl4jae.noise.NoiseStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiFunction;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.CNN2DFormat;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.CnnLossLayer;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.memory.MemoryWorkspace;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;
import org.nd4j.linalg.lossfunctions.impl.LossBinaryXENT;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The variational autoencoder in a network: the layers before the latent layer encode, those after it decode. Both may
 * read side inputs.
 */
final class NetworkVariationalModel implements VariationalModel {

    private static final Logger log = LoggerFactory.getLogger(NetworkVariationalModel.class);

    private final ForwardPass pass;
    private final int latent;
    private final int output;
    private final Conditions conditions;

    private NetworkVariationalModel(ForwardPass pass, int latent, int output, Conditions conditions) {
        this.pass = pass;
        this.latent = latent;
        this.output = output;
        this.conditions = conditions;
    }

    /**
     * Finds the model in a network.
     *
     * @param pass the network
     * @param latentLayer the name of the latent layer
     * @param outputName the name of the output that reconstructs, or null for the only one
     * @return a model without conditions
     * @throws IllegalArgumentException if there is no such layer, or the decoder depends on x
     */
    static NetworkVariationalModel of(ForwardPass pass, String latentLayer, @Nullable String outputName) {
        Require.given("VariationalModel", "latentLayer", latentLayer, "pass the name of the GaussianLatentLayer");
        Integer latent = pass.find(latentLayer);
        if (latent == null || pass.layer(latent) == null) {
            throw new IllegalArgumentException(
                    "VariationalModel: the layer must be a GaussianLatentLayer of the network, got '" + latentLayer
                            + "'; its layers are " + pass.names());
        }
        if (!(layer(pass, latent).conf().getLayer() instanceof GaussianLatentLayer)) {
            throw new IllegalArgumentException("VariationalModel: the layer must be a GaussianLatentLayer, got '"
                    + latentLayer + "', a "
                    + layer(pass, latent).conf().getLayer().getClass().getSimpleName()
                    + "; name the layer that samples the codes");
        }
        int output = pass.requireOutput(outputName);
        if (!(pass.layer(output) instanceof IOutputLayer)) {
            throw new IllegalArgumentException("VariationalModel: the output must be an output layer, got '"
                    + pass.name(output) + "'; its loss is the likelihood");
        }
        requireDecoder(pass, latent, output);
        LossReduction.warning(pass.network()).ifPresent(log::warn);
        return new NetworkVariationalModel(pass, latent, output, Conditions.none(pass));
    }

    private static Layer layer(ForwardPass pass, int place) {
        return Objects.requireNonNull(pass.layer(place));
    }

    /** Requires a decoder that depends on the code and not on x. */
    private static void requireDecoder(ForwardPass pass, int latent, int output) {
        Set<Integer> decoding = pass.leadingTo(output, Set.of(latent));
        int x = pass.inputs().get(0);
        if (!decoding.contains(latent) || decoding.contains(x)) {
            throw new IllegalArgumentException(
                    "VariationalModel: the decoder must depend on the code and side inputs alone, but '"
                            + pass.name(output) + "' depends on "
                            + (decoding.contains(x)
                                    ? "'" + pass.name(x) + "' past '" + pass.name(latent) + "'"
                                    : "no code")
                            + "; remove the connection, or make the reconstructed input the first of the graph");
        }
    }

    /** Returns whether another model has the same layers of the same network object, and neither has side inputs. */
    @Override
    public boolean equals(@Nullable Object other) {
        return this == other
                || (other instanceof NetworkVariationalModel that
                        && that.pass.network() == pass.network()
                        && that.latent == latent
                        && that.output == output
                        && pass.inputs().size() == 1);
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(pass.network()) * 31 + latent;
    }

    @Override
    public VariationalModel given(INDArray... conditions) {
        return new NetworkVariationalModel(pass, latent, output, this.conditions.bind(conditions));
    }

    @Override
    public VariationalModel ofExample(long row) {
        return conditions.areShared()
                ? this
                : new NetworkVariationalModel(pass, latent, output, conditions.ofExample(row));
    }

    private GaussianLatentLayer latentConfiguration() {
        return (GaussianLatentLayer) layer(pass, latent).conf().getLayer();
    }

    /** Returns the input of the latent layer; {@code known} are the conditions, to which it adds x. */
    private INDArray latentInput(INDArray x, Map<Integer, INDArray> known, LayerWorkspaceMgr workspaces) {
        known.put(pass.inputs().get(0), x);
        return pass.input(latent, known, (int) x.size(0), workspaces);
    }

    /** Returns the input of the output layer; {@code known} are the conditions, to which it adds z. */
    private INDArray outputInput(INDArray z, Map<Integer, INDArray> known, LayerWorkspaceMgr workspaces) {
        known.put(latent, withLogRatio(z));
        return pass.input(output, known, (int) z.size(0), workspaces);
    }

    /** Returns codes for a decoder that expects a log ratio after the code, as it does with several samples. */
    private INDArray withLogRatio(INDArray z) {
        return latentConfiguration().getImportanceSamples() > 0
                ? Nd4j.concat(1, z, Nd4j.zeros(z.dataType(), z.size(0), 1))
                : z;
    }

    @Override
    public int latents() {
        return (int) latentConfiguration().getNOut();
    }

    @Override
    public INDArray encode(INDArray examples) {
        return posterior(examples).means().castTo(pass.type());
    }

    @Override
    public INDArray decode(INDArray codes) {
        return decode(codes, NetworkVariationalModel::mean);
    }

    @Override
    public INDArray sample(INDArray codes, long seed) {
        Layer outputLayer = layer(pass, output);
        ILossFunction loss = LossReduction.lossOf(outputLayer).orElse(null);
        if (!(loss instanceof SampledOutput sampled)) {
            throw new IllegalArgumentException("VariationalModel: the loss of the output layer must be a SampledOutput,"
                    + " got " + loss + "; use a loss of io.github.dl4jae.likelihood");
        }
        // all rows at once: each has its own row of random numbers
        return sampled.sample(decode(codes, (layer, parameters) -> parameters), activationOf(outputLayer), seed);
    }

    @Override
    public double[] levelProbabilities(INDArray codes) {
        Layer outputLayer = layer(pass, output);
        INDArray parameters = decode(codes, (layer, x) -> x);
        return discrete().levelProbabilities(featureRows(outputLayer, parameters), activationOf(outputLayer));
    }

    /** Returns images as rows, whose features have the order of the image: a row per image, or per pixel of NHWC. */
    private static INDArray featureRows(Layer output, INDArray parameters) {
        if (parameters.rank() != 4) {
            return parameters;
        }
        long width = channelsLast(output) ? parameters.size(3) : parameters.length() / parameters.size(0);
        return parameters.dup('c').reshape('c', parameters.length() / width, width);
    }

    private static boolean channelsLast(Layer output) {
        return output.conf().getLayer() instanceof CnnLossLayer images && images.getFormat() == CNN2DFormat.NHWC;
    }

    @Override
    public int levels() {
        return discrete().levels();
    }

    private DiscreteOutput discrete() {
        ILossFunction loss = LossReduction.lossOf(layer(pass, output)).orElse(null);
        if (loss instanceof DiscreteOutput discrete) {
            return discrete;
        }
        throw new IllegalArgumentException("VariationalModel: the loss of the output layer must be a DiscreteOutput,"
                + " got " + loss + "; use LossBernoulli for two levels, LossBetaBinomial for more");
    }

    private INDArray decode(INDArray codes, BiFunction<Layer, INDArray, INDArray> result) {
        requireCodes(codes);
        conditions.requireRows("codes", codes.size(0));
        synchronized (pass.network()) {
            return Batches.of(codes)
                    .join((from, to) -> decode(codes, from, to, result))
                    .castTo(pass.type());
        }
    }

    private INDArray decode(INDArray codes, long from, long to, BiFunction<Layer, INDArray, INDArray> result) {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        INDArray z = Batches.copy(codes, from, to, pass.type());
        INDArray input = outputInput(z, conditions.ofRows(from, to), workspaces);
        Layer outputLayer = layer(pass, output);
        INDArray x = outputLayer.activate(input, false, workspaces);
        outputLayer.clear();
        return result.apply(outputLayer, x);
    }

    private static IActivation activationOf(Layer output) {
        return ((BaseLayer) output.conf().getLayer()).getActivationFn();
    }

    /** Returns E[x|z]. */
    private static INDArray mean(Layer output, INDArray x) {
        ILossFunction loss = LossReduction.lossOf(output).orElse(null);
        if (!(loss instanceof DistributionOutput distribution)) {
            return x;
        }
        INDArray mean = distribution.mean(featureRows(output, x), activationOf(output));
        if (x.rank() != 4) {
            return mean;
        }
        long[] shape = x.shape().clone();
        int channels = channelsLast(output) ? 3 : 1;
        shape[channels] = mean.length() * shape[channels] / x.length(); // a channel has one or more parameters
        return mean.reshape('c', shape);
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return decode(encode(examples));
    }

    @Override
    public GaussianPosterior posterior(INDArray examples) {
        Batches.requireRows("VariationalModel", "examples", examples);
        conditions.requireRows("examples", examples.size(0));
        List<GaussianPosterior> parts = new ArrayList<>();
        synchronized (pass.network()) {
            Batches.of(examples).forEach((from, to) -> parts.add(posterior(examples, from, to)));
        }
        return GaussianPosterior.concat(parts);
    }

    private GaussianPosterior posterior(INDArray examples, long from, long to) {
        INDArray x = Batches.copy(examples, from, to, pass.type());
        INDArray h = latentInput(x, conditions.ofRows(from, to), LayerWorkspaceMgr.noWorkspaces());
        if (h.rank() != 2) {
            throw new IllegalArgumentException("VariationalModel: the code must be one vector per example, got a latent"
                    + " layer whose input has the shape " + Arrays.toString(h.shape())
                    + "; reduce sequences to one vector before it, as LastTimeStep does");
        }
        return GaussianPosterior.compute(layer(pass, latent), h);
    }

    @Override
    public double[] logLikelihood(INDArray examples, INDArray codes) {
        return logLikelihood(examples, null, codes);
    }

    @Override
    @SuppressWarnings("try") // the scope is held open, not used
    public double[] logLikelihood(INDArray examples, @Nullable INDArray present, INDArray codes) {
        int rows = requireRows(examples, present, codes);
        double[] logLikelihood = new double[rows];
        synchronized (pass.network()) {
            // recurrent layers keep arrays between passes, so memory cannot be reused
            try (ReusedMemory memory = examples.rank() == 3 ? null : new ReusedMemory()) {
                LayerWorkspaceMgr workspaces = memory == null ? LayerWorkspaceMgr.noWorkspaces() : memory.workspaces();
                Batches.of(rows, examples).forEach((from, to) -> {
                    try (MemoryWorkspace scope = memory == null ? null : memory.open()) {
                        INDArray z = Batches.copy(codes, from, to, pass.type());
                        INDArray x = Batches.copy(examples, from, to, pass.type());
                        INDArray mask = maskOf(present, from, to);
                        double[] part = logLikelihood(x, mask, z, conditions.ofRows(from, to), workspaces);
                        System.arraycopy(part, 0, logLikelihood, (int) from, part.length);
                    }
                });
            }
        }
        return logLikelihood;
    }

    @Override
    public double[] logLikelihood(INDArray examples, @Nullable INDArray present, INDArray codes, double[] gradient) {
        int rows = requireRows(examples, present, codes);
        Require.that(
                gradient.length == codes.length(),
                "VariationalModel",
                "the gradient must have a value for each of the " + codes.length() + " values of the codes",
                gradient.length,
                "");
        Require.that(
                latentConfiguration().getImportanceSamples() == 0,
                "VariationalModel",
                "the latent layer must have no importance samples to differentiate the decoder",
                latentConfiguration().getImportanceSamples(),
                "");
        double[] logLikelihood = new double[rows];
        synchronized (pass.network()) {
            LossReduction.lossOf(layer(pass, output)).ifPresent(NetworkVariationalModel::requireLikelihood);
            LossGradient losses = new LossGradient(pass, output, latent);
            Batches.of(rows, examples).forEach((from, to) -> {
                INDArray x = Batches.copy(examples, from, to, pass.type());
                Map<Integer, INDArray> known = conditions.ofRows(from, to);
                known.put(latent, Batches.copy(codes, from, to, pass.type()));
                INDArray mask = maskOf(present, from, to);
                LossGradient.Result result =
                        losses.compute(known, input -> labels(x, input), mask, LayerWorkspaceMgr.noWorkspaces());
                copyNegated(result.losses(), logLikelihood, (int) from);
                copyNegated(result.gradient(), gradient, (int) from * latents());
            });
        }
        return logLikelihood;
    }

    private @Nullable INDArray maskOf(@Nullable INDArray present, long from, long to) {
        return present == null ? null : Batches.copy(present, from, to, pass.type());
    }

    private static void copyNegated(INDArray values, double[] to, int offset) {
        double[] of = DoubleRows.values(values);
        for (int i = 0; i < of.length; i++) {
            to[offset + i] = -of[i];
        }
    }

    /** Refuses arrays that do not belong together; returns the number of codes. */
    private int requireRows(INDArray examples, @Nullable INDArray present, INDArray codes) {
        Batches.requireRows("VariationalModel", "examples", examples);
        requireCodes(codes);
        int n = (int) examples.size(0);
        int rows = (int) codes.size(0);
        requireMultiple(rows, n);
        conditions.requireRows("examples", n);
        Require.that(
                present == null || present.size(0) == n,
                "VariationalModel",
                "the mask must have a row for each of the " + n + " examples",
                present == null ? "" : Arrays.toString(present.shape()),
                "");
        return rows;
    }

    private static void requireMultiple(int rows, int n) {
        if (rows % n != 0) {
            throw new IllegalArgumentException("VariationalModel: the number of codes must be a multiple of the number"
                    + " of examples, got " + rows + " codes for " + n
                    + " examples; order the codes by sample, then by example");
        }
    }

    private double[] logLikelihood(
            INDArray x,
            @Nullable INDArray mask,
            INDArray z,
            Map<Integer, INDArray> known,
            LayerWorkspaceMgr workspaces) {
        IOutputLayer outputLayer = (IOutputLayer) layer(pass, output);
        LossReduction.lossOf(outputLayer).ifPresent(NetworkVariationalModel::requireLikelihood);
        INDArray input = outputInput(z, known, workspaces);
        outputLayer.setInput(input, workspaces);
        outputLayer.setLabels(labels(x, input));
        outputLayer.setMaskArray(mask);
        INDArray losses = outputLayer.computeScoreForExamples(0, workspaces);
        double[] logLikelihood = DoubleRows.values(losses);
        Arrays.setAll(logLikelihood, i -> -logLikelihood[i]);
        outputLayer.setLabels(null);
        outputLayer.setMaskArray(null);
        outputLayer.clear();
        return logLikelihood;
    }

    /**
     * Refuses stock losses that are not likelihoods. Other losses must be negative log-likelihoods; this is not
     * checked.
     */
    private static void requireLikelihood(ILossFunction loss) {
        if (loss.getClass().getName().startsWith("org.nd4j.")
                && !(loss instanceof LossBinaryXENT || loss instanceof LossMCXENT)) {
            throw new IllegalArgumentException(
                    "VariationalModel: " + loss.getClass().getSimpleName()
                            + " is no negative log-likelihood summed over features; use a loss of"
                            + " io.github.dl4jae.likelihood"
                            + " in the output layer, such as LossGaussian for squared errors");
        }
    }

    /** Returns the examples in the shape of labels. */
    private INDArray labels(INDArray x, INDArray outputInput) {
        if (layer(pass, output).conf().getLayer() instanceof CnnLossLayer) {
            return x.rank() == 4 || outputInput.length() != x.length() ? x : x.reshape('c', outputInput.shape());
        }
        return x.rank() == 4 ? x.reshape('c', x.size(0), x.length() / x.size(0)) : x;
    }

    @Override
    public INDArray samplePrior(int count, long seed) {
        Require.atLeast(1, "VariationalModel", "count", count, "");
        NoiseStream noise = NoiseStream.of(seed, "prior");
        int n = latents();
        double[] codes = new double[count * n];
        synchronized (pass.network()) {
            PriorDensity prior = prior();
            for (int i = 0; i < count; i++) {
                prior.sample(noise, i, codes, i * n);
            }
        }
        return Nd4j.createFromArray(codes).reshape(count, n).castTo(pass.type());
    }

    /** A VampPrior comes from the encoder, which adds the pseudo-inputs to any input. */
    private PriorDensity prior() {
        INDArray h = NetworkLayers.of(pass.network())
                .map(layer -> layer.conf().getLayer())
                .filter(PseudoInputLayer.class::isInstance)
                .findFirst()
                .map(layer -> Nd4j.zeros(pass.type(), ((PseudoInputLayer) layer).inputShape(1)))
                .map(any -> latentInput(any, conditions.ofRows(0, 1), LayerWorkspaceMgr.noWorkspaces()))
                .orElseGet(
                        () -> Nd4j.zeros(pass.type(), 1, latentConfiguration().getNIn()));
        return GaussianPosterior.compute(layer(pass, latent), h).prior();
    }

    private void requireCodes(INDArray codes) {
        Batches.requireRows("VariationalModel", "codes", codes);
        if (codes.rank() != 2 || codes.size(1) != latents()) {
            throw new IllegalArgumentException("VariationalModel: codes must have the shape [N, " + latents()
                    + "], got " + Arrays.toString(codes.shape()) + "; use codes of encode or samplePrior");
        }
    }

    /** Returns the layer widths, as in {@code VariationalModel(code 20 → 784)}. */
    @Override
    public String toString() {
        return "VariationalModel(code " + latents() + " → "
                + LayerWidths.out(layer(pass, output).conf().getLayer()) + ")";
    }
}
