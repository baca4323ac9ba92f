package io.github.dl4jae.variational;

import static io.github.dl4jae.testing.Networks.initialized;
import static io.github.dl4jae.testing.StockLayers.dense;
import static io.github.dl4jae.testing.StockLayers.output;

import io.github.dl4jae.likelihood.LossBernoulli;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.WorkspaceMode;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.graph.SubsetVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.IUpdater;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/** Variational autoencoders small enough for gradient checks of every parameter. */
public final class SmallModels {

    /** Values of an example. */
    public static final int IN = 5;
    /** Latents. */
    public static final int LATENTS = 3;

    private SmallModels() {}

    /** Five values, four hidden units, three latents and back. */
    public static MultiLayerConfiguration layers(
            DataType type, IUpdater updater, GaussianLatentLayer.Builder latents, ILossFunction loss) {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .updater(updater)
                .list()
                .layer(dense(IN, 4, Activation.TANH))
                .layer(latents.name("z").nIn(4).nOut(LATENTS).build())
                .layer(dense(LATENTS, 4, Activation.TANH))
                .layer(output(loss, 4, IN, Activation.SIGMOID))
                .build();
    }

    /** A model with K samples per example. */
    public static ComputationGraphConfiguration multiSample(
            DataType type,
            IUpdater updater,
            WorkspaceMode workspaces,
            boolean miniBatch,
            GaussianLatentLayer.Builder latents,
            MultiSampleLossLayer.Builder loss) {
        return new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .updater(updater)
                .miniBatch(miniBatch)
                .trainingWorkspaceMode(workspaces)
                .inferenceWorkspaceMode(workspaces)
                .graphBuilder()
                .addInputs("x")
                .addLayer("encoder", dense(IN, 4, Activation.TANH), "x")
                .addLayer("z", latents.nIn(4).nOut(LATENTS).build(), "encoder")
                .addVertex("code", new SubsetVertex(0, LATENTS - 1), "z")
                .addVertex("ratio", new SubsetVertex(LATENTS, LATENTS), "z")
                .addLayer("decoder", dense(LATENTS, 4, Activation.TANH), "code")
                .addLayer("logits", dense(4, IN, Activation.IDENTITY), "decoder")
                .addVertex("weighted", new MergeVertex(), "logits", "ratio")
                .addLayer("out", loss.activation(Activation.SIGMOID).build(), "weighted")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(IN))
                .build();
    }

    /** Returns an initialized float64 graph with several samples per example and the stock settings. */
    public static ComputationGraph multiSample(IUpdater updater, int samples) {
        return initialized(multiSample(
                DataType.DOUBLE,
                updater,
                WorkspaceMode.ENABLED,
                true,
                new GaussianLatentLayer.Builder().importanceSamples(samples),
                new MultiSampleLossLayer.Builder(new LossBernoulli())));
    }

    /** Returns an initialized graph of an encoder, latents and an output layer of {@link #IN} values. */
    public static ComputationGraph graph(
            DataType type, IUpdater updater, GaussianLatentLayer.Builder latents, BaseOutputLayer.Builder<?> output) {
        return initialized(new NeuralNetConfiguration.Builder()
                .seed(11)
                .dataType(type)
                .updater(updater)
                .graphBuilder()
                .addInputs("x")
                .addLayer(
                        "encoder",
                        new DenseLayer.Builder()
                                .nOut(4)
                                .activation(Activation.TANH)
                                .build(),
                        "x")
                .addLayer("z", latents.nOut(LATENTS).build(), "encoder")
                .addLayer("out", output.nOut(IN).activation(Activation.SIGMOID).build(), "z")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(IN))
                .build());
    }

    /** Values in (0, 1), the same every time. */
    public static INDArray examples(DataType type, int count) {
        Nd4j.getRandom().setSeed(99);
        return Nd4j.rand(type, count, IN);
    }
}
