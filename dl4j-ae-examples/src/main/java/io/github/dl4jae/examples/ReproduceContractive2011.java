package io.github.dl4jae.examples;

import io.github.dl4jae.denoising.GaussianCorruption;
import io.github.dl4jae.denoising.MaskingNoise;
import io.github.dl4jae.internal.kernel.JacobianNorm;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.pretraining.PretrainedStack;
import io.github.dl4jae.pretraining.TiedAutoencoderLayer;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.deeplearning4j.nn.weights.WeightInit;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.activations.impl.ActivationSigmoid;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.indexing.NDArrayIndex;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Five ways to pretrain 1000 units, compared as classifiers: table 1 of Rifai et al. 2011. */
@Command(
        name = "contractive2011",
        description = "Test error of classifiers pretrained as contractive, denoising and plain autoencoders"
                + " (Rifai et al. 2011): 1.14 %% for contractive ones.",
        usageHelpAutoWidth = true,
        defaultValueProvider = Reproduce.MnistByDefault.class)
final class ReproduceContractive2011 implements Callable<Integer> {

    private static final int UNITS = 1000;
    private static final int BATCH = 128;

    @Mixin
    private ExampleOptions options;

    @Option(names = "--units", paramLabel = "N", description = "hidden units; default: ${DEFAULT-VALUE}")
    private int units = UNITS;

    @Option(
            names = "--contraction",
            paramLabel = "L",
            description = "weight of the contractive penalty; default: ${DEFAULT-VALUE}")
    private double contraction = 10;

    @Option(names = "--fine-tuning-epochs", paramLabel = "N", description = "default: ${DEFAULT-VALUE}")
    private int fineTuningEpochs = 30;

    @Option(names = "--rate", paramLabel = "R", description = "learning rate of fine-tuning; default: ${DEFAULT-VALUE}")
    private double rate = 1e-2;

    @Option(
            names = "--kinds",
            paramLabel = "KIND",
            split = ",",
            description = "which of ${COMPLETION-CANDIDATES}; default: all")
    private Kind[] kinds = Kind.values();

    /** A line of the table. */
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
    public Integer call() {
        ExampleData data = options.loadData();
        Path out = options.out("reproduce-contractive2011");
        int epochs = options.epochs(10, 40);
        long start = System.nanoTime();
        Report report = new Report(
                "Reproduction of Rifai et al. 2011 on " + options.source(),
                units
                        + " sigmoid units, pretrained with tied weights. Errors are per cent of test images, fine-tuned as a whole"
                        + " and, in the last column, by logistic regression on the frozen code. The norm is that of the"
                        + " code's Jacobian, averaged over test images.",
                out);
        report.figure("", "published   fine-tuned   frozen   norm of the Jacobian");
        for (Kind kind : kinds) {
            System.out.println("\n" + kind.title);
            Path directory = out.resolve(kind.name().toLowerCase(Locale.ROOT));

            // 1. Pretrain the layer.
            MultiLayerNetwork layer = layer(kind, epochs);
            PretrainedStack pretrained = new Pretraining(options, data, directory, BATCH, epochs).run(layer);
            INDArray W = layer.getParam("0_W");
            INDArray b = layer.getParam("0_b");
            report.picture("filters-" + directory.getFileName(), "Units of " + kind.title + ".", () -> ImageGrid.of(
                            28, 28)
                    .columns(20)
                    .eachOnItsOwnScale()
                    .images(W.transpose().get(NDArrayIndex.interval(0, Math.min(units, 100)), NDArrayIndex.all()))
                    .draw());

            // 2. Fine-tune it as a classifier, and leave it alone under one.
            int fineTuning = Math.min(fineTuningEpochs, 3 * epochs);
            MultiLayerNetwork tuned = Classification.train(
                    options,
                    data,
                    directory.resolve("tuned"),
                    fineTuning,
                    pretrained.toClassifier(
                            new NeuralNetConfiguration.Builder()
                                    .seed(options.seed())
                                    .updater(Classification.falling(rate, fineTuning)),
                            Classification.CLASSES));
            MultiLayerNetwork frozen = Classification.onFrozenCode(
                    options, data, directory.resolve("frozen"), fineTuning, 1e-2, W, b, new ActivationSigmoid());
            report.figure(
                    kind.title,
                    String.format(
                            Locale.ROOT,
                            "%9.2f   %10.2f   %6.2f   %.2f",
                            kind.published,
                            Classification.error(tuned, data.test()),
                            Classification.error(frozen, data.test()),
                            jacobianNorm(W, b, data.test().features())));
        }
        report.figure("seed", Long.toString(options.seed()))
                .figure("time in minutes", (System.nanoTime() - start) / 6e10)
                .write();
        return 0;
    }

    private MultiLayerNetwork layer(Kind kind, int epochs) {
        MultiLayerNetwork network = new MultiLayerNetwork(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .l2(kind == Kind.DECAY ? 1e-4 : 0)
                .updater(Classification.falling(1e-3, epochs))
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

    /** The root of the mean of ‖∂h/∂x‖_F². */
    private static double jacobianNorm(INDArray W, INDArray b, INDArray x) {
        JacobianNorm norm = JacobianNorm.activate(
                new ActivationSigmoid(), x.mmul(W).dup('c'), b, null, false, false, LayerWorkspaceMgr.noWorkspaces());
        return Math.sqrt(norm.sum(W) / x.size(0));
    }
}
