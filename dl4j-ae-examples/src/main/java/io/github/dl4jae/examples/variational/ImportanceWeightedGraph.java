package io.github.dl4jae.examples.variational;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.MultiSampleLossLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration.GraphBuilder;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.IUpdater;

/**
 * An importance-weighted autoencoder with two hidden layers in encoder and decoder. The latent layer samples K codes
 * per image, and the loss layer weights them.
 *
 * @param pixels pixels of an image
 * @param hidden units of each hidden layer
 * @param latents size of a code
 * @param samples K
 */
public record ImportanceWeightedGraph(int pixels, int hidden, int latents, int samples) {

    /**
     * Creates an initialized graph.
     *
     * @param seed seed of the weights and samples
     * @param updater updater of all layers
     * @return a new graph
     */
    public ComputationGraph create(long seed, IUpdater updater) {
        GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .seed(seed)
                .weightInit(WeightInit.XAVIER)
                .activation(Activation.TANH)
                .updater(updater)
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "encoder1",
                        new FastDenseLayer.Builder()
                                .nIn(pixels)
                                .nOut(hidden)
                                .inputGradient(false)
                                .build(),
                        "x")
                .addLayer("encoder2", dense(hidden, hidden).build(), "encoder1")
                // [code | ln p(z) − ln q(z|x)], one row per sample
                .addLayer(
                        "z",
                        new GaussianLatentLayer.Builder()
                                .nIn(hidden)
                                .nOut(latents)
                                .importanceSamples(samples)
                                .build(),
                        "encoder2")
                .addVertex("code", new SubsetVertex(0, latents - 1), "z")
                .addVertex("ratio", new SubsetVertex(latents, latents), "z")
                .addLayer("decoder1", dense(latents, hidden).build(), "code")
                .addLayer("decoder2", dense(hidden, hidden).build(), "decoder1")
                .addLayer(
                        "logits",
                        dense(hidden, pixels).activation(Activation.IDENTITY).build(),
                        "decoder2")
                .addVertex("weighted", new MergeVertex(), "logits", "ratio")
                .addLayer(
                        "out",
                        new MultiSampleLossLayer.Builder(new LossBernoulli())
                                .activation(Activation.SIGMOID)
                                .build(),
                        "weighted")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(pixels));
        ComputationGraph graph = new ComputationGraph(builder.build());
        graph.init();
        return graph;
    }

    private static FastDenseLayer.Builder dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out);
    }
}
