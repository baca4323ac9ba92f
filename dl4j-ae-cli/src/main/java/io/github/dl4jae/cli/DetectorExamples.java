package io.github.dl4jae.cli;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.anomaly.Explanation;
import io.github.dl4jae.tabular.FeatureTable;
import java.util.ArrayList;
import java.util.List;
import org.nd4j.linalg.api.ndarray.INDArray;

/** The rows of a table, scored by an anomaly detector. Only anomalies are explained, because that takes longer. */
final class DetectorExamples implements Examples {

    private final TableExamples rows;
    private final AnomalyDetector detector;

    DetectorExamples(TableExamples rows, AnomalyDetector detector) {
        this.rows = rows;
        this.detector = detector;
    }

    @Override
    public List<String> keyNames() {
        return rows.keyNames();
    }

    @Override
    public List<String> scoreNames() {
        return List.of("score", "anomaly", "probability", "worst_column", "found", "expected");
    }

    @Override
    public List<String> notes() {
        return rows.notes();
    }

    @Override
    public long count() {
        return rows.count();
    }

    @Override
    public boolean hasNext() {
        return rows.hasNext();
    }

    @Override
    public Batch next() {
        return new DetectedRows((TableExamples.TableBatch) rows.next(), detector);
    }

    @Override
    public void close() {
        rows.close();
    }

    /** Some rows. */
    private record DetectedRows(TableExamples.TableBatch rows, AnomalyDetector detector) implements Batch {

        @Override
        public INDArray features() {
            return rows.features();
        }

        @Override
        public List<List<String>> keys() {
            return rows.keys();
        }

        @Override
        public List<String> files() {
            return rows.files();
        }

        @Override
        public List<Score> scores(TrainedModel model) {
            FeatureTable table = rows.table();
            double[] scores = detector.score(table);
            double[] probabilities = detector.probability(table);
            List<Score> found = new ArrayList<>();
            for (int i = 0; i < scores.length; i++) {
                boolean anomaly = scores[i] > detector.threshold().value();
                List<String> cells = new ArrayList<>(
                        List.of(Float.toString((float) scores[i]), anomaly ? "1" : "0", Float.toString((float)
                                probabilities[i])));
                cells.addAll(anomaly ? why(table.rows(i)) : List.of("", "", ""));
                found.add(new Score(scores[i], cells));
            }
            return found;
        }

        private List<String> why(FeatureTable row) {
            Explanation.ColumnShare column =
                    detector.explain(row).get(0).columns().get(0);
            return List.of(column.column(), column.found(), column.expected());
        }
    }
}
