package io.github.dl4jae.quantized;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.kernel.DoubleRows;
import io.github.dl4jae.internal.layer.Require;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained network with a quantizer as a coder of integers.
 *
 * <pre>
 * encode       x ↦ i        decode  i ↦ x̂        reconstruct  x ↦ x̂ = decode(encode(x))
 * </pre>
 *
 * <pre>{@code
 * QuantizedModel model = QuantizedModel.of(network, "vq");
 * INDArray indices = model.encode(images);        // [N, 1, 7, 7], from 0 to 511
 * INDArray restored = model.decode(indices);
 * }</pre>
 *
 * <p>Shapes: indices are of type INT32, with the stages in place of the features that the quantizer reads: {@code [N,
 * S]}, {@code [N, S, time]} or {@code [N, S, height, width]}, also NWC and NHWC. S is 1 for vector quantization and
 * finite scalar quantization, the number of stages for residual quantization, and the number of bits for binary codes.
 * In padding, indices are −1, which decodes to a vector of zeros, as in the network.
 *
 * <p>The network is not copied. Calls lock it, as those of an {@code Autoencoder} that Deeplearning4j runs.
 */
public final class QuantizedModel {

    private static final String NAME = "QuantizedModel";
    private static final LayerWorkspaceMgr NO_WORKSPACES = LayerWorkspaceMgr.noWorkspaces();

    private final ForwardPass pass;
    private final int place;
    private final CodedLayer layer;
    private final Autoencoder autoencoder;

    private QuantizedModel(ForwardPass pass, int place, CodedLayer layer, Autoencoder autoencoder) {
        this.pass = pass;
        this.place = place;
        this.layer = layer;
        this.autoencoder = autoencoder;
    }

    /**
     * Returns the coder in a network of layers.
     *
     * @param network an initialized network
     * @param layer the name of its quantizer
     * @return a view of the network
     * @throws IllegalArgumentException if there is no quantizer of that name, or nothing decodes
     */
    public static QuantizedModel of(MultiLayerNetwork network, String layer) {
        ForwardPass pass = ForwardPass.of(network);
        int place = place(pass, layer);
        return new QuantizedModel(pass, place, quantizer(pass, place), Autoencoders.of(network, layer));
    }

    /**
     * Returns the coder in a graph with one input and one output.
     *
     * @param graph an initialized graph
     * @param vertex the name of its quantizer; every path from the input to the output must lead through it
     * @return a view of the graph
     * @throws IllegalArgumentException if there is no quantizer of that name, nothing decodes, or a connection skips it
     */
    public static QuantizedModel of(ComputationGraph graph, String vertex) {
        ForwardPass pass = ForwardPass.of(graph);
        int place = place(pass, vertex);
        return new QuantizedModel(pass, place, quantizer(pass, place), Autoencoders.of(graph, vertex));
    }

    private static int place(ForwardPass pass, String name) {
        Integer place = pass.find(name);
        Require.that(
                place != null && pass.layer(place) instanceof CodedLayer,
                NAME,
                pass.term() + " must name a quantizer",
                "'" + name + "'",
                "the network has " + pass.names());
        return Objects.requireNonNull(place);
    }

    private static CodedLayer quantizer(ForwardPass pass, int place) {
        return (CodedLayer) Objects.requireNonNull(pass.layer(place));
    }

    /**
     * Returns the number of indices per position.
     *
     * @return S
     */
    public int stages() {
        return layer.table().stages();
    }

    /**
     * Returns the number of values of an index.
     *
     * @return K
     */
    public int codes() {
        return layer.table().codes();
    }

    /**
     * Encodes examples.
     *
     * @param examples x, {@code [N, …]}
     * @return indices, a new array
     * @throws IllegalArgumentException if the network does not accept the shape
     */
    public INDArray encode(INDArray examples) {
        return encode(examples, null);
    }

    /**
     * Encodes padded sequences.
     *
     * @param examples x, {@code [N, features, time]}
     * @param mask {@code [N, time]}: 1 for real time steps, 0 for padding; null if there is no padding
     * @return indices, a new array; −1 in the padding
     * @throws IllegalArgumentException if the network does not accept a shape
     */
    public INDArray encode(INDArray examples, @Nullable INDArray mask) {
        Batches.requireRows(NAME, "examples", examples);
        synchronized (pass.network()) {
            return Batches.of(examples)
                    .join((from, to) -> encodeBatch(
                            Batches.copy(examples, from, to, pass.type()),
                            mask == null ? null : Batches.copy(mask, from, to, pass.type())));
        }
    }

