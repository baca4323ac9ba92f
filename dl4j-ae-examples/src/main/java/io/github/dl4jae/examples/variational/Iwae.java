package io.github.dl4jae.examples.variational;

import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** An importance-weighted autoencoder, compared with the same network as a variational autoencoder. */
@Command(
        name = "iwae",
        description = "An importance-weighted autoencoder with five samples, compared with the same network with one.")
public final class Iwae extends ImageExample {

    private static final int HIDDEN = 200;
    private static final int LATENTS = 20;
    private static final int BATCH = 128;

    @Option(
            names = "--samples",
            paramLabel = "K",
            description = "Samples per image in training. Default: ${DEFAULT-VALUE}.")
    private int samples = 5;

    @Option(
            names = "--likelihood-samples",
            paramLabel = "S",
            description = "Samples per test image for the estimate of -ln p(x). Default: ${DEFAULT-VALUE}.")
    private int likelihoodSamples = 500;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Train with one sample per image, as a VAE, and with several; see ImportanceWeightedGraph.
        Training.Result<ComputationGraph> one = train(data, out.resolve("one-sample"), 1);
        Training.Result<ComputationGraph> several = train(data, out, samples);

        // 2. Estimate the likelihood of binarized test images by both.
        LikelihoodEstimate ofOne = evidence(VariationalModel.of(one.network(), "z"), data);
        VariationalModel model = VariationalModel.of(several.network(), "z");
        LikelihoodEstimate ofSeveral = evidence(model, data);
        Report report = new Report(
                        "Importance-weighted autoencoder on " + options.source(),
                        LATENTS + " latents. Figures are means over 500 binarized test images, with "
                                + likelihoodSamples + " samples each.",
                        out)
                .formula("importance-weighted", "Minimized: the negative bound from K samples of the code.")
                .table(
                        "samples in training",
                        "-ln p(x) in nats",
                        "-ELBO in nats",
                        "active latents",
                        "training time in seconds")
                .row("1", cells(ofOne, one))
                .row(Integer.toString(samples), cells(ofSeveral, several));

        // 3. Draw samples of the importance-weighted autoencoder.
        LatentPictures.of(model, data.test(), options.seed()).addTo(report);
        report.picture("curve", "Bounds during training.", () -> new CurvePlot(
                                "IWAE on " + options.source(), "epoch", "nats per image")
                        .curve("1 sample", one.curve().train())
                        .curve(samples + " samples", several.curve().train())
                        .draw())
                .write();
    }

    private static String[] cells(LikelihoodEstimate estimate, Training.Result<ComputationGraph> result) {
        return new String[] {
            Report.decimals(3, estimate.negativeLogLikelihood()),
            Report.decimals(3, -estimate.elbo()),
            Integer.toString(estimate.activeUnits()),
            Report.decimals(1, result.curve().seconds())
        };
    }

    private Training.Result<ComputationGraph> train(ExampleData data, Path out, int importanceSamples) {
        return new Training(options, data, out, options.epochs(20, 12), BATCH)
                .minibatches(images -> images.binarized(options.seed()))
                .oneOfSeveral()
                .patience(Integer.MAX_VALUE)
                .keepLast() // the validation score uses the mean code, not several samples
                .run(new ImportanceWeightedGraph(PIXELS, HIDDEN, LATENTS, importanceSamples)
                        .create(options.seed(), new FastAdam(1e-3)));
    }

    private LikelihoodEstimate evidence(VariationalModel model, ExampleData data) {
        return LikelihoodEstimate.estimate(
                model,
                data.test().first(500).iterator(100).binarized(options.seed()).build(),
                likelihoodSamples,
                options.seed());
    }
}
