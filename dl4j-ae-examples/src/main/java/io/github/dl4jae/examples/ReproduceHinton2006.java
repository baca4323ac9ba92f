package io.github.dl4jae.examples;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.baseline.PcaAutoencoder;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer;
import io.github.dl4jae.pretraining.RestrictedBoltzmannMachine;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.MapSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The deep autoencoder of Hinton and Salakhutdinov 2006: Boltzmann machines, unrolled and fine-tuned. */
@Command(
        name = "hinton2006",
        description = "Squared error of a deep autoencoder pretrained by Boltzmann machines"
                + " (Hinton and Salakhutdinov 2006): 3.00.",
        usageHelpAutoWidth = true,
        defaultValueProvider = Reproduce.MnistByDefault.class)
final class ReproduceHinton2006 implements Callable<Integer> {

    private static final int BATCH = 100;
    private static final int FINE_TUNING_BATCH = 250;
    private static final int CODE = 30;
    private static final int CODE_LAYER = 3;

    @Mixin
    private ExampleOptions options;

    @Option(
            names = "--pretraining-epochs",
            paramLabel = "N",
            description = "for each layer; the paper's are 50; default: ${DEFAULT-VALUE}")
    private int pretrainingEpochs = 10;

    @Override
    public Integer call() {
        ExampleData loaded = options.loadData();
        // the recipe trains on all images; what is watched are training images
        ExampleData data = new ExampleData(loaded.all(), loaded.all().first(2000), loaded.test(), loaded.all());
        Path out = options.out("reproduce-hinton2006");
        int epochs = options.epochs(10, 300);

        // 1. Four Boltzmann machines, each on the hidden means of the one below; the code is linear.
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

        // 2. Unrolled, and fine-tuned by the cross-entropy.
        MultiLayerNetwork unrolled = pretrained.unroll(
                new NeuralNetConfiguration.Builder().seed(options.seed()).updater(adam(epochs)));
        double before = ReconstructionError.meanSquared(
                Autoencoders.of(unrolled, CODE_LAYER),
                data.test().iterator(1000).build());
        Training.Result<MultiLayerNetwork> result = new Training(options, data, out, epochs, FINE_TUNING_BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .oneOfSeveral()
                .run(unrolled);

        // 3. The error of test images, as a sum over pixels.
        Autoencoder autoencoder = Autoencoders.of(result.network(), CODE_LAYER);
        PcaAutoencoder pca = PcaAutoencoder.fit(data.all().features(), CODE);
        INDArray originals = data.test().first(20).features();
        RestrictedBoltzmannMachine bottom = RestrictedBoltzmannMachine.of(stack, 0);
        new Report(
                        "Reproduction of Hinton and Salakhutdinov 2006 on " + options.source(),
                        "784-1000-500-250-30, pretrained by CD-1. Errors are squared, summed over pixels, averaged over test images.",
                        out)
                .figure("published test error", 3.0)
                .figure("measured test error", error(autoencoder, data))
                .figure("after pretraining alone", before)
                .figure(
                        "training error",
                        ReconstructionError.meanSquared(
                                autoencoder, data.train().iterator(1000).build()))
                .figure("PCA, published and measured", "13.87, " + String.format("%.2f", error(pca, data)))
                .figure(
                        "epochs",
                        pretrainingEpochs + " per layer, " + result.curve().size() + " of fine-tuning")
                .figure("seed", Long.toString(options.seed()))
                .figure("pretraining in minutes", pretraining.seconds() / 60)
                .figure("fine-tuning in minutes", result.seconds() / 60)
                .picture(
                        "reconstructions",
                        "Test images, reconstructions from 30 numbers, those of PCA.",
                        () -> ImageGrid.of(28, 28)
                                .row(originals)
                                .row(autoencoder.reconstruct(originals))
                                .row(pca.reconstruct(originals))
                                .draw())
                .picture(
                        "samples",
                        "What the lowest Boltzmann machine draws after 300 steps from test images.",
                        () -> ImageGrid.of(28, 28)
                                .columns(20)
                                .images(bottom.sample(data.test().first(20).features(), 300, options.seed()))
                                .draw())
                .picture("filters", "Weights of 200 units of the lowest machine.", () -> ImageGrid.of(28, 28)
                        .columns(20)
                        .eachOnItsOwnScale()
                        .images(stack.getParam("0_W")
                                .transpose()
                                .get(NDArrayIndex.interval(0, 200), NDArrayIndex.all()))
                        .draw())
                .picture("curve", "Cross-entropy while fine-tuning.", () -> new CurvePlot(
                                "Deep autoencoder on " + options.source(), "epoch", "nats per image")
                        .curve("train", result.trainScores())
                        .draw())
                .write();
        return 0;
    }

    private static double error(Autoencoder autoencoder, ExampleData data) {
        return ReconstructionError.meanSquared(
                autoencoder, data.test().iterator(1000).build());
    }

    private static RestrictedBoltzmannLayer.Builder machine(int visible, int hidden) {
        return new RestrictedBoltzmannLayer.Builder().nIn(visible).nOut(hidden);
    }

    /** 0.5 for five epochs, then 0.9. */
    private static Nesterovs momentum(double rate) {
        return Nesterovs.builder()
                .learningRate(rate)
                .momentumISchedule(new MapSchedule(ScheduleType.EPOCH, new TreeMap<>(Map.of(0, 0.5, 5, 0.9))))
                .build();
    }

    /** From 10⁻³ to 10⁻⁵. */
    private static FastAdam adam(int epochs) {
        FastAdam adam = new FastAdam(1e-3);
        adam.setLrAndSchedule(1e-3, new ExponentialSchedule(ScheduleType.EPOCH, 1e-3, Math.pow(0.01, 1.0 / epochs)));
        return adam;
    }
}
