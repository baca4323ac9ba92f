package io.github.dl4jae.examples.anomaly;

import io.github.dl4jae.Autoencoder;
import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.DetectionQuality;
import io.github.dl4jae.examples.support.ImageRow;
import io.github.dl4jae.examples.support.Report;
import io.github.dl4jae.plot.CurvePlot;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.nd4j.evaluation.classification.ROC;
import org.nd4j.evaluation.curves.PrecisionRecallCurve;
import org.nd4j.evaluation.curves.ReliabilityDiagram;
import org.nd4j.evaluation.curves.RocCurve;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/** Pictures of a detector's results: heat maps, curves, and the distribution of scores. */
final class DetectionPictures {

    private static final int SHOWN = 15;
    private static final int BINS = 25;
    private static final int RELIABILITY_BINS = 10;

    private final AnomalyDetector detector;
    private final Autoencoder autoencoder;
    private final INDArray test;
    private final DetectionResults results;

    DetectionPictures(AnomalyDetector detector, Autoencoder autoencoder, INDArray test, DetectionResults results) {
        this.detector = detector;
        this.autoencoder = autoencoder;
        this.test = test;
        this.results = results;
    }

    void addTo(Report report, double[] scores, double[] probabilities, double threshold) {
        images(
                report,
                "anomalies",
                "The anomalies with the highest scores. White pixels of a heat map raise the score most, each"
                        + " image on its own scale.",
                results.extreme(scores, true, true, SHOWN));
        images(report, "normal", "Normal images with the lowest scores.", results.extreme(scores, false, false, SHOWN));
        images(
                report,
                "missed",
                "The anomalies with the lowest scores: the ones to miss first.",
                results.extreme(scores, true, false, SHOWN));
        images(
                report,
                "false-alarms",
                "Normal images with the highest scores: the first false alarms.",
                results.extreme(scores, false, true, SHOWN));
        report.picture("scores", "Scores of test images. Those right of the threshold have an alarm.", () -> {
            double[] sorted = scores.clone();
            Arrays.sort(sorted);
            double from = sorted[0];
            double to = sorted[(int) (0.98 * (sorted.length - 1))]; // a few scores are far above
            double[] centers = IntStream.range(0, BINS)
                    .mapToDouble(bin -> from + (bin + 0.5) * (to - from) / BINS)
                    .toArray();
            double[] normal = shares(results.select(scores, false), from, to);
            double[] others = shares(results.select(scores, true), from, to);
            double top = Math.max(
                    Arrays.stream(normal).max().orElseThrow(),
                    Arrays.stream(others).max().orElseThrow());
            return new CurvePlot("Distribution of scores", "score", "share of images in per cent")
                    .curve("normal", centers, normal)
                    .curve("anomalies", centers, others)
                    .curve("threshold", new double[] {threshold, threshold}, new double[] {0, top})
                    .draw();
        });
        ROC roc = DetectionQuality.roc(scores, results.isAnomaly());
        RocCurve curve = roc.getRocCurve();
        report.picture("roc", "Detected anomalies against false alarms, for all thresholds.", () -> new CurvePlot(
                        "ROC", "share of normal images with an alarm", "share of anomalies with an alarm")
                .curve("detector", curve.getFpr(), curve.getTpr())
                .curve("random scores", new double[] {0, 1}, new double[] {0, 1})
                .draw());
        PrecisionRecallCurve precision = roc.getPrecisionRecallCurve();
        double share = results.prevalence();
        report.picture(
                "precision-recall",
                "Anomalies among the alarms (precision) against detected anomalies (recall), for all thresholds.",
                () -> new CurvePlot("Precision and recall", "recall", "precision")
                        .curve("detector", precision.getRecall(), precision.getPrecision())
                        .curve("random scores", new double[] {0, 1}, new double[] {share, share})
                        .draw());
        ReliabilityDiagram reliability =
                DetectionQuality.reliability(probabilities, results.isAnomaly(), RELIABILITY_BINS);
        report.picture(
                "reliability",
                "Are probabilities what they say? Points on the diagonal are. The detector knows the share of"
                        + " anomalies, but none of them.",
                () -> new CurvePlot("Reliability", "mean probability of an anomaly", "share of anomalies")
                        .curve("detector", reliability.getMeanPredictedValueX(), reliability.getFractionPositivesY())
                        .curve("perfect", new double[] {0, 1}, new double[] {0, 1})
                        .draw());
    }

    private void images(Report report, String name, String caption, int[] rows) {
        INDArray images = test.getRows(rows);
        report.images(
                name,
                caption,
                new ImageRow("image", images),
                new ImageRow("reconstruction", autoencoder.reconstruct(images)),
                new ImageRow("heat map", onOneScale(detector.attribution(images))));
    }

    /** Returns positive attributions, each image divided by its largest. */
    private static INDArray onOneScale(INDArray attribution) {
        INDArray positive = Transforms.max(attribution, 0);
        INDArray largest = positive.max(true, 1).addi(1e-12);
        return positive.div(largest.broadcast(positive.shape()));
    }

    private static double[] shares(double[] scores, double from, double to) {
        double[] shares = new double[BINS];
        for (double score : scores) {
            int bin = (int) Math.min(BINS * (score - from) / (to - from), BINS);
            if (bin < BINS) {
                shares[bin] += 100.0 / scores.length;
            }
        }
        return shares;
    }
}
