package io.github.dl4jae.pretraining;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.dense.TransposedDenseLayer;
import io.github.dl4jae.internal.layer.Require;
import java.util.ArrayList;
import java.util.List;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.activations.impl.ActivationIdentity;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.lossfunctions.impl.LossMCXENT;

/** Conversions of the pretrained layers at the bottom of a network into networks of dense layers. */
final class StackConversion {

    private static final String SUBJECT = "GreedyLayerwisePretrainer";

    private final List<Layer> stack;

    private StackConversion(List<Layer> stack) {
        this.stack = stack;
    }

    /** Collects the pretrained layers of a network, which must be its lowest layers. */
    static StackConversion of(MultiLayerNetwork network) {
        List<Layer> stack = new ArrayList<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            if (network.getLayer(i).conf().getLayer() instanceof StackableLayer) {
                Require.that(
                        stack.size() == i,
                        SUBJECT,
                        "layers below layer " + i
                                + " must be TiedAutoencoderLayers or RestrictedBoltzmannLayers for a conversion",
                        network.getLayer(stack.size())
                                        .conf()
                                        .getLayer()
                                        .getClass()
                                        .getSimpleName() + " as layer " + stack.size(),
                        "use the pretrained network itself, or leave the layer out");
                stack.add(network.getLayer(i));
            }
        }
        Require.that(
                !stack.isEmpty(),
                SUBJECT,
                "the network must begin with TiedAutoencoderLayers or RestrictedBoltzmannLayers for a conversion",
                "none",
                "use the pretrained network itself");
        return new StackConversion(stack);
    }

    /** Returns a deep autoencoder whose decoder weights are copies of the transposed encoder weights. */
    MultiLayerNetwork unroll(NeuralNetConfiguration.Builder settings) {
        NeuralNetConfiguration.ListBuilder layers = settings.list();
        addEncoder(layers);
        for (int i = stack.size() - 1; i > 0; i--) {
            layers.layer(new FastDenseLayer.Builder()
                    .nIn(configuration(i).getNOut())
                    .nOut(configuration(i).getNIn())
                    .activation(configuration(i).decoderActivation())
                    .build());
        }
        StackableLayer bottom = configuration(0);
        layers.layer(new FastOutputLayer.Builder(bottom.reconstructionLoss())
                .nIn(bottom.getNOut())
                .nOut(bottom.getNIn())
                .activation(bottom.decoderActivation())
                .build());
        MultiLayerNetwork network = initialize(layers);
        for (int i = 0; i < stack.size(); i++) {
            int down = 2 * stack.size() - 1 - i;
            INDArray W = parameter(i, StackableLayerImpl.W);
            network.getLayer(down).setParam(StackableLayerImpl.W, W.transpose());
            network.getLayer(down).setParam(StackableLayerImpl.B, asRow(parameter(i, StackableLayerImpl.VB)));
        }
        return network;
    }

    /** Returns a deep autoencoder whose decoder weights are tied to the encoder weights. */
    ComputationGraph unrollTied(NeuralNetConfiguration.Builder settings) {
        ComputationGraphConfiguration.GraphBuilder graph =
                settings.graphBuilder().addInputs("in");
        String below = "in";
        for (int i = 0; i < stack.size(); i++) {
            graph.addLayer("encoder" + i, encoder(i).build(), below);
            below = "encoder" + i;
        }
        for (int i = stack.size() - 1; i >= 0; i--) {
            IActivation activation =
                    i == 0 ? new ActivationIdentity() : configuration(i).decoderActivation();
            graph.addLayer(
                    "decoder" + i,
                    new TransposedDenseLayer.Builder("encoder" + i)
                            .nIn(configuration(i).getNOut())
                            .nOut(configuration(i).getNIn())
                            .activation(activation)
                            .build(),
                    below);
            below = "decoder" + i;
        }
        graph.addLayer(
                "out",
                new LossLayer.Builder(configuration(0).reconstructionLoss())
                        .activation(configuration(0).decoderActivation())
                        .build(),
                below);
        ComputationGraph network = new ComputationGraph(graph.setOutputs("out").build());
        network.init();
        for (int i = 0; i < stack.size(); i++) {
            Layer up = network.getLayer("encoder" + i);
            up.setParam(StackableLayerImpl.W, parameter(i, StackableLayerImpl.W));
            up.setParam(StackableLayerImpl.B, asRow(parameter(i, StackableLayerImpl.B)));
            network.getLayer("decoder" + i).setParam(StackableLayerImpl.B, asRow(parameter(i, StackableLayerImpl.VB)));
        }
        return network;
    }

    /** Returns a classifier: the encoder and a new softmax layer. */
    MultiLayerNetwork toClassifier(NeuralNetConfiguration.Builder settings, int classes) {
        Require.atLeast(2, SUBJECT, "classes", classes, "pass the number of classes");
        NeuralNetConfiguration.ListBuilder layers = settings.list();
        addEncoder(layers);
        layers.layer(new FastOutputLayer.Builder(new LossMCXENT())
                .nIn(configuration(stack.size() - 1).getNOut())
                .nOut(classes)
                .activation(Activation.SOFTMAX)
                .build());
        return initialize(layers);
    }

    private void addEncoder(NeuralNetConfiguration.ListBuilder layers) {
        for (int i = 0; i < stack.size(); i++) {
            layers.layer(encoder(i).build());
        }
    }

    private FastDenseLayer.Builder encoder(int i) {
        return new FastDenseLayer.Builder()
                .nIn(configuration(i).getNIn())
                .nOut(configuration(i).getNOut())
                .activation(configuration(i).encoderActivation());
    }

    private MultiLayerNetwork initialize(NeuralNetConfiguration.ListBuilder layers) {
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        for (int i = 0; i < stack.size(); i++) {
            network.getLayer(i).setParam(StackableLayerImpl.W, parameter(i, StackableLayerImpl.W));
            network.getLayer(i).setParam(StackableLayerImpl.B, asRow(parameter(i, StackableLayerImpl.B)));
        }
        return network;
    }

    private StackableLayer configuration(int i) {
        return (StackableLayer) stack.get(i).conf().getLayer();
    }

    private INDArray parameter(int i, String name) {
        return stack.get(i).getParam(name);
    }

    private static INDArray asRow(INDArray vector) {
        return vector.reshape(vector.length());
    }
}
