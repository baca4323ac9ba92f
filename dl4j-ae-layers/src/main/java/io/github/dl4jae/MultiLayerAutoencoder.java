package io.github.dl4jae;

import io.github.dl4jae.kernel.NetworkLayers;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Layers 0 … code encode, layers code + 1 … last decode. */
final class MultiLayerAutoencoder extends NetworkAutoencoder {

    private final MultiLayerNetwork network;
    private final int codeLayer;
    private final int lastLayer;

    MultiLayerAutoencoder(MultiLayerNetwork network, int codeLayer) {
        super(network, network.getLayerWiseConfigurations().getDataType(), codesTimeSteps(network, codeLayer));
        this.network = network;
        this.codeLayer = codeLayer;
        this.lastLayer = network.getnLayers() - 1;
        if (codeLayer == lastLayer && !(codeLayer == 0 && decodesItself(network.getLayer(0)))) {
            throw new IllegalArgumentException(
                    "Autoencoders: codeLayer must have layers after it that decode, got " + codeLayer
                            + ", the last of the network; name the layer in the middle (a stock VariationalAutoencoder or AutoEncoder"
                            + " layer decodes by itself only as the whole network)");
        }
    }

    private static boolean codesTimeSteps(MultiLayerNetwork network, int codeLayer) {
        requireInitialised(network.isInitCalled());
        int count = network.getnLayers();
        if (codeLayer < 0 || codeLayer >= count) {
            throw new IllegalArgumentException("Autoencoders: codeLayer must be in [0, " + (count - 1)
                    + "] (the network has " + count + " layers), got " + codeLayer + "; network.summary() lists them");
        }
        boolean timeSteps = false;
        for (int i = 0; i <= codeLayer; i++) {
            timeSteps = rowsAreTimeSteps(timeSteps, preProcessor(network, i));
        }
        return timeSteps;
    }

    @Override
    INDArray runEncoder(INDArray examples, INDArray mask) {
        requireWidth("examples", examples, network.getLayer(0), preProcessor(network, 0));
        return run(0, codeLayer, examples, mask, (int) examples.size(0));
    }

    @Override
    INDArray runDecoder(INDArray codes, int examples) {
        if (codeLayer == lastLayer) {
            return decodeBy(network.getLayer(codeLayer), codes);
        }
        int first = codeLayer + 1;
        requireWidth("codes", codes, network.getLayer(first), preProcessor(network, first));
        return run(first, lastLayer, codes, null, examples);
    }

    @Override
    INDArray runMasked(INDArray examples, INDArray mask) {
        return run(0, lastLayer, examples, mask, (int) examples.size(0));
    }

    private INDArray run(int first, int last, INDArray input, INDArray mask, int examples) {
        LayerWorkspaceMgr workspaces = LayerWorkspaceMgr.noWorkspaces();
        network.setInputMiniBatchSize(examples);
        clearLayers(); // of masks of an earlier pass
        network.setLayerMaskArrays(mask, null);
        INDArray activation = input;
        for (int i = first; i <= last; i++) {
            InputPreProcessor preProcessor = preProcessor(network, i);
            if (preProcessor != null) {
                activation = preProcessor.preProcess(activation, examples, workspaces);
            }
            activation = network.getLayer(i).activate(activation, false, workspaces);
        }
        clearLayers();
        return activation;
    }

    private void clearLayers() {
        for (Layer layer : network.getLayers()) {
            layer.clear();
        }
    }

    private static InputPreProcessor preProcessor(MultiLayerNetwork network, int layer) {
        return network.getLayerWiseConfigurations().getInputPreProcess(layer);
    }

    @Override
    org.deeplearning4j.nn.conf.layers.Layer firstLayer() {
        return configuration(0);
    }

    @Override
    org.deeplearning4j.nn.conf.layers.Layer codeLayer() {
        return configuration(codeLayer);
    }

    @Override
    org.deeplearning4j.nn.conf.layers.Layer outputLayer() {
        return configuration(lastLayer);
    }

    private org.deeplearning4j.nn.conf.layers.Layer configuration(int layer) {
        return NetworkLayers.unwrapped(network.getLayer(layer)).conf().getLayer();
    }
}
