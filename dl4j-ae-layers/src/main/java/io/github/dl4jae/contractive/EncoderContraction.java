package io.github.dl4jae.contractive;

import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.layers.Layer;

/**
 * The contractive penalty for any encoder: deep, convolutional, recurrent. Estimated from perturbed copies of the examples that go through the
 * encoder with them, in one minibatch of twice the size.
 *
 * <pre>
 * score += λ · mean over examples of ‖J(x)‖_F²,   ‖J‖_F² = E_v ‖J·v‖² ≈ ‖h(x + σv) − h(x)‖²/σ²,   v ~ N(0, I)
 *
 * P = λ/B·Σ_i ‖D_i‖² + γ/B·Σ_i ‖D_i − D′_i‖²,   D = (h(x + σv) − h(x))/σ,   D′ = (h(x + ε + σv) − h(x + ε))/σ
 * </pre>
 *
 * The second term (γ = 0 unless set) makes it CAE+H, for four copies. J is the Jacobian of everything between the two ends, which backprop passes through as
 * usual. The estimate is unbiased but for terms of the order σ²; its variance averages out over minibatches.
 *
 * <p>In a {@code MultiLayerNetwork}, around a list of layers:
 *
 * <pre>{@code
 * for (Layer layer : new EncoderContraction("contraction", 0.1).around(convolution, pooling, code)) {
 *     list.layer(layer);
 * }
 * }</pre>
 *
 * In a {@code ComputationGraph}, around whatever lies between a vertex and a layer (the vertex is to be added first):
 *
 * <pre>{@code
 * EncoderContraction contraction = new EncoderContraction("contraction", 0.1);
 * graph.addVertex("open", contraction.opening(), "in")
 *      .addLayer("code", code, "open")
 *      .addLayer("close", contraction.closing(), "code")                 // the code goes on from here
 * }</pre>
 *
 * <p>In training only; at inference both ends pass on what they get (with masks, copies are made then too, and dropped). Layers between
 * must treat each example alone and without noise: batch normalization and dropout are refused by name, when the pair or the network is made. So is what adds
 * to the score for each row, and layers that are put between the ends by hand.
 *
 * <p>Shapes: any, {@code [batch, …]}. Masked time steps of the code don't count. Layers that take the time steps of sequences for rows, such as a dense one behind a
 * recurrent one, go outside: Deeplearning4j's preprocessors don't know of the copies. That is an error when training begins.
 *
 * <p>When not to use it: for one dense layer, {@link ContractiveLayer} is exact and twice as fast.
 *
 * @see <a href="https://doi.org/10.1007/978-3-642-23783-6_41">Rifai et al. 2011, Higher order contractive auto-encoder</a>
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
     * A contraction of first order with σ = 0.01.
     *
     * @param name different for each contraction of a network; it tells the two ends that they belong together, and seeds the noise
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
        if (name == null || name.isEmpty()) {
            throw new IllegalArgumentException("EncoderContraction: name must be given, got "
                    + (name == null ? "null" : "an empty one") + "; any will do, such as contraction");
        }
        return name;
    }

    /**
     * Adds the term of CAE+H.
     *
     * @param gamma γ, its weight, at least 0
     * @param sigma the standard deviation of ε, above 0
     * @return another contraction
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
     * Sets the length of the steps that derivatives are estimated by. Too small, and rounding shows: an error of 10⁻⁷/σ relative to h in float32.
     *
     * @param sigma σ, above 0; 0.01 unless set
     * @return another contraction
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
     * An encoder between the two ends, for a {@code MultiLayerNetwork}.
     *
     * @param encoder its layers, in order; not changed
     * @return those layers with one before and one behind them, to be added to the network in this order
     * @throws IllegalArgumentException if there is none, or one that is not for contractions
     */
    public List<Layer> around(Layer... encoder) {
        if (encoder.length == 0) {
            throw new IllegalArgumentException(
                    "EncoderContraction '" + name + "': the encoder must have a layer, got none; give its layers");
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
     * The opening end, for a {@code ComputationGraph}.
     *
     * @return a vertex with one input, to be added before the closing end
     */
    public GraphVertex opening() {
        return new PerturbationVertex(name, copies);
    }

    /**
     * The closing end, for a {@code ComputationGraph}.
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
