package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The contractive penalty for any encoder: deep, convolutional or recurrent. It is estimated from perturbed copies of
 * the examples, which pass through the encoder in the same mini-batch.
 *
 * <pre>
 * score += λ · mean over examples of ‖J(x)‖_F²,   ‖J‖_F² = E_v ‖J·v‖² ≈ ‖h(x + σv) − h(x)‖²/σ²,   v ~ N(0, I)
 *
 * P = λ/B·Σ_i ‖D_i‖² + γ/B·Σ_i ‖D_i − D′_i‖²,   D = (h(x + σv) − h(x))/σ,   D′ = (h(x + ε + σv) − h(x + ε))/σ
 * </pre>
 *
 * <p>With γ above 0 this is CAE+H, with four copies instead of two. J is the Jacobian of all layers between the two
 * ends. Backprop passes through them as usual. The estimate is unbiased up to terms of the order σ². Its variance
 * averages out over mini-batches.
 *
 * <p>In a {@code MultiLayerNetwork}, around a list of layers:
 *
 * <pre>{@code
 * for (Layer layer : new EncoderContraction("contraction", 0.1).around(convolution, pooling, code)) {
 *     list.layer(layer);
 * }
 * }</pre>
 *
 * <p>In a {@code ComputationGraph}, between a vertex and a layer. Add the vertex first:
 *
 * <pre>{@code
 * EncoderContraction contraction = new EncoderContraction("contraction", 0.1);
 * graph.addVertex("open", contraction.opening(), "in")
 *      .addLayer("code", code, "open")
 *      .addLayer("close", contraction.closing(), "code")                 // the decoder reads "close"
 * }</pre>
 *
 * <p>Copies are made in training only. At inference both ends pass on their input; with masks, copies are made then
 * too, and dropped. Layers between the ends must treat each example alone and without noise. Batch normalization,
 * dropout and layers that add to the score for each row are refused by name.
 *
 * <p>Shapes: any, {@code [batch, …]}. Masked time steps of the code are not counted. Layers that read time steps as
 * rows, such as a dense layer after a recurrent one, must be outside, because Deeplearning4j's preprocessors
 * ignore the copies. This is an error when training begins.
 *
 * <p>When not to use it: for one dense layer, {@link ContractiveLayer} is exact and twice as fast.
 *
 * @see <a href="https://doi.org/10.1007/978-3-642-23783-6_41">Rifai et al. 2011, Higher order contractive
 *     auto-encoder</a>
 */
public final class EncoderContraction {

    private final String name;
    private final double contraction;
    private final double higherOrder;
    private final StackedCopies copies;

    private EncoderContraction(String name, double contraction, double higherOrder, StackedCopies copies) {
        this.name = name;
        this.contraction = contraction;
        this.higherOrder = higherOrder;
        this.copies = copies;
    }

    /**
     * Creates a contraction of first order with σ = 0.01.
     *
     * @param name unique among the contractions of a network; both ends share it, and it seeds the noise
     * @param contraction λ, at least 0
     * @throws IllegalArgumentException if λ is negative or not finite
     */
    public EncoderContraction(String name, double contraction) {
        this(
                requireName(name),
                ContractionWeights.require("EncoderContraction", "contraction", contraction),
                0,
                new StackedCopies(2, 0.01, 0));
    }

    static String requireName(String name) {
        Require.that(
                name != null && !name.isEmpty(),
                "EncoderContraction",
                "name must be given",
                name == null ? "null" : "an empty one",
                "any name is accepted, such as contraction");
        return name;
    }

    /**
     * Adds the term of CAE+H.
     *
     * @param gamma γ, its weight, at least 0
     * @param sigma the standard deviation of ε, above 0
     * @return a new contraction
     * @throws IllegalArgumentException if a number is out of range
     */
    public EncoderContraction higherOrder(double gamma, double sigma) {
        return new EncoderContraction(
                name,
                contraction,
                ContractionWeights.require("EncoderContraction", "higherOrder", gamma),
                new StackedCopies(
                        4, copies.probe(), ContractionWeights.requirePerturbation("EncoderContraction", sigma)));
    }

    /**
     * Sets the step length of the derivative estimates. Rounding limits it: the error is 10⁻⁷/σ relative to h in
     * float32. Default: 0.01.
     *
     * @param sigma σ, above 0
     * @return a new contraction
     * @throws IllegalArgumentException if it is not above 0
     */
    public EncoderContraction probe(double sigma) {
        return new EncoderContraction(
                name,
                contraction,
                higherOrder,
                new StackedCopies(
                        copies.copies(),
                        ContractionWeights.requirePerturbation("EncoderContraction", sigma),
                        copies.perturbation()));
    }

    /**
     * Returns an encoder with the two ends around it, for a {@code MultiLayerNetwork}.
     *
     * @param encoder its layers, in order; not changed
     * @return the layers with one end before and one after them; add all of them to the network in this order
     * @throws IllegalArgumentException if there is no layer, or one that must not be in a contraction
     */
    public List<Layer> around(Layer... encoder) {
        if (encoder.length == 0) {
            throw new IllegalArgumentException(
                    "EncoderContraction '" + name + "': the encoder must have at least one layer, got none");
        }
        List<Layer> layers = new ArrayList<>();
        layers.add(new PerturbationLayer(name, copies));
        for (Layer layer : encoder) {
            PerExampleChecks.require(name, layer.getLayerName(), layer);
            layers.add(layer);
        }
        layers.add(closing(encoder.length));
        return layers;
    }

    /**
     * Returns the opening end, for a {@code ComputationGraph}.
     *
     * @return a vertex with one input; add it before the closing end
     */
    public GraphVertex opening() {
        return new PerturbationVertex(name, copies);
    }

    /**
     * Returns the closing end, for a {@code ComputationGraph}.
     *
     * @return a layer without parameters
     */
    public Layer closing() {
        return closing(ContractionPenaltyLayer.CHECKED_BY_THE_GRAPH);
    }

    private ContractionPenaltyLayer closing(int layersBetween) {
        return new ContractionPenaltyLayer(name, contraction, higherOrder, copies.probe(), layersBetween);
    }
}
