package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MnistByDefault;
import io.github.dl4jae.examples.support.Pretraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import java.nio.file.Path;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Three layers, pretrained with and without noise and fine-tuned: SDAE-3 and SAE-3 of Vincent et al. 2010. */
@Command(
        name = "stacked2010",
        description = "Test error of classifiers on three layers, pretrained as plain and as denoising autoencoders"
                + " (Vincent et al. 2010): 1.28 %% with noise.",
        defaultValueProvider = MnistByDefault.class)
public final class Stacked2010 extends ImageExample {

    private static final int BATCH = 128;
    private static final int FINE_TUNING_EPOCHS = 30;

    @Option(names = "--units", paramLabel = "N", description = "Units of each layer. Default: ${DEFAULT-VALUE}.")
    private int units = 1000;

    @Option(names = "--noise", paramLabel = "NU", description = "Fraction of masked pixels. Default: ${DEFAULT-VALUE}.")
    private double noise = 0.25;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Learning rate of fine-tuning. Default: ${DEFAULT-VALUE}.")
    private double rate = 3e-3;

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(5, 20);
        long start = System.nanoTime();
        double plain = error(data, out.resolve("sae-3"), 0, epochs);
        double denoising = error(data, out.resolve("sdae-3"), noise, epochs);
        new Report(
                        "Reproduction of Vincent et al. 2010 on " + options.source(),
                        "Three layers of " + units + " sigmoid units, pretrained layer by layer and fine-tuned jointly."
                                + " Errors are percentages of test images.",
                        out)
                .formula(
                        "denoising",
                        "Minimized by pretraining of a layer of SDAE-3: x̃ is its input x with a fraction of " + noise
                                + " masked; x̃ = x for SAE-3.")
                .table("pretraining", "published error in %", "measured error in %")
                .row("SDAE-3, " + noise + " masked", "1.28", Report.decimals(2, denoising))
                .row("SAE-3", "", Report.decimals(2, plain))
                .count("seed", options.seed())
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .write();
    }

    private double error(ExampleData data, Path directory, double corruptionLevel, int epochs) {
        System.out.println("\n" + directory.getFileName());
        NeuralNetConfiguration.ListBuilder layers = new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(FallingRate.adam(1e-3, epochs))
                .list();
        for (int i = 0; i < 3; i++) {
            layers.layer(new TiedAutoencoderLayer.Builder()
                    .nIn(i == 0 ? 784 : units)
                    .nOut(units)
                    .activation(Activation.SIGMOID)
                    .corruption(corruptionLevel == 0 ? null : new MaskingNoise(corruptionLevel, options.seed()))
                    .build());
        }
        MultiLayerNetwork stack = new MultiLayerNetwork(layers.build());
        stack.init();
        PretrainedStack pretrained = new Pretraining(options, data, directory, BATCH, epochs).run(stack);
        int fineTuning = Math.min(FINE_TUNING_EPOCHS, 2 * epochs);
        MultiLayerNetwork classifier = pretrained.toClassifier(
                new NeuralNetConfiguration.Builder().seed(options.seed()).updater(FallingRate.adam(rate, fineTuning)),
                Classification.CLASSES);
        return Classification.error(
                Classification.train(options, data, directory.resolve("tuned"), fineTuning, classifier), data.test());
    }
}
