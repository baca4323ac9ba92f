package io.github.dl4jae.examples.dictionary;

import io.github.dl4jae.dictionary.AbsTopKEncoder;
import io.github.dl4jae.dictionary.AttachedDictionaries;
import io.github.dl4jae.dictionary.AttachedReport;
import io.github.dl4jae.dictionary.AuxiliaryLoss;
import io.github.dl4jae.dictionary.BatchTopKEncoder;
import io.github.dl4jae.dictionary.DictionaryAttachment;
import io.github.dl4jae.dictionary.DictionaryLayer;
import io.github.dl4jae.dictionary.GatedEncoder;
import io.github.dl4jae.dictionary.JumpReLUEncoder;
import io.github.dl4jae.dictionary.L1Encoder;
import io.github.dl4jae.dictionary.MatchingPursuitEncoder;
import io.github.dl4jae.dictionary.SparseDictionary;
import io.github.dl4jae.dictionary.TopKEncoder;
import io.github.dl4jae.examples.support.CsvFile;
import io.github.dl4jae.examples.support.ExampleData;
import io.github.dl4jae.examples.support.ImageExample;
import io.github.dl4jae.examples.support.MinibatchBar;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.examples.support.Training;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.schedule.LinearSchedule;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.commons.math3.stat.StatUtils;
import org.apache.commons.math3.stat.descriptive.moment.StandardDeviation;
import org.deeplearning4j.nn.multilayer.MultiLayerNetwork;
import org.nd4j.linalg.schedule.ISchedule;
import org.nd4j.linalg.schedule.ScheduleType;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Error against L0: all kinds of dictionaries on the dense layer of a classifier, at several sparsities. */
@Command(
        name = "dictionaries",
        description =
                "Trains all kinds of sparse dictionaries on one layer of a classifier, and draws their error against"
                        + " the number of active features.")
public final class Dictionaries extends ImageExample {

    private static final int[] COUNTS = {4, 8, 16, 32};
    private static final double[] L1_WEIGHTS = {1, 2, 4, 8, 16};
    private static final double[] GATE_WEIGHTS = {0.5, 1, 2, 4, 8};
    private static final int ROWS = 256;
    private static final double COMPARED_AT = 12;
    private static final String INTRODUCTION = """
            Dictionaries of %d directions for the activations of the dense layer of a classifier, evaluated on test \
            images. Errors are the unexplained share of the variance; at an L0 of %d they are interpolated linearly in \
            logarithms. Mean and standard deviation over %d trainings.""";

    @Option(
            names = "--units",
            paramLabel = "N",
            description = "Features of each dictionary. Default: ${DEFAULT-VALUE}.")
    private int units = 512;

    @Option(names = "--steps", paramLabel = "N", description = "Training steps. Default: ${DEFAULT-VALUE}.")
    private int steps = 2000;

    @Option(
            names = "--repeats",
            paramLabel = "N",
            description = "Trainings with different seeds. Default: ${DEFAULT-VALUE}.")
    private int repeats = 1;

    @Override
    protected void checkOptions() {
        if (units < 32 || steps < 10 || repeats < 1) {
            throw new IllegalArgumentException("--units must be at least 32, --steps 10 and --repeats 1, got " + units
                    + ", " + steps + " and " + repeats);
        }
    }

