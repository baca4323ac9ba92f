package io.github.dl4jae.examples.dictionary;

import io.github.dl4jae.data.LabeledImages;
import io.github.dl4jae.dictionary.AttachedDictionaries;
import io.github.dl4jae.dictionary.AttachedReport;
import io.github.dl4jae.dictionary.AuxiliaryLoss;
import io.github.dl4jae.dictionary.BatchTopKEncoder;
import io.github.dl4jae.dictionary.DictionaryLayer;
import io.github.dl4jae.dictionary.DictionaryReport;
import io.github.dl4jae.dictionary.ExampleView;
import io.github.dl4jae.dictionary.FeatureCollector;
import io.github.dl4jae.dictionary.FeaturePage;
import io.github.dl4jae.dictionary.FeatureStatistics;
import io.github.dl4jae.dictionary.FeatureSteering;
import io.github.dl4jae.dictionary.ReceptiveField;
import io.github.dl4jae.dictionary.SaeLensDictionary;
import io.github.dl4jae.dictionary.SparseCodes;
import io.github.dl4jae.dictionary.SparseDictionary;
import io.github.dl4jae.dictionary.SpliceEffect;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.api.ndarray.INDArray;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Takes a classifier of images apart: sparse dictionaries of two of its layers, and a page of the features of each. */
@Command(
        name = "dissect",
        description =
                "Trains a convolutional classifier and sparse dictionaries of two of its layers, and writes a page"
                        + " of the features of each.")
public final class Dissect extends ImageExample {

    private static final String NAME = "features";
    private static final int BATCH = 100;
    private static final int ROWS = 1024;
    private static final int STEERED = 24;

    @Option(
            names = "--units",
            paramLabel = "N",
            description = "Features of each dictionary. Default: ${DEFAULT-VALUE}.")
    private int units = 1024;

    @Option(
            names = "--active",
            paramLabel = "K",
            description = "Mean number of active features. Default: ${DEFAULT-VALUE}.")
    private int active = 8;

    @Option(
            names = "--steps",
            paramLabel = "N",
            description = "Training steps of each dictionary. Default: ${DEFAULT-VALUE}.")
    private int steps = 2000;

