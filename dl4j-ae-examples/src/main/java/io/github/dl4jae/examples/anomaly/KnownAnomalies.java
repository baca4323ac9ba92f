package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.anomaly.DetectionQuality;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import io.github.dl4jae.tabular.FeatureTable;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.curves.PrecisionRecallCurve;
import org.nd4j.evaluation.curves.ReliabilityDiagram;
import org.nd4j.evaluation.curves.RocCurve;

/**
 * The rows that a column marks as anomalies, to evaluate scores.
 *
 * @param value what the column has for anomalies
 * @param isAnomaly whether each row has it
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record KnownAnomalies(String value, boolean[] isAnomaly) {

    private static final int BINS = 5;

    static KnownAnomalies of(FeatureTable labeled, String column) {
        List<String> classes = labeled.classes();
        if (classes.size() != 2) {
            throw new IllegalArgumentException("--label: must be a column with two values, got " + column + " with "
                    + (classes.isEmpty() ? "numbers" : classes));
        }
        double[] second = labeled.labels().getColumn(1).toDoubleVector();
        int rarer = Arrays.stream(second).sum() <= second.length / 2.0 ? 1 : 0;
        boolean[] isAnomaly = new boolean[second.length];
        for (int i = 0; i < isAnomaly.length; i++) {
            isAnomaly[i] = second[i] == rarer;
        }
        return new KnownAnomalies(column + " = " + classes.get(rarer), isAnomaly);
    }

    KnownAnomalies rows(int[] rows) {
        boolean[] chosen = new boolean[rows.length];
        for (int i = 0; i < rows.length; i++) {
            chosen[i] = isAnomaly[rows[i]];
        }
        return new KnownAnomalies(value, chosen);
    }

    /** Adds how well scores and probabilities agree with the known anomalies, in the order of the file. */
    void addTo(Report report, RankedRows ranked, double[] probabilities) {
        double[] scores = ranked.scores();
        DetectionQuality quality;
        try {
            quality = DetectionQuality.compute(scores, isAnomaly);
        } catch (IllegalArgumentException e) {
            report.figure("known anomalies, " + value, "no comparison: " + e.getMessage());
            return;
        }
        long found = IntStream.range(0, scores.length)
                .filter(i -> isAnomaly[i] && ranked.isAlarm(i))
                .count();
        report.figure("known anomalies, " + value + ", with an alarm", found + " of " + quality.anomalies())
                .figure(
                        "other rows with an alarm",
                        ranked.alarms() - found + " of " + (quality.examples() - quality.anomalies()))
                .figure("area under the ROC curve (0.5 by chance)", quality.areaUnderRoc())
                .figure(
                        "average precision (" + Report.decimals(3, quality.prevalence()) + " by chance)",
                        quality.averagePrecision());
        ROC roc = DetectionQuality.roc(scores, isAnomaly);
        RocCurve detected = roc.getRocCurve();
        PrecisionRecallCurve precise = roc.getPrecisionRecallCurve();
        ReliabilityDiagram reliability = DetectionQuality.reliability(probabilities, isAnomaly, BINS);
        double[] diagonal = {0, 1};
        report.picture(
                        "roc",
                        "For each possible threshold: known anomalies with an alarm, and normal rows with one.",
                        () -> new CurvePlot("ROC curve", "share of normal rows", "share of known anomalies")
                                .curve("detector", detected.getFpr(), detected.getTpr())
                                .curve("chance", diagonal, diagonal)
                                .draw())
                .picture(
                        "precision-recall",
                        "For each possible threshold: how many alarms are right, and how many anomalies are found.",
                        () -> new CurvePlot("Precision and recall", "share of anomalies found", "share of right alarms")
                                .curve("detector", precise.getRecall(), precise.getPrecision())
                                .draw())
                .picture(
                        "reliability",
                        "Of the rows with a probability, the share of known anomalies; on the diagonal, they agree.",
                        () -> new CurvePlot("Probabilities", "probability", "share of known anomalies")
                                .curve(
                                        "detector",
                                        reliability.getMeanPredictedValueX(),
                                        reliability.getFractionPositivesY())
                                .curve("perfect", diagonal, diagonal)
                                .draw());
    }
}
