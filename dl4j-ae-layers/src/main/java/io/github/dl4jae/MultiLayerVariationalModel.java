package io.github.dl4jae;

import io.github.dl4jae.kernel.NetworkLayers;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers 0 … latent − 1 encode, layers latent + 1 … last decode. */
final class MultiLayerVariationalModel extends NetworkVariationalModel {

    private final MultiLayerNetwork network;
    private final int latentLayer;
    private final int lastLayer;

    MultiLayerVariationalModel(MultiLayerNetwork network, int latentLayer) {
        super(network, network.getLayerWiseConfigurations().getDataType());
        this.network = network;
        this.latentLayer = latentLayer;
        this.lastLayer = network.getnLayers() - 1;
        requireVariational(NetworkLayers.names(network).get(latentLayer));
        if (!(network.getLayer(lastLayer) instanceof IOutputLayer)) {
            throw new IllegalArgumentException("Autoencoders: the last layer must be an output layer, got "
                    + network.getLayer(lastLayer).conf().getLayer().getClass().getSimpleName()
                    + "; the likelihood is its loss");
        }
    }

    @Override
    Layer latentLayer() {
        return network.getLayer(latentLayer);
    }

    @Override
    IOutputLayer outputLayer() {
        return (IOutputLayer) network.getLayer(lastLayer);
    }

    @Override
    INDArray latentInput(INDArray examples, INDArray[] conditions, LayerWorkspaceMgr workspaces) {
        return run(0, latentLayer, examples, workspaces);
    }

    @Override
    INDArray outputInput(INDArray codes, INDArray[] conditions, LayerWorkspaceMgr workspaces) {
        return run(latentLayer + 1, lastLayer, codes, workspaces);
    }

    /** What layers first … last − 1 and the preprocessor of the last make of an array. */
    private INDArray run(int first, int last, INDArray input, LayerWorkspaceMgr workspaces) {
        int examples = (int) input.size(0);
        network.setInputMiniBatchSize(examples);
        INDArray activation = preProcess(first, input, examples, workspaces);
        for (int i = first; i < last; i++) {
            Layer layer = network.getLayer(i);
            layer.clear(); // masks of an earlier pass
            activation = layer.activate(activation, false, workspaces);
            layer.clear();
            activation = preProcess(i + 1, activation, examples, workspaces);
        }
        network.getLayer(last).clear();
        return activation;
    }

    private INDArray preProcess(int layer, INDArray activation, int examples, LayerWorkspaceMgr workspaces) {
        InputPreProcessor preProcessor = network.getLayerWiseConfigurations().getInputPreProcess(layer);
        return preProcessor == null ? activation : preProcessor.preProcess(activation, examples, workspaces);
    }

    @Override
    public VariationalModel given(INDArray... conditions) {
        if (conditions.length > 0) {
            throw new IllegalArgumentException("VariationalModel: a MultiLayerNetwork has no side inputs, got "
                    + conditions.length + " conditions; use a ComputationGraph");
        }
        return this;
    }
}
