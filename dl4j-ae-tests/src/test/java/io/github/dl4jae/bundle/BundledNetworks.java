package io.github.dl4jae.bundle;

import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.sparse.TopKLayer;
import io.github.dl4jae.tabular.TableReader;
import io.github.dl4jae.tabular.TableSchema;
import io.github.dl4jae.updater.FastAdam;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ComputationGraphConfiguration;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.dataset.DataSet;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossMSE;
import org.nd4j.linalg.schedule.ScheduleType;

/** Small trained networks over five features, and data for them. */
final class BundledNetworks {

    static final int FEATURES = 5;
    static final int CODE = 4;
    private static final int STEPS = 6;

    private BundledNetworks() {}

    /** Returns rows that no random number generator is needed for. */
    static INDArray rows(int count) {
        INDArray rows = Nd4j.create(DataType.FLOAT, count, FEATURES);
        for (int i = 0; i < count; i++) {
            for (int j = 0; j < FEATURES; j++) {
                rows.putScalar(i, j, (i * 7 + j * 3 + i * j) % 11 / 11.0);
            }
        }
        return rows;
    }

    static DataSet data() {
        return new DataSet(rows(12), rows(12));
    }

    /** Returns a network with Adam's state, and a k that is still annealed. */
    static MultiLayerNetwork layers() {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(3)
                .updater(new FastAdam(1e-2))
                .list()
                .layer(new FastDenseLayer.Builder()
                        .name("dense")
                        .nIn(FEATURES)
                        .nOut(CODE)
                        .activation(Activation.TANH)
                        .build())
                .layer(new TopKLayer.Builder()
                        .k(new LinearSchedule(ScheduleType.ITERATION, 4, 2, 10))
                        .name("code")
                        .build())
                .layer(new FastOutputLayer.Builder(new LossMSE())
                        .nIn(CODE)
                        .nOut(FEATURES)
                        .activation(Activation.IDENTITY)
                        .build())
                .build());
        network.init();
        for (int i = 0; i < STEPS; i++) {
            network.fit(data());
        }
        return network;
    }

    /** Returns a graph of stock layers with a reconstruction and a second output. */
    static ComputationGraph graph() {
        ComputationGraphConfiguration configuration = new NeuralNetConfiguration.Builder()
                .seed(4)
                .updater(new Adam(1e-2))
                .graphBuilder()
                .addInputs("in")
                .addLayer("code", new DenseLayer.Builder().nOut(CODE).build(), "in")
                .addLayer("restored", output(), "code")
                .addLayer("other", output(), "code")
                .setOutputs("restored", "other")
                .setInputTypes(InputType.feedForward(FEATURES))
                .build();
        ComputationGraph graph = new ComputationGraph(configuration);
        graph.init();
        for (int i = 0; i < STEPS; i++) {
            fit(graph);
        }
        return graph;
    }

    static void fit(ComputationGraph graph) {
        graph.fit(new INDArray[] {rows(12)}, new INDArray[] {rows(12), rows(12)});
    }

    private static OutputLayer output() {
        return new OutputLayer.Builder(new LossMSE())
                .nOut(FEATURES)
                .activation(Activation.IDENTITY)
                .build();
    }

    /** Returns a schema with five features. */
    static TableSchema schema(Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("table.csv"),
                "a,b,color\n1,2.5,red\n2,3.5,green\n3,1.5,blue\n5,2.25,red\n6,2.75,green\n2,1.25,blue\n");
        return new TableReader.Builder().build().fit(file);
    }
}
