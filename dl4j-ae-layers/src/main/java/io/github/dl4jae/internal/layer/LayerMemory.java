package io.github.dl4jae.internal.layer;

import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseLayer;
import org.deeplearning4j.nn.conf.layers.Layer;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;

/**
 * Memory reports of layers, in numbers of elements.
 *
 * <pre>{@code
 * return LayerMemory.of(this, inputType).training(0, 2 * outputType.arrayElementsPerExample()).report();
 * }</pre>
 *
 * <p>Parameters, the updater's state, activations and dropout are counted here. A layer adds its working memory.
 */
public final class LayerMemory {

    private final Layer layer;
    private final InputType input;
    private long inferenceFixed;
    private long inferencePerExample;
    private long trainingFixed;
    private long trainingPerExample;
    private boolean updated = true;

    private LayerMemory(Layer layer, InputType input) {
        this.layer = layer;
        this.input = input;
        this.trainingPerExample = layer.getIDropout() == null ? 0 : input.arrayElementsPerExample();
    }

    /**
     * Begins the report of a layer.
     *
     * @param layer a configuration
     * @param input the type of its input
     * @return a report without working memory
     */
    public static LayerMemory of(Layer layer, InputType input) {
        return new LayerMemory(layer, input);
    }

    /**
     * Adds working memory at inference.
     *
     * @param fixed elements, whatever the size of the mini-batch
     * @param perExample elements per example
     * @return this
     */
    public LayerMemory inference(long fixed, long perExample) {
        inferenceFixed += fixed;
        inferencePerExample += perExample;
        return this;
    }

    /**
     * Adds working memory in training.
     *
     * @param fixed elements, whatever the size of the mini-batch
     * @param perExample elements per example
     * @return this
     */
    public LayerMemory training(long fixed, long perExample) {
        trainingFixed += fixed;
        trainingPerExample += perExample;
        return this;
    }

    /**
     * Declares that no updater reaches the parameters, which are state.
     *
     * @return this
     */
    public LayerMemory withoutUpdater() {
        updated = false;
        return this;
    }

    /**
     * Returns the report.
     *
     * @return for this input type
     */
    public LayerMemoryReport report() {
        long parameters = layer.initializer().numParams(layer);
        long state = updated && layer instanceof BaseLayer trained && parameters > 0
                ? trained.getIUpdater().stateSize(parameters)
                : 0;
        return new LayerMemoryReport.Builder(
                        layer.getLayerName(), layer.getClass(), input, layer.getOutputType(-1, input))
                .standardMemory(parameters, state)
                .workingMemory(inferenceFixed, inferencePerExample, trainingFixed, trainingPerExample)
                .cacheMemory(MemoryReport.CACHE_MODE_ALL_ZEROS, MemoryReport.CACHE_MODE_ALL_ZEROS)
                .build();
    }
}
