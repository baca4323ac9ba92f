package io.github.dl4jae;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.inference.LayerWidths;
import io.github.dl4jae.internal.inference.RowPlan;
import io.github.dl4jae.internal.inference.SequenceMask;
import io.github.dl4jae.internal.kernel.FloatRows;
import io.github.dl4jae.internal.kernel.RowChain;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.layers.ConvolutionLayer;
import org.deeplearning4j.nn.conf.layers.FeedForwardLayer;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToRnnPreProcessor;
import org.deeplearning4j.nn.conf.preprocessor.RnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.layers.feedforward.autoencoder.AutoEncoder;
import org.deeplearning4j.nn.layers.variational.VariationalAutoencoder;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.ndarray.INDArray;

/**
 * The autoencoder in a network: the layers that the code depends on encode, those between the code and the output
 * decode.
 */
final class NetworkAutoencoder implements Autoencoder {

    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ForwardPass pass;
    private final int input;
    private final int code;
    private final int output;
    /** True if the code layer gets the time steps of all examples as rows. */
    private final boolean codeOfTimeSteps;

    private final RowPlan encoding;
    private final RowPlan decoding;
    private final RowPlan reconstruction;

    /**
     * Creates the autoencoder.
     *
     * @param pass the network
     * @param code the place of the code
     * @param output the place of the reconstruction
     */
    NetworkAutoencoder(ForwardPass pass, int code, int output) {
        this.pass = pass;
        this.input = onlyInput(pass);
        this.code = code;
        this.output = output;
        Bottleneck.require(pass, input, code, output);
        this.codeOfTimeSteps = codesTimeSteps();
        this.encoding = plan(input, code);
        this.decoding = plan(code, output);
        this.reconstruction = plan(input, output);
    }

    private RowPlan plan(int from, int to) {
        return RowPlan.of(pass, from, to, each -> ExampleCountPreProcessor.unwrapped(each) == null);
    }

    private static int onlyInput(ForwardPass pass) {
        List<String> names = pass.inputs().stream().map(pass::name).toList();
        if (names.size() != 1) {
            throw new IllegalArgumentException("Autoencoders: the graph must have exactly one input, got "
                    + names.size() + " " + names + "; an autoencoder maps one array to one array");
        }
        return pass.inputs().get(0);
    }

    private boolean codesTimeSteps() {
        Map<Integer, Boolean> timeSteps = new HashMap<>(Map.of(input, false));
        for (int place : pass.order()) {
            boolean before = pass.sources(place).stream().anyMatch(source -> timeSteps.getOrDefault(source, false));
            timeSteps.put(place, rowsAreTimeSteps(before, pass.preProcessor(place)));
        }
        return timeSteps.getOrDefault(code, false);
    }

    /** Returns whether rows are time steps after a preprocessor, given whether they are before it. */
    private static boolean rowsAreTimeSteps(boolean before, @Nullable InputPreProcessor preProcessor) {
        InputPreProcessor inner = ExampleCountPreProcessor.unwrapped(preProcessor);
        return inner instanceof RnnToFeedForwardPreProcessor
                || (before && !(inner instanceof FeedForwardToRnnPreProcessor));
    }

    @Override
    public INDArray encode(INDArray examples) {
        return encode(examples, null);
    }

    @Override
    public INDArray encode(INDArray examples, @Nullable INDArray mask) {
        Batches.requireRows("Autoencoder", "examples", examples);
        INDArray codes = mask == null ? asRows(encoding, examples) : null;
        return codes == null ? inBatches(examples, mask, this::encodeBatch) : codes;
    }

    @Override
    public INDArray decode(INDArray codes) {
        Batches.requireRows("Autoencoder", "codes", codes);
        INDArray decoded = codeOfTimeSteps ? null : asRows(decoding, codes);
        if (decoded != null) {
            return decoded;
        }
        synchronized (pass.network()) {
            return Batches.of(codes).join((from, to) -> decodeBatch(Batches.copy(codes, from, to, pass.type())));
        }
    }

    @Override
    public INDArray reconstruct(INDArray examples) {
        return reconstruct(examples, null);
    }

    @Override
    public INDArray reconstruct(INDArray examples, @Nullable INDArray mask) {
        Batches.requireRows("Autoencoder", "examples", examples);
        INDArray reconstructed = mask == null ? asRows(reconstruction, examples) : null;
        return reconstructed == null
                ? inBatches(
                        examples,
                        mask,
                        (x, itsMask) -> itsMask == null ? decodeBatch(encodeBatch(x, null)) : run(output, x, itsMask))
                : reconstructed;
    }

    /** Computes the output of a plan without the network's lock, or returns null if the network must run the layers. */
    private @Nullable INDArray asRows(RowPlan plan, INDArray rows) {
        RowChain chain = rows.rank() == 2 ? plan.chain(rows.size(1)) : null;
        if (chain == null || !chain.accepts(rows.size(0))) {
            return null;
        }
        return FloatRows.canView(rows)
                ? chain.output(rows)
                : Batches.of(rows).join((from, to) -> chain.output(Batches.copy(rows, from, to, pass.type())));
    }

