package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.kernel.FiniteArrays;
import io.github.dl4jae.internal.kernel.RowMatrix;
import io.github.dl4jae.internal.kernel.RowVector;
import io.github.dl4jae.internal.layer.NetworkLayers;
import io.github.dl4jae.internal.layer.Require;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.GraphVertex;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/**
 * A trained sparse dictionary: directions, and an encoder that describes an input by a few of them.
 *
 * <pre>
 * f = encoder((x − b_dec)·W_enc + b_enc)        x̂ = f·W_dec + b_dec (+ x·W_skip)
 * </pre>
 *
 * <pre>{@code
 * SparseDictionary dictionary = SparseDictionary.of(network);       // its last layer is a DictionaryLayer
 * SparseCodes codes = dictionary.encode(activations);
 * INDArray reconstruction = dictionary.decode(codes);
 * }</pre>
 *
 * <p>Shapes: inputs {@code [examples, inputs]}, reconstructions {@code [examples, outputs]}. A dictionary holds copies
 * of the parameters and does not change. All methods can be called from several threads.
 *
 * <p>Errors: an input of another shape; codes of another dictionary.
 */
public final class SparseDictionary {

    private static final String SUBJECT = "SparseDictionary";
    /** Parameters for training alone, which a file does not have. */
    private static final List<String> LEFT_OUT =
            List.of(DictionaryParamInitializer.IDLE, BatchTopKEncoder.THRESHOLD_REST);

    private final DictionaryLayer layer;
    private final Map<String, INDArray> parameters;

    private SparseDictionary(DictionaryLayer layer, Map<String, INDArray> parameters) {
        this.layer = layer;
        this.parameters = parameters;
    }

    /**
     * Returns the dictionary that a network ends with.
     *
     * @param network its output layer is a {@link DictionaryLayer}
     * @return a dictionary with copies of its parameters
     * @throws IllegalArgumentException if the network is not initialized or ends with another layer
     */
    public static SparseDictionary of(MultiLayerNetwork network) {
        Require.given(SUBJECT, "network", network, "train one, or load one");
        Require.that(network.isInitCalled(), SUBJECT, "the network must be initialized", "none", "call init() on it");
        return of(network.getOutputLayer(), "the last layer");
    }

    /**
     * Returns a dictionary of a graph.
     *
     * @param graph an initialized graph
     * @param layer the name of a {@link DictionaryLayer}
     * @return a dictionary with copies of its parameters
     * @throws IllegalArgumentException if there is no such layer, or it is another one
     */
    public static SparseDictionary of(ComputationGraph graph, String layer) {
        Require.given(SUBJECT, "graph", graph, "train one, or load one");
        GraphVertex vertex = graph.getVertices() == null ? null : graph.getVertex(layer);
        return of(vertex == null ? null : vertex.getLayer(), "layer '" + layer + "'");
    }

    private static SparseDictionary of(@Nullable Layer layer, String place) {
        Layer inner = layer == null ? null : NetworkLayers.unwrapped(layer);
        Require.that(
                inner instanceof DictionaryLayerImpl,
                SUBJECT,
                place + " must be a DictionaryLayer",
                inner == null ? "none" : inner.getClass().getSimpleName(),
                "SparseDictionary.attach trains dictionaries of other layers");
        DictionaryLayerImpl dictionary = (DictionaryLayerImpl) Objects.requireNonNull(inner);
        DictionaryLayer configuration = (DictionaryLayer) dictionary.layerConf().clone();
        configuration.reach(dictionary.now());
        return of(configuration, dictionary.paramTable());
    }

