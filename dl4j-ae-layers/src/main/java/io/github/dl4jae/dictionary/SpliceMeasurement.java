package io.github.dl4jae.dictionary;

import io.github.dl4jae.internal.inference.Batches;
import io.github.dl4jae.internal.inference.ForwardPass;
import io.github.dl4jae.internal.layer.UnitAxis;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.deeplearning4j.nn.api.layers.IOutputLayer;
import org.deeplearning4j.nn.conf.layers.BaseOutputLayer;
import org.deeplearning4j.nn.conf.layers.LossLayer;
import org.jspecify.annotations.Nullable;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** Runs a network on each mini-batch as it is, ablated, and once for each replacement. */
final class SpliceMeasurement {

    private static final String SUBJECT = NetworkSplice.SUBJECT;

    private final NetworkSplice splice;
    private final ForwardPass pass;
    private final List<Replacement> replacements;
    private final int place;
    private final OutputProbabilities probabilities;
    private final boolean ownLoss;

    /** A function of the rows, and the sums of its effect. */
    private record Replacement(UnaryOperator<INDArray> function, EffectSums total, Map<Integer, EffectSums> byClass) {}

    /** The outputs of a run, and the loss of each example. */
    @SuppressWarnings("ArrayRecordComponent") // private, and never compared
    private record Run(INDArray output, double[] losses) {}

    SpliceMeasurement(NetworkSplice splice, List<UnaryOperator<INDArray>> functions) {
        this.splice = splice;
        this.pass = splice.pass();
        this.replacements = functions.stream()
                .map(function -> new Replacement(function, new EffectSums(), new TreeMap<>()))
                .toList();
        this.place = pass.outputs().get(splice.output());
        this.probabilities = OutputProbabilities.of(pass.layer(place));
        this.ownLoss =
                pass.layer(place) instanceof IOutputLayer && splice.replaced().place() != place;
        if (!ownLoss && probabilities == OutputProbabilities.NONE) {
            throw new IllegalArgumentException(SUBJECT + ": the network must have a loss behind the "
                    + splice.replaced() + ", or outputs of softmax or sigmoid, got the output '" + pass.name(place)
                    + "'; name a layer before an output layer");
        }
    }

    /** Returns a report for each function. */
    List<SpliceReport> measure(ExampleSource source) {
        INDArray mean = splice.ablation() == Ablation.MEAN ? mean(source) : null;
        boolean any = false;
        for (ExampleBatch batch : source) {
            any = true;
            synchronized (pass.network()) {
                add(batch, mean);
            }
        }
        if (!any) {
            throw new IllegalArgumentException(
                    SUBJECT + ": examples must have at least one, got none; is the data set empty?");
        }
        return replacements.stream().map(this::report).toList();
    }

    private SpliceReport report(Replacement replacement) {
        Map<Integer, SpliceEffect> effects = new TreeMap<>();
        replacement.byClass().forEach((label, sums) -> effects.put(label, sums.effect()));
        return new SpliceReport(
                replacement.total().effect(),
                effects,
                lossName(),
                probabilities.name().toLowerCase(Locale.ROOT),
                splice.ablation());
    }

    /** Returns the mean of the rows, {@code [1, units]}. */
    private INDArray mean(ExampleSource source) {
        INDArray sum = null;
        long rows = 0;
        for (var stream = new ActivationStream(List.of(splice.replaced()), source); stream.hasNext(); ) {
            INDArray values = stream.next().values().get(0).castTo(DataType.DOUBLE);
            INDArray partial = values.sum(true, 0);
            sum = sum == null ? partial : sum.addi(partial);
            rows += values.size(0);
        }
        LayerActivations.requireSome(sum != null);
        return Objects.requireNonNull(sum).divi(rows);
    }

    private void add(ExampleBatch batch, @Nullable INDArray mean) {
        PlaceReader.Reading reading = splice.read(batch);
        PlaceReader.Inputs inputs = reading.inputs();
        INDArray labels = batch.requireLabels(SUBJECT, splice.output());
        INDArray y = Batches.copy(labels, 0, labels.size(0), pass.type());
        RowLayout layout = reading.layouts().get(1);
        INDArray ablated = Nd4j.zeros(pass.type(), Math.max(1, layout.rows()), layout.width());
        if (mean != null) {
            ablated.addiRowVector(mean.castTo(pass.type()));
        }
        Run clean = run(batch, inputs, reading.known(), y);
        Run without = run(batch, inputs, splice.knownWith(reading, ablated), y);
        INDArray mask = rowMask(inputs, batch, clean.output());
        for (Replacement replacement : replacements) {
            Run spliced = run(batch, inputs, splice.known(reading, replacement.function()), y);
            addRows(replacement, inputs, List.of(clean, spliced, without), y, mask);
        }
    }

    private Run run(ExampleBatch batch, PlaceReader.Inputs inputs, Map<Integer, INDArray> known, INDArray y) {
        INDArray output =
                PlaceReader.outputs(pass, List.of(place), inputs, known).get(0).dup('c');
        requireFitting(y, output);
        double[] losses =
                ownLoss ? losses(inputs, known, y, batch.labelMask(splice.output())) : new double[inputs.examples()];
        return new Run(output, losses);
    }

