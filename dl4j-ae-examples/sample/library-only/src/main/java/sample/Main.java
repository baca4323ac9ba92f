package sample;

import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.SyntheticDigits;
import io.github.dl4jae.sparse.ActivationTopK;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.layers.DenseLayer;
import org.deeplearning4j.nn.conf.layers.OutputLayer;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.util.ModelSerializer;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.learning.config.Adam;
import org.nd4j.linalg.lossfunctions.impl.LossL2;

/** Trains a k-sparse autoencoder, saves it, loads it, and reconstructs images with it. */
public final class Main {

    private Main() {}

    /** Squared errors per image: before training, after training, and after saving and loading. */
    record Errors(double before, double after, double reloaded) {}

    public static void main(String[] args) throws IOException {
        System.out.println(run());
    }

    static Errors run() throws IOException {
        LabeledImages images = SyntheticDigits.generate(1_000, 1);
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(1)
                .updater(new Adam(2e-3))
                .list()
                .layer(new DenseLayer.Builder()
                        .name("code")
                        .nIn(784)
                        .nOut(100)
                        .activation(new ActivationTopK(20))
                        .build())
                .layer(new OutputLayer.Builder(new LossL2()).nIn(100).nOut(784).activation(Activation.IDENTITY).build())
                .build());
        network.init();
        double before = error(network, images);
        network.fit(images.iterator(50).shuffle(1).build(), 3);

        Path file = Files.createTempFile("autoencoder", ".zip");
        try {
            ModelSerializer.writeModel(network, file.toFile(), true);
            MultiLayerNetwork reloaded = ModelSerializer.restoreMultiLayerNetwork(file.toFile());
            return new Errors(before, error(network, images), error(reloaded, images));
        } finally {
            Files.delete(file);
        }
    }

    private static double error(MultiLayerNetwork network, LabeledImages images) {
        return ReconstructionError.meanSquared(
                Autoencoders.of(network, "code"), images.iterator(250).build());
    }
}
