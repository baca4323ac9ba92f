package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.internal.layer.NetworkConstruction;
import io.github.dl4jae.internal.layer.UnitAxis;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import io.github.dl4jae.penalty.ExampleCountPreProcessor;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The closing end of an {@link EncoderContraction}, which adds the penalty to the score and passes on the codes of the
 * examples.
 *
 * <pre>
 * in [h₀; h₁] or [h₀; h₁; h₂; h₃],   out h₀
 * D = (h₁ − h₀)/σ,  D′ = (h₃ − h₂)/σ,   score += 1/B·Σ (λ‖D‖² + γ‖D − D′‖²)
 * ∂/∂h₁ = −∂/∂h₀ = 2/(Bσ)·(λD + γ(D − D′))     ∂/∂h₃ = −∂/∂h₂ = −2/(Bσ)·γ(D − D′)        plus ε for h₀
 * </pre>
 *
 * <p>Shapes: in {@code [2·batch, …]} or {@code [4·batch, …]} in training, out {@code [batch, …]}.
 */
public final class ContractionPenaltyLayer extends AbstractNoParamLayer {

    static final int CHECKED_BY_THE_GRAPH = -1;

    private final String pair;
    private final double contraction;
    private final double higherOrder;
    private final double probe;
    private final int layersBetween;

    @JsonProperty
    private int unitAxis;

    ContractionPenaltyLayer(String pair, double contraction, double higherOrder, double probe, int layersBetween) {
        this(pair, contraction, higherOrder, probe, layersBetween, UnitAxis.FIRST.number());
        setLayerName(pair);
    }

    // for JSON
    ContractionPenaltyLayer(
            @JsonProperty("pair") String pair,
            @JsonProperty("contraction") double contraction,
            @JsonProperty("higherOrder") double higherOrder,
            @JsonProperty("probe") double probe,
            @JsonProperty("layersBetween") int layersBetween,
            @JsonProperty("unitAxis") int unitAxis) {
        this.pair = EncoderContraction.requireName(pair);
        this.contraction = ContractionWeights.require("EncoderContraction", "contraction", contraction);
        this.higherOrder = ContractionWeights.require("EncoderContraction", "higherOrder", higherOrder);
        this.probe = ContractionWeights.requirePerturbation("EncoderContraction", probe);
        this.layersBetween = layersBetween;
        this.unitAxis = unitAxis;
    }

    /**
     * Returns the name of the contraction.
     *
     * @return a name that both ends share
     */
    public String getPair() {
        return pair;
    }

    /**
     * Returns the weight of ‖J‖².
     *
     * @return λ
     */
    public double getContraction() {
        return contraction;
    }

    /**
     * Returns the weight of ‖J(x) − J(x + ε)‖².
     *
     * @return γ
     */
    public double getHigherOrder() {
        return higherOrder;
    }

    /**
     * Returns the step length of the derivative estimates.
     *
     * @return σ
     */
    public double getProbe() {
        return probe;
    }

    /**
     * Returns the number of layers between the two ends.
     *
     * @return −1 in a graph, where the opening end checks them
     */
    public int getLayersBetween() {
        return layersBetween;
    }

    UnitAxis unitAxis() {
        return UnitAxis.of(unitAxis);
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        int found = layerIndex - opening().index() - 1;
        if (layersBetween != CHECKED_BY_THE_GRAPH && found != layersBetween) {
            NetworkConstruction.complete(); // failed: the next network on this thread must not find this opening
            throw new IllegalArgumentException("EncoderContraction '" + pair + "': between its ends must be the "
                    + layersBetween + " layers it was created for, got " + found
                    + "; pass all of them to around(...)");
        }
    }

    private ContractionOpening opening() {
        NetworkConstruction network = NetworkConstruction.current();
        return network.find(ContractionOpening.class)
                .filter(end -> end.pair().equals(pair))
                .reduce((first, last) -> last)
                .filter(end ->
                        network.find(ContractionPenaltyLayerImpl.class).noneMatch(other -> other.opening() == end))
                .orElseThrow(() -> new IllegalArgumentException("EncoderContraction '" + pair
                        + "': the closing end must follow an opening end of that name, got none; add the layers of"
                        + " around(...) in their order, or opening() to the graph before closing()"));
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new ContractionPenaltyLayerImpl(conf, dataType, opening());
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        unitAxis = UnitAxis.of(inputType).number();
    }

    @Override
    public InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return new ExampleCountPreProcessor();
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        long copies = higherOrder > 0 ? 4 : 2;
        return LayerMemory.of(this, inputType)
                .training(0, copies * inputType.arrayElementsPerExample())
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("pair", pair)
                .with("contraction", contraction)
                .with("higherOrder", higherOrder)
                .with("probe", probe)
                .with("layersBetween", layersBetween)
                .with("unitAxis", unitAxis);
    }
}
