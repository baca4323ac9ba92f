package io.github.dl4jae.internal.inference;

import io.github.dl4jae.internal.layer.NetworkLayers;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.jspecify.annotations.Nullable;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The layers of a {@code MultiLayerNetwork}; its input is place −1. */
final class StackForwardPass extends ForwardPass {

    private static final int INPUT = -1;

    private final MultiLayerNetwork network;
    private final List<Integer> order;

    StackForwardPass(MultiLayerNetwork network) {
        super(network, network.getLayerWiseConfigurations().getDataType());
        this.network = network;
        this.order = IntStream.range(0, network.getnLayers()).boxed().toList();
    }

    @Override
    public String term() {
        return "layer";
    }

    @Override
    public List<Integer> inputs() {
        return List.of(INPUT);
    }

    @Override
    public List<Integer> outputs() {
        return List.of(network.getnLayers() - 1);
    }

    @Override
    public List<Integer> order() {
        return order;
    }

    @Override
    public String name(int place) {
        return place == INPUT ? "input" : names().get(place);
    }

    @Override
    public List<Integer> sources(int place) {
        return place == INPUT ? List.of() : List.of(place - 1);
    }

    @Override
    @Nullable
    Layer rawLayer(int place) {
        return place == INPUT ? null : network.getLayer(place);
    }

    @Override
    public @Nullable InputPreProcessor preProcessor(int place) {
        return network.getLayerWiseConfigurations().getInputPreProcess(place);
    }

    @Override
    public List<String> names() {
        return NetworkLayers.names(network);
    }

    @Override
    public @Nullable Integer find(String name) {
        int place = names().indexOf(name);
        return place < 0 ? null : place;
    }

    @Override
    void begin(Map<Integer, INDArray> known, @Nullable INDArray @Nullable [] masks, int examples) {
        network.setInputMiniBatchSize(examples);
        end(); // of masks of an earlier pass
        network.setLayerMaskArrays(masks == null ? null : masks[0], null);
    }

    @Override
    @Nullable
    Pair<INDArray, MaskState> maskAfter(int place, @Nullable INDArray[] masks, MaskState state, int examples) {
        InputPreProcessor preProcessor = preProcessor(place);
        INDArray mask = masks[0];
        MaskState itsState = state;
        if (preProcessor != null) {
            Pair<INDArray, MaskState> preprocessed = preProcessor.feedForwardMaskArray(mask, state, examples);
            mask = preprocessed == null ? null : preprocessed.getFirst();
            itsState = preprocessed == null ? null : preprocessed.getSecond();
        }
        return network.getLayer(place).feedForwardMaskArray(mask, itsState, examples);
    }

    @Override
    void end() {
        for (Layer layer : network.getLayers()) {
            layer.clear();
        }
    }

    /** No copy: a value is read by one layer only. */
    @Override
    INDArray own(INDArray value) {
        return value;
    }

    @Override
    INDArray activate(int place, INDArray[] inputs, int examples, LayerWorkspaceMgr workspaces) {
        InputPreProcessor preProcessor = preProcessor(place);
        INDArray input = preProcessor == null ? inputs[0] : preProcessor.preProcess(inputs[0], examples, workspaces);
        return network.getLayer(place).activate(input, false, workspaces);
    }

    @Override
    String variable(int place, String parameter) {
        return place + "_" + parameter;
    }

    @Override
    INDArray[] backpropagate(int place, INDArray epsilon, LayerWorkspaceMgr workspaces) {
        throw new IllegalStateException("a stack has layers only");
    }
}