    /**
     * Creates a dictionary from parameters.
     *
     * @param layer its configuration, with nIn and nOut
     * @param parameters all parameters of the layer by name, of the shapes that {@link DictionaryLayer} lists; those
     *     that a file does not have, such as {@code idle}, are 0 where they are missing
     * @return a dictionary with copies of the parameters
     * @throws IllegalArgumentException if a parameter is missing, has another shape, is not finite, or is none of this
     *     layer; or k is above the number of units
     * @throws org.deeplearning4j.exception.DL4JInvalidConfigException if nIn or nOut is not set or does not fit the
     *     encoder
     */
    public static SparseDictionary of(DictionaryLayer layer, Map<String, INDArray> parameters) {
        Require.given(SUBJECT, "layer", layer, "build a DictionaryLayer");
        layer.requireFits();
        Map<String, long[]> shapes = DictionaryParamInitializer.INSTANCE.shapes(layer);
        for (String name : parameters.keySet()) {
            Require.that(
                    shapes.containsKey(name),
                    SUBJECT,
                    "parameters must be among " + shapes.keySet(),
                    name,
                    "leave it out, or choose the encoder that has it");
        }
        DataType type = Require.given(
                        SUBJECT,
                        DictionaryParamInitializer.DECODER,
                        parameters.get(DictionaryParamInitializer.DECODER),
                        "")
                .dataType();
        Map<String, INDArray> copies = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            boolean left = parameters.get(name) == null && LEFT_OUT.contains(name);
            INDArray given = left ? Nd4j.zeros(type, shape) : parameters.get(name);
            INDArray parameter = Require.given(SUBJECT, name, given, "its shape is " + Arrays.toString(shape));
            Require.that(
                    Arrays.equals(parameter.shape(), shape),
                    SUBJECT,
                    name + " must have the shape " + Arrays.toString(shape),
                    Arrays.toString(parameter.shape()),
                    "");
            Require.that(
                    FiniteArrays.isFinite(parameter),
                    SUBJECT,
                    name + " must be finite",
                    "NaN or infinity",
                    "the training diverged, or the file is damaged");
            copies.put(name, parameter.castTo(type).dup(DictionaryParamInitializer.INSTANCE.order(name)));
        });
        return new SparseDictionary((DictionaryLayer) layer.clone(), copies);
    }

    /**
     * Begins the training of dictionaries of a layer of a trained network.
     *
     * @param network an initialized network, which stays as it is
     * @param layer the name of a layer
     * @return a builder
     * @throws IllegalArgumentException if there is no such layer
     */
    public static DictionaryAttachment attach(MultiLayerNetwork network, String layer) {
        return new DictionaryAttachment(NetworkPlace.of(DictionaryAttachment.SUBJECT, network, layer));
    }

    /**
     * Begins the training of dictionaries of a layer of a trained network.
     *
     * @param network an initialized network, which stays as it is
     * @param layer the index of the layer, from 0
     * @return a builder
     * @throws IllegalArgumentException if there is no such layer
     */
    public static DictionaryAttachment attach(MultiLayerNetwork network, int layer) {
        return new DictionaryAttachment(NetworkPlace.of(DictionaryAttachment.SUBJECT, network, layer));
    }

    /**
     * Begins the training of dictionaries of a vertex of a trained graph.
     *
     * @param graph an initialized graph, which stays as it is
     * @param vertex the name of a layer or another vertex
     * @return a builder
     * @throws IllegalArgumentException if there is no such vertex
     */
    public static DictionaryAttachment attach(ComputationGraph graph, String vertex) {
        return new DictionaryAttachment(NetworkPlace.of(DictionaryAttachment.SUBJECT, graph, vertex));
    }

    /**
     * Returns the width of the input.
     *
     * @return d_in
     */
    public int inputs() {
        return (int) layer.getNIn();
    }

    /**
     * Returns the width of the reconstruction.
     *
     * @return d_out
     */
    public int outputs() {
        return (int) layer.getNOut();
    }

    /**
     * Returns the number of directions.
     *
     * @return d_sae
     */
    public int units() {
        return layer.getUnits();
    }

    /**
     * Returns the configuration.
     *
     * @return a copy
     */
    public DictionaryLayer layer() {
        return (DictionaryLayer) layer.clone();
    }

    /**
     * Returns the parameters by name.
     *
     * @return copies
     */
    public Map<String, INDArray> parameters() {
        Map<String, INDArray> copies = new LinkedHashMap<>();
        parameters.forEach((name, parameter) -> copies.put(name, parameter.dup(parameter.ordering())));
        return copies;
    }

    /**
     * Returns a parameter.
     *
     * @param name such as {@code Wdec}
     * @return a copy
     * @throws IllegalArgumentException if the dictionary has no such parameter
     */
    public INDArray parameter(String name) {
        INDArray parameter = parameters.get(name);
        Require.that(parameter != null, SUBJECT, "the parameter must be among " + parameters.keySet(), name, "");
        return Objects.requireNonNull(parameter).dup();
    }

    /**
     * Returns the directions.
     *
     * @return W_dec, {@code [units, outputs]}, a copy
     */
    public INDArray decoderWeights() {
        return parameter(DictionaryParamInitializer.DECODER);
    }

    /**
     * Returns what the reconstruction starts from.
     *
     * @return b_dec, {@code [1, outputs]}, a copy
     */
    public INDArray decoderBias() {
        return parameter(DictionaryParamInitializer.DECODER_BIAS);
    }

    /**
     * Returns the weights of the encoder.
     *
     * @return W_enc, {@code [inputs, units]}, a copy; for matching pursuit the transpose of W_dec
     */
    public INDArray encoderWeights() {
        return layer.getEncoder().hasEncoderWeights()
                ? parameter(DictionaryParamInitializer.ENCODER)
                : decoderWeights().transpose();
    }

    /**
     * Encodes inputs, as at inference.
     *
     * @param x {@code [examples, inputs]}
     * @return their codes
     * @throws IllegalArgumentException if the shape is another one
     */
    public SparseCodes encode(INDArray x) {
        return pass(x).pairs().codes();
    }

    /** Runs the encoder; codes and reconstruction of the same inputs come from one pass. */
    DictionaryPass pass(INDArray x) {
        Require.that(
                x.rank() == 2 && x.size(1) == inputs() && !x.isEmpty(),
                SUBJECT,
                "x must have the shape [examples, " + inputs() + "]",
                Arrays.toString(x.shape()),
                "");
        PassContext context = new PassContext(
                parameters, layer.getEncoder().sparsityAt(layer.reached()), false, (int) x.size(0), DeadUnits.NONE);
        return DictionaryPass.of(layer, new DictionaryBatch(layer, context, x, null), new PreActivations());
    }

    /**
     * Decodes codes. A skip connection, which needs the input, is left out.
     *
     * @param codes of this dictionary, possibly changed
     * @return f·W_dec + b_dec, {@code [examples, outputs]}
     * @throws IllegalArgumentException if they have another number of units
     */
    public INDArray decode(SparseCodes codes) {
        Require.that(
                codes.units() == units(),
                SUBJECT,
                "codes must have " + units() + " units",
                codes.units(),
                "use those of this dictionary");
        RowMatrix decoder = RowMatrix.of(Objects.requireNonNull(parameters.get(DictionaryParamInitializer.DECODER)));
        INDArray bias = Objects.requireNonNull(parameters.get(DictionaryParamInitializer.DECODER_BIAS));
        RowVector start = decoder.vector();
        RowMatrix.of(bias).read(0, start);
        RowVector[] starts = new RowVector[codes.examples()];
        Arrays.fill(starts, start);
        INDArray result = Nd4j.createUninitialized(bias.dataType(), new long[] {starts.length, outputs()}, 'c');
        RowMatrix.of(result).write(Reconstruction.sums(codes.pairs(), PairList::value, decoder, starts, 1, units())[0]);
        return result;
    }

    /**
     * Encodes and decodes inputs.
     *
     * @param x {@code [examples, inputs]}
     * @return x̂, {@code [examples, outputs]}
     * @throws IllegalArgumentException if the shape is another one
     */
    public INDArray reconstruct(INDArray x) {
        return pass(x).reconstruction();
    }

    /**
     * Returns the dictionary for inputs in other units: one that was trained on scaled inputs, for the original ones.
     *
     * <pre>
     * W_enc ← s/t·W_enc,  biases and thresholds ← 1/t,  W_dec unchanged,  W_skip ← s/t·W_skip        f ← f/t
     * </pre>
     *
     * <p>Codes are then in the units of the output, and decoder rows keep their lengths. The options that depend on the
     * scale, such as λ and the bandwidth of {@link JumpReLUEncoder}, stay as they are.
     *
     * @param inputScale s: the training saw s·x
     * @param outputScale t: the labels were t·y; for an autoencoder t = s
     * @return a dictionary of x and y
     * @throws IllegalArgumentException if a scale is not above 0, or they differ where the encoder subtracts b_dec
     */
    public SparseDictionary unscaled(double inputScale, double outputScale) {
        Require.positive(SUBJECT, "inputScale", inputScale, "1 leaves inputs as they are");
        Require.positive(SUBJECT, "outputScale", outputScale, "1 leaves outputs as they are");
        boolean subtracts = layer.hasCenteredInput() || !layer.getEncoder().hasEncoderWeights();
        Require.that(
                !subtracts || inputScale == outputScale,
                SUBJECT,
                "both scales must be equal where the encoder subtracts b_dec",
                inputScale + " and " + outputScale,
                "an autoencoder has one scale");
        Map<String, INDArray> scaled = parameters();
        scaled.forEach((name, parameter) -> {
            switch (name) {
                case DictionaryParamInitializer.ENCODER, DictionaryParamInitializer.SKIP ->
                    parameter.muli(inputScale / outputScale);
                case DictionaryParamInitializer.DECODER,
                        DictionaryParamInitializer.IDLE,
                        GatedEncoder.MAGNITUDE_SCALE -> {}
                default -> parameter.divi(outputScale);
            }
        });
        return new SparseDictionary(layer, scaled);
    }

    /**
     * Returns a network of one {@link DictionaryLayer}, to be saved, trained on or used in Deeplearning4j.
     *
     * @return a new network with copies of the parameters and without an updater's state; its updater is
     *     that of the layer, or Deeplearning4j's default where the layer has none
     */
    public MultiLayerNetwork toNetwork() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .dataType(parameters.values().iterator().next().dataType())
                .list()
                .layer(layer())
                .build());
        network.init();
        parameters.forEach((name, parameter) -> network.setParam("0_" + name, parameter));
        return network;
    }

    @Override
    public String toString() {
        return "SparseDictionary[" + layer.getEncoder() + ", " + inputs() + " inputs, " + units() + " units]";
    }
}
