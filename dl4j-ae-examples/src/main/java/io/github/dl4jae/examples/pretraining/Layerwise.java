package io.github.dl4jae.examples.pretraining;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.Autoencoders;
import io.github.dl4jae.ReconstructionError;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.FallingRate;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Pretraining;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import io.github.dl4jae.updater.FastAdam;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;

/**
 * Joint and layerwise training of a deep autoencoder on the same budget: joint, joint with noise, layer by layer, and
 * layer by layer followed by joint training. Zhou et al. 2014 found regularized joint training better.
 */
@Command(
        name = "layerwise",
        description = "Joint and layerwise training of a deep autoencoder, compared on the same budget.")
public final class Layerwise extends ImageExample {

    private static final int[] SIZES = {28 * 28, 500, 200, 30};
    private static final int LAYERS = SIZES.length - 1;
    private static final int BATCH = 128;

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = epochs(); // per weight: pretraining a layer updates its weights only
        Map<String, MultiLayerNetwork> networks = new LinkedHashMap<>();

        // 1. Train all layers jointly, from random weights.
        networks.put("joint", tune(data, out.resolve("joint"), epochs, fresh(0)));
        networks.put("joint, a quarter masked", tune(data, out.resolve("joint-noise"), epochs, fresh(0.25)));

        // 2. Pretrain layer by layer, for the whole budget, or for half of it before joint training.
        networks.put(
                "layer by layer", pretrain(data, out.resolve("layers"), epochs).unroll(settings(epochs)));
        networks.put(
                "layer by layer, then joint",
                tune(
                        data,
                        out.resolve("both-joint"),
                        Math.max(1, epochs / 2),
                        pretrain(data, out.resolve("both"), Math.max(1, epochs / 2))
                                .unroll(settings(epochs / 2))));

        // 3. Report the errors.
        Report report = new Report(
                "Joint and layerwise training on " + options.source(),
                "784-500-200-30, " + epochs + " epochs per weight. Errors are squared, summed over pixels, and"
                        + " averaged over images.",
                out);
        report.formula("cross-entropy", "Minimized: by all layers jointly, or by each layer for its own input x.");
        report.table("training", "training error per image", "test error per image");
        LabeledImages train = data.train().first(data.test().size());
        networks.forEach((name, network) -> report.row(
                name, Report.decimals(2, error(network, train)), Report.decimals(2, error(network, data.test()))));
        INDArray originals = data.test().first(16).features();
        report.images(
                        "reconstructions",
                        "Test images and their reconstructions.",
                        Stream.concat(
                                        Stream.of(new ImageRow("original", originals)),
                                        networks.entrySet().stream()
                                                .map(each -> new ImageRow(
                                                        each.getKey(),
                                                        each.getValue().output(originals))))
                                .toArray(ImageRow[]::new))
                .write();
    }

    private int epochs() {
        return options.epochs(20, 12);
    }

    private static double error(MultiLayerNetwork network, LabeledImages images) {
        Autoencoder autoencoder = Autoencoders.of(network, LAYERS - 1);
        return ReconstructionError.meanSquared(
                autoencoder, images.iterator(1000).build());
    }

    private NeuralNetConfiguration.Builder settings(int epochs) {
        FastAdam adam = FallingRate.adam(1e-3, Math.max(1, epochs));
        return new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(adam);
    }

    /** Returns the stack to pretrain, a network of tied layers. */
    private MultiLayerNetwork stack(int epochs) {
        NeuralNetConfiguration.ListBuilder layers = settings(epochs).list();
        for (int i = 0; i < LAYERS; i++) {
            layers.layer(new TiedAutoencoderLayer.Builder()
                    .nIn(SIZES[i])
                    .nOut(SIZES[i + 1])
                    .activation(Activation.SIGMOID)
                    .build());
        }
        MultiLayerNetwork network = new MultiLayerNetwork(layers.build());
        network.init();
        return network;
    }

    private PretrainedStack pretrain(ExampleData data, Path directory, int epochs) {
        return new Pretraining(options, data, directory, BATCH, epochs).run(stack(epochs));
    }

    /** Returns the network without pretraining: the unrolled stack with random weights. */
    private MultiLayerNetwork fresh(double masked) {
        int epochs = epochs();
        MultiLayerNetwork network = PretrainedStack.of(stack(epochs)).unroll(settings(epochs));
        if (masked > 0) {
            network.getLayer(0).conf().getLayer().setIDropout(new MaskingNoise(masked, options.seed()));
        }
        return network;
    }

    private MultiLayerNetwork tune(ExampleData data, Path directory, int epochs, MultiLayerNetwork network) {
        return new Training(options, data, directory, epochs, BATCH)
                .patience(Integer.MAX_VALUE)
                .keepLast()
                .oneOfSeveral()
                .run(network)
                .network();
    }
}
