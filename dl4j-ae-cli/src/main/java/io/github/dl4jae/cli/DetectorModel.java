package io.github.dl4jae.cli;

import io.github.dl4jae.anomaly.AnomalyDetector;
import io.github.dl4jae.bundle.ModelBundle;
import io.github.dl4jae.variational.VariationalModel;
import java.nio.file.Path;
import org.nd4j.linalg.api.ndarray.INDArray;

/** An anomaly detector of a table, which scores rows and does nothing else. */
final class DetectorModel implements TrainedModel {

    private static final String ONLY_SCORES =
            " must be a model of dl4j-ae fit, got an anomaly detector, which only scores rows; use dl4j-ae score";

    private final String source;
    private final ModelBundle bundle;
    private final AnomalyDetector detector;

    DetectorModel(String source, ModelBundle bundle) {
        this.source = source;
        this.bundle = bundle;
        this.detector = AnomalyDetector.of(bundle);
    }

    @Override
    public ModelBundle bundle() {
        return bundle;
    }

    @Override
    public TrainedNetwork network() {
        throw new IllegalArgumentException(source + ONLY_SCORES);
    }

    @Override
    public INDArray generate(VariationalModel model, INDArray codes, long seed) {
        return network().encode(codes);
    }

    @Override
    public String unit() {
        return "row";
    }

    @Override
    public String scoreName() {
        return detector.scoreName();
    }

    @Override
    public int batch(int wanted) {
        return wanted;
    }

    @Override
    public Examples open(Console console, Source examples, int batch) {
        Path csv = examples.csv();
        if (csv == null) {
            throw new IllegalArgumentException(
                    source + " must be a model of images for --images, got a detector of a table; give --csv");
        }
        return new DetectorExamples(TableExamples.open(console, csv, detector.schema(), batch), detector);
    }

    @Override
    public ExampleOutput output(Console console, Path out) {
        network();
        throw new IllegalStateException("a detector has no network to reconstruct with");
    }
}