    @Override
    protected void checkOptions() {
        if (units < 16 || active < 1 || active > units) {
            throw new IllegalArgumentException(
                    "--units must be at least 16, and --active in [1, units], got " + units + " and " + active);
        }
        if (steps < 1) {
            throw new IllegalArgumentException("--steps must be at least 1, got " + steps);
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Train a classifier.
        Training.Result<MultiLayerNetwork> classifier = ImageClassifier.train(options, data, out);
        MultiLayerNetwork network = classifier.network();

        // 2. Train a dictionary of each of two layers.
        AttachedDictionaries convolution = train(network, ImageClassifier.CONVOLUTION, data);
        AttachedDictionaries dense = train(network, ImageClassifier.DENSE, data);

        // 3. Put them back into the network, and see what it loses.
        Report report = new Report(
                        "Features of a classifier of " + options.source(),
                        "Sparse dictionaries of " + units + " directions describe the activations of two layers. Loss"
                                + " recovered compares the classifier with a dictionary in place of the layer, and with"
                                + " zeros in its place.",
                        out)
                .formula(
                        "sparse-dictionary",
                        "Minimized: x is an activation of the layer, d the directions, f the few active features, and S"
                                + " the penalty of kinds that do not count active features.")
                .table("layer", "L0", "explained variance", "alive", "loss recovered", "accuracy", "with dictionary");
        addRow(report, ImageClassifier.CONVOLUTION, convolution, data);
        addRow(report, ImageClassifier.DENSE, dense, data);

        // 4. Look at the features. A position of the second convolution sees 3×3 positions of pooled 3×3 windows.
        ReceptiveField window =
                ReceptiveField.ofPixels(28).then(3, 1, 1, 28).then(2, 2, 0, 14).then(3, 1, 1, 14);
        Path convolutionPage =
                write(ImageClassifier.CONVOLUTION, convolution, data, window, 60, out.resolve("features-conv2.html"));
        Path densePage = write(
                ImageClassifier.DENSE,
                dense,
                data,
                new ReceptiveField(1, 28, 28, 0),
                600,
                out.resolve("features-dense.html"));

        // 5. Save the dictionary of the dense layer for SAELens.
        SaeLensDictionary.of(dense.dictionary(NAME)).write(out.resolve("sae"));

        report.training("Cross-entropy of the classifier", classifier.curve(), "validation")
                .write();
        System.out.println("Features: " + convolutionPage + " and " + densePage);
    }

    private AttachedDictionaries train(MultiLayerNetwork network, String layer, ExampleData data) {
        try (MinibatchBar bar = new MinibatchBar(layer, steps)) {
            return SparseDictionary.attach(network, layer)
                    .dictionary(
                            NAME,
                            new DictionaryLayer.Builder()
                                    .units(units)
                                    .encoder(new BatchTopKEncoder(active))
                                    .revival(new AuxiliaryLoss(data.train().size()))
                                    .build())
                    .learningRate(1e-3)
                    .batch(ROWS)
                    .steps(steps)
                    .seed(options.seed())
                    .listener(bar)
                    .fit(ImageClassifier.minibatches(data.train()));
        }
    }

    private static void addRow(Report report, String layer, AttachedDictionaries trained, ExampleData data) {
        AttachedReport.Entry entry =
                trained.report(ImageClassifier.minibatches(data.test())).of(NAME);
        DictionaryReport activations = entry.reconstruction();
        SpliceEffect effect = entry.effect().total();
        report.row(
                layer,
                Report.decimals(1, activations.l0()),
                Report.decimals(3, activations.explainedVariance()),
                Report.decimals(3, activations.alive()),
                Report.decimals(3, effect.lossRecovered()),
                Report.decimals(4, effect.cleanAccuracy()),
                Report.decimals(4, effect.splicedAccuracy()));
    }

    /** Writes the page of a layer; switching features off takes a pass per image and feature, so it uses few images. */
    private Path write(
            String layer,
            AttachedDictionaries trained,
            ExampleData data,
            ReceptiveField field,
            int switchedOff,
            Path file) {
        SparseDictionary dictionary = trained.dictionary(NAME);
        List<String> classes = ImageClassifier.classes(options.source());
        LabeledImages test = data.test();
        FeatureCollector collector =
                new FeatureCollector.Builder().units(units).classes(classes).build();
        MeanPatches patches = new MeanPatches(field, units);
        for (int from = 0; from + BATCH <= test.size(); from += BATCH) {
            INDArray images = test.range(from, from + BATCH).features();
            INDArray rows =
                    trained.activations().rows(images.reshape(BATCH, 1, 28, 28)).values();
            SparseCodes codes = dictionary.encode(rows);
            int[] labels = IntStream.range(from, from + BATCH).map(test::label).toArray();
            collector.add(codes, labels, codes.examples() / BATCH);
            patches.add(images, codes);
        }
        FeatureStatistics statistics = collector.statistics(dictionary.decoderWeights());
        FeatureSteering steering = FeatureSteering.of(dictionary, trained.splice()::outputs);
        INDArray few = test.first(switchedOff).features().reshape(switchedOff, 1, 28, 28);
        FeaturePage.Builder page = new FeaturePage.Builder()
                .title("Features of " + layer + " in a classifier of " + options.source())
                .statistics(statistics)
                .examples(ExampleView.images(i -> test.range(i, i + 1).features(), 28, 28, 1)
                        .receptiveField(field))
                .directions(patches.patches(), field.size(), field.size(), 1)
                .effects(steering.switchOff(few));
        IntStream.range(0, units)
                .boxed()
                .sorted(Comparator.comparingLong(unit -> -statistics.firingExamples(unit)))
                .limit(STEERED)
                .forEach(unit -> page.steering(
                        steering.curve(few, unit, 0, statistics.maximum(unit), 2 * statistics.maximum(unit))));
        return page.build().write(file);
    }
}
