package io.github.dl4jae.examples;

import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.graph.ComputationGraph;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An importance-weighted autoencoder beside a variational one: the same network, a tighter bound. */
@Command(
        name = "iwae",
        description = "An importance-weighted autoencoder with five samples, beside the same network with one.",
        usageHelpAutoWidth = true)
final class Iwae implements Callable<Integer> {

    private static final int PIXELS = 28 * 28;
    private static final int HIDDEN = 200;
    private static final int LATENTS = 20;
    private static final int BATCH = 128;

    @Mixin
    private ExampleOptions options;

    @Option(
            names = "--samples",
            paramLabel = "K",
            description = "codes per image in training; default: ${DEFAULT-VALUE}")
    private int samples = 5;

    @Option(
            names = "--likelihood-samples",
            paramLabel = "S",
            description = "per test image, for -ln p(x); default: ${DEFAULT-VALUE}")
    private int likelihoodSamples = 500;

    @Override
    public Integer call() {
        ExampleData data = options.loadData();
        Path out = options.out("iwae");

        // 1. The latent layer draws K codes per image, the loss layer weighs them (see ImportanceWeightedGraph); with
        // one it is a VAE.
        Training.Result<ComputationGraph> one = train(data, out.resolve("one-sample"), 1);
        Training.Result<ComputationGraph> several = train(data, out, samples);

        // 2. The figures of both, on pixels that are 0 or 1.
        LikelihoodEstimate ofOne = evidence(VariationalModel.of(one.network(), "z"), data);
        VariationalModel model = VariationalModel.of(several.network(), "z");
        LikelihoodEstimate ofSeveral = evidence(model, data);
        Report report = new Report(
                        "Importance-weighted autoencoder on " + options.source(),
                        LATENTS + " latents. Figures are in nats, of 500 binarized test images with "
                                + likelihoodSamples + " samples each.",
                        out)
                .figure("-ln p(x), trained with 1 sample", ofOne.negativeLogLikelihood())
                .figure("-ln p(x), trained with " + samples + " samples", ofSeveral.negativeLogLikelihood())
                .figure("-ELBO, trained with 1 sample", -ofOne.elbo())
                .figure("-ELBO, trained with " + samples + " samples", -ofSeveral.elbo())
                .figure("active latents, 1 sample", Integer.toString(ofOne.activeUnits()))
                .figure("active latents, " + samples + " samples", Integer.toString(ofSeveral.activeUnits()))
                .figure("training time in seconds, 1 sample", one.seconds())
                .figure("training time in seconds, " + samples + " samples", several.seconds());

        // 3. What the weighted one draws.
        LatentPictures.of(model, data.test(), options.seed()).addTo(report);
        report.picture("curve", "Bounds while training.", () -> new CurvePlot(
                                "IWAE on " + options.source(), "epoch", "nats per image")
                        .curve("1 sample", one.trainScores())
                        .curve(samples + " samples", several.trainScores())
                        .draw())
                .write();
        return 0;
    }

    private Training.Result<ComputationGraph> train(ExampleData data, Path out, int importanceSamples) {
        return new Training(options, data, out, options.epochs(20, 12), BATCH)
                .minibatches(images -> images.binarized(options.seed()))
                .oneOfSeveral()
                .patience(Integer.MAX_VALUE)
                .keepLast() // the score at the mean code says little about a bound with several samples
                .run(Trainable.graph(new ImportanceWeightedGraph(PIXELS, HIDDEN, LATENTS, importanceSamples)
                        .create(options.seed(), new FastAdam(1e-3))));
    }

    private LikelihoodEstimate evidence(VariationalModel model, ExampleData data) {
        return LikelihoodEstimate.estimate(
                model,
                data.test().first(500).iterator(100).binarized(options.seed()).build(),
                likelihoodSamples,
                options.seed());
    }
}