    private INDArray encodeBatch(INDArray examples, @Nullable INDArray mask) {
        int count = (int) examples.size(0);
        Map<Integer, INDArray> known = Map.of(pass.inputs().get(0), examples);
        INDArray below = pass.output(pass.sources(place).get(0), known, mask, count, NO_WORKSPACES);
        InputPreProcessor preProcessor = pass.preProcessor(place);
        INDArray z = preProcessor == null ? below : preProcessor.preProcess(below, count, NO_WORKSPACES);
        UnitAxis axis = layer.unitAxis();
        CodeTable table = layer.table();
        int[] indices = table.indices(DoubleRows.values(axis.toMatrix(z)));
        INDArray itsMask =
                mask == null ? null : pass.mask(pass.sources(place).get(0), known, new INDArray[] {mask}, count);
        if (itsMask != null) {
            double[] present = DoubleRows.values(axis.positionMask(itsMask, z));
            for (int at = 0; at < indices.length; at++) {
                indices[at] = present[at / table.stages()] == 0 ? -1 : indices[at];
            }
        }
        INDArray matrix = Nd4j.createFromArray(indices).reshape(indices.length / table.stages(), table.stages());
        return axis.fromMatrix(matrix, z).dup('c');
    }

    /**
     * Decodes indices.
     *
     * @param indices as {@link #encode} returns them, of any numeric type
     * @return x̂, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if there are other than {@link #stages} indices per position, or one is not in
     *     [−1, {@link #codes})
     */
    public INDArray decode(INDArray indices) {
        Batches.requireRows(NAME, "indices", indices);
        UnitAxis axis = layer.unitAxis();
        CodeTable table = layer.table();
        Require.that(
                indices.rank() >= 2 && indices.rank() <= 4 && axis.units(indices) == table.stages(),
                NAME,
                "indices must have " + table.stages() + " per position, as encode returns them",
                Arrays.toString(indices.shape()),
                "");
        double[] values = DoubleRows.values(axis.toMatrix(indices));
        int[] all = new int[values.length];
        for (int at = 0; at < all.length; at++) {
            Require.that(
                    values[at] >= -1 && values[at] < table.codes() && values[at] == Math.rint(values[at]),
                    NAME,
                    "indices must be integers in [-1, " + table.codes() + ")",
                    values[at],
                    "");
            all[at] = (int) values[at];
        }
        return autoencoder.decode(vectors(table, all, axis, indices));
    }

    private INDArray vectors(CodeTable table, int[] indices, UnitAxis axis, INDArray like) {
        double[] vectors = table.vectors(
                Arrays.stream(indices).map(index -> Math.max(index, 0)).toArray());
        for (int at = 0; at < indices.length; at++) {
            if (indices[at] < 0) { // padding
                int row = at / table.stages();
                Arrays.fill(vectors, row * table.width(), (row + 1) * table.width(), 0);
            }
        }
        INDArray matrix = Nd4j.createFromArray(vectors)
                .castTo(pass.type())
                .reshape(vectors.length / table.width(), table.width());
        return axis.fromMatrix(matrix, like).dup('c');
    }

    /**
     * Encodes and decodes.
     *
     * @param examples x, {@code [N, …]}
     * @return x̂, {@code [N, …]}, a new array
     * @throws IllegalArgumentException if the network does not accept the shape
     */
    public INDArray reconstruct(INDArray examples) {
        return autoencoder.reconstruct(examples);
    }

    /**
     * Encodes and decodes padded sequences.
     *
     * @param examples x, {@code [N, features, time]}
     * @param mask {@code [N, time]}: 1 for real time steps, 0 for padding; null if there is no padding
     * @return x̂, {@code [N, …]}, a new array; values at padded time steps are undefined
     * @throws IllegalArgumentException if the network does not accept a shape
     */
    public INDArray reconstruct(INDArray examples, @Nullable INDArray mask) {
        return autoencoder.reconstruct(examples, mask);
    }

    /**
     * Counts the codes of examples.
     *
     * @param examples x, {@code [N, …]}
     * @return usage and perplexity
     * @throws IllegalArgumentException if the network does not accept the shape
     */
    public CodebookReport report(INDArray examples) {
        return reportOfIndices(encode(examples));
    }

    /**
     * Counts codes.
     *
     * @param indices as {@link #encode} returns them; −1 is not counted
     * @return usage and perplexity
     */
    public CodebookReport reportOfIndices(INDArray indices) {
        CodeCounts counts = new CodeCounts();
        double[] values = DoubleRows.values(layer.unitAxis().toMatrix(indices).castTo(DataType.DOUBLE));
        counts.add(
                layer.table(),
                Arrays.stream(values).mapToInt(value -> (int) value).toArray());
        return Objects.requireNonNull(counts.takeReport());
    }

    /** Returns the network's widths, stages and codes. */
    @Override
    public String toString() {
        return "QuantizedModel(" + autoencoder + ", " + stages() + " × " + codes() + " codes)";
    }
}
