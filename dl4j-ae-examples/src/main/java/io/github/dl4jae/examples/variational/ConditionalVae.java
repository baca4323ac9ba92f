package io.github.dl4jae.examples.variational;

import io.github.dl4jae.data.ConditionalIterator;
import io.github.dl4jae.data.ImageIterator;
import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dense.FastDenseLayer;
import io.github.dl4jae.dense.FastOutputLayer;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.likelihood.LossBernoulli;
import io.github.dl4jae.plot.ImageGrid;
import io.github.dl4jae.updater.FastAdam;
import io.github.dl4jae.variational.GaussianLatentLayer;
import io.github.dl4jae.variational.LikelihoodEstimate;
import io.github.dl4jae.variational.VariationalModel;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import java.util.function.IntFunction;
import org.deeplearning4j.nn.conf.NeuralNetConfiguration;
import org.deeplearning4j.nn.conf.graph.MergeVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.weights.WeightInit;
import org.nd4j.linalg.activations.Activation;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import picocli.CommandLine.Command;

/** A conditional variational autoencoder: encoder and decoder get the class, so that the code describes the style. */
@Command(
        name = "conditional-vae",
        description = "A variational autoencoder conditioned on the class: samples a given class, or a given style.")
public final class ConditionalVae extends ImageExample {

    private static final int CLASSES = 10;
    private static final int HIDDEN = 400;
    private static final int LATENTS = 10;
    private static final int BATCH = 128;

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Build a graph with two inputs. The class is merged with the image, and with the code.
        ComputationGraph graph = new ComputationGraph(new NeuralNetConfiguration.Builder()
                .seed(options.seed())
                .weightInit(WeightInit.XAVIER)
                .updater(new FastAdam(1e-3))
                .activation(Activation.RELU)
                .graphBuilder()
                .addInputs("image", "class")
                .addVertex("labeled image", new MergeVertex(), "image", "class")
                .addLayer("encoder", dense(PIXELS + CLASSES, HIDDEN), "labeled image")
                .addLayer(
                        "z",
                        new GaussianLatentLayer.Builder()
                                .nIn(HIDDEN)
                                .nOut(LATENTS)
                                .build(),
                        "encoder")
                .addVertex("labeled code", new MergeVertex(), "z", "class")
                .addLayer("decoder", dense(LATENTS + CLASSES, HIDDEN), "labeled code")
                .addLayer(
                        "out",
                        new FastOutputLayer.Builder(new LossBernoulli())
                                .nIn(HIDDEN)
                                .nOut(PIXELS)
                                .activation(Activation.SIGMOID)
                                .build(),
                        "decoder")
                .setOutputs("out")
                .setInputTypes(InputType.feedForward(PIXELS), InputType.feedForward(CLASSES))
                .build());
        graph.init();

        // 2. Train it.
        Training.Result<ComputationGraph> result = new Training(options, data, out, options.epochs(30, 25), BATCH)
                .minibatches(ImageIterator.Builder::withLabels)
                .runConditional(graph);

        // 3. Sample given classes and given styles.
        VariationalModel model = VariationalModel.of(result.network(), "z");
        LabeledImages test = data.test();
        LikelihoodEstimate evidence = LikelihoodEstimate.estimate(
                model, new ConditionalIterator(test.iterator(1000).withLabels().build()), 1, options.seed());
        IntFunction<VariationalModel> given =
                count -> model.given(oneHot(test.first(count).labels()));
        Report report = new Report(
                        "Conditional variational autoencoder on " + options.source(),
                        LATENTS
                                + " latents, and the class. The evidence lower bound (ELBO) is that of test images,"
                                + " given their class.",
                        out)
                .formula("conditional-elbo", "Minimized: the negative ELBO of images x given their classes c.")
                .picture("classes", "Samples of each class.", () -> byClass(model))
                .picture(
                        "styles",
                        "A test image (left), and its style in the classes 0 to 9.",
                        () -> styles(model, test));
        EvidenceFigures.add(report, evidence);
        LatentPictures.conditional(given, model.given(oneHot(new int[] {3})), test, options.seed())
                .addTo(report);
        report.training(
                        "Negative evidence lower bound in nats per image",
                        result.curve(),
                        "validation, at the mean code")
                .write();
    }

    private static FastDenseLayer dense(int in, int out) {
        return new FastDenseLayer.Builder().nIn(in).nOut(out).build();
    }

    private static INDArray oneHot(int[] labels) {
        INDArray rows = Nd4j.zeros(DataType.FLOAT, labels.length, CLASSES);
        for (int i = 0; i < labels.length; i++) {
            rows.putScalar(i, labels[i], 1);
        }
        return rows;
    }

    private BufferedImage byClass(VariationalModel model) {
        ImageGrid grid = ImageGrid.of(28, 28);
        for (int c = 0; c < CLASSES; c++) {
            grid.row(
                    "class " + c, model.given(oneHot(new int[] {c})).decode(model.samplePrior(16, options.seed() + c)));
        }
        return grid.draw();
    }

    private static BufferedImage styles(VariationalModel model, LabeledImages test) {
        ImageGrid grid = ImageGrid.of(28, 28);
        INDArray all = Nd4j.eye(CLASSES).castTo(DataType.FLOAT);
        for (int i = 0; i < 10; i++) {
            LabeledImages one = test.range(i, i + 1);
            INDArray style = model.given(oneHot(one.labels())).encode(one.features());
            INDArray inAllClasses = model.given(all).decode(Nd4j.tile(style, CLASSES, 1));
            grid.row("class " + one.labels()[0], Nd4j.concat(0, one.features(), inAllClasses));
        }
        return grid.draw();
    }
}
