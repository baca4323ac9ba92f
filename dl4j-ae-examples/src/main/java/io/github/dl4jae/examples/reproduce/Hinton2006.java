package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Pretraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer;
import io.github.dl4jae.pretraining.RestrictedBoltzmannMachine;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The deep autoencoder of Hinton and Salakhutdinov 2006: stacked Boltzmann machines, unrolled and fine-tuned. */
@Command(
        name = "hinton2006",
        description = "Squared error of a deep autoencoder pretrained by Boltzmann machines"
                + " (Hinton and Salakhutdinov 2006): 3.00.",
        defaultValueProvider = MnistByDefault.class)
public final class Hinton2006 extends ImageExample {

    private static final int BATCH = 100;
    private static final int FINE_TUNING_BATCH = 250;
    private static final int CODE = 30;
    private static final int CODE_LAYER = 3;

    @Option(
            names = "--pretraining-epochs",
            paramLabel = "N",
            description = "Pretraining epochs per layer; 50 in the paper. Default: ${DEFAULT-VALUE}.")
    private int pretrainingEpochs = 10;

    @Override
    protected void run(ExampleData loaded, Path out) {
        ExampleData data = loaded.trainingOnAll(); // as the paper does
        int epochs = options.epochs(10, 300);

        // 1. Pretrain four Boltzmann machines, each on the hidden means of the one below. The code is linear.
        MultiLayerNetwork stack = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(new WeightInitDistribution(new NormalDistribution(0, 0.1)))
                .l2(2e-4)
                .updater(momentum(0.1))
                .list()
                .layer(machine(784, 1000).build())
                .layer(machine(1000, 500).build())
                .layer(machine(500, 250).build())
                .layer(machine(250, CODE)
                        .hidden(RestrictedBoltzmannLayer.Unit.GAUSSIAN)
                        .updater(momentum(0.001))
                        .build())
                .build());
        stack.init();
        Pretraining pretraining = new Pretraining(options, data, out, BATCH, pretrainingEpochs);
        PretrainedStack pretrained = pretraining.run(stack);

        // 2. Unroll them, and fine-tune with cross-entropy.
        MultiLayerNetwork unrolled = pretrained.unroll(
                new NeuralNetConfiguration.Builder().seed(options.seed()).updater(FallingRate.adam(1e-3, epochs)));
        double before = ReconstructionError.meanSquared(
                Autoencoders.of(unrolled, CODE_LAYER),
                data.test().iterator(1000).build());
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, epochs, FINE_TUNING_BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .oneOfSeveral()
                .run(unrolled);

        // 3. Report the error of test images.
        Autoencoder autoencoder = Autoencoders.of(result.network(), CODE_LAYER);
        PcaAutoencoder pca = PcaAutoencoder.fit(data.all().features(), CODE);
        INDArray originals = data.test().first(20).features();
        RestrictedBoltzmannMachine bottom = RestrictedBoltzmannMachine.of(stack, 0);
        new Report(
                        "Reproduction of Hinton and Salakhutdinov 2006 on " + options.source(),
                        "784-1000-500-250-30, pretrained by CD-1. Errors are squared, summed over pixels, and averaged"
                                + " over test images.",
                        out)
                .formula("cross-entropy", "Minimized by fine-tuning: x̂ is the image decoded from the code of x.")
                .table("autoencoder", "published test error per image", "measured test error per image")
                .row("deep", "3.00", Report.decimals(2, error(autoencoder, data)))
                .row("deep, pretraining alone", "", Report.decimals(2, before))
                .row("PCA", "13.87", Report.decimals(2, error(pca, data)))
                .figure(
                        "training error per image",
                        ReconstructionError.meanSquared(
                                autoencoder, data.train().iterator(1000).build()))
                .count("epochs of pretraining per layer", pretrainingEpochs)
                .count("epochs of fine-tuning", result.curve().epochs())
                .count("seed", options.seed())
                .figure("pretraining in minutes", pretraining.seconds() / 60)
                .figure("fine-tuning in minutes", result.curve().seconds() / 60)
                .images(
                        "reconstructions",
                        "Test images, and their reconstructions from 30 numbers.",
                        new ImageRow("original", originals),
                        new ImageRow("deep", autoencoder.reconstruct(originals)),
                        new ImageRow("PCA", pca.reconstruct(originals)))
                .picture(
                        "samples",
                        "Samples of the lowest Boltzmann machine, 300 steps from test images.",
                        () -> ImageGrid.of(28, 28)
                                .columns(20)
                                .images(bottom.sample(data.test().first(20).features(), 300, options.seed()))
                                .draw())
                .filters(
                        "filters",
                        "Weights of 200 units of the lowest Boltzmann machine.",
                        stack.getParam("0_W").transpose())
                .picture("curve", "Cross-entropy during fine-tuning.", () -> new CurvePlot(
                                "Deep autoencoder on " + options.source(), "epoch", "nats per image")
                        .curve("train", result.curve().train())
                        .draw())
                .write();
    }

    private static double error(Autoencoder autoencoder, ExampleData data) {
        return ReconstructionError.meanSquared(
                autoencoder, data.test().iterator(1000).build());
    }

    private static RestrictedBoltzmannLayer.Builder machine(int visible, int hidden) {
        return new RestrictedBoltzmannLayer.Builder().nIn(visible).nOut(hidden);
    }

    /** Returns an updater with momentum 0.5 for five epochs, then 0.9. */
    private static Nesterovs momentum(double rate) {
        return Nesterovs.builder()
                .learningRate(rate)
                .momentumISchedule(new MapSchedule(ScheduleType.EPOCH, new TreeMap<>(Map.of(0, 0.5, 5, 0.9))))
                .build();
    }
}
