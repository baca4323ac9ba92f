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

/**
 * The pretrained layers at the bottom of a network, to be converted into networks of dense layers.
 *
 * <pre>
 * unroll         x → f_0 → … → f_L → code → g_L → … → g_0 → x̂
 *                f_l(x) = act(x·W_l + b_l),   g_l(h) = act_v(h·W_lᵀ + vb_l)
 * unrollTied     the same, W_l shared by f_l and g_l
 * toClassifier   x → f_0 → … → f_L → softmax
 * </pre>
 *
 * <pre>{@code
 * new GreedyLayerwisePretrainer.Builder(network).epochs(15).build().fit(iterator);
 * NeuralNetConfiguration.Builder settings = new NeuralNetConfiguration.Builder().updater(new Adam(1e-3));
 * MultiLayerNetwork deep = PretrainedStack.of(network).unroll(settings);
 * }</pre>
 *
 * <p>Weights are copied. The layers must be {@link TiedAutoencoderLayer} or {@link RestrictedBoltzmannLayer}, without
 * other layers between or below them. Layers above the last of them are left out.
 */
public final class PretrainedStack {

    private final List<Layer> stack;

    private PretrainedStack(List<Layer> stack) {
        this.stack = stack;
    }

    /**
     * Finds the stack in a network.
     *
     * @param network an initialized network that begins with layers of this package
     * @return the stack
     * @throws IllegalArgumentException if there is no such layer, or another layer is below the last of them
     */
    public static PretrainedStack of(MultiLayerNetwork network) {
        List<Layer> stack = new ArrayList<>();
        for (int i = 0; i < network.getnLayers(); i++) {
            if (network.getLayer(i).conf().getLayer() instanceof StackableLayer) {
                if (stack.size() < i) {
                    throw new IllegalArgumentException("PretrainedStack: layers below layer " + i
                            + " must be TiedAutoencoderLayers or RestrictedBoltzmannLayers to be converted, got "
                            + network.getLayer(stack.size())
                                    .conf()
                                    .getLayer()
                                    .getClass()
                                    .getSimpleName()
                            + " as layer " + stack.size() + "; use the pretrained network itself, or leave it out");
                }
                stack.add(network.getLayer(i));
            }
        }
        if (stack.isEmpty()) {
            throw new IllegalArgumentException("PretrainedStack: the network must begin with"
                    + " TiedAutoencoderLayers or RestrictedBoltzmannLayers to be converted, got none; use the"
                    + " pretrained network itself");
        }
        return new PretrainedStack(stack);
    }

    /**
     * Creates a deep autoencoder: up by W, down by Wᵀ, which are separate parameters from then on.
     *
     * <p>With L + 1 pretrained layers, layer L of the new network gives the code. The output layer has the loss of the
     * lowest layer.
     *
     * @param settings the seed, updater and regularization of the new network
     * @return an initialized network of {@code FastDenseLayer}s and a {@code FastOutputLayer}
     */
    public MultiLayerNetwork unroll(NeuralNetConfiguration.Builder settings) {
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

    /**
     * Creates a deep autoencoder whose weights stay tied: half as many parameters as {@link #unroll}, and the same
     * output to begin with.
     *
     * <p>Its layers are {@code encoder0}, {@code encoder1}, …, the last of which gives the code, … {@code decoder1},
     * {@code decoder0}, {@code out}.
     *
     * @param settings the seed, updater and regularization of the new network
     * @return an initialized graph of {@code FastDenseLayer}s, {@code TransposedDenseLayer}s and a stock
     *     {@code LossLayer}
     */
    public ComputationGraph unrollTied(NeuralNetConfiguration.Builder settings) {
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

    /**
     * Creates a classifier: the layers up, and a softmax layer with random weights.
     *
     * @param settings the seed, updater and regularization of the new network
     * @param classes at least 2
     * @return an initialized network of {@code FastDenseLayer}s and a {@code FastOutputLayer} with the multi-class
     *     cross-entropy
     * @throws IllegalArgumentException if there are fewer than two classes
     */
    public MultiLayerNetwork toClassifier(NeuralNetConfiguration.Builder settings, int classes) {
        Require.atLeast(2, "PretrainedStack", "classes", classes, "");
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
