package io.github.dl4jae.examples.adversarial;

import io.github.dl4jae.adversarial.AdversarialAutoencoder;
import io.github.dl4jae.adversarial.AdversarialMode;
import io.github.dl4jae.adversarial.AdversarialModel;
import io.github.dl4jae.adversarial.AdversarialResult;
import io.github.dl4jae.adversarial.CodePosterior;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.generation.LatentTraversal;
import io.github.dl4jae.generation.SampleDiscrepancy;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.plot.ScatterPlot;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;

/** An adversarial autoencoder with two latents: a discriminator gives its codes the shape of the prior. */
@Command(
        name = "adversarial",
        description = "An adversarial autoencoder with two latents, whose codes are tested against the prior.")
public final class Adversarial extends ImageExample {

    private static final int HIDDEN = 400;
    private static final int LATENTS = 2;
    private static final int BATCH = 100;
    private static final double NOISE = 0.1;
    private static final int TESTED = 1000;
    private static final int SIDE = 15;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build the networks. Encoder and noise together have the variance of the prior, 1.
        int epochs = options.epochs(20, 20);
        int steps = epochs * (data.train().size() / BATCH);
        AdversarialNetworks networks = new AdversarialNetworks(PIXELS, HIDDEN, steps, options.seed());

        // 2. Train them.
        AdversarialResult result;
        try (MinibatchBar bar = new MinibatchBar("train", steps)) {
            result = new AdversarialAutoencoder.Builder(
                            networks.encoder(LATENTS, Math.sqrt(1 - NOISE * NOISE)),
                            networks.decoder(LATENTS, new LossBernoulli()))
                    .mode(new AdversarialMode.Unsupervised(LATENTS))
                    .posterior(new CodePosterior.Noisy(NOISE))
                    .discriminator(networks.discriminator(LATENTS, 0))
                    .weight(40)
                    .batch(BATCH)
                    .epochs(epochs)
                    .seed(options.seed())
                    .checkpoint(out.resolve("checkpoint.zip"))
                    .listener(bar)
                    .build()
                    .fit(data.train().features());
        }

        // 3. Test codes of test images against the prior, and draw what the model has learned.
        AdversarialModel model = result.model();
        LabeledImages test = data.test().spread(TESTED);
        INDArray codes = model.drawCodes(test.features(), options.seed());
        SampleDiscrepancy discrepancy =
                SampleDiscrepancy.test(codes, model.sampleCodes(TESTED, ~options.seed()), 500, options.seed());
        new Report(
                        "Adversarial autoencoder on " + options.source(),
                        LATENTS + " latents with a standard normal prior. The two-sample test compares codes of "
                                + TESTED + " test images with samples of the prior; a p-value below 0.05 means that"
                                + " they differ.",
                        out)
                .formula(
                        "adversarial",
                        "Minimized by the encoder, by the discriminator D, and by the decoder p: z are codes, v samples"
                                + " of the prior.")
                .figure("MMD² of codes and prior", Report.decimals(5, discrepancy.squared()))
                .figure("p-value", discrepancy.pValue())
                .figure(
                        "reconstruction loss in nats per image",
                        result.losses().get(epochs - 1).reconstruction())
                .picture("map", "Codes of test images, colored by class.", () -> new ScatterPlot(
                                "Codes of " + options.source(), "latent 0", "latent 1")
                        .points(codes, test.labels())
                        .draw())
                .picture("manifold", "Decoded grid of latents from -2.5 to 2.5.", () -> ImageGrid.of(28, 28)
                        .scale(1)
                        .columns(SIDE)
                        .images(model.decode(LatentTraversal.grid(Nd4j.zeros(1, LATENTS), 0, 1, 2.5, SIDE)))
                        .draw())
                .picture("samples", "Decoded samples of the prior.", () -> ImageGrid.of(28, 28)
                        .columns(SIDE)
                        .images(model.sample(8 * SIDE, options.seed()))
                        .draw())
                .write();
    }
}
