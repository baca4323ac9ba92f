package io.github.dl4jae.examples.variational;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.data.Sprites;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.disentanglement.BetaVaeScore;
import io.github.dl4jae.disentanglement.Dci;
import io.github.dl4jae.disentanglement.FactorVaeScore;
import io.github.dl4jae.disentanglement.Factors;
import io.github.dl4jae.disentanglement.MutualInformationGap;
import io.github.dl4jae.disentanglement.SeparatedAttributePredictability;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ExampleOptions;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.schedule.LinearSchedule;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.TotalCorrelation;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Five disentanglement scores of a VAE, a β-VAE and a β-TC-VAE on sprites with known factors. */
@Command(
        name = "disentangle",
        description = "Disentanglement scores of VAE, beta-VAE and beta-TC-VAE on sprites with known factors.")
public final class Disentangle implements Callable<Integer> {

    private static final int HIDDEN = 400;
    private static final int LATENTS = 10;
    private static final int BATCH = 128;
    private static final double BETA = 4;

    @Mixin
    private ExampleOptions options;

    @Override
    public Integer call() {
        // 1. Generate a sprite for every combination of shape, scale, rotation and position.
        Sprites sprites = Sprites.generate(4, 12, 8);
        LabeledImages images = sprites.images();
        Factors factors = Factors.of(sprites.factors(), Sprites.FACTORS, "shape");
        ExampleData data = new ExampleData(images, images, images, images);
        Path out = options.out("disentangle");
        Report report = new Report(
                "Disentanglement on sprites",
                images.size() + " images of five factors, " + LATENTS
                        + " latents. Scores are in [0, 1]. Reconstruction error and KL divergence are per image.",
                out);
        report.formula(
                "total-correlation",
                "Minimized by the β-TC-VAE, β = 4. A VAE has β = 1. A β-VAE instead weights"
                        + " the KL divergence of the codes from the prior by β.");
        report.table(
                "objective",
                "MIG",
                "SAP",
                "DCI-D",
                "FactorVAE",
                "betaVAE",
                "reconstruction in nats",
                "KL in nats",
                "active latents");

        // 2. Train the same network with three objectives.
        LinearSchedule warmUp = new LinearSchedule(ScheduleType.ITERATION, 0, BETA, 2000);
        add(report, out, "VAE", data, factors, layer -> layer);
        add(report, out, "beta-VAE", data, factors, layer -> layer.beta(warmUp));
        add(
                report,
                out,
                "beta-TC-VAE",
                data,
                factors,
                layer -> layer.regularizer(new TotalCorrelation(BETA, images.size())));
        report.write();
        return 0;
    }

    private void add(
            Report report,
            Path directory,
            String name,
            ExampleData data,
            Factors factors,
            UnaryOperator<GaussianLatentLayer.Builder> objective) {
        Path out = directory.resolve(name.toLowerCase(Locale.ROOT));
        MultiLayerNetwork network = new Training(options, data, out, options.epochs(30, 30), BATCH)
                .oneOfSeveral()
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .run(network(data.train().rows() * data.train().columns(), objective))
                .network();
        VariationalModel model = VariationalModel.of(network, "z");
        INDArray codes = model.encode(data.train().features());
        LikelihoodEstimate evidence =
                LikelihoodEstimate.estimate(model, data.train().iterator(1000).build(), 1, options.seed());
        report.row(
                name,
                Report.decimals(2, MutualInformationGap.compute(codes, factors)),
                Report.decimals(2, SeparatedAttributePredictability.compute(codes, factors)),
                Report.decimals(2, Dci.compute(codes, factors, options.seed()).disentanglement()),
                Report.decimals(2, FactorVaeScore.compute(codes, factors, options.seed())),
                Report.decimals(2, BetaVaeScore.compute(codes, factors, options.seed())),
                Report.decimals(1, -evidence.reconstruction()),
                Report.decimals(1, evidence.klDivergence()),
                Integer.toString(evidence.activeUnits()));
        LatentPictures.of(
                        model,
                        data.train().range(data.train().size() / 2, data.train().size()),
                        options.seed())
                .addTraversals(report, "-" + name.toLowerCase(Locale.ROOT));
    }

    private MultiLayerNetwork network(int pixels, UnaryOperator<GaussianLatentLayer.Builder> objective) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .list()
                .layer(new FastDenseLayer.Builder()
                        .nIn(pixels)
                        .nOut(HIDDEN)
                        .inputGradient(false)
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(HIDDEN).nOut(HIDDEN).build())
                .layer(objective
                        .apply(new GaussianLatentLayer.Builder()
                                .name("z")
                                .nIn(HIDDEN)
                                .nOut(LATENTS))
                        .build())
                .layer(new FastDenseLayer.Builder().nIn(LATENTS).nOut(HIDDEN).build())
                .layer(new FastDenseLayer.Builder().nIn(HIDDEN).nOut(HIDDEN).build())
                .layer(new FastOutputLayer.Builder(new LossBernoulli())
                        .nIn(HIDDEN)
                        .nOut(pixels)
                        .activation(Activation.SIGMOID)
                        .build())
                .build());
        network.init();
        return network;
    }
}