    @Override
    protected void run(ExampleData data, Path out) {
        // 1. Train a classifier.
        Training.Result<MultiLayerNetwork> classifier = ImageClassifier.train(options, data, out);

        // 2. Train every kind at several sparsities, all in one pass over the activations; repeat with other seeds.
        Map<String, List<ErrorCurve>> curves = new LinkedHashMap<>();
        for (int repeat = 0; repeat < repeats; repeat++) {
            train(classifier.network(), data, repeat)
                    .forEach((kind, curve) ->
                            curves.computeIfAbsent(kind, k -> new ArrayList<>()).add(curve));
        }

        // 3. Compare.
        CurvePlot chart = new CurvePlot("Error against L0", "active features per example", "unexplained variance");
        List<List<String>> points = new ArrayList<>();
        points.add(List.of("kind", "l0", "unexplained", "deviation"));
        Report report = new Report(
                        "Kinds of sparse dictionaries on " + options.source(),
                        INTRODUCTION.formatted(units, (int) COMPARED_AT, repeats),
                        out)
                .formula(
                        "sparse-dictionary",
                        "Minimized: x is an activation of the layer, d the directions, f the few active features, and S"
                                + " the penalty of kinds that do not count active features.")
                .table("kind", "error at L0 = " + (int) COMPARED_AT, "standard deviation", "alive");
        curves.forEach((kind, all) -> {
            double[] errors =
                    all.stream().mapToDouble(curve -> curve.at(COMPARED_AT)).toArray();
            report.row(
                    kind,
                    Report.decimals(4, StatUtils.mean(errors)),
                    Report.decimals(4, new StandardDeviation().evaluate(errors)),
                    Report.decimals(
                            3,
                            all.stream()
                                    .mapToDouble(ErrorCurve::alive)
                                    .average()
                                    .orElseThrow()));
            ErrorCurve.Mean mean = ErrorCurve.mean(all);
            chart.curve(kind, mean.counts(), mean.errors(), mean.deviations());
            for (int i = 0; i < mean.counts().length; i++) {
                points.add(List.of(kind, "" + mean.counts()[i], "" + mean.errors()[i], "" + mean.deviations()[i]));
            }
        });
        CsvFile.write(out.resolve("error-l0.csv"), points);
        report.picture(
                        "error-l0",
                        "Unexplained variance of test activations: mean and standard deviation over the trainings.",
                        () -> chart.logarithmic().draw())
                .training("Cross-entropy of the classifier", classifier.curve(), "validation")
                .write();
    }

    private Map<String, ErrorCurve> train(MultiLayerNetwork network, ExampleData data, int repeat) {
        Map<String, Map<String, DictionaryLayer.Builder>> kinds =
                kinds(data.train().size());
        DictionaryAttachment attachment = SparseDictionary.attach(network, ImageClassifier.DENSE)
                .batch(ROWS)
                .steps(steps)
                .learningRate(1e-3)
                .seed(options.seed() + repeat);
        kinds.values()
                .forEach(layers -> layers.forEach((name, layer) ->
                        attachment.dictionary(name, layer.units(units).build())));
        AttachedDictionaries trained;
        try (MinibatchBar bar = new MinibatchBar("training " + (repeat + 1) + " of " + repeats, steps)) {
            trained = attachment.listener(bar).fit(ImageClassifier.minibatches(data.train()));
        }
        AttachedReport report = trained.report(ImageClassifier.minibatches(data.test()));
        Map<String, ErrorCurve> curves = new LinkedHashMap<>();
        kinds.forEach((kind, layers) -> curves.put(
                kind,
                ErrorCurve.of(layers.keySet().stream()
                        .map(name -> report.of(name).reconstruction())
                        .toList())));
        return curves;
    }

    /** Returns the layers by kind and name. */
    private Map<String, Map<String, DictionaryLayer.Builder>> kinds(int examples) {
        AuxiliaryLoss revival = new AuxiliaryLoss(examples);
        Map<String, Map<String, DictionaryLayer.Builder>> kinds = new LinkedHashMap<>();
        for (int k : COUNTS) {
            add(kinds, "TopK", k, layer().encoder(new TopKEncoder(k)).revival(revival));
            add(kinds, "BatchTopK", k, layer().encoder(new BatchTopKEncoder(k)).revival(revival));
            add(kinds, "AbsTopK", k, layer().encoder(new AbsTopKEncoder(k)).revival(revival));
            add(
                    kinds,
                    "Matryoshka",
                    k,
                    layer().encoder(new BatchTopKEncoder(k)).revival(revival).matryoshka(units / 8, units / 2));
            add(kinds, "JumpReLU", k, layer().encoder(JumpReLUEncoder.targetL0(k, warmUp(1))));
            add(kinds, "pursuit", k, layer().encoder(new MatchingPursuitEncoder(k)));
        }
        for (double weight : GATE_WEIGHTS) {
            add(kinds, "gated", weight, layer().encoder(new GatedEncoder(warmUp(weight))));
        }
        for (double weight : L1_WEIGHTS) {
            add(kinds, "L1", weight, layer().encoder(new L1Encoder(warmUp(weight))));
        }
        return kinds;
    }

    private static DictionaryLayer.Builder layer() {
        return new DictionaryLayer.Builder();
    }

    private ISchedule warmUp(double weight) {
        return new LinearSchedule(ScheduleType.ITERATION, 0, weight, Math.max(1, steps / 5));
    }

    private static void add(
            Map<String, Map<String, DictionaryLayer.Builder>> kinds,
            String kind,
            double sparsity,
            DictionaryLayer.Builder layer) {
        kinds.computeIfAbsent(kind, k -> new LinkedHashMap<>()).put(kind + " " + sparsity, layer);
    }
}