    /** Refuses labels such as the images themselves; one column with the index of a class is fine. */
    private void requireFitting(INDArray y, INDArray output) {
        boolean indices = output.rank() == 2 && y.rank() == 2 && y.size(1) == 1 && y.size(0) == output.size(0);
        if (!indices && !Arrays.equals(y.shape(), output.shape())) {
            throw new IllegalArgumentException(SUBJECT + ": labels must have the shape "
                    + Arrays.toString(output.shape()) + " of the output '" + pass.name(place) + "', got "
                    + Arrays.toString(y.shape())
                    + "; does the iterator give classes? Those of ImageSet and LabeledImages need withLabels()");
        }
    }

    private double[] losses(
            PlaceReader.Inputs inputs, Map<Integer, INDArray> known, INDArray y, @Nullable INDArray labelMask) {
        return pass.losses(
                        place,
                        PlaceReader.copies(known),
                        y.dup('c'),
                        labelMask,
                        inputs.masks(),
                        inputs.examples(),
                        PlaceReader.NO_WORKSPACES)
                .castTo(DataType.DOUBLE)
                .dup('c')
                .reshape(inputs.examples())
                .toDoubleVector();
    }

    /** Returns the mask of the rows of the output; null where all count, also with masks of single columns. */
    private @Nullable INDArray rowMask(PlaceReader.Inputs inputs, ExampleBatch batch, INDArray output) {
        INDArray mask = batch.labelMask(splice.output());
        if (mask == null) {
            mask = PlaceReader.mask(pass, place, inputs);
        }
        return mask != null && output.rank() == 2 && mask.length() != output.size(0) ? null : mask;
    }

    private void addRows(
            Replacement replacement, PlaceReader.Inputs inputs, List<Run> runs, INDArray y, @Nullable INDArray mask) {
        INDArray clean = runs.get(EffectSums.CLEAN).output();
        UnitAxis axis = PlaceAxis.of(pass, place, inputs.features(), clean);
        int n = inputs.examples();
        RowLayout layout = new RowLayout(y, axis, mask, n);
        double[][] label = oneHot(matrix(layout), clean.size(1));
        double[][][] p = new double[EffectSums.RUNS][][];
        double[][] losses = new double[EffectSums.RUNS][];
        for (int run = 0; run < EffectSums.RUNS; run++) {
            p[run] = matrix(new RowLayout(runs.get(run).output(), axis, mask, n));
            losses[run] = runs.get(run).losses().clone();
        }
        ActivationRows rows = layout.rows(y, 0);
        EffectSums[] ofExamples = new EffectSums[n];
        for (int row = 0; row < label.length; row++) {
            double[] agreement = new double[EffectSums.RUNS];
            double[] divergence = new double[EffectSums.RUNS];
            int example = (int) rows.example(row);
            for (int run = 0; run < EffectSums.RUNS; run++) {
                agreement[run] = probabilities.agreement(label[row], p[run][row]);
                for (int i = 0; i < label[row].length; i++) {
                    divergence[run] += probabilities.divergence(p[EffectSums.CLEAN][row][i], p[run][row][i]);
                    losses[run][example] += ownLoss ? 0 : probabilities.loss(label[row][i], p[run][row][i]);
                }
            }
            replacement.total().addRow(agreement, divergence);
            Integer itsClass = y.rank() == 2 && y.size(0) == n ? classOf(label[row]) : null;
            if (itsClass != null) {
                ofExamples[example] = replacement.byClass().computeIfAbsent(itsClass, key -> new EffectSums());
                ofExamples[example].addRow(agreement, divergence);
            }
        }
        for (int example = 0; example < n; example++) {
            double[] loss = {losses[0][example], losses[1][example], losses[2][example]};
            replacement.total().addExample(loss);
            if (ofExamples[example] != null) {
                ofExamples[example].addExample(loss);
            }
        }
    }

    /** Returns rows in which indices of classes have become one-hot. */
    private static double[][] oneHot(double[][] rows, long columns) {
        if (rows.length == 0 || rows[0].length != 1 || columns == 1) {
            return rows;
        }
        double[][] result = new double[rows.length][(int) columns];
        for (int row = 0; row < rows.length; row++) {
            result[row][(int) rows[row][0]] = 1;
        }
        return result;
    }

    private static double[][] matrix(RowLayout layout) {
        INDArray values = layout.values();
        return values.isEmpty()
                ? new double[0][]
                : values.castTo(DataType.DOUBLE).toDoubleMatrix();
    }

    /** Returns the class of a one-hot label, or of one flag; null for other labels. */
    private @Nullable Integer classOf(double[] label) {
        if (label.length == 1) {
            return probabilities == OutputProbabilities.SIGMOID ? (label[0] > 0.5 ? 1 : 0) : null;
        }
        int largest = OutputProbabilities.largest(label);
        double sum = 0;
        for (double value : label) {
            sum += Math.abs(value);
        }
        return label[largest] == 1 && sum == 1 ? largest : null;
    }

    private String lossName() {
        if (!ownLoss) {
            return "cross-entropy of the outputs [nats]";
        }
        var layer = Objects.requireNonNull(pass.layer(place)).conf().getLayer();
        if (layer instanceof BaseOutputLayer output) {
            return output.getLossFn().name();
        }
        return layer instanceof LossLayer only
                ? only.getLossFn().name()
                : layer.getClass().getSimpleName();
    }
}
