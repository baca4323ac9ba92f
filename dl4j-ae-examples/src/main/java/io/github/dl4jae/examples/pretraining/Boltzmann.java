package io.github.dl4jae.examples.pretraining;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Pretraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.pretraining.RestrictedBoltzmannLayer;
import io.github.dl4jae.pretraining.RestrictedBoltzmannMachine;
import java.nio.file.Path;
import java.util.Arrays;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.distribution.NormalDistribution;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInitDistribution;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.learning.config.Nesterovs;
import org.nd4j.linalg.schedule.ExponentialSchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;

/** A restricted Boltzmann machine, trained by persistent contrastive divergence. */
@Command(
        name = "boltzmann",
        description = "A restricted Boltzmann machine: samples, filters, free energies, pseudo-likelihood.")
public final class Boltzmann extends ImageExample {

    private static final int UNITS = 500;
    private static final int BATCH = 100;

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(30, 15);

        // 1. Train with persistent chains and a decaying learning rate.
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(new WeightInitDistribution(new NormalDistribution(0, 0.01)))
                .updater(Nesterovs.builder()
                        .learningRateSchedule(
                                new ExponentialSchedule(ScheduleType.EPOCH, 0.05, Math.pow(0.02, 1.0 / epochs)))
                        .momentum(0.5)
                        .build())
                .l2(1e-4)
                .list()
                .layer(new RestrictedBoltzmannLayer.Builder()
                        .nIn(PIXELS)
                        .nOut(UNITS)
                        .persistentChains(BATCH)
                        .build())
                .build());
        network.init();
        network.setParam("0_vb", logit(data.train().features().mean(0))); // start from the mean image
        Pretraining pretraining = new Pretraining(options, data, out, BATCH, epochs);
        pretraining.run(network);

        // 2. Sample by chains that start at noise.
        RestrictedBoltzmannMachine model = RestrictedBoltzmannMachine.of(network, 0);
        INDArray noise = Nd4j.rand(60, PIXELS);
        INDArray samples = model.sample(noise, 1000, options.seed());

        // 3. Compare free energies: overfitting shows as a gap between training and test images.
        LabeledImages test = data.test().first(200);
        INDArray shown = data.test().first(20).features();
        INDArray bits = test.features().gt(0.5).castTo(noise.dataType());
        new Report(
                        "Restricted Boltzmann machine on " + options.source(),
                        UNITS + " hidden units, persistent contrastive divergence with " + BATCH
                                + " chains. Figures are means over images.",
                        out)
                .formula(
                        "contrastive-divergence",
                        "Minimized: the gradient of ln Z is estimated by the chains. The free"
                                + " energy F is that of an image v, with hidden units j.")
                .figure(
                        "free energy of training images in nats",
                        mean(model.freeEnergy(data.train().first(1000).features())))
                .figure(
                        "free energy of test images in nats",
                        mean(model.freeEnergy(data.test().first(1000).features())))
                .figure(
                        "free energy of noise with as many white pixels in nats",
                        mean(model.freeEnergy(noise.lt(bits.meanNumber()).castTo(noise.dataType()))))
                .figure("log pseudo-likelihood of test images in nats", mean(model.pseudoLogLikelihood(bits)))
                .trainingTime(pretraining.seconds())
                .picture(
                        "samples",
                        "Pixel means after 1000 steps from noise.",
                        () -> ImageGrid.of(28, 28).columns(20).images(samples).draw())
                .filters(
                        "filters",
                        "Weights of hidden units.",
                        network.getParam("0_W").transpose())
                .images(
                        "reconstructions",
                        "Test images, and their reconstructions in one step.",
                        new ImageRow("original", shown),
                        new ImageRow(
                                "reconstruction",
                                model.visibleMeans(model.hiddenMeans(shown)).castTo(noise.dataType())))
                .write();
    }

    private static INDArray logit(INDArray mean) {
        double[] values = Arrays.stream(mean.toDoubleVector())
                .map(p -> Math.min(Math.max(p, 0.001), 0.999))
                .map(p -> Math.log(p / (1 - p)))
                .toArray();
        return Nd4j.createFromArray(values).castTo(mean.dataType());
    }

    private static double mean(double[] values) {
        return Arrays.stream(values).average().orElseThrow();
    }
}
