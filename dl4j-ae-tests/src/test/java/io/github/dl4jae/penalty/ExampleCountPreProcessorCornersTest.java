package io.github.dl4jae.penalty;

import static io.github.dl4jae.testing.NdArrayAssert.assertThatArray;
import static io.github.dl4jae.testing.Networks.initialized;
import static org.assertj.core.api.Assertions.assertThat;

import io.github.dl4jae.testing.StockLayers;
import io.github.dl4jae.variational.GaussianLatentLayer;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.InputPreProcessor;
import org.deeplearning4j.nn.conf.MultiLayerConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.LayerVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.conf.preprocessor.CnnToFeedForwardPreProcessor;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.junit.jupiter.api.Test;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;

class ExampleCountPreProcessorCornersTest {

    private static OutputLayer output() {
        return StockLayers.output(new LossMSE(), 2, 2, Activation.IDENTITY);
    }

    private static ComputationGraphConfiguration graph(InputPreProcessor preProcessor, boolean inputTypes) {
        ComputationGraphConfiguration.GraphBuilder builder = new NeuralNetConfiguration.Builder()
                .graphBuilder()
                .addInputs("in")
                .addLayer("z", new GaussianLatentLayer.Builder().nIn(12).nOut(2).build(), preProcessor, "in")
                .addLayer("out", output(), "z")
                .setOutputs("out");
        if (inputTypes) {
            builder.setInputTypes(InputType.convolutional(3, 4, 1));
        }
        return builder.build();
    }

    private static InputPreProcessor preProcessor(ComputationGraphConfiguration configuration) {
        return ((LayerVertex) configuration.getVertices().get("z")).getPreProcessor();
    }

    @Test
    void json_keepsItAndWhatItWasPutAround() {
        ExampleCountPreProcessor plain = new ExampleCountPreProcessor();
        ExampleCountPreProcessor around = new ExampleCountPreProcessor(new CnnToFeedForwardPreProcessor(3, 4, 1));
        for (ExampleCountPreProcessor each : new ExampleCountPreProcessor[] {plain, around}) {
            ComputationGraphConfiguration configuration = graph(each, false);
            ComputationGraphConfiguration restored = ComputationGraphConfiguration.fromJson(configuration.toJson());
            assertThat(restored).isEqualTo(configuration);
            assertThat(preProcessor(restored)).isEqualTo(each);
            assertThat(preProcessor(ComputationGraphConfiguration.fromYaml(configuration.toYaml())))
                    .isEqualTo(each);
            assertThat(preProcessor(configuration.clone())).isEqualTo(each);
        }
        MultiLayerConfiguration stack = new NeuralNetConfiguration.Builder()
                .list()
                .layer(new GaussianLatentLayer.Builder().nOut(2).build())
                .layer(output())
                .setInputType(InputType.convolutional(3, 4, 1))
                .build();
        assertThat(stack.getInputPreProcess(0)).isInstanceOf(ExampleCountPreProcessor.class);
        assertThat(MultiLayerConfiguration.fromJson(stack.toJson())).isEqualTo(stack);
    }

    /** Images become rows by the preprocessor inside, in the graph that is restored as well. */
    @Test
    void inputTypes_putItAroundThePreprocessorThatTheLayerNeeds() {
        ComputationGraphConfiguration configuration = graph(null, true);
        assertThat(preProcessor(configuration)).isInstanceOf(ExampleCountPreProcessor.class);
        assertThat(ExampleCountPreProcessor.unwrapped(preProcessor(configuration)))
                .isInstanceOf(CnnToFeedForwardPreProcessor.class);

        ComputationGraph graph = initialized(ComputationGraphConfiguration.fromJson(configuration.toJson()));
        INDArray images = Nd4j.rand(DataType.FLOAT, 5, 1, 3, 4);
        graph.fit(new INDArray[] {images}, new INDArray[] {Nd4j.zeros(DataType.FLOAT, 5, 2)});
        assertThat(graph.score()).isFinite();
        assertThat(graph.outputSingle(images).shape()).containsExactly(5, 2);
    }

    @Test
    void activations_stayAsTheyAre() {
        ExampleCountPreProcessor preProcessor = new ExampleCountPreProcessor();
        INDArray x = Nd4j.rand(DataType.FLOAT, 4, 3);
        assertThatArray(preProcessor.preProcess(x, 2, LayerWorkspaceMgr.noWorkspaces()))
                .isSameAs(x);
        assertThatArray(preProcessor.backprop(x, 2, LayerWorkspaceMgr.noWorkspaces()))
                .isSameAs(x);
        assertThat(preProcessor.getOutputType(InputType.feedForward(3))).isEqualTo(InputType.feedForward(3));
        assertThat(ExampleCountPreProcessor.unwrapped(preProcessor)).isNull();
        assertThat(preProcessor.clone()).isEqualTo(preProcessor).hasToString("ExampleCountPreProcessor()");
    }
}