    private INDArray inBatches(INDArray examples, @Nullable INDArray mask, MaskedFunction function) {
        int timeAxis = SequenceMask.timeAxis(firstLayer());
        if (mask != null) {
            SequenceMask.require("Autoencoder", examples, mask, timeAxis);
        }
        synchronized (pass.network()) {
            return Batches.of(examples).join((from, to) -> {
                INDArray x = Batches.copy(examples, from, to, pass.type());
                if (mask == null) {
                    return function.apply(x, null);
                }
                INDArray itsMask = Batches.copy(mask, from, to, pass.type());
                return function.apply(SequenceMask.withoutPadding(x, itsMask, timeAxis), itsMask);
            });
        }
    }

    /** A function of examples and their mask, which is null without padding. */
    @FunctionalInterface
    private interface MaskedFunction {
        INDArray apply(INDArray examples, @Nullable INDArray mask);
    }

    private INDArray encodeBatch(INDArray examples, @Nullable INDArray mask) {
        INDArray h = run(code, examples, mask);
        return codeOfTimeSteps
                ? new FeedForwardToRnnPreProcessor()
                        .preProcess(h, (int) examples.size(0), NO_WORKSPACES) // [B·T,n] → [B,n,T]
                : h;
    }

    private INDArray run(int to, INDArray examples, @Nullable INDArray mask) {
        requireWidth("examples", examples, input);
        return pass.output(to, Map.of(input, examples), mask, (int) examples.size(0), NO_WORKSPACES);
    }

    private INDArray decodeBatch(INDArray codes) {
        int examples = (int) codes.size(0);
        INDArray rows = codeOfTimeSteps ? timeStepsAsRows(codes) : codes;
        if (code == output) {
            return decodeBy(pass.layer(code), rows);
        }
        requireWidth("codes", rows, code);
        return pass.output(output, Map.of(code, rows), null, examples, NO_WORKSPACES);
    }

    private static INDArray timeStepsAsRows(INDArray codes) {
        if (codes.rank() != 3) {
            throw new IllegalArgumentException("Autoencoder: codes must be sequences [N, code, time], got "
                    + Arrays.toString(codes.shape()) + "; the code layer codes each time step");
        }
        return new RnnToFeedForwardPreProcessor()
                .preProcess(codes, (int) codes.size(0), NO_WORKSPACES); // [B,n,T] → [B·T,n]
    }

    private static INDArray decodeBy(@Nullable Layer layer, INDArray codes) {
        return layer instanceof VariationalAutoencoder variational
                ? variational.generateAtMeanGivenZ(codes)
                : ((AutoEncoder) Objects.requireNonNull(layer)).decode(codes, NO_WORKSPACES);
    }

    /** Refuses rows of the wrong width, because a matrix product does so less clearly. */
    private void requireWidth(String what, INDArray array, int from) {
        for (int place : pass.order()) {
            Layer reader = pass.layer(place);
            if (pass.sources(place).contains(from)
                    && ExampleCountPreProcessor.unwrapped(pass.preProcessor(place)) == null
                    && array.rank() == 2
                    && reader != null
                    && reader.conf().getLayer() instanceof FeedForwardLayer layer
                    && !(layer instanceof ConvolutionLayer)
                    && layer.getNIn() != array.size(1)) {
                throw new IllegalArgumentException("Autoencoder: " + what + " must have shape [N, " + layer.getNIn()
                        + "], got " + Arrays.toString(array.shape()) + "; layer '" + layer.getLayerName() + "' takes "
                        + layer.getNIn() + " values");
            }
        }
    }

    private org.deeplearning4j.nn.conf.layers.@Nullable Layer firstLayer() {
        return pass.order().stream()
                .filter(place -> pass.sources(place).contains(input))
                .findFirst()
                .map(this::configuration)
                .orElse(null);
    }

    private org.deeplearning4j.nn.conf.layers.@Nullable Layer configuration(int place) {
        Layer layer = pass.layer(place);
        return layer == null ? null : layer.conf().getLayer();
    }

    /** Returns whether another autoencoder has the same places of the same network object. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkAutoencoder that
                && that.pass.network() == pass.network()
                && that.input == input
                && that.code == code
                && that.output == output;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(pass.network()) * 31 + code;
    }

    /** Returns the layer widths, as in {@code Autoencoder(30 → code 8 → 30)}. */
    @Override
    public String toString() {
        return "Autoencoder(" + LayerWidths.in(firstLayer()) + " → code " + width(code) + " → " + width(output) + ")";
    }

    /** Returns the width of a layer, or of the layer below one that keeps the width, such as a loss layer. */
    private String width(int place) {
        String width = LayerWidths.out(configuration(place));
        List<Integer> sources = pass.sources(place);
        boolean known = !width.equals(LayerWidths.UNKNOWN);
        return known || place == input || sources.size() != 1 ? width : width(sources.get(0));
    }
}
