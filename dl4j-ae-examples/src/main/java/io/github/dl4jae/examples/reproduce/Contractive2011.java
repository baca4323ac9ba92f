package io.github.dl4jae.examples.reproduce;

import io.github.dl4jae.denoising.GaussianCorruption;
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
import java.util.Locale;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Classifiers on 1000 units, pretrained in five ways: table 1 of Rifai et al. 2011. */
@Command(
        name = "contractive2011",
        description = "Test error of classifiers pretrained as contractive, denoising and plain autoencoders"
                + " (Rifai et al. 2011): 1.14 %% for contractive ones.",
        defaultValueProvider = MnistByDefault.class)
public final class Contractive2011 extends ImageExample {

    private static final int UNITS = 1000;
    private static final int BATCH = 128;

    @Option(names = "--units", paramLabel = "N", description = "Hidden units. Default: ${DEFAULT-VALUE}.")
    private int units = UNITS;

    @Option(
            names = "--contraction",
            paramLabel = "L",
            description = "Weight of the contractive penalty. Default: ${DEFAULT-VALUE}.")
    private double contraction = 10;

    @Option(
            names = "--fine-tuning-epochs",
            paramLabel = "N",
            description = "Epochs of fine-tuning. Default: ${DEFAULT-VALUE}.")
    private int fineTuningEpochs = 30;

    @Option(
            names = "--rate",
            paramLabel = "R",
            description = "Learning rate of fine-tuning. Default: ${DEFAULT-VALUE}.")
    private double rate = 1e-2;

    @Option(
            names = "--kinds",
            paramLabel = "KIND",
            split = ",",
            description = "Kinds to train, of ${COMPLETION-CANDIDATES}. Default: all.")
    private Kind[] kinds = Kind.values();

    /** A row of the table. */
    private enum Kind {
        AE("AE", 1.78),
        DECAY("AE + weight decay", 1.68),
        MASKING("DAE, masking", 1.57),
        GAUSSIAN("DAE, Gaussian", 1.18),
        CONTRACTIVE("CAE", 1.14);

        private final String title;
        private final double published;

        Kind(String title, double published) {
            this.title = title;
            this.published = published;
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        int epochs = options.epochs(10, 40);
        long start = System.nanoTime();
        Report report = new Report(
                "Reproduction of Rifai et al. 2011 on " + options.source(),
                units
                        + " sigmoid units, pretrained with tied weights. Errors are percentages of test images,"
                        + " after fine-tuning, and by logistic regression on the frozen code. The norm of the"
                        + " code's Jacobian is the root mean square over test images.",
                out);
        report.formula(
                "contractive",
                "Minimized by pretraining of CAE: ℓ is the cross-entropy, h the code, λ = " + contraction
                        + "; λ = 0 for the other kinds.");
        report.table(
                "pretraining",
                "published error in %",
                "fine-tuned error in %",
                "frozen error in %",
                "norm of the Jacobian");
        for (Kind kind : kinds) {
            System.out.println("\n" + kind.title);
            Path directory = out.resolve(kind.name().toLowerCase(Locale.ROOT));

            // 1. Pretrain the layer.
            MultiLayerNetwork layer = layer(kind, epochs);
            PretrainedStack pretrained = new Pretraining(options, data, directory, BATCH, epochs).run(layer);
            INDArray W = layer.getParam("0_W");
            INDArray b = layer.getParam("0_b");
            report.filters("filters-" + directory.getFileName(), "Weights of " + kind.title + ".", W.transpose());

            // 2. Fine-tune a classifier on it, and train another on the frozen code.
            int fineTuning = Math.min(fineTuningEpochs, 3 * epochs);
            MultiLayerNetwork tuned = Classification.train(
                    options,
                    data,
                    directory.resolve("tuned"),
                    fineTuning,
                    pretrained.toClassifier(
                            new NeuralNetConfiguration.Builder()
                                    .seed(options.seed())
                                    .updater(FallingRate.adam(rate, fineTuning)),
                            Classification.CLASSES));
            MultiLayerNetwork frozen = Classification.onFrozenCode(
                    options, data, directory.resolve("frozen"), fineTuning, 1e-2, W, b, new ActivationSigmoid());
            report.row(
                    kind.title,
                    Report.decimals(2, kind.published),
                    Report.decimals(2, Classification.error(tuned, data.test())),
                    Report.decimals(2, Classification.error(frozen, data.test())),
                    Report.decimals(2, jacobianNorm(W, b, data.test().features())));
        }
        report.count("seed", options.seed())
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .write();
    }

    private MultiLayerNetwork layer(Kind kind, int epochs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .l2(kind == Kind.DECAY ? 1e-4 : 0)
                .updater(FallingRate.adam(1e-3, epochs))
                .list()
                .layer(new TiedAutoencoderLayer.Builder()
                        .nIn(784)
                        .nOut(units)
                        .activation(Activation.SIGMOID)
                        .corruption(
                                switch (kind) {
                                    case MASKING -> new MaskingNoise(0.25, options.seed());
                                    case GAUSSIAN -> new GaussianCorruption(0.3, options.seed());
                                    default -> null;
                                })
                        .contraction(kind == Kind.CONTRACTIVE ? contraction : 0)
                        .build())
                .build());
        network.init();
        return network;
    }

    /** Returns the root of the mean of ‖∂h/∂x‖_F² = Σ_j (h_j·(1 − h_j))²·‖W_:j‖² over the rows of x. */
    private static double jacobianNorm(INDArray W, INDArray b, INDArray x) {
        INDArray h = Transforms.sigmoid(x.mmul(W).addiRowVector(b), false);
        INDArray slopes = h.mul(h.rsub(1));
        INDArray squaredSlopes = slopes.muli(slopes).mean(0);
        INDArray squaredNorms = W.mul(W).sum(0);
        return Math.sqrt(squaredSlopes.mul(squaredNorms).sumNumber().doubleValue());
    }
}
