package io.github.dl4jae.examples.variational;

import io.github.dl4jae.convolutional.FastCnnLossLayer;
import io.github.dl4jae.convolutional.FastConvolutionLayer;
import io.github.dl4jae.convolutional.FastDeconvolutionLayer;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.ConvolutionMode;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.preprocessor.FeedForwardToCnnPreProcessor;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import picocli.CommandLine.Command;

/** A variational autoencoder with the convolutional layers of Deeplearning4j as encoder and decoder. */
@Command(name = "conv-vae", description = "A convolutional variational autoencoder with 8 latents.")
public final class ConvVae extends ImageExample {

    private static final int LATENTS = 8;
    private static final int BATCH = 64;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the network. Two convolutions halve the resolution; two deconvolutions restore it.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.RELU)
                .updater(new FastAdam(2e-3))
                .activation(Activation.RELU)
                .convolutionMode(ConvolutionMode.Same)
                .list()
                .layer(new FastConvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(8)
                        .inputGradient(false) // not needed for pixels
                        .build())
                .layer(new FastConvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(16)
                        .build())
                .layer(new GaussianLatentLayer.Builder().name("z").nOut(LATENTS).build())
                .layer(new FastDenseLayer.Builder().nOut(16 * 7 * 7).build())
                .layer(new FastDeconvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(8)
                        .build())
                .layer(new FastDeconvolutionLayer.Builder(4, 4)
                        .stride(2, 2)
                        .nOut(1)
                        .activation(Activation.IDENTITY)
                        .build())
                .layer(new FastCnnLossLayer.Builder(new LossBernoulli())
                        .activation(Activation.SIGMOID)
                        .build())
                .inputPreProcessor(4, new FeedForwardToCnnPreProcessor(7, 7, 16))
                .setInputType(InputType.convolutional(28, 28, 1))
                .build());
        network.init();

        // 2. Train it on images of shape [1, 28, 28].
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, options.epochs(10, 4), BATCH)
                .minibatches(ImageIterator.Builder::asImages)
                .run(network);

        // 3. Estimate the likelihood of test images, and draw samples.
        VariationalModel model = VariationalModel.of(result.network(), "z");
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(
                model, data.test().first(2000).iterator(500).asImages().build(), 1, options.seed());
        Report report = new Report(
                        "Convolutional variational autoencoder on " + options.source(),
                        LATENTS
                                + " latents, two convolutions and two deconvolutions. The evidence lower bound (ELBO)"
                                + " is that of 2,000 test images.",
                        out)
                .formula("elbo", "Minimized: the negative ELBO, β = 1.");
        EvidenceFigures.add(report, evidence);
        LatentPictures.ofImages(model, data.test(), options.seed()).addTo(report);
        report.training(
                        "Negative evidence lower bound in nats per image",
                        result.curve(),
                        "validation, at the mean code")
                .write();
    }
}
