package io.github.dl4jae.contractive;

import io.github.dl4jae.internal.layer.LayerMemory;
import io.github.dl4jae.layer.AbstractNoParamLayer;
import io.github.dl4jae.layer.Settings;
import java.util.Collection;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.optimize.api.TrainingListener;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.shade.jackson.annotation.JsonProperty;

/**
 * The opening end of an {@link EncoderContraction} in a {@code MultiLayerNetwork}, which adds perturbed copies to a
 * mini-batch in training.
 *
 * <pre>
 * training    [x; x + σv]  (CAE+H: [x; x + σv; x + ε; x + ε + σv])        ∂x = the sum of the gradients of the copies
 * otherwise   x
 * </pre>
 *
 * <p>Shapes: in {@code [batch, …]}, out {@code [2·batch, …]} or {@code [4·batch, …]} in training.
 */
public final class PerturbationLayer extends AbstractNoParamLayer {

    private final String pair;
    private final StackedCopies copies;

    PerturbationLayer(String pair, StackedCopies copies) {
        this.pair = EncoderContraction.requireName(pair);
        this.copies = copies;
        setLayerName(pair + "-opening");
    }

    // for JSON
    PerturbationLayer(
            @JsonProperty("pair") String pair,
            @JsonProperty("copies") int copies,
            @JsonProperty("probe") double probe,
            @JsonProperty("perturbation") double perturbation) {
        this.pair = EncoderContraction.requireName(pair);
        this.copies = new StackedCopies(copies, probe, perturbation);
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
     * Returns the number of copies of each example, itself included.
     *
     * @return 2 or 4
     */
    public int getCopies() {
        return copies.copies();
    }

    /**
     * Returns the step length of the derivative estimates.
     *
     * @return σ
     */
    public double getProbe() {
        return copies.probe();
    }

    /**
     * Returns the standard deviation of ε.
     *
     * @return 0 except for CAE+H
     */
    public double getPerturbation() {
        return copies.perturbation();
    }

    StackedCopies stackedCopies() {
        return copies;
    }

    @Override
    protected void requireFits(Collection<TrainingListener> listeners, int layerIndex) {
        // dropout that is set for the whole network reaches the layers after this one too
        PerExampleChecks.requireNoDropout(pair, getLayerName(), this);
    }

    @Override
    protected Layer implementation(NeuralNetConfiguration conf, DataType dataType) {
        return new PerturbationLayerImpl(conf, dataType);
    }

    @Override
    public @Nullable InputPreProcessor getPreProcessorForInputType(InputType inputType) {
        return null;
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType inputType) {
        return inputType;
    }

    @Override
    public void setNIn(InputType inputType, boolean override) {
        // any type is accepted
    }

    @Override
    public LayerMemoryReport getMemoryReport(InputType inputType) {
        return LayerMemory.of(this, inputType)
                .training(0, copies.copies() * inputType.arrayElementsPerExample())
                .report();
    }

    @Override
    protected Settings settings() {
        return Settings.none()
                .with("pair", pair)
                .with("copies", getCopies())
                .with("probe", getProbe())
                .with("perturbation", getPerturbation());
    }
}
